"""The TCP connections of the mail agent, as a router's own table has them: made from what client and server report.

Rule: a connection is told by its side and socket, exists from its first event to its last, and tells each change of
state to the bus. Segments are counted as `interface_traffic` counts them: one each way for a line. Local ports of
outgoing connections are given out from 11000 on, as routers do. States: RFC 793.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
        bus.subscribe(mta.ClientSent, lambda event: self._sent("client", event.socket, len(event.line) + _END_OCTETS))
        bus.subscribe(mta.ClientDataSent, lambda event: self._sent("client", event.socket, event.octets))
        bus.subscribe(
            mta.ClientReceived, lambda event: self._received("client", event.socket, len(event.line) + _END_OCTETS)
        )
        bus.subscribe(mta.ClientFailed, lambda event: self._ends("client", event.socket, failed=True))
        bus.subscribe(mta.ClientClosed, lambda event: self._ends("client", event.socket))
        bus.subscribe(mta.ServerOpened, self._accepted)
        bus.subscribe(mta.ServerSent, lambda event: self._sent("server", event.socket, len(event.line) + _END_OCTETS))
        bus.subscribe(
            mta.ServerReceived, lambda event: self._received("server", event.socket, len(event.line) + _END_OCTETS)
        )
        bus.subscribe(mta.ServerMessage, lambda event: self._received("server", event.socket, event.octets))
        bus.subscribe(mta.ServerClosed, lambda event: self._ends("server", event.socket))

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

    def _sent(self, side: str, socket: int, octets: int) -> None:
        connection = self._open.get((side, socket))
        if connection is not None:
            connection.sent += 1
            connection.octets_sent += octets
            self.totals.sent += 1
            self.totals.octets_sent += octets

    def _received(self, side: str, socket: int, octets: int) -> None:
        connection = self._open.get((side, socket))
        if connection is not None:
            connection.received += 1
            connection.octets_received += octets
            self.totals.received += 1
            self.totals.octets_received += octets

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
