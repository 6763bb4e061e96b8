"""The client side of FTP (RFC 959) on a connection that was made for it: one file got, or put, octet by octet.

Rule: `ftplib` does the talking, and blocks: call it in a thread; to close the connection ends it. What goes wrong is
an `FtpError` in the router's own words. The data connection goes where the control connection went.
"""

from __future__ import annotations

import ftplib
import io
import socket
from typing import NamedTuple

PORT = 21
WAIT_S = 10.0
"""How long the server may take to answer."""
TIMED_OUT = "Timed out"
# By the server's reply; whatever else it says is no reason that the router knows.
_REASONS = {"450": "File busy", "452": "Not enough space on device", "532": "Permission denied"}
_REASONS |= {"550": "No such file or directory", "552": "Not enough space on device", "553": "Permission denied"}
_DENIED = ("permission", "privilege", "denied")
UNDEFINED = "Undefined error"
BAD_LOGIN = "Incorrect Login/Password"  # recalled


class FtpError(Exception):
    """The file was not carried; `str()` is the reason as a router gives it in brackets."""


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
    """The file of that path, of at most so many octets; raises FtpError."""
    octets = bytearray()

    def take(block: bytes) -> None:
        if len(octets) + len(block) > most:
            raise FtpError("Not enough space on device")
        octets.extend(block)

    try:
        _logged_in(wire, login, passive).retrbinary(f"RETR {path}", take)
    except ftplib.all_errors as error:
        raise FtpError(_reason(error)) from None
    return bytes(octets)


def put(wire: socket.socket, login: Login, path: str, octets: bytes, *, passive: bool) -> None:
    """Make that file; raises FtpError."""
    try:
        _logged_in(wire, login, passive).storbinary(f"STOR {path}", io.BytesIO(octets))
    except ftplib.all_errors as error:
        raise FtpError("Permission denied" if str(error).startswith("550") else _reason(error)) from None


def _logged_in(wire: socket.socket, login: Login, passive: bool) -> _Client:
    client = _Client(wire, passive=passive)
    try:
        client.login(login.user, login.password)
    except ftplib.error_perm:
        raise FtpError(BAD_LOGIN) from None
    return client


def _reason(error: Exception) -> str:
    if not isinstance(error, ftplib.Error):  # the connection broke, or nothing came any more
        return TIMED_OUT
    text = str(error).lower()
    if any(word in text for word in _DENIED):
        return "Permission denied"
    return _REASONS.get(text[:3], UNDEFINED)
