"""Servers that mean ill and that a router asks: for the time, who somebody is, for files.

Rule: what they say on a connection comes at once and then they are gone, so that nobody waits.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from iosemu.management import http_files, rcp
from iosemu.management.ntp.packet import Mode, Packet, encode
from iosemu.management.ntp.service import Settings
from iosemu.management.rcp import Names
from iosemu.management.tacacs import Account, Authorize, BadPacket, Body, Flag, Reply, Start, Status, Subject, read
from iosemu.management.transfer import TransferError
from tests.management.test_ntp_service import A, B, C, Wire, follow

from .surface import WORDS, framed, pieces_of, reader

MOST = 10_000

# Time.


def _told_the_time(octets: bytes) -> None:
    """A router that follows two servers: one is right, the other says this, and so does a stranger."""
    wire = Wire()
    wire.add(A).service.configure(Settings(master=3))
    client = wire.add(B, is_set=False)
    client.service.configure(follow(A, C))
    for piece in pieces_of(octets):
        wire.run(5.0)
        for source in (C, "10.0.0.77"):
            client.service.receive(piece, source, 123)
    wire.run(300.0)
    assert len(client.service.associations) <= 4
    client.service.stop()


def _times() -> tuple[bytes, ...]:
    now = 0xC0000000 << 32
    good = Packet(Mode.SERVER, leap=0, stratum=2, reference_id=0x7F7F0101, reference=now, receive=now, transmit=now)
    asked = Packet(Mode.CLIENT, transmit=now)
    others = (Packet(mode, leap=0, stratum=1, transmit=now, key=1) for mode in (Mode.ACTIVE, Mode.BROADCAST))
    control = b"\x16\x02\0\x01" + bytes(8)
    return framed([encode(good), encode(asked)]), *(framed([encode(one, "k")]) for one in others), framed([control])


# TACACS+.

_TOM = Subject("tom", "tty2", "10.0.0.9")
_ASKED: tuple[Body, ...] = (Start(_TOM), Authorize(_TOM, ("service=shell",)), Account(_TOM, Flag.START, ("task_id=1",)))


def _granted(octets: bytes) -> None:
    """As the body of each kind of answer, not obscured."""
    for asked in _ASKED:
        head = struct.pack("!BBBBII", 0xC0, asked.KIND, 2, 1, 7, len(octets))
        with suppress(BadPacket):
            read(head + octets, asked, 7, 2, "k")
    answer = read(struct.pack("!BBBBIIBBHH", 0xC0, 1, 2, 1, 7, 6, Status.PASS, 0, 0, 0), _ASKED[0], 7, 2, "k")
    assert answer == Reply(Status.PASS)
    read(octets, _ASKED[0], 7, 2, "k")


def _grants() -> tuple[bytes, ...]:
    bodies = (b"\x05\x01\0\x09\0\0Password:", b"\x01\x02\0\0\0\0\x0b\x06priv-lvl=15cmd=sh", b"\0\0\0\0\x01")
    return tuple(struct.pack("!BBBBII", 0xC0, 1, 2, 1, 7, len(body)) + body for body in bodies) + bodies


# Files.


def _served(octets: bytes, fetch: Callable[[socket.socket], bytes]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(0)
        with suppress(BlockingIOError):
            theirs.sendall(octets[: 64 * 1024])
        theirs.shutdown(socket.SHUT_WR)
        assert len(fetch(ours)) <= MOST


def _over_http(octets: bytes) -> None:
    _served(octets, lambda wire: http_files.get(wire, "host", "confg", most=MOST))


def _over_rcp(octets: bytes) -> None:
    _served(octets, lambda wire: rcp.get(wire, Names("gate", "tom"), "confg", most=MOST))


_PAGES = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhostname a\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhostname a\n\r\n0\r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n",
)
_FILES = (b"\0C0644 11 confg\nhostname a\n\0", b"\x01rcp: no such file\n", b"\0C0644 5 x\nabc")

SERVERS = (
    reader("ntp", _told_the_time, (), _times(), 2),
    reader("tacacs", _granted, (BadPacket,), _grants(), 10),
    reader("http-files", _over_http, (TransferError,), _PAGES, 10, WORDS),
    reader("rcp", _over_rcp, (TransferError,), _FILES, 10, WORDS),
)
