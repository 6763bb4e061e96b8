"""The TCP connections of the mail agent, as a router's own table has them: made from what client and server report.

Rule: a connection is told by its side and socket, exists from its first event to its last, and tells each change of
state to the bus. What is said is told in one way to all who count it: a line is a segment each way. Local ports of
outgoing connections are given out from 11000 on, as routers do. States: RFC 793.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from iosemu.events import EventBus, EventSink, discard
from iosemu.mail import events as mta

SMTP = 25
FIRST_PORT, LAST_PORT = 11000, 65000
_END_OCTETS = 2


@dataclass(slots=True)
class TcpConnection:
    """One connection; `local_port` or `remote_port` is 25. Octets and segments count lines of the dialogue."""

    tcb: int
    remote: str
    local_port: int
    remote_port: int
    state: str = "CLOSED"
    sent: int = 0
    received: int = 0
    octets_sent: int = 0
    octets_received: int = 0

    @property
    def outgoing(self) -> bool:
        return self.remote_port == SMTP


@dataclass(frozen=True, slots=True)
class TcpState:
    """A connection has left state `was`; it is in its next one now."""

    connection: TcpConnection
    was: str


@dataclass(slots=True)
class TcpTotals:
    """Since the start: connections by who began them, those that found nobody, segments and octets of all."""

    initiated: int = 0
    accepted: int = 0
    established: int = 0
    failed: int = 0
    closed: int = 0
    sent: int = 0
    received: int = 0
    octets_sent: int = 0
    octets_received: int = 0


class TcpData(NamedTuple):
    """What one end of a mail dialogue said: a line with its end, or a message; `side` is "client" or "server"."""

    side: str
    socket: int
    sent: bool
    octets: int


def follow_data(bus: EventBus, told: Callable[[TcpData], object]) -> None:
    """Tell of all that the mail agent sends and receives from now on."""

    def follow(kind: type[Any], side: str, *, sent: bool, octets: Callable[[Any], int]) -> None:
        bus.subscribe(kind, lambda event: told(TcpData(side, event.socket, sent, octets(event))))

    def of_line(event: Any) -> int:
        return len(event.line.encode()) + _END_OCTETS

    def of_message(event: Any) -> int:
        return int(event.octets)

    follow(mta.ClientSent, "client", sent=True, octets=of_line)
    follow(mta.ClientDataSent, "client", sent=True, octets=of_message)
    follow(mta.ClientReceived, "client", sent=False, octets=of_line)
    follow(mta.ServerSent, "server", sent=True, octets=of_line)
    follow(mta.ServerReceived, "server", sent=False, octets=of_line)
    follow(mta.ServerMessage, "server", sent=False, octets=of_message)


class TcpConnections:
    """The connections that are open, and the totals of all."""

    def __init__(self) -> None:
        self.totals = TcpTotals()
        self._open: dict[tuple[str, int], TcpConnection] = {}
        self._made = 0
        self._emit: EventSink = discard

    def __iter__(self) -> Iterator[TcpConnection]:
        return iter(tuple(self._open.values()))

    def attach(self, bus: EventBus) -> None:
        """Follow the mail agent from now on."""
        self._emit = bus.publish
        bus.subscribe(mta.ClientConnecting, self._connecting)
        bus.subscribe(mta.ClientConnected, lambda event: self._enters("client", event.socket, "ESTAB"))
        bus.subscribe(mta.ClientFailed, lambda event: self._ends("client", event.socket, failed=True))
        bus.subscribe(mta.ClientClosed, lambda event: self._ends("client", event.socket))
        bus.subscribe(mta.ServerOpened, self._accepted)
        bus.subscribe(mta.ServerClosed, lambda event: self._ends("server", event.socket))
        follow_data(bus, self._carried)

    def _new(self, side: str, socket: int, remote: str) -> TcpConnection:
        self._made += 1
        tcb = 0x61D00000 + self._made * 0x1A4
        port = FIRST_PORT + (self._made - 1) % (LAST_PORT - FIRST_PORT)
        local, far = (port, SMTP) if side == "client" else (SMTP, port)
        made = TcpConnection(tcb, remote, local, far)
        self._open[side, socket] = made
        return made

    def _connecting(self, event: mta.ClientConnecting) -> None:
        self._ends("client", event.socket, failed=True)  # the server before this one did not answer
        self._new("client", event.socket, event.address)
        self.totals.initiated += 1
        self._enters("client", event.socket, "SYNSENT")

    def _accepted(self, event: mta.ServerOpened) -> None:
        self._new("server", event.socket, event.peer).state = "LISTEN"
        self.totals.accepted += 1
        self._enters("server", event.socket, "SYNRCVD")
        self._enters("server", event.socket, "ESTAB")

    def _enters(self, side: str, socket: int, state: str) -> None:
        connection = self._open.get((side, socket))
        if connection is None:
            return
        was, connection.state = connection.state, state
        if state == "ESTAB":
            self.totals.established += 1
        self._emit(TcpState(connection, was))

    def _carried(self, data: TcpData) -> None:
        connection = self._open.get((data.side, data.socket))
        for counted in (connection, self.totals) if connection is not None else ():
            if data.sent:
                counted.sent += 1
                counted.octets_sent += data.octets
            else:
                counted.received += 1
                counted.octets_received += data.octets

    def _ends(self, side: str, socket: int, *, failed: bool = False) -> None:
        connection = self._open.get((side, socket))
        if connection is None:
            return
        if connection.state == "ESTAB":
            self._enters(side, socket, "CLOSED")
            self.totals.closed += 1
        elif failed:
            self._enters(side, socket, "CLOSED")
            self.totals.failed += 1
        self._open.pop((side, socket), None)
