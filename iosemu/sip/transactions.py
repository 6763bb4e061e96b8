"""The four transactions of SIP over UDP, and the layer that finds the one that a message belongs to.

Rule: a transaction sends again what may have been lost, takes what comes twice once, and ends by itself; timers are
those of RFC 3261 (A to K, table 4), with what RFC 6026 mends: an INVITE that was answered with 200 lives on, so that
its copies and those of the 200 meet somebody. Source: RFC 3261 clause 17, RFC 6026, RFC 3581.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from sipmessage import Message, Request, Response

from iosemu.clock import Clock, Timer
from iosemu.network import Endpoint
from iosemu.sip.messages import (
    BRANCH,
    BadMessage,
    acknowledgement,
    answer_to,
    branch,
    complaint,
    parse,
    received_from,
    response,
)

T1, T2, T4 = 0.5, 4.0, 5.0
LIFE_S: Final = 64 * T1
"""Timers B, D, F, H, J, L and M."""


class State(Enum):
    """Names as in the figures of clause 17."""

    TRYING = "Trying"
    PROCEEDING = "Proceeding"
    COMPLETED = "Completed"
    ACCEPTED = "Accepted"
    CONFIRMED = "Confirmed"
    TERMINATED = "Terminated"


class _Transaction:
    """What all four have in common."""

    def __init__(self, layer: Transactions, key: _Key) -> None:
        self._layer, self._key = layer, key
        self._resend: Timer | None = None
        self._interval_s = T1
        self._end: Timer | None = None
        self.state = State.TRYING

    @property
    def pending(self) -> bool:
        """Does it wait for the far side?"""
        return self.state in (State.TRYING, State.PROCEEDING)

    def _repeat(self, send: Callable[[], object], cap_s: float) -> None:
        """Send again after T1, then at twice the distance, at most `cap_s`."""
        self._interval_s = T1

        def again() -> None:
            send()
            self._interval_s = min(2 * self._interval_s, cap_s)
            self._resend = self._layer.clock.call_later(self._interval_s, again)

        self._resend = self._layer.clock.call_later(T1, again)

    def _enter(self, state: State, lasts_s: float | None = None, then: Callable[[], object] | None = None) -> None:
        """A new state, which ends the transaction (after `then`) when it has lasted so long."""
        self._stop()
        self.state = state

        def over() -> None:
            self.terminate()
            if then is not None:
                then()

        if lasts_s is not None:
            self._end = self._layer.clock.call_later(lasts_s, over)

    def _stop(self) -> None:
        for timer in (self._resend, self._end):
            if timer is not None:
                timer.cancel()
        self._resend = self._end = None

    def terminate(self) -> None:
        """End at once, silently."""
        self._stop()
        self.state = State.TERMINATED
        self._layer.forget(self._key, self)


class ClientTransaction(_Transaction):
    """A request of ours (17.1.2). `on_response` hears every answer once, `on_timeout` that none came."""

    cap_s = T2

    def __init__(
        self,
        layer: Transactions,
        key: _Key,
        request: Request,
        to: Endpoint,
        on_response: Callable[[Response], object],
        on_timeout: Callable[[], object],
    ) -> None:
        super().__init__(layer, key)
        self.request, self.to = request, to
        self._on_response, self._on_timeout = on_response, on_timeout

    def start(self) -> None:
        self._enter(State.TRYING, LIFE_S, self._on_timeout)  # timers F and B
        self._repeat(self._send, self.cap_s)  # timers E and A
        self._send()

    def _send(self) -> None:
        self._layer.transmit(self.request, self.to)

    def receive(self, answer: Response) -> None:
        if answer.code < 200:
            if self.pending:
                self._provisional()
                self._on_response(answer)
        elif self.pending:
            self._final(answer)
            self._on_response(answer)
        else:
            self._again(answer)

    def _provisional(self) -> None:
        if self.state is State.TRYING:
            self.state = State.PROCEEDING
            self._interval_s = T2  # 17.1.2.2: from now on every T2

    def _final(self, answer: Response) -> None:
        self._enter(State.COMPLETED, T4)  # timer K

    def _again(self, answer: Response) -> None:
        """A final answer came twice."""


class InviteClient(ClientTransaction):
    """An INVITE of ours (17.1.1). A 200 that comes again goes to `on_response` too, which has to send its ACK."""

    cap_s = LIFE_S

    def _provisional(self) -> None:
        if self.state is State.TRYING:
            self._enter(State.PROCEEDING)

    def _final(self, answer: Response) -> None:
        if answer.code < 300:
            self._enter(State.ACCEPTED, LIFE_S)  # timer M
            return
        self._enter(State.COMPLETED, LIFE_S)  # timer D
        self._acknowledge(answer)

    def _again(self, answer: Response) -> None:
        if self.state is State.ACCEPTED and answer.code < 300:
            self._on_response(answer)
        elif self.state is State.COMPLETED and answer.code >= 300:
            self._acknowledge(answer)

    def _acknowledge(self, answer: Response) -> None:
        self._layer.transmit(acknowledgement(self.request, answer), self.to)


class ServerTransaction(_Transaction):
    """A request of the far side (17.2.2); `respond` answers it."""

    def __init__(self, layer: Transactions, key: _Key, request: Request) -> None:
        super().__init__(layer, key)
        self.request = request
        self._last: Response | None = None

    def respond(self, answer: Response) -> None:
        """Send an answer; a second final one has no effect."""
        if not self.pending:
            return
        self._last = answer
        if answer.code < 200:
            self.state = State.PROCEEDING
        else:
            self._final(answer)
        self._send()

    def repeated(self) -> None:
        """The request came again."""
        self._send()

    def _send(self) -> None:
        if self._last is not None:
            self._layer.transmit(self._last, answer_to(self._last))

    def _final(self, answer: Response) -> None:
        self._enter(State.COMPLETED, LIFE_S)  # timer J


class InviteServer(ServerTransaction):
    """An INVITE of the far side (17.2.1): `acknowledged` when the ACK came, `on_no_ack` when it never does."""

    on_no_ack: Callable[[], object] | None = None

    @property
    def unacknowledged(self) -> bool:
        """Was it answered, and is the ACK still out?"""
        return self.state in (State.COMPLETED, State.ACCEPTED)

    def repeated(self) -> None:
        if self.state in (State.TRYING, State.PROCEEDING, State.COMPLETED):
            self._send()

    def acknowledged(self) -> None:
        """An ACK came: for a failure the transaction's own, for a 200 the one that the dialog takes."""
        if self.state is State.COMPLETED:
            self._enter(State.CONFIRMED, T4)  # timer I
        elif self.state is State.ACCEPTED:
            # What comes again of the INVITE finds its transaction until timer L would have ended it.
            self._enter(State.CONFIRMED, LIFE_S)

    def _final(self, answer: Response) -> None:
        self._enter(State.ACCEPTED if answer.code < 300 else State.COMPLETED, LIFE_S, self._lost)  # timers L and H
        # Timer G; 13.3.1.4 has the same for a 200.
        self._repeat(self._send, T2)

    def _lost(self) -> None:
        if self.on_no_ack is not None:
            self.on_no_ack()


