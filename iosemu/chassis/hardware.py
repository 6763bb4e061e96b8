"""A chassis: a platform with modules in its slots, and the interfaces, controllers, voice ports and DSP channels that
follow.

Rule: ports of one kind are numbered on through a slot, first the module's own, then those of its daughter cards; an
analog voice port is numbered within its card. The terminal lines of slot 1 have the numbers from 33 on, those of slot 2
from 65 on; where ports are numbered on through the chassis, so are they.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Literal, NamedTuple
from zlib import crc32

from iosemu.chassis.dsp import DspCard, DspPool
from iosemu.chassis.platform import Module, Platform
from iosemu.chassis.schema import ANALOG_KINDS, MULTIPLEXED_KIND, TRUNK_KINDS

# The lines that a T3 is multiplexed of.
LINES_OF_A_T3 = 28
# The D channel of a primary rate interface: time slot 24 of a T1 counts as :23, time slot 16 of an E1 as :15.
D_CHANNEL = {"T1": 23, "E1": 15}

# Serial numbers in the lines of a processor board, and how many of their last figures are a unit's own.
_SERIAL = re.compile(r"((?:Processor board ID|Serial Number) |\()([A-Z]{3}\w{8}|\d{8,10})\b")
_OWN_FIGURES = 4
_LINES_OF_A_SLOT = 32
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# One of the numbers that the IEEE gave to Cisco Systems: the first three octets of an address.
CISCO_OUI = "000142"


class BadModule(Exception):
    """A module that the platform or the slot does not have; the text is one line for the user."""


class Interface(NamedTuple):
    """A physical interface, e.g. ("FastEthernet", "0/1"); `hardware` is its chip, "" where the platform names none, and
    `counted` what it counts as, "" for its kind."""

    kind: str
    unit: str
    hardware: str = ""
    counted: str = ""

    @property
    def name(self) -> str:
        return self.kind + self.unit


class Controller(NamedTuple):
    """A T1 or E1 trunk port; `unit` as the configuration names it: "0" on an AS5300, "3/0" on an AS5350, "7/0:1" for a
    line of the T3 `of`, which is "7/0"."""

    kind: Literal["T1", "E1"]
    unit: str
    of: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.unit}"

    @property
    def timeslots(self) -> int:
        return 24 if self.kind == "T1" else 31


class AnalogPort(NamedTuple):
    """A voice port of an analog card, or of one for basic rates; `unit` as the configuration names it: "1/0/0", on a
    1750 "2/0"."""

    kind: Literal["FXS", "FXO", "E&M", "BRI voice"]
    unit: str


class TerminalLine(NamedTuple):
    """A terminal line of a card: its number among all lines, and its place, slot and port: "1/0"."""

    number: int
    place: str


# In place of a module's name: nothing is in that slot.
EMPTY = "empty"


class Card(NamedTuple):
    """A module in its place: `place` is a slot ("1") or a bay of one ("1/0")."""

    place: str
    name: str
    module: Module

    @property
    def slot(self) -> str:
        return self.place.partition("/")[0]

    @property
    def bay(self) -> str:
        return self.place.partition("/")[2] or "0"


class Chassis:
    """The hardware of one router; `unit` tells it from others of its product ("" where nothing does): its addresses and
    serial numbers follow from it.

    `modules` maps a slot ("1"), or a bay of the module in it ("1/0"), to a module name or "empty"; slots not named get
    what the platform puts there. Raises BadModule for what does not fit.
    """

    def __init__(self, platform: Platform, modules: Mapping[str, str] | None = None, unit: str = "") -> None:
        self.identity = f"{platform.name} {unit}".rstrip()
        self.platform = platform if not unit else _numbered(platform, self.identity)
        self.cards = tuple(_cards(platform, modules or {}))
        self.pulled: set[str] = set()
        """The slots whose cards have been taken out since it was switched on."""
        self._slots: dict[str, str] = {}
        interfaces = [Interface(i.kind, i.unit, i.hardware) for i in platform.builtin_interfaces]
        controllers: list[Controller] = []
        analog: list[AnalogPort] = []
        multiplexed: list[str] = []
        numbers = _Numbering(platform)
        for card in self.cards:
            before = len(interfaces), len(controllers), len(analog)
            for kind, many in card.module.ports.items():
                for _ in range(many):
                    if kind in ANALOG_KINDS:
                        unit = numbers.next_voice(card)
                        analog.append(AnalogPort(kind, unit))  # type: ignore[arg-type]
                    elif kind == MULTIPLEXED_KIND:
                        multiplexed.append(t3 := numbers.next("trunk", card.slot))
                        lines = range(1, LINES_OF_A_T3 + 1)
                        controllers += [Controller("T1", f"{t3}:{line}", t3) for line in lines]
                    elif kind in TRUNK_KINDS:
                        controllers.append(Controller(kind, numbers.next("trunk", card.slot)))  # type: ignore[arg-type]
                    else:
                        chip, counted = (names.get(kind, "") for names in (card.module.chips, card.module.counted))
                        interfaces.append(Interface(kind, numbers.next(kind, card.slot), chip, counted))
            self._slots |= {port.name: card.slot for port in interfaces[before[0] :]}
            self._slots |= {port.name: card.slot for port in controllers[before[1] :]}
            self._slots |= {port.unit: card.slot for port in analog[before[2] :]}
        if platform.interface_order == "port":
            interfaces.sort(key=lambda interface: (*map(int, interface.unit.split("/")), interface.kind))
        self.interfaces = tuple(interfaces)
        self.controllers = tuple(controllers)
        self.t3s = tuple(multiplexed)
        """The units of the T3 ports."""
        self.analog_ports = tuple(analog)
        self.terminal_lines = tuple(self._terminal_lines())
        self.dsp = DspPool(
            [DspCard(c.place, c.module.dsp, c.module.dsp_channels) for c in self.cards if c.module.dsp is not None],
            platform.limit,
            memory_mb=platform.memory_mb,
            pulled=self.pulled,
            modems=[DspCard(c.place, c.module.modems, c.module.lines) for c in self.cards if c.module.modems],
        )

    def is_out(self, name: str) -> bool:
        """Has the card with that interface ("Serial1/0"), controller ("T1 3/0") or voice port ("1/0/0") been pulled?"""
        return self._slots.get(name) in self.pulled

    def _terminal_lines(self) -> Iterator[TerminalLine]:
        first = 1
        for card in (card for card in self.cards if card.module.lines):
            if "{slot}" in self.platform.port_naming:
                first = _LINES_OF_A_SLOT * int(card.slot) + 1
            for port in range(card.module.lines):
                yield TerminalLine(first + port, f"{card.slot}/{port}")
            first += card.module.lines

    @property
    def aux_line(self) -> int:
        """The number of the auxiliary port among all terminal lines: those of all slots come before it."""
        return max(self.platform.aux_line, *(line.number + 1 for line in self.terminal_lines), 1)

    @property
    def modules(self) -> dict[str, str]:
        """The module in each filled place."""
        return {card.place: card.name for card in self.cards}

    def mac_address(self, interface: str) -> str:
        """The burned-in address of an Ethernet, e.g. "0001.4239.d801": made from the router's identity and the place,
        so it is always the same.
        """
        place = [port.name for port in self.interfaces].index(interface)
        digits = f"{CISCO_OUI}{crc32(self.identity.encode()) >> 16:04x}{place:02x}"
        return ".".join(digits[start : start + 4] for start in (0, 4, 8))

    def controller(self, name: str) -> Controller | None:
        """The controller called `name`, e.g. "T1 3/0"."""
        return next((c for c in self.controllers if c.name == name), None)

    def serial_for(self, controller: Controller) -> str:
        """The interface of the D channel of a PRI on that controller, e.g. "Serial3/0:23"."""
        return f"Serial{controller.unit}:{D_CHANNEL[controller.kind]}"

    def voice_port_for(self, controller: Controller) -> str:
        """The voice port of a PRI on that controller, e.g. "0:D"."""
        suffix = self.platform.voice_port_suffix
        return f"{controller.unit}:{suffix if suffix == 'D' else D_CHANNEL[controller.kind]}"


def _numbered(platform: Platform, identity: str) -> Platform:
    """The platform with the serial numbers of one unit in what its processor board says, each in the form it has."""

    def own(found: re.Match[str]) -> str:
        alphabet = "0123456789" if found[2].isdigit() else _BASE36
        kept, rest = found[2][:-_OWN_FIGURES], crc32(f"{identity} {found[2]}".encode())
        figures = [alphabet[rest // len(alphabet) ** place % len(alphabet)] for place in range(_OWN_FIGURES)]
        return found[1] + kept + "".join(figures)

    return platform._replace(processor=tuple(_SERIAL.sub(own, line) for line in platform.processor))


class _Numbering:
    """Hands out the units of ports, kind by kind, on from those of the processor board."""

    def __init__(self, platform: Platform) -> None:
        self._naming, self._voice_naming = platform.port_naming, platform.voice_port_naming
        self._taken = {(interface.kind, interface.unit) for interface in platform.builtin_interfaces}

    def next(self, kind: str, slot: str) -> str:
        return self._first(kind, lambda port: self._naming.format(slot=slot, port=port))

    def next_voice(self, card: Card) -> str:
        """An expansion module of a voice module shares its bay, and goes on where it ends."""
        return self._first("voice", lambda port: self._voice_naming.format(slot=card.slot, bay=card.bay, port=port))

    def _first(self, kind: str, named: Callable[[int], str]) -> str:
        """The first name that is not taken."""
        unit = next(unit for unit in map(named, count()) if (kind, unit) not in self._taken)
        self._taken.add((kind, unit))
        return unit


def _cards(platform: Platform, chosen: Mapping[str, str]) -> Iterator[Card]:
    """The filled slots in order, each module followed by its daughter cards."""
    left = dict(chosen)
    for slot, spec in platform.slots.items():
        name = left.pop(slot, spec.default)
        module = _module(platform, f"slot {slot} of the {platform.product}", name, spec.accepts)
        if name is None or module is None:
            continue
        yield Card(slot, name, module)
        for number, accepts in enumerate(module.bays):
            place = f"{slot}/{number}"
            daughter = left.pop(place, None)
            card = _module(platform, f"bay {number} of the {name} in slot {slot}", daughter, accepts)
            if daughter is not None and card is not None:
                yield Card(place, daughter, card)
    for place, name in left.items():
        if name != EMPTY:
            raise BadModule(f"{platform.product} has no slot {place}")


def _module(platform: Platform, where: str, name: str | None, accepts: tuple[str, ...]) -> Module | None:
    if name is None or name == EMPTY:
        return None
    fitting = platform.fitting(accepts)
    if name not in fitting:
        raise BadModule(f"{where} takes no {name!r}: {', '.join(fitting)}")
    return platform.modules[name]
