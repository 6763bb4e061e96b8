"""What the MTA client and server report: the dialogue line by line, and where it began and ended.

`socket` numbers a connection of its side, from 0, so that lines of several dialogues can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientOpened:
    """A delivery begins; `origin` is the text that goes into the Received comment, or ""."""

    socket: int
    sender: str
    recipients: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class ClientConnecting:
    socket: int
    address: str


@dataclass(frozen=True, slots=True)
class ClientConnected:
    socket: int
    address: str


@dataclass(frozen=True, slots=True)
class ClientUnresolved:
    """A configured server name has no address."""

    socket: int
    name: str


@dataclass(frozen=True, slots=True)
class ClientSent:
    socket: int
    line: str


@dataclass(frozen=True, slots=True)
class ClientReceived:
    socket: int
    line: str


@dataclass(frozen=True, slots=True)
class ClientDataSent:
    """The whole message is out, the closing dot with it; `octets` before dot stuffing."""

    socket: int
    octets: int


@dataclass(frozen=True, slots=True)
class ClientFailed:
    """No answer to be had from this server: unreachable, connection lost, silent for too long."""

    socket: int
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClientClosed:
    """The delivery is over, whichever way."""

    socket: int
    ok: bool


@dataclass(frozen=True, slots=True)
class ServerOpened:
    socket: int
    peer: str


@dataclass(frozen=True, slots=True)
class ServerReceived:
    """A command line; `verb` in capitals, `line` as it came."""

    socket: int
    verb: str
    line: str


@dataclass(frozen=True, slots=True)
class ServerSent:
    socket: int
    line: str


@dataclass(frozen=True, slots=True)
class ServerMessage:
    """A whole message is in and goes to the fax side."""

    socket: int
    octets: int
    recipients: int
    accepted: int
    discarded: int


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """The fax side's answer for one recipient; it may come after the client has gone."""

    socket: int
    recipient: str
    line: str


@dataclass(frozen=True, slots=True)
class ServerFault:
    """Our own side broke down while serving; the client got a 451."""

    socket: int
    reason: str


@dataclass(frozen=True, slots=True)
class ServerClosed:
    socket: int


@dataclass(frozen=True, slots=True)
class NoticeUnsent:
    """A notice found no server that took it, and will be tried `again` or is given up; without a recipient: the outbox
    cannot keep its notices."""

    recipient: str
    reason: str
    again: bool
