"""RTP packets: a header of 12 octets in front of the voice.

Rule: what is no RTP version 2 is none; contributing sources and extensions are skipped, padding is cut. Source: RFC
3550 clause 5.1.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_HEADER = struct.Struct("!BBHII")
_VERSION = 2 << 6


class Packet(NamedTuple):
    """A packet; `marker` begins a talk spurt."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes
    marker: bool = False

    def encode(self) -> bytes:
        kind = self.payload_type | (0x80 if self.marker else 0)
        return (
            _HEADER.pack(_VERSION, kind, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.source)
            + self.payload
        )


def decode(octets: bytes) -> Packet | None:
    """The packet of a datagram, None where it is none."""
    if len(octets) < _HEADER.size or octets[0] & 0xC0 != _VERSION:
        return None
    first, kind, sequence, timestamp, source = _HEADER.unpack_from(octets)
    at = _HEADER.size + 4 * (first & 0x0F)
    end = len(octets)
    if first & 0x10:
        if end < at + 4:
            return None
        at += 4 + 4 * int.from_bytes(octets[at + 2 : at + 4], "big")
    if first & 0x20:
        end -= octets[-1]
    if end < at:
        return None
    return Packet(kind & 0x7F, sequence, timestamp, source, octets[at:end], bool(kind & 0x80))
