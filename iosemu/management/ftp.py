"""The client side of FTP (RFC 959) on a connection that was made for it: one file got, or put, octet by octet.

Rule: `ftplib` does the talking, and blocks: call it in a thread; to close the connection ends it. What goes wrong is
a `TransferError`. The data connection goes where the control connection went.
"""

from __future__ import annotations

import ftplib
import io
import socket
from typing import NamedTuple

from iosemu.management.transfer import (
    BAD_LOGIN,
    DENIED,
    MISSING,
    NO_SPACE,
    TIMED_OUT,
    UNDEFINED,
    WAIT_S,
    TransferError,
)

PORT = 21
# By the server's reply; whatever else it says is no reason that the router knows.
_REASONS = {"450": "File busy", "452": NO_SPACE, "532": DENIED, "550": MISSING, "552": NO_SPACE, "553": DENIED}
_DENIED = ("permission", "privilege", "denied")


class Login(NamedTuple):
    """Who asks."""

    user: str
    password: str


class _Client(ftplib.FTP):
    def __init__(self, wire: socket.socket, *, passive: bool) -> None:
        super().__init__(timeout=WAIT_S)
        wire.settimeout(WAIT_S)
        self.sock, self.af = wire, wire.family
        self.file = wire.makefile("r", encoding="utf-8", errors="replace")
        self.set_pasv(passive)
        self.getresp()  # the greeting

    def makeport(self) -> socket.socket:
        """Listen for the server's data connection, on the address of the control connection alone."""
        assert self.sock is not None
        host = self.sock.getsockname()[0]
        listener = socket.create_server((host, 0), family=self.af, backlog=1)
        listener.settimeout(WAIT_S)
        self.sendport(host, listener.getsockname()[1])
        return listener


def get(wire: socket.socket, login: Login, path: str, *, passive: bool, most: int) -> bytes:
    """The file of that path, of at most so many octets; raises TransferError."""
    octets = bytearray()

    def take(block: bytes) -> None:
        if len(octets) + len(block) > most:
            raise TransferError(NO_SPACE)
        octets.extend(block)

    try:
        _logged_in(wire, login, passive).retrbinary(f"RETR {path}", take)
    except ftplib.all_errors as error:
        raise TransferError(_reason(error)) from None
    return bytes(octets)


def put(wire: socket.socket, login: Login, path: str, octets: bytes, *, passive: bool) -> None:
    """Make that file; raises TransferError."""
    try:
        _logged_in(wire, login, passive).storbinary(f"STOR {path}", io.BytesIO(octets))
    except ftplib.all_errors as error:
        raise TransferError(DENIED if str(error).startswith("550") else _reason(error)) from None


def _logged_in(wire: socket.socket, login: Login, passive: bool) -> _Client:
    client = _Client(wire, passive=passive)
    try:
        client.login(login.user, login.password)
    except ftplib.error_perm:
        raise TransferError(BAD_LOGIN) from None
    return client


def _reason(error: Exception) -> str:
    if not isinstance(error, ftplib.Error):  # the connection broke, or nothing came any more
        return TIMED_OUT
    text = str(error).lower()
    if any(word in text for word in _DENIED):
        return DENIED
    return _REASONS.get(text[:3], UNDEFINED)
