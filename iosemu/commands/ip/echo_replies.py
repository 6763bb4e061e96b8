"""What comes back to a router that sends a packet, in a word, and what its own addresses are.

Rule: an own address answers at once, whatever the network is; everything else is the network's to say.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.routing.table import table_of
from iosemu.network import ECHO, ECHO_REPLY, ICMP, PORT, UNREACHABLE, Answer, Packet

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def sent(device: Device, packet: Packet, at: float) -> Answer | None:
    """Send a packet at a moment, in seconds; gives what comes back, None for nothing."""
    if table_of(device).owner(packet.destination) is None:
        return device.network.exchange(packet, at)
    back = replace(packet, source=packet.destination, destination=packet.source or packet.destination)
    echo = packet.protocol == ICMP and packet.message[0] == ECHO
    return Answer(replace(back, protocol=ICMP, message=(ECHO_REPLY, 0) if echo else (UNREACHABLE, PORT)), 0.0)


def own_address(device: Device, text: str) -> str | None:
    """The own address that `text` means, as an address or as the full name of an interface that is up; else None."""
    for name, one in table_of(device).interfaces.items():
        for address in map(internet4.text, one.addresses):
            if text.lower() in (address, name.lower()):
                return address
    return None


def dotted_quad(text: str) -> str | None:
    """`text` as an address, None where it is none."""
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return None
