"""Which TACACS+ server is asked, and what becomes of one that does not answer.

Rule: the servers of a group are asked in their order, each on a connection of its own; one that cannot be reached, says
nothing in time or says `ERROR` hands over to the next, and any other word is the last. How octets travel is the affair
of whoever gives `connect`.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from iosemu.events import EventSink
from iosemu.management.tacacs import (
    PORT,
    Account,
    Accounted,
    Authorization,
    Authorize,
    BadPacket,
    Body,
    Continue,
    Kind,
    Reply,
    Start,
    Status,
    Subject,
    Verdict,
    packet,
    read,
)

T = TypeVar("T")
A = TypeVar("A", Reply, Authorization, Accounted)
_QUESTIONS = 8
"""So many questions a server may ask before it is taken for broken."""


@dataclass(frozen=True, slots=True)
class Server:
    """One `tacacs-server host`, with the key and the patience that are in force for it."""

    address: str
    port: int = PORT
    key: str = ""
    timeout_s: float = 5.0
    source: str = ""
    """The router's address that it is asked from."""

    @property
    def identity(self) -> tuple[str, int]:
        return self.address, self.port


class Wire(Protocol):
    """A connection to a server."""

    async def exchange(self, octets: bytes) -> bytes:
        """Send a packet and give the next one that comes; raises TimeoutError where none comes in the server's time,
        OSError, EOFError."""
        ...

    def close(self) -> None: ...


Connect = Callable[[Server], Awaitable[Wire]]
"""Opens a connection; raises OSError where there is none in the server's time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation with a server begins; the router counts them."""

    server: Server
    kind: Kind
    number: int
    subject: Subject


@dataclass(frozen=True, slots=True)
class Sent:
    number: int
    octets: int


@dataclass(frozen=True, slots=True)
class Received:
    number: int
    octets: int
    answer: Reply | Authorization | Accounted


@dataclass(frozen=True, slots=True)
class Failed:
    """The server gave no answer: it could not be reached, or `opened` but its time was over or it said nothing sane."""

    server: Server
    number: int
    opened: bool


@dataclass(slots=True)
class Counters:
    """What came of a server since the router started, as `show tacacs` counts it."""

    opens: int = 0
    closes: int = 0
    aborts: int = 0
    errors: int = 0
    timeouts: int = 0
    failed: int = 0
    sent: int = 0
    received: int = 0


class _NoAnswer(Exception):
    """This server has nothing to say."""


class TacacsClient:
    """The client of one router."""

    def __init__(self, connect: Connect, emit: EventSink) -> None:
        self._connect, self._emit = connect, emit
        self._number = 0
        self.counters: dict[tuple[str, int], Counters] = {}

    def counted(self, server: Server) -> Counters:
        return self.counters.setdefault(server.identity, Counters())

    async def authenticate(self, servers: Sequence[Server], start: Start, password: str) -> bool | None:
        """Do they know that user by that password? None where no server says."""

        async def talk(ask: _Conversation) -> bool:
            said = await ask(start, Reply)
            for _ in range(_QUESTIONS):
                if said.status not in (Status.GETUSER, Status.GETPASS, Status.GETDATA):
                    break
                told = start.subject.user if said.status is Status.GETUSER else password
                said = await ask(Continue(told), Reply)
            if said.status in (Status.PASS, Status.FAIL):
                return said.status is Status.PASS
            raise _NoAnswer

        return await self._first(servers, Kind.AUTHENTICATION, start.subject, talk)

    async def authorize(self, servers: Sequence[Server], asked: Authorize) -> Authorization | None:
        """What they say of the arguments; None where no server says anything."""

        async def talk(ask: _Conversation) -> Authorization:
            said = await ask(asked, Authorization)
            if said.verdict in (Verdict.ERROR, Verdict.FOLLOW):
                raise _NoAnswer
            return said

        return await self._first(servers, Kind.AUTHORIZATION, asked.subject, talk)

    async def account(self, servers: Sequence[Server], record: Account) -> bool:
        """Whether one of them takes the record."""

        async def talk(ask: _Conversation) -> bool:
            if not (await ask(record, Accounted)).taken:
                raise _NoAnswer
            return True

        return bool(await self._first(servers, Kind.ACCOUNTING, record.subject, talk))

    async def _first(
        self,
        servers: Sequence[Server],
        kind: Kind,
        subject: Subject,
        talk: Callable[[_Conversation], Awaitable[T]],
    ) -> T | None:
        for server in servers:
            counters = self.counted(server)
            self._number += 1
            number = self._number
            self._emit(Asked(server, kind, number, subject))
            try:
                wire = await self._connect(server)
            except OSError:
                counters.failed += 1
                self._emit(Failed(server, number, opened=False))
                continue
            counters.opens += 1
            try:
                return await talk(_Conversation(server, number, wire, counters, self._emit))
            except _NoAnswer:
                continue
            except (OSError, EOFError, BadPacket) as error:  # TimeoutError is an OSError
                counters.timeouts += isinstance(error, TimeoutError)
                counters.errors += not isinstance(error, TimeoutError)
                counters.aborts += isinstance(error, BadPacket)
                self._emit(Failed(server, number, opened=True))
            finally:
                wire.close()
                counters.closes += 1
        return None


class _Conversation:
    """One session on its connection: each call is a packet and its answer."""

    def __init__(self, server: Server, number: int, wire: Wire, counters: Counters, emit: EventSink) -> None:
        self._server, self._number, self._wire = server, number, wire
        self._session = secrets.randbits(32)
        self._counters, self._emit = counters, emit
        self._sequence = 1

    async def __call__(self, body: Body, expected: type[A]) -> A:
        octets = packet(body, self._session, self._sequence, self._server.key)
        self._counters.sent += 1
        self._emit(Sent(self._number, len(octets)))
        came = await self._wire.exchange(octets)
        self._counters.received += 1
        answer = read(came, body, self._session, self._sequence + 1, self._server.key)
        assert isinstance(answer, expected)  # as the kind of the packet says
        self._sequence += 2
        self._emit(Received(self._number, len(came), answer))
        return answer
