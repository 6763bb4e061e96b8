"""A host of the lab that tells the time: the clock of the lab itself, as an NTP server of some stratum.

Rule: it is always right, and answers whoever asks, unsigned.
"""

from __future__ import annotations

from iosemu.cli import internet4
from iosemu.clock import Clock
from iosemu.lab.hosts import Host
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.open_ports import OpenPort
from iosemu.management.ntp.packet import PORT, Mode, Packet, decode, encode, timestamp
from iosemu.network import Endpoint

_LOCAL_CLOCK = internet4.number("127.127.1.0")
_LOCL = int.from_bytes(b"LOCL", "big")


def serve_time(network: VirtualNetwork, host: Host, clock: Clock, stratum: int) -> OpenPort:
    """Have a host answer; raises OSError where its port is not to be had."""

    def receive(octets: bytes, sender: Endpoint) -> None:
        answer = answered(octets, clock, stratum)
        if answer is not None:
            opened.send(answer, *sender)

    opened = network.at(host).open(PORT, receive)
    return opened


def answered(octets: bytes, clock: Clock, stratum: int) -> bytes | None:
    """The answer to a datagram; None for what is no question of a client."""
    packet = decode(octets)
    if packet is None or packet.mode != Mode.CLIENT:
        return None
    now = timestamp(clock.wall())
    return encode(
        Packet(
            Mode.SERVER,
            leap=0,
            version=packet.version,
            stratum=stratum,
            poll=packet.poll,
            reference_id=_LOCL if stratum == 1 else _LOCAL_CLOCK,
            reference=now,
            originate=packet.transmit,
            receive=now,
            transmit=now,
        )
    )
