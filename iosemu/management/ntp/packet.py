"""Messages of the Network Time Protocol (RFC 1305 appendix A): 48 octets, and behind them a keyed MD5 digest.

Rule: timestamps are 64-bit numbers, seconds since 1900 and their fractions, of the era that 2036 begins too; intervals
are in seconds. What is too short to be a message, or of a version that nobody has, is none.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

PORT = 123
UNSYNCHRONIZED = 3
"""The leap indicator of who has no time to give."""
NO_STRATUM = 16
_FORM = struct.Struct("!BBbbiIIQQQQ")
_DIGEST = struct.Struct("!I16s")
_FRACTION, _SHORT = 1 << 32, 1 << 16
_ERA = datetime(1900, 1, 1, tzinfo=UTC)
_SECOND_ERA_FROM = 1 << 63
_SHORT_MOST = (1 << 31) - 1


class Mode(IntEnum):
    """Who speaks to whom (RFC 1305 section 3.3)."""

    ACTIVE = 1
    PASSIVE = 2
    CLIENT = 3
    SERVER = 4
    BROADCAST = 5


@dataclass(frozen=True, slots=True)
class Packet:
    """One message; `key` 0: it carries no digest. A stratum of 16 travels as 0."""

    mode: int
    leap: int = UNSYNCHRONIZED
    version: int = 3
    stratum: int = NO_STRATUM
    poll: int = 6
    precision: int = -18
    root_delay: float = 0.0
    root_dispersion: float = 0.0
    reference_id: int = 0
    reference: int = 0
    originate: int = 0
    receive: int = 0
    transmit: int = 0
    key: int = 0


def encode(packet: Packet, secret: str | None = None) -> bytes:
    """The octets of a message, signed where its key has a secret."""
    octets = _FORM.pack(
        packet.leap << 6 | packet.version << 3 | packet.mode,
        packet.stratum % NO_STRATUM,
        packet.poll,
        packet.precision,
        _short(packet.root_delay),
        _short(packet.root_dispersion),
        packet.reference_id,
        packet.reference,
        packet.originate,
        packet.receive,
        packet.transmit,
    )
    if not packet.key or secret is None:
        return octets
    return octets + _DIGEST.pack(packet.key, _digest(secret, octets))


def decode(octets: bytes) -> Packet | None:
    """The message that octets are; None where they are none."""
    if len(octets) < _FORM.size:
        return None
    first, stratum, poll, precision, delay, dispersion, reference_id, *times = _FORM.unpack_from(octets)
    reference, originate, receive, transmit = times
    version = first >> 3 & 7
    if not 1 <= version <= 4:
        return None
    signed = len(octets) == _FORM.size + _DIGEST.size
    return Packet(
        mode=first & 7,
        leap=first >> 6,
        version=version,
        stratum=stratum or NO_STRATUM,
        poll=poll,
        precision=precision,
        root_delay=delay / _SHORT,
        root_dispersion=dispersion / _SHORT,
        reference_id=reference_id,
        reference=reference,
        originate=originate,
        receive=receive,
        transmit=transmit,
        key=_DIGEST.unpack_from(octets, _FORM.size)[0] if signed else 0,
    )


def is_signed(octets: bytes, secret: str) -> bool:
    """Does the digest of a message fit the secret?"""
    if len(octets) != _FORM.size + _DIGEST.size:
        return False
    digest = _DIGEST.unpack_from(octets, _FORM.size)[1]
    return hmac.compare_digest(digest, _digest(secret, octets[: _FORM.size]))


def timestamp(moment: datetime) -> int:
    """A moment of UTC."""
    passed = moment - _ERA
    fraction = (passed.microseconds << 32) // 1_000_000
    return (passed.days * 86400 + passed.seconds) % _FRACTION << 32 | fraction


def moment(stamp: int) -> datetime:
    """The moment that a timestamp means, from 1968 to 2104; 0 is 1900."""
    era = _FRACTION if 0 < stamp < _SECOND_ERA_FROM else 0
    return _ERA + timedelta(seconds=era + (stamp >> 32), microseconds=(stamp % _FRACTION) * 1_000_000 >> 32)


def seconds_between(earlier: int, later: int) -> float:
    """What lies between two timestamps less than 68 years apart."""
    apart = (later - earlier) % (1 << 64)
    return (apart - (1 << 64) if apart >> 63 else apart) / _FRACTION


def _digest(secret: str, octets: bytes) -> bytes:
    return hashlib.md5(secret.encode() + octets, usedforsecurity=False).digest()


def _short(seconds: float) -> int:
    return max(-_SHORT_MOST, min(_SHORT_MOST, int(seconds * _SHORT)))
