"""RADIUS (RFC 2865, RFC 2866): the requests of a router and what comes back, octets in and out.

Rule: an answer counts only where it carries the proof that whoever sent it knows the key; anything else is as if
nothing had come. Packets are made and read by pyrad, of the extra `radius`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING

from iosemu.management.radius_attributes import ATTRIBUTES, VALUES, dictionary_lines

if TYPE_CHECKING:
    from pyrad.dictionary import Dictionary

Attributes = Sequence[tuple[str, object]]
"""Attributes by name, in order; numbers may be told by the names of their values."""
ACCESS_ACCEPT, ACCESS_REJECT, ACCOUNTING_RESPONSE, ACCESS_CHALLENGE = 2, 3, 5, 11
CODES = {
    1: "Access-Request",
    ACCESS_ACCEPT: "Access-Accept",
    ACCESS_REJECT: "Access-Reject",
    4: "Accounting-Request",
    ACCOUNTING_RESPONSE: "Accounting-response",
    ACCESS_CHALLENGE: "Access-Challenge",
}
"""By code: how `debug radius` names a packet."""
_HEADER = 20
_LONGEST_VALUE, _LONGEST_OF_VENDOR = 253, 247
_LONGEST_PASSWORD = 128


def available() -> bool:
    """Is the packet library installed?"""
    return find_spec("pyrad") is not None


class Kind(Enum):
    """What a server is asked for."""

    AUTHENTICATION = "Authen"
    ACCOUNTING = "Account"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was proven, with those of its attributes that the router knows."""

    code: int
    attributes: tuple[tuple[str, object], ...] = ()
    octets: bytes = b""

    @property
    def accepted(self) -> bool:
        return self.code in (ACCESS_ACCEPT, ACCOUNTING_RESPONSE)

    def all(self, name: str) -> list[object]:
        """The values of an attribute, in order."""
        return [value for found, value in self.attributes if found == name]


class Request:
    """One packet to a server: `octets` to send, and to send again, until `read` has made an answer of what came."""

    def __init__(self, kind: Kind, identifier: int, key: str, attributes: Attributes) -> None:
        """Raises ValueError for a value that no packet can carry."""
        from pyrad.packet import AcctPacket, AuthPacket

        secret = key.encode()
        make = AuthPacket if kind is Kind.AUTHENTICATION else AcctPacket
        packet = make(id=identifier, secret=secret, dict=_dictionary())
        self.kind = kind
        self.identifier = identifier
        self.attributes = tuple((name, _number(name, value)) for name, value in attributes)
        for name, value in self.attributes:
            if name == "User-Password":
                packet.AddAttribute(name, packet.PwCrypt(str(value).encode()[:_LONGEST_PASSWORD]))
            else:
                packet.AddAttribute(name, _fitting(name, value))
        self.octets: bytes = packet.RequestPacket()
        self._secret = secret

    @property
    def authenticator(self) -> bytes:
        return self.octets[4:_HEADER]

    def read(self, octets: bytes) -> Answer | None:
        """The answer to this request that a packet is; None where it is none."""
        from pyrad.packet import Packet, PacketError

        length = int.from_bytes(octets[2:4], "big")
        if not _HEADER <= length <= len(octets) or octets[1] != self.identifier:
            return None
        octets = octets[:length]
        proof = hashlib.md5(octets[:4] + self.authenticator + octets[_HEADER:] + self._secret).digest()
        if not hmac.compare_digest(proof, octets[4:_HEADER]):
            return None
        try:
            packet = Packet(dict=_dictionary(), packet=octets)
            names = [name for name in packet.keys() if name in ATTRIBUTES]  # noqa: SIM118 (it iterates by numbers)
            found = tuple((name, value) for name in names for value in packet[name])
        except (PacketError, ValueError, TypeError):
            return None
        return Answer(octets[0], found, octets)


def _number(name: str, value: object) -> object:
    return VALUES.get(name, {}).get(value, value) if isinstance(value, str) else value


def _fitting(name: str, value: object) -> object:
    """The value, cut to what an attribute may carry."""
    attribute = ATTRIBUTES[name]
    most = _LONGEST_OF_VENDOR if attribute.vendor else _LONGEST_VALUE
    if attribute.kind == "string":
        return str(value).encode()[:most].decode(errors="ignore")
    return value[:most] if isinstance(value, bytes) else value


@cache
def _dictionary() -> Dictionary:
    from pyrad.dictionary import Dictionary

    return Dictionary(StringIO("\n".join(dictionary_lines())))
