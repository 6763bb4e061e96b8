"""The IP network as a router sees it: packets go in and answers come back, addresses go in and connected sockets come
out.

Rule: a router never opens a socket by itself: it is given a `Network`, which in a lab is its place in the virtual
network and for a lone router is one where nothing answers. Addresses of packets are numbers of 32 bits.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

ICMP, TCP, UDP = 1, 6, 17
ECHO_REPLY, UNREACHABLE, ECHO, TIME_EXCEEDED = 0, 3, 8, 11
"""Types of ICMP messages (RFC 792)."""
HOST, PORT, PROHIBITED = 1, 3, 13
"""Codes of `UNREACHABLE` (RFC 792, RFC 1812 5.2.7.1)."""

Endpoint = tuple[str, int]
"""Address and port."""


class Unreachable(Exception):
    """No such host, no route, or refused; the text is what IOS prints after `% `."""


@dataclass(frozen=True, slots=True)
class Packet:
    """An IP packet: what filters, routes and counters ask of it. `source` 0: the sender is to fill it in."""

    source: int
    destination: int
    protocol: int = ICMP
    source_port: int = 0
    destination_port: int = 0
    message: tuple[int, int] = (ECHO, 0)
    """Type and code of an ICMP message."""
    flags: frozenset[str] = frozenset()
    """Of TCP, by name: `syn`, `ack`, `rst`."""
    ttl: int = 255
    octets: int = 100
    copies: int = 1
    """So many packets that fare alike; they are counted, the rest is done once."""

    @property
    def is_error(self) -> bool:
        """An ICMP message about another packet, about which nobody complains again."""
        return self.protocol == ICMP and self.message[0] in (UNREACHABLE, TIME_EXCEEDED)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took."""

    packet: Packet
    delay_s: float


@dataclass(frozen=True, slots=True)
class Departure:
    """A packet that leaves a node by one of its interfaces, to a neighbour (0: to whoever is at the other end)."""

    interface: str
    next_hop: int
    packet: Packet
    delay_s: float = 0.0
    """How long the line takes for it."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A packet that is for the node itself."""

    interface: str
    packet: Packet


Step = Departure | Delivered | Packet | None
"""What a node does with a packet: pass it on, keep it, tell its sender something, nothing."""


class Stack(Protocol):
    """The IP layer of one node, as the network that carries its packets sees it; `at` is in seconds."""

    def owns(self, address: int) -> str | None:
        """The interface that has the address now."""
        ...

    def depart(self, packet: Packet) -> Step:
        """An own packet sets out."""
        ...

    def arrive(self, interface: str, packet: Packet, at: float) -> Step:
        """A packet came in."""
        ...

    def left(self, leaving: Departure) -> None:
        """A packet was taken by the line that it left by."""
        ...

    def error(self, message: tuple[int, int], about: Packet, interface: str, at: float) -> Packet | None:
        """The ICMP message to the sender of a packet that came in there, unless none is to be sent."""
        ...

    def hardware(self, interface: str) -> str:
        """The hardware address of an own interface."""
        ...

    def neighbour(self, interface: str, address: int) -> str | None:
        """The hardware address that the ARP table has for an address."""
        ...

    def learn(self, interface: str, address: int, hardware: str) -> None:
        """An entry of the ARP table; `hardware` is "" for one who does not answer."""
        ...

    def interfaces(self, port: str) -> list[str]:
        """The interfaces that are up on a port: itself and its sub-interfaces."""
        ...

    def encapsulation(self, interface: str) -> str:
        """How frames are wrapped there, "" for the usual way; both ends must do it alike."""
        ...

    def met(self, interface: str, address: int, hardware: str) -> None:
        """A neighbour that has asked for somebody told its own address."""
        ...

    def asked(self, interface: str, address: int, asking: int) -> bool:
        """Does the node answer an ARP request for `address` that came in there from `asking`?"""
        ...

    def address_on(self, interface: str) -> int:
        """The address with which the node asks there."""
        ...

    def is_open(self, interface: str) -> bool:
        """Is there such an interface, and not shut down?"""
        ...


class Datagrams(Protocol):
    """An open UDP port of a node."""

    @property
    def port(self) -> int: ...

    def source(self, destination: str, port: int) -> str:
        """The own address with which datagrams go there; raises Unreachable where there is no way."""
        ...

    def send(self, octets: bytes, destination: str, port: int, source: str = "") -> None:
        """Send a datagram, from an own address where one is told; where there is no way it is lost."""
        ...

    def drain(self) -> None:
        """Take what has come already, before anything else is done."""
        ...

    def close(self) -> None: ...


class Network(Protocol):
    @property
    def flat(self) -> bool:
        """Does everybody reach everybody, since no cable says who is next to whom?"""
        ...

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        """A connected, non-blocking TCP socket from address `source` to `destination`; raises Unreachable."""
        ...

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> Endpoint:
        """Where on this machine datagrams from `source` to that port of `destination` go; raises Unreachable.

        `answered`: the way back must be open too.
        """
        ...

    def open(self, port: int, receive: Callable[[bytes, Endpoint], object]) -> Datagrams:
        """Open an own UDP port; `receive` is given each datagram with where it comes from. Raises Unreachable where the
        node has no network, OSError."""
        ...

    def ask(self, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        """The answer of the service at a UDP port, None where none comes back."""
        ...

    def exchange(self, packet: Packet, at: float) -> Answer | None:
        """Send a packet at a moment, in seconds; gives what comes back, None for nothing."""
        ...

    def resolve(self, name: str) -> list[str]:
        """The A records of a name (empty where unknown); an address is its own answer."""
        ...

    def carrier(self, interface: str) -> bool | None:
        """Is the cable of an interface alive? None where the network does not know of it."""
        ...

    def source_of(self, peer: object) -> str | None:
        """The emulated address behind an accepted socket's `peername`; None where it comes from outside the lab.

        Ask once a connection: the answer is forgotten with it.
        """
        ...


class NoNetwork:
    """The network of a router with no cable in it."""

    flat = True

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        raise Unreachable("Destination unreachable; gateway or host down")

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> Endpoint:
        raise Unreachable("Destination unreachable; gateway or host down")

    def open(self, port: int, receive: Callable[[bytes, Endpoint], object]) -> Datagrams:
        raise Unreachable("Destination unreachable; gateway or host down")

    def ask(self, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        return None

    def exchange(self, packet: Packet, at: float) -> Answer | None:
        return None

    def resolve(self, name: str) -> list[str]:
        return [name] if name.count(".") == 3 and name.replace(".", "").isdigit() else []

    def carrier(self, interface: str) -> bool | None:
        return None

    def source_of(self, peer: object) -> str | None:
        return None
