"""Which RADIUS server is asked, how often, and what becomes of one that does not answer.

Rule: the servers of a group are asked in their order, each once and then as often again as it is configured; one that
said nothing is dead for the dead time and passed over while another lives. No server's answer, not even a refusal,
makes the client ask the next. How a packet travels is the affair of whoever gives `exchange`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from iosemu.events import EventSink
from iosemu.management.radius import ACCESS_CHALLENGE, Answer, Attributes, Kind, Request


@dataclass(frozen=True, slots=True)
class Server:
    """One `radius-server host`, with the timers and the key that are in force for it."""

    address: str
    auth_port: int = 1645
    acct_port: int = 1646
    key: str = ""
    timeout_s: float = 5.0
    retransmit: int = 3
    source: str = ""
    """The router's address that it is asked from."""

    def port(self, kind: Kind) -> int:
        return self.auth_port if kind is Kind.AUTHENTICATION else self.acct_port

    @property
    def identity(self) -> tuple[str, int, int]:
        """What tells it from others; its key and timers may change."""
        return self.address, self.auth_port, self.acct_port


Exchange = Callable[[Server, Request], Awaitable[Answer | None]]
"""Sends a request to a server once and waits for its time-out; None where nothing (proven) came."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request went out; `again` counts the times that it had gone out before."""

    server: Server
    request: Request
    again: int


@dataclass(frozen=True, slots=True)
class Received:
    server: Server
    request: Request
    answer: Answer


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The server had its last try."""

    server: Server
    request: Request


@dataclass(frozen=True, slots=True)
class Dead:
    server: Server


@dataclass(frozen=True, slots=True)
class Alive:
    server: Server


@dataclass(slots=True)
class Counters:
    """What came of the requests of one kind to one server."""

    requests: int = 0
    timeouts: int = 0
    successes: int = 0
    failures: int = 0
    unanswered: int = 0
    response_s: float = 0.0
    longest_s: float = 0.0

    @property
    def responses(self) -> int:
        return self.successes + self.failures


@dataclass(slots=True)
class ServerState:
    """What is known of a server since the router started; times are seconds of the clock."""

    since_s: float
    dead_until_s: float | None = None
    previous_s: float = 0.0
    deaths: int = 0
    dead_s: float = 0.0
    counters: dict[Kind, Counters] = field(default_factory=lambda: {kind: Counters() for kind in Kind})


class RadiusClient:
    """The client of one router; `now` gives seconds."""

    def __init__(self, exchange: Exchange, now: Callable[[], float], emit: EventSink) -> None:
        self._exchange = exchange
        self._now = now
        self._emit = emit
        self._identifier = 0
        self.states: dict[tuple[str, int, int], ServerState] = {}

    def state(self, server: Server) -> ServerState:
        """What is known of a server; a new one is alive."""
        return self.states.setdefault(server.identity, ServerState(self._now()))

    def is_dead(self, server: Server) -> bool:
        """Is its dead time still running? Once it is over, the server is alive."""
        state = self.state(server)
        if state.dead_until_s is not None and self._now() >= state.dead_until_s:
            self._revive(server, state)
        return state.dead_until_s is not None

    async def ask(
        self, kind: Kind, servers: Sequence[Server], attributes: Attributes, dead_time_s: float = 0.0
    ) -> Answer | None:
        """The answer of the first server that gives one; None where none does."""
        living = [server for server in servers if not self.is_dead(server)]
        for server in living or servers:
            answer = await self._ask_one(kind, server, attributes)
            if answer is not None:
                return answer
            self._bury(server, dead_time_s)
        return None

    async def _ask_one(self, kind: Kind, server: Server, attributes: Attributes) -> Answer | None:
        self._identifier = self._identifier % 255 + 1
        request = Request(kind, self._identifier, server.key, attributes)
        counters = self.state(server).counters[kind]
        counters.requests += 1
        for again in range(1 + server.retransmit):
            self._emit(Sent(server, request, again))
            began = self._now()
            answer = await self._exchange(server, request)
            if answer is None:
                counters.timeouts += 1
                continue
            took = self._now() - began
            counters.response_s += took
            counters.longest_s = max(counters.longest_s, took)
            # Nobody can be asked a further question, so a challenge is a refusal.
            refused = not answer.accepted or answer.code == ACCESS_CHALLENGE
            counters.failures += refused
            counters.successes += not refused
            self._emit(Received(server, request, answer))
            state = self.state(server)
            if state.dead_until_s is not None:
                self._revive(server, state)
            return answer
        counters.unanswered += 1
        self._emit(Unanswered(server, request))
        return None

    def _bury(self, server: Server, dead_time_s: float) -> None:
        state, now = self.state(server), self._now()
        if state.dead_until_s is None:
            self._emit(Dead(server))
            state.deaths += 1
            state.previous_s, state.since_s = now - state.since_s, now
        state.dead_until_s = now + dead_time_s
        if not dead_time_s:  # it is asked again the next time, as if nothing had been
            self._revive(server, state)

    def _revive(self, server: Server, state: ServerState) -> None:
        now = self._now()
        state.dead_s += now - state.since_s
        state.previous_s, state.since_s, state.dead_until_s = now - state.since_s, now, None
        self._emit(Alive(server))
