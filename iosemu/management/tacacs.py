"""TACACS+ packets: what is asked about a user and what a server answers, as octets.

Rule: nothing here knows a socket or a server; a body is a frozen value, and reading refuses what is cut short or does
not come out of the key. Source: RFC 8907, sections 4 (header, obfuscation), 5, 6 and 7 (bodies).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import md5
from typing import ClassVar, TypeAlias

PORT = 49
HEADER = 12
MOST_OCTETS = 0x10000
"""What a body may have; more is nobody's answer."""
_VERSION = 0xC0
_PLAIN = 0x01
_HEAD = struct.Struct("!BBBBII")


class Kind(IntEnum):
    AUTHENTICATION = 1
    AUTHORIZATION = 2
    ACCOUNTING = 3


class Service(IntEnum):
    """What a user is authenticated for (5.1)."""

    LOGIN = 1
    ENABLE = 2


class Status(IntEnum):
    """What a server says in an authentication (5.2)."""

    PASS = 1
    FAIL = 2
    GETDATA = 3
    GETUSER = 4
    GETPASS = 5
    RESTART = 6
    ERROR = 7
    FOLLOW = 0x21


class Verdict(IntEnum):
    """What a server says of an authorization (6.2)."""

    PASS_ADD = 1
    PASS_REPL = 2
    FAIL = 0x10
    ERROR = 0x11
    FOLLOW = 0x21


class Flag(IntEnum):
    """Which record of an account it is (7.1)."""

    START = 2
    STOP = 4
    WATCHDOG = 8


class BadPacket(ValueError):
    """Octets that are no packet, or none made with this key."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a request is about: user, port (`tty2`) and the address that he came from."""

    user: str
    port: str = ""
    address: str = ""
    level: int = 1

    @property
    def fields(self) -> tuple[bytes, bytes, bytes]:
        return _text(self.user), _text(self.port), _text(self.address)


@dataclass(frozen=True, slots=True)
class Start:
    """The first packet of an authentication by questions and answers (`ASCII`)."""

    KIND: ClassVar[Kind] = Kind.AUTHENTICATION
    subject: Subject
    service: Service = Service.LOGIN

    def body(self) -> bytes:
        fields = self.subject.fields
        return bytes((1, self.subject.level, 1, self.service, *map(len, fields), 0)) + b"".join(fields)


@dataclass(frozen=True, slots=True)
class Continue:
    """The answer to a question of the server."""

    KIND: ClassVar[Kind] = Kind.AUTHENTICATION
    answer: str

    def body(self) -> bytes:
        said = self.answer.encode()[:0xFFFF]
        return struct.pack("!HHB", len(said), 0, 0) + said


@dataclass(frozen=True, slots=True)
class Authorize:
    """May the user do what the arguments (`service=shell`, `cmd=show`) say?"""

    KIND: ClassVar[Kind] = Kind.AUTHORIZATION
    subject: Subject
    arguments: tuple[str, ...]

    def body(self) -> bytes:
        return _described(self.subject, self.arguments)


@dataclass(frozen=True, slots=True)
class Account:
    """One record of what was done."""

    KIND: ClassVar[Kind] = Kind.ACCOUNTING
    subject: Subject
    flag: Flag
    arguments: tuple[str, ...]

    def body(self) -> bytes:
        return bytes((self.flag,)) + _described(self.subject, self.arguments)


Body: TypeAlias = Start | Continue | Authorize | Account


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says in an authentication: a status, and a text for the user."""

    status: Status
    message: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """A server's verdict, with the arguments that it adds or puts in place of those asked."""

    verdict: Verdict
    arguments: tuple[str, ...] = ()

    @property
    def granted(self) -> bool:
        return self.verdict in (Verdict.PASS_ADD, Verdict.PASS_REPL)


@dataclass(frozen=True, slots=True)
class Accounted:
    """Whether the server has taken a record."""

    taken: bool


def packet(body: Body, session: int, sequence: int, key: str) -> bytes:
    """One packet to a server; without a key it is not obscured."""
    plain = body.body()
    head = _HEAD.pack(_VERSION, body.KIND, sequence, 0 if key else _PLAIN, session, len(plain))
    return head + _obscured(plain, head, key)


def length_of(header: bytes) -> int:
    """How many octets follow a header of 12; raises BadPacket."""
    octets: int = _HEAD.unpack(header)[5]
    if octets > MOST_OCTETS:
        raise BadPacket(f"{octets} octets")
    return octets


def read(octets: bytes, asked: Body, session: int, sequence: int, key: str) -> Reply | Authorization | Accounted:
    """The answer to a packet; raises BadPacket for anything else."""
    if len(octets) < HEADER:
        raise BadPacket("no header")
    head, body = octets[:HEADER], octets[HEADER:]
    version, kind, number, flags, of_session, length = _HEAD.unpack(head)
    if (version & 0xF0, kind, number, of_session, length) != (_VERSION, asked.KIND, sequence, session, len(body)):
        raise BadPacket("not the packet that was waited for")
    plain = body if flags & _PLAIN else _obscured(body, head, key)
    try:
        return _READERS[asked.KIND](plain)
    except (struct.error, ValueError, IndexError) as error:
        raise BadPacket(str(error)) from None


def _obscured(body: bytes, head: bytes, key: str) -> bytes:
    """The body under the pad of 4.5, which takes it off again, too."""
    if not key:
        return body
    salt = head[4:8] + key.encode() + head[:1] + head[2:3]
    pad = last = b""
    while len(pad) < len(body):
        last = md5(salt + last).digest()
        pad += last
    return bytes(octet ^ cover for octet, cover in zip(body, pad, strict=False))


def _described(subject: Subject, arguments: tuple[str, ...]) -> bytes:
    """The part that authorization and accounting share: authenticated by TACACS+, as ASCII, for a login."""
    fields, told = subject.fields, tuple(map(_text, arguments))
    sizes = (*map(len, fields), len(told), *map(len, told))
    return bytes((6, subject.level, 1, Service.LOGIN, *sizes)) + b"".join((*fields, *told))


def _text(value: str) -> bytes:
    return value.encode()[:255]


def _reply(body: bytes) -> Reply:
    status, _, message, data = struct.unpack_from("!BBHH", body)
    _whole(body, 6 + message + data)
    return Reply(Status(status), body[6 : 6 + message].decode(errors="replace"))


def _authorization(body: bytes) -> Authorization:
    verdict, count, message, data = struct.unpack_from("!BBHH", body)
    sizes = body[6 : 6 + count]
    at = 6 + count + message + data
    _whole(body, at + sum(sizes))
    found = []
    for size in sizes:
        found.append(body[at : at + size].decode(errors="replace"))
        at += size
    return Authorization(Verdict(verdict), tuple(found))


def _accounted(body: bytes) -> Accounted:
    message, data, status = struct.unpack_from("!HHB", body)
    _whole(body, 5 + message + data)
    return Accounted(status == 1)


def _whole(body: bytes, length: int) -> None:
    if len(body) != length:
        raise BadPacket("lengths that do not add up: another key?")


_READERS: dict[Kind, Callable[[bytes], Reply | Authorization | Accounted]] = {
    Kind.AUTHENTICATION: _reply,
    Kind.AUTHORIZATION: _authorization,
    Kind.ACCOUNTING: _accounted,
}
