"""Cards taken out and put in while a router runs (OIR), where the chassis lets them be.

Rule: a card that is out has no ports and no signal processors: its interfaces and trunks are down, calls on them end,
and the configuration of its ports stays. A card that is put in is the one that was there. What the log says is recalled
from the chassis of that time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import BadModule
from iosemu.voice.events import CableMoved

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def pull(device: Device, slot: str) -> None:
    """Take the card out of a slot; raises BadModule where there is none, or where it cannot be done."""
    _check(device, slot)
    if slot in device.chassis.pulled:
        raise BadModule(f"slot {slot} of the {device.chassis.platform.product} is empty")
    device.chassis.pulled.add(slot)
    device.log.event("OIR", 6, "REMCARD", f"Card removed from slot {slot}, interfaces disabled")
    _changed(device, slot)


def put(device: Device, slot: str) -> None:
    """Put the card back into its slot; raises BadModule where one is in, or where it cannot be done."""
    _check(device, slot)
    if slot not in device.chassis.pulled:
        raise BadModule(f"slot {slot} of the {device.chassis.platform.product} has its card")
    device.chassis.pulled.remove(slot)
    device.log.event("OIR", 6, "INSCARD", f"Card inserted in slot {slot}, interfaces administratively shut down")
    _changed(device, slot)


def _check(device: Device, slot: str) -> None:
    chassis = device.chassis
    if not chassis.platform.oir:
        raise BadModule(f"the {chassis.platform.product} has to be switched off before cards are moved")
    if not any(card.place == slot for card in chassis.cards):
        raise BadModule(f"slot {slot} of the {chassis.platform.product} is empty")


def _changed(device: Device, slot: str) -> None:
    device.voice.hardware_changed()
    device.bus.publish(CableMoved(slot))
