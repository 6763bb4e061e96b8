"""What NTP tells of: messages, who is reachable, whom the router follows, how its clock was set."""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.management.ntp.packet import Packet


@dataclass(frozen=True, slots=True)
class PacketSent:
    """A message to an address."""

    address: str
    packet: Packet


@dataclass(frozen=True, slots=True)
class PacketReceived:
    """A message from an address, at a timestamp."""

    address: str
    packet: Packet
    arrived: int


@dataclass(frozen=True, slots=True)
class PacketRejected:
    """A message in which something was wrong (bits of the validity tests)."""

    address: str
    wrong: int


@dataclass(frozen=True, slots=True)
class ReachChanged:
    """A server or peer answers, or does not any more."""

    address: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Synced:
    """The router follows another server; "" for none."""

    address: str


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The router's clock was set, forward by so many seconds."""

    seconds: float
