"""Which cards a router must have had, told by its configuration: `controller T1 3/0`, `voice-port 1/0/0`, `line 33 64`
name them.

Rule: slot by slot and bay by bay the card is chosen that brings the most of what the configuration names and the
fewest ports besides (then one with voice channels); a slot of which nothing is named stays empty, unless what is there
by default has no port that a configuration could name. Where a trunk has a voice port and nothing has processors for
it, the first place for a card with nothing but processors gets one. A configuration that names no hardware at all
leaves every slot as the platform fills it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from iosemu.chassis.hardware import EMPTY, Chassis
from iosemu.chassis.platform import Module, Platform, load
from iosemu.chassis.schema import ANALOG_KINDS
from iosemu.cli.arguments import reader

_HARDWARE = re.compile(r"^(interface|controller|voice-port|line)\s+(\S.*?)\s*$|^\s+(port)\s+(\d\S*)\s*$", re.IGNORECASE)
_LINES = re.compile(r"(\d+)(?: +(\d+))?")
# The voice port of a trunk, by itself or as the port of a dial peer.
_DIGITAL_VOICE = re.compile(r"^(?:voice-port|\s+port)\s+\d\S*:", re.IGNORECASE | re.MULTILINE)
# Lines below a voice port that only one kind of analog port knows.
_OF_KIND = {
    "FXO": r"ring number|dial-type|supervisory disconnect|battery-reversal",
    "E&M": r"operation|type [1235]|signal (wink|immediate|delay)|auto-cut-through",
    "FXS": r"ring (frequency|cadence)|station-id",
}
_KINDS = {kind: re.compile(rf"^\s+(no )?({lines})\b", re.IGNORECASE) for kind, lines in _OF_KIND.items()}


_Worth = tuple[tuple[int, int], int, int, bool, int]


def named_hardware(text: str) -> set[str]:
    """What a configuration names, in the words of `provided`."""
    found: set[str] = set()
    port = ""
    for line in text.splitlines():
        line_found = _HARDWARE.match(line)
        if line_found is not None:
            keyword, unit = line_found[1] or line_found[3], line_found[2] or line_found[4]
            port = unit if keyword.lower() == "voice-port" else ""
            found |= set(_named(keyword.lower(), unit))
        elif line and not line[0].isspace():
            port = ""
        elif port:
            found |= {f"{kind} {port}" for kind, said in _KINDS.items() if said.match(line)}
    return found


def _named(keyword: str, unit: str) -> Iterable[str]:
    if keyword == "controller":
        kind, _, number = unit.partition(" ")
        return [f"{kind.upper()} {number.strip()}"]
    if keyword == "line":
        found = _LINES.fullmatch(unit)
        numbers = range(int(found[1]), int(found[2] or found[1]) + 1) if found is not None else ()
        return [f"line {number}" for number in numbers]
    if keyword == "interface":
        read = reader("INTERFACE")(unit, 0)
        if isinstance(read, int):
            return []
        name = str(read[0]).split(".")[0]
        trunk, colon, _ = name.removeprefix("Serial").rpartition(":")
        return [f"trunk {trunk}"] if colon else [name]
    trunk, colon, _ = unit.rpartition(":")
    return [f"trunk {trunk}"] if colon else [f"voice {unit}"]


def provided(chassis: Chassis) -> set[str]:
    """What a chassis has: "FastEthernet0/0", "T1 1/0" and "trunk 1/0", "FXS 2/0" and "voice 2/0"."""
    names = {interface.name for interface in chassis.interfaces}
    names |= {f"T3 {unit}" for unit in chassis.t3s}
    names |= {f"line {line.number}" for line in chassis.terminal_lines}
    for controller in chassis.controllers:
        names |= {controller.name, f"trunk {controller.unit}"}
    for port in chassis.analog_ports:
        names |= {f"{port.kind} {port.unit}", f"voice {port.unit}"}
    return names


def infer(platform: Platform, text: str) -> dict[str, str]:
    """The modules by place that the configuration needs, for `Chassis`; empty where it names no hardware."""
    named = named_hardware(text)
    if not named:
        return {}
    # Daughter cards first where the processor board has their slots: port numbers run on through them.
    chosen = {
        slot: spec.default if spec.default and _has_no_name(platform.modules[spec.default]) else EMPTY
        for slot, spec in platform.slots.items()
    }
    kinds = {"trunk", "voice", "line", *(kind for module in platform.modules.values() for kind in module.ports)}
    of_cards = {name for name in named if _kind(name) in kinds}
    for slot, spec in platform.slots.items():
        if of_cards <= provided(Chassis(platform, chosen)):
            break  # no card can add anything
        if chosen[slot] != EMPTY:
            continue
        # The default first: it is the one among equals.
        names = dict.fromkeys([*([spec.default] if spec.default else []), *platform.fitting(spec.accepts)])
        options = [{slot: name, **_bays(platform, chosen, slot, name, named)} for name in names]
        chosen |= _best(platform, chosen, options, named)
    if _DIGITAL_VOICE.search(text) and not Chassis(platform, chosen).dsp.total:
        chosen |= _processors(platform, chosen)
    return chosen


def _processors(platform: Platform, chosen: dict[str, str]) -> dict[str, str]:
    """The first empty slot that takes a card with processors only, with such a card."""
    for slot, spec in platform.slots.items():
        for name in platform.fitting(spec.accepts) if chosen[slot] == EMPTY else ():
            if _has_no_name(platform.modules[name]) and platform.modules[name].dsp is not None:
                return {slot: name}
    return {}


def _kind(name: str) -> str:
    """The kind of port that a name of `provided` speaks of."""
    kind, blank, _ = name.partition(" ")
    return kind if blank else name.rstrip("0123456789/")


def _has_no_name(module: Module) -> bool:
    return not module.ports and not module.bays


def _bays(platform: Platform, chosen: dict[str, str], slot: str, name: str, named: set[str]) -> dict[str, str]:
    """The daughter cards that fill the bays of a module best."""
    filled: dict[str, str] = {}
    for number, accepts in enumerate(platform.modules[name].bays):
        place = f"{slot}/{number}"
        options = [{place: card} for card in platform.fitting(accepts)]
        filled |= _best(platform, {**chosen, slot: name, **filled}, options, named)
    return filled


def _best(platform: Platform, chosen: dict[str, str], options: list[dict[str, str]], named: set[str]) -> dict[str, str]:
    """The option that adds most of what is named, then the least besides; {} where none adds any."""
    known = _worth(platform, chosen, named)[0]
    worths = [(_worth(platform, {**chosen, **option}, named), option) for option in options]
    return max((found for found in worths if found[0][0] > known), key=lambda found: found[0], default=(None, {}))[1]


def _worth(platform: Platform, modules: dict[str, str], named: set[str]) -> _Worth:
    """How well the modules fit: ports named, terminal lines named, others (few), voice channels for the trunks, cards
    (few)."""
    chassis = Chassis(platform, modules)
    names = provided(chassis)
    # The order of ANALOG_KINDS decides where nothing tells one kind of analog port from another.
    guess = sum(ANALOG_KINDS.index(port.kind) for port in chassis.analog_ports)
    there, lines = names & named, sum(_kind(name) == "line" for name in names & named)
    return (len(there) - lines, lines), -len(names - named), -guess, chassis.dsp.total > 0, -len(chassis.cards)


def modules_for(platform: str, asked: Mapping[str, str], text: str | None) -> dict[str, str]:
    """The modules of a router of that platform: those `asked` for, by place, and those that its configuration names.

    `text` is None or empty where it has no configuration. Raises UnknownPlatform and BadPlatformFile.
    """
    return {**(infer(load(platform), text) if text else {}), **asked}
