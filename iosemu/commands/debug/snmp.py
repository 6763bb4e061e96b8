"""The text of `debug snmp packets`: what managers ask and are told, in the form of published captures of 12.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.snmp.settings import ManagerAsked

if TYPE_CHECKING:
    from iosemu.commands.context import Device

PACKETS = "snmp packets"


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while the switch is on."""

    def asked(event: ManagerAsked) -> None:
        if PACKETS not in device.debugs:
            return
        device.log.debug(f"SNMP: Packet received via UDP from {event.sender}{_on(device, event.sender)}")
        if event.answered:
            device.log.debug(f"SNMP: Packet sent via UDP to {event.sender}")

    device.bus.subscribe(ManagerAsked, asked)


def _on(device: Device, sender: str) -> str:
    """The interface that leads to a manager, where there is one."""
    from iosemu.commands.routing.table import table_of

    if not sender.replace(".", "").isdigit():
        return ""
    way = table_of(device).way(internet4.number(sender))
    return f" on {way.interface}" if way is not None else ""
