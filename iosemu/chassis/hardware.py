"""A chassis: a platform with modules in its slots, and the interfaces, controllers and DSP channels that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from iosemu.chassis.dsp import DspCard, DspPool
from iosemu.chassis.platform import Module, Platform

# The D channel of a primary rate interface: time slot 24 of a T1 counts as :23, time slot 16 of an E1 as :15.
D_CHANNEL = {"T1": 23, "E1": 15}


# One of the numbers that the IEEE gave to Cisco Systems: the first three octets of an address.
CISCO_OUI = "000142"


class BadModule(Exception):
    """A module that the platform or the slot does not have; the text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A physical interface, e.g. ("FastEthernet", "0/1"); `hardware` is its chip, "" where the platform names none."""

    kind: str
    unit: str
    hardware: str = ""

    @property
    def name(self) -> str:
        return self.kind + self.unit


@dataclass(frozen=True, slots=True)
class Controller:
    """A T1 or E1 trunk port; `unit` as the configuration names it: "0" on an AS5300, "3/0" on an AS5350."""

    kind: Literal["T1", "E1"]
    unit: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.unit}"

    @property
    def timeslots(self) -> int:
        return 24 if self.kind == "T1" else 31


# In place of a module's name: nothing is in that slot.
EMPTY = "empty"


class Chassis:
    """The hardware of one router.

    `modules` maps a slot ("1") to a module name or "empty"; slots not named get what the platform puts there.
    """

    def __init__(self, platform: Platform, modules: Mapping[str, str] | None = None) -> None:
        self.platform = platform
        self.modules = self._fill(modules or {})
        self.interfaces = tuple(Interface(i.kind, i.unit, i.hardware) for i in platform.builtin_interfaces)
        self.controllers = tuple(self._controllers())
        self.dsp = DspPool(
            [DspCard(slot, module.dsp, module.dsp_channels) for slot, module in self.cards() if module.dsp is not None],
            platform.limit,
        )

    def mac_address(self, interface: str) -> str:
        """The burned-in address of an Ethernet, e.g. "0001.4239.d801": made from product and place, so it is always the
        same; two routers of one product have the same ones.
        """
        place = [port.name for port in self.interfaces].index(interface)
        digits = f"{CISCO_OUI}{crc32(self.platform.product.encode()) >> 16:04x}{place:02x}"
        return ".".join(digits[start : start + 4] for start in (0, 4, 8))

    def cards(self) -> list[tuple[str, Module]]:
        """The filled slots in order, with their modules."""
        return [(slot, self.platform.modules[name]) for slot, name in self.modules.items()]

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

    def _fill(self, chosen: Mapping[str, str]) -> dict[str, str]:
        for slot, name in chosen.items():
            if slot not in self.platform.slots:
                raise BadModule(f"{self.platform.product} has no slot {slot}")
            if name != EMPTY and name not in self.platform.slots[slot].accepts:
                accepted = ", ".join(self.platform.slots[slot].accepts)
                raise BadModule(f"slot {slot} of the {self.platform.product} takes no {name!r}: {accepted}")
        filled = {slot: chosen.get(slot, spec.default) for slot, spec in self.platform.slots.items()}
        return {slot: name for slot, name in filled.items() if name is not None and name != EMPTY}

    def _controllers(self) -> list[Controller]:
        return [
            Controller(module.trunk_kind, self.platform.port_naming.format(slot=slot, port=port))
            for slot, module in self.cards()
            for port in range(module.trunks)
        ]
