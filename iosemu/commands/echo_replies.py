"""Who answers an echo or a probe, and the ARP table that such answers fill.

Rule: an own interface that is up answers; a foreign address answers where the network has it and the router has an
interface to send from. Who answers on a connected Ethernet is in the ARP table from then on. The network knows no
hardware addresses: a neighbour has the one that its IP address makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, NamedTuple

from iosemu.commands.interface_state import InterfaceState, states

if TYPE_CHECKING:
    from iosemu.commands.context import Device


class ArpEntry(NamedTuple):
    """A row of the ARP table; `age` in minutes, None for an own address, which does not age."""

    address: str
    age: int | None
    hardware: str
    interface: str


def answers(device: Device, address: str, source: str = "") -> bool:
    """Does an echo to `address` come back? `source` is the own address that it is sent from, "" for that of the way."""
    able = able_interfaces(device)
    if any(state.address == address for state in able):
        return True
    way = next((state for state in able if _is_on_link(state, address)), None)
    leaving = way if way is not None else able[0] if able else None
    if leaving is None or not device.network.reachable(source or leaving.address, address):
        return False
    if way is not None and _is_ethernet(way):
        device.neighbours[address] = device.clock.now()
    return True


def able_interfaces(device: Device) -> list[InterfaceState]:
    """The interfaces that are up and have an address."""
    return [state for state in states(device) if state.address and state.protocol == "up"]


def own_address(device: Device, text: str) -> str | None:
    """The own address that `text` means, as an address or as the full name of an interface that is up; else None."""
    able = able_interfaces(device)
    return next((state.address for state in able if text.lower() in (state.address, state.name.lower())), None)


def dotted_quad(text: str) -> str | None:
    """`text` as an address, None where it is none."""
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return None


def arp_entries(device: Device) -> Iterator[ArpEntry]:
    """The ARP table, by interface."""
    for state in filter(_is_ethernet, able_interfaces(device)):
        yield ArpEntry(state.address, None, device.chassis.mac_address(state.name), state.name)
        for address, heard in device.neighbours.items():
            if _is_on_link(state, address):
                minutes = int((device.clock.now() - heard) // 60)
                yield ArpEntry(address, minutes, neighbour_hardware(address), state.name)


def neighbour_hardware(address: str) -> str:
    """The locally administered hardware address of a neighbour: 02-00 and its IP address."""
    digits = f"0200{int(IPv4Address(address)):08x}"
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"


def _is_ethernet(state: InterfaceState) -> bool:
    return state.kind.endswith("Ethernet")


def _is_on_link(state: InterfaceState, address: str) -> bool:
    return IPv4Address(address) in IPv4Interface(f"{state.address}/{state.mask}").network
