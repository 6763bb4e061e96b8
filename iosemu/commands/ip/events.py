"""What the IP layer of a router tells of its packets, for whoever watches; numbers are addresses of 32 bits."""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.network import Packet


@dataclass(frozen=True, slots=True)
class PacketHandled:
    """A packet and what becomes of it: "sending", "rcvd", "forward", "unroutable" or "access denied".

    `came_by` is "" for an own one, `leaves_by` "" for one that goes nowhere; `gateway` is 0 without one.
    """

    what: str
    packet: Packet
    came_by: str = ""
    leaves_by: str = ""
    gateway: int = 0


@dataclass(frozen=True, slots=True)
class IcmpHandled:
    """An ICMP message of the router itself; `about`: the destination of the packet that an error is about."""

    sent: bool
    packet: Packet
    about: int = 0


@dataclass(frozen=True, slots=True)
class NeighbourAsked:
    """The router asked who has `address`; `hardware` is "" where nobody answered."""

    interface: str
    address: int
    hardware: str


@dataclass(frozen=True, slots=True)
class NeighbourAnswered:
    """The router answered `asking` that it has `address`."""

    interface: str
    address: int
    asking: int
