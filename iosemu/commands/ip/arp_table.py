"""The ARP table of a router: who is at which Ethernet, by hardware address.

Rule: what was learnt is kept four hours, what nobody answered a minute; an entry is there while its interface is up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from iosemu.cli import internet4
from iosemu.commands.ip.neighbour import Neighbour
from iosemu.commands.routing.table import table_of

if TYPE_CHECKING:
    from iosemu.commands.context import Device

TIMEOUT_S, INCOMPLETE_S = 4 * 3600.0, 60.0


class ArpEntry(NamedTuple):
    """A row as shown; `age` in minutes, None for an own address, which does not age."""

    address: str
    age: int | None
    hardware: str
    interface: str


def learn(device: Device, interface: str, address: int, hardware: str) -> None:
    """Remember an answer to an ARP request, or that there was none."""
    if is_ethernet(interface):
        device.neighbours[address] = Neighbour(interface, hardware, device.clock.now())


def known(device: Device, interface: str, address: int) -> str | None:
    """The hardware address of a neighbour on that interface, None where it has to be asked for."""
    found = device.neighbours.get(address)
    if found is None or found.interface != interface or not found.hardware:
        return None
    return found.hardware if device.clock.now() - found.heard < TIMEOUT_S else None


def is_ethernet(interface: str) -> bool:
    return interface.partition(".")[0].rstrip("0123456789/").endswith("Ethernet")


def entries(device: Device) -> Iterator[ArpEntry]:
    """The table, by interface; what nobody answered comes last."""
    now, up = device.clock.now(), table_of(device).interfaces
    for name, one in up.items():
        if not is_ethernet(name):
            continue
        for address in one.addresses:
            yield ArpEntry(internet4.text(address), None, device.chassis.mac_address(name.partition(".")[0]), name)
        for address, found in device.neighbours.items():
            if found.interface == name and found.hardware and now - found.heard < TIMEOUT_S:
                yield ArpEntry(internet4.text(address), int((now - found.heard) // 60), found.hardware, name)
    for address, found in device.neighbours.items():
        if not found.hardware and now - found.heard < INCOMPLETE_S and found.interface in up:
            yield ArpEntry(internet4.text(address), 0, "", "")
