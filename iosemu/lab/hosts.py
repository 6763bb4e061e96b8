"""The hosts of a lab that are no emulated routers, as the virtual network sees them: mail servers, uplinks, gateways.

Rule: a host has an address on each of its ports, which are called by it, and a gateway for the rest; one with several
ports passes packets on between them. A host without ports is everywhere, in a lab that has no links.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from ipaddress import IPv4Interface

from iosemu.cli import internet4
from iosemu.network import (
    ECHO,
    ECHO_REPLY,
    HOST,
    ICMP,
    PORT,
    TCP,
    TIME_EXCEEDED,
    UDP,
    UNREACHABLE,
    Delivered,
    Departure,
    Endpoint,
    Packet,
    Stack,
    Step,
)

ANYWHERE = "anywhere"
"""The port of a host in a lab without links."""


class Host:
    """One node of the network."""

    def __init__(
        self,
        name: str,
        addresses: Callable[[], Collection[str]],
        ports: Mapping[int, Endpoint] | None = None,
        datagrams: Mapping[int, Endpoint] | None = None,
        stack: Stack | None = None,
    ) -> None:
        """`addresses` it owns now; where on this machine its TCP `ports` and UDP `datagrams` are; `stack`: its IP
        layer, one that is everywhere unless given.
        """
        self.name = name
        self.addresses = addresses
        self.ports: dict[int, Endpoint] = dict(ports or {})
        self.datagrams: dict[int, Endpoint] = dict(datagrams or {})
        self.listens: dict[int, Endpoint] = {}
        """By UDP port that the node opens itself: where on this machine, anywhere unless told."""
        self.services: dict[int, Callable[[bytes], bytes | None]] = {}
        """By UDP port: what answers a datagram there within this process."""
        self.up = True
        """Does it answer at all? Not while it starts."""
        self.cable_moved: Callable[[str], object] = lambda port: None
        """Told when the other end of a port's cable comes alive or dies."""
        self.stack: Stack = stack if stack is not None else HostStack(anywhere=addresses)

    def reply(self, arrived: Delivered, at: float) -> Packet | None:
        """What the host answers to a packet for it."""
        packet = arrived.packet
        back = replace(
            packet,
            source=packet.destination,
            destination=packet.source,
            source_port=packet.destination_port,
            destination_port=packet.source_port,
            ttl=255,
        )
        if packet.protocol == TCP:
            return replace(back, flags=frozenset({"syn" if packet.destination_port in self.ports else "rst", "ack"}))
        if packet.protocol == UDP:
            if packet.destination_port in self.datagrams or packet.destination_port in self.services:
                return back
            return self.stack.error((UNREACHABLE, PORT), packet, arrived.interface, at)
        echo = packet.protocol == ICMP and packet.message[0] == ECHO
        return replace(back, message=(ECHO_REPLY, 0)) if echo else None


class HostStack:
    """The IP layer of a host."""

    def __init__(
        self,
        ports: Collection[IPv4Interface] = (),
        gateway: str = "",
        anywhere: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._ports = {str(port.ip): port for port in ports}
        self._gateway = internet4.number(gateway) if gateway else 0
        self._anywhere = anywhere
        self._neighbours: dict[tuple[str, int], str] = {}

    def owns(self, address: int) -> str | None:
        text = internet4.text(address)
        if self._anywhere is not None:
            return ANYWHERE if text in self._anywhere() else None
        return text if text in self._ports else None

    def depart(self, packet: Packet) -> Step:
        here = self.owns(packet.destination)
        if here is not None:
            return Delivered(here, replace(packet, source=packet.source or packet.destination))
        if self._anywhere is not None:
            return Departure(ANYWHERE, packet.destination, packet)
        port = self._port_of(packet.destination)
        next_hop = packet.destination if port is not None else self._gateway
        port = port if port is not None else self._port_of(next_hop)
        if port is None:
            return None
        return Departure(port, next_hop, replace(packet, source=packet.source or internet4.number(port)))

    def arrive(self, interface: str, packet: Packet, at: float) -> Step:
        if self.owns(packet.destination) is not None:
            return Delivered(interface, packet)
        if len(self._ports) < 2:
            return None
        if packet.ttl <= 1:
            return self.error((TIME_EXCEEDED, 0), packet, interface, at)
        onward = self.depart(replace(packet, ttl=packet.ttl - 1))
        return onward if onward is not None else self.error((UNREACHABLE, HOST), packet, interface, at)

    def left(self, leaving: Departure) -> None:
        """A host counts nothing."""

    def error(self, message: tuple[int, int], about: Packet, interface: str, at: float) -> Packet | None:
        if about.is_error:
            return None
        source = about.destination if interface == ANYWHERE else internet4.number(interface)
        return Packet(source, about.source, ICMP, message=message, octets=56)

    def hardware(self, interface: str) -> str:
        return made_up_hardware(internet4.number(interface))

    def neighbour(self, interface: str, address: int) -> str | None:
        return self._neighbours.get((interface, address))

    def learn(self, interface: str, address: int, hardware: str) -> None:
        if hardware:
            self._neighbours[interface, address] = hardware

    met = learn

    def asked(self, interface: str, address: int, asking: int) -> bool:
        return internet4.number(interface) == address

    def address_on(self, interface: str) -> int:
        return internet4.number(interface)

    def is_open(self, interface: str) -> bool:
        return interface in self._ports

    def interfaces(self, port: str) -> list[str]:
        return [port]

    def encapsulation(self, interface: str) -> str:
        return ""

    def _port_of(self, address: int) -> str | None:
        """The port on whose network an address is."""
        for name, port in self._ports.items():
            network = port.network
            if address & int(network.netmask) == int(network.network_address):
                return name
        return None


def made_up_hardware(address: int) -> str:
    """The locally administered hardware address of a host: 02-00 and its IP address."""
    digits = f"0200{address:08x}"
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}"
