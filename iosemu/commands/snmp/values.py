"""Values of MIB objects from those of a router, and the roots under which objects stand."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address

from pysnmp.proto import rfc1902

from iosemu.management.snmp.mib import BadValue, Value
from iosemu.management.snmp.views import Oid

MIB_2: Oid = (1, 3, 6, 1, 2, 1)
CISCO: Oid = (1, 3, 6, 1, 4, 1, 9)
MANAGEMENT: Oid = (*CISCO, 9)
EXPERIMENT: Oid = (*CISCO, 10)

TRUE, FALSE = 1, 2
"""TruthValue of SNMPv2-TC."""

_BITS_32, _BITS_64, _MOST_TICKS = 1 << 32, 1 << 64, 1 << 32


def text(value: str) -> Value:
    """A DisplayString; what is no letter of Latin-1 becomes a `?`."""
    return rfc1902.OctetString(value.encode("latin-1", "replace"))


def octets(value: bytes) -> Value:
    return rfc1902.OctetString(value)


def integer(value: int) -> Value:
    return rfc1902.Integer32(value)


def gauge(value: int) -> Value:
    """A Gauge32 or Unsigned32, which stops at its greatest."""
    return rfc1902.Gauge32(min(max(value, 0), _BITS_32 - 1))


def counter(value: int) -> Value:
    return rfc1902.Counter32(value % _BITS_32)


def counter64(value: int) -> Value:
    return rfc1902.Counter64(value % _BITS_64)


def ticks(seconds: float | None) -> Value:
    """Hundredths of seconds; 0 for what never was."""
    return rfc1902.TimeTicks(round((seconds or 0.0) * 100) % _MOST_TICKS)


def address(value: str) -> Value:
    """An IpAddress; all zeros for what is none."""
    try:
        return rfc1902.IpAddress(str(IPv4Address(value)))
    except AddressValueError:
        return rfc1902.IpAddress("0.0.0.0")


def identifier(value: Oid) -> Value:
    return rfc1902.ObjectIdentifier(value)


def line_of(value: Value, most: int) -> str:
    """What a manager wrote, where it can stand on a line of the configuration; raises BadValue."""
    if not isinstance(value, rfc1902.OctetString):
        raise BadValue("wrongType")
    written = bytes(value)
    if len(written) > most:
        raise BadValue("wrongLength")
    if not all(0x20 <= octet < 0x7F and octet != 0x3F for octet in written):
        raise BadValue("wrongValue")
    return written.decode("ascii").strip()


def number_of(value: Value, most: int) -> int:
    """What a manager wrote as a number from 0 to `most`; raises BadValue."""
    if not isinstance(value, rfc1902.Integer32):
        raise BadValue("wrongType")
    if not 0 <= int(value) <= most:
        raise BadValue("wrongValue")
    return int(value)