_Key = tuple[bool, str, str]
"""Ours or theirs, branch (with sent-by for theirs), method."""


class Transactions:
    """All transactions of a user agent. `send` puts octets on the network; `on_request` gets each request once, with
    its transaction (None for the ACK of a 200); `trace` sees every message, sent or not."""

    def __init__(
        self,
        clock: Clock,
        send: Callable[[bytes, Endpoint], object],
        on_request: Callable[[Request, ServerTransaction | None, Endpoint], object],
        trace: Callable[[bytes, bool, Endpoint], object] | None = None,
    ) -> None:
        self.clock = clock
        self._put, self._on_request, self._trace = send, on_request, trace
        self._clients: dict[_Key, ClientTransaction] = {}
        self._servers: dict[_Key, ServerTransaction] = {}
        self.malformed = 0

    @property
    def busy(self) -> bool:
        """Is anything under way that the far side has to do something for?"""
        waiting = any(one.pending for one in self._clients.values())
        return waiting or any(isinstance(one, InviteServer) and one.unacknowledged for one in self._servers.values())

    def request(
        self,
        request: Request,
        to: Endpoint,
        on_response: Callable[[Response], object],
        on_timeout: Callable[[], object],
    ) -> ClientTransaction:
        """Send a request of ours (not an ACK)."""
        key = (True, branch(request), request.method)
        kind = InviteClient if request.method == "INVITE" else ClientTransaction
        made = kind(self, key, request, to, on_response, on_timeout)
        self._clients[key] = made
        made.start()
        return made

    def transmit(self, message: Message, to: Endpoint) -> None:
        """Put a message on the network, without a transaction."""
        octets = bytes(message)  # type: ignore[call-overload]
        if self._trace is not None:
            self._trace(octets, True, to)
        self._put(octets, to)

    def receive(self, octets: bytes, source: Endpoint) -> None:
        """Take a datagram; what is no message is counted and dropped, an empty line keeps a path open."""
        if not octets.strip(b"\r\n\0"):
            return
        try:
            message = parse(octets)
        except BadMessage:
            self.malformed += 1
            answer = complaint(octets)
            if answer is not None:
                self._put(answer, source)
            return
        if self._trace is not None:
            self._trace(octets, False, source)
        if isinstance(message, Response):
            client = self._clients.get((True, branch(message), message.cseq.method))
            if client is not None:
                client.receive(message)
        else:
            self._receive_request(message, source)

    def forget(self, key: _Key, transaction: _Transaction) -> None:
        table: dict[_Key, ClientTransaction] | dict[_Key, ServerTransaction] = (
            self._clients if key[0] else self._servers
        )
        if table.get(key) is transaction:
            del table[key]

    def stop(self) -> None:
        """End everything at once."""
        for transaction in (*self._clients.values(), *self._servers.values()):
            transaction.terminate()

    def invite_of(self, cancel: Request) -> InviteServer | None:
        """The INVITE that a CANCEL means (9.2)."""
        found = self._servers.get(_server_key(cancel, "INVITE"))
        return found if isinstance(found, InviteServer) else None

    def _receive_request(self, request: Request, source: Endpoint) -> None:
        key = _server_key(request, "INVITE" if request.method == "ACK" else request.method)
        known = self._servers.get(key)
        if request.method == "ACK":
            if isinstance(known, InviteServer) and known.state is State.COMPLETED:
                known.acknowledged()
            else:
                self._on_request(request, None, source)
            return
        if known is not None:
            known.repeated()
            return
        received_from(request, source)
        kind = InviteServer if request.method == "INVITE" else ServerTransaction
        made = kind(self, key, request)
        self._servers[key] = made
        if kind is InviteServer:
            made.respond(response(request, 100))
        self._on_request(request, made, source)


def _server_key(request: Request, method: str) -> _Key:
    """17.2.3: branch, sent-by, method; a branch of RFC 2543 says nothing, so the call does."""
    top = request.via[0]
    found = branch(request)
    if not found.startswith(BRANCH):
        found = f"{request.call_id} {request.cseq.sequence} {found}"
    return False, f"{found} {top.host}:{top.port}", method
