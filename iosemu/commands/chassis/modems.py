"""The modems of a chassis, as commands name them: SLOT/PORT."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.chassis.dsp import DspCard
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

Modem = tuple["DspCard", int]


def modems(device: Device) -> list[Modem]:
    """All modems: their card and their number on it."""
    pool = device.chassis.dsp
    return [(card, number) for card in pool.modems for number in range(pool.usable(card))]


def modem_asked_for(call: Invocation[Device], which: str = "modem") -> Modem:
    """The modem that the value `which` of an invocation names. Raises what `call.invalid` gives where there is none."""
    for card, number in modems(call.device):
        if str(call.values[which]) == f"{card.slot}/{number}":
            return card, number
    raise call.invalid(which)
