"""One call of a user agent, once it is set up: its end, and new offers within it.

Rule: an offer is answered where RFC 3264 wants it: in the 200, or in the ACK where the 200 brought the offer. Only one
offer is under way at a time: the other side's second one meets 491, and ours is made again later (14.1). A call that we
ended is known until its BYE is answered, so that a BYE which crosses ours meets 200 (RFC 5407). Source: RFC 3261
clauses 9, 13, 14, 15.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, Protocol

from sipmessage import Request, Response

from iosemu.clock import Clock, Timer
from iosemu.network import Endpoint
from iosemu.sip.dialog import Dialog
from iosemu.sip.messages import BadMessage, body_of, response, set_body
from iosemu.sip.transactions import InviteServer, ServerTransaction, Transactions

TIMEOUT: Final = 408
"""The status of a request that nobody answered (8.1.3.1)."""
PENDING: Final = 491


def nothing(*args: object) -> None:
    """Nobody listens."""


class Agent(Protocol):
    """What a call asks of its user agent."""

    clock: Clock
    transactions: Transactions
    sent_by: Callable[[Endpoint], Endpoint]

    def branch(self) -> str: ...

    def describe(self, message: Request | Response, own: Endpoint, user: str = "") -> None: ...

    def forget(self, call: Call) -> None: ...


class Call:
    """What calls in both directions have in common. Set the `on_*` callables before anything can happen."""

    ours = False
    """Did we make it?"""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.dialog: Dialog | None = None
        self.own_tag = ""
        self.on_end: Callable[[int], object] = nothing
        """The far side ended the call, or it failed: 200 for a BYE, 487 for a CANCEL, else the status."""
        self.on_offer: Callable[[bytes], bytes | None] = lambda offer: None
        """The far side offers another session; gives the answer, None refuses it with 488. With empty octets we are
        asked for an offer."""
        self.on_session: Callable[[bytes], object] = nothing
        """The answer to an offer of ours came with the ACK."""
        self.reason = ""
        """The Reason header (RFC 3326) with which we end the call, where it is to have one."""
        self.far_reason = ""
        """That of the far side, once it has ended the call."""
        self._up = self._over = self._leaving = False
        self._says_bye = False
        """Is a BYE of ours not answered yet?"""
        self._reinvite: _Reinvite | None = None
        self._invite_in: InviteServer | None = None
        """An INVITE of the far side that was answered, until its ACK."""
        self._awaits_answer = False
        """Did the 200 bring an offer of ours?"""

    @property
    def up(self) -> bool:
        """Has it been answered, and not ended?"""
        return self._up and not self._over and not self._leaving

    @property
    def over(self) -> bool:
        return self._over

    def hang_up(self) -> None:
        """End the call, answered or not."""
        if self._over or self._leaving:
            return
        self._leaving = True
        if not self._up:
            self._give_up()
        elif self._invite_in is None:
            self._bye()
            self._close()
        # Else the BYE waits for the ACK of our 200 (15).

    def offer(self, session: bytes, on_result: Callable[[int, bytes], object]) -> None:
        """Offer another session: `on_result` hears status and answer. One that is under way is waited for."""
        if not self.up:
            return
        self._reinvite = _Reinvite(self, session, on_result)
        self._reinvite.start()

    def lost(self, status: int) -> None:
        """The far side knows nothing of the call any more (12.2.1.2)."""
        if self.up:
            self._bye()
            self._ended(status)

    # What the agent tells.

    def on_request(self, request: Request, transaction: ServerTransaction) -> None:
        """A request within the dialog."""
        dialog = self.dialog
        if dialog is None or request.cseq.sequence <= dialog.remote_cseq:
            transaction.respond(response(request, 500))  # 12.2.2: out of order
            return
        dialog.remote_cseq = request.cseq.sequence
        match request.method:
            case method if method != "BYE" and self._over:
                transaction.respond(response(request, 481))
            case "BYE":
                self._note_reason(request)
                transaction.respond(response(request, 200))
                self._ended(200)
            case "INVITE":
                assert isinstance(transaction, InviteServer)
                self._offered(request, transaction)
            case _:  # OPTIONS
                answer = response(request, 200)
                self.agent.describe(answer, self.agent.sent_by(dialog.peer))
                transaction.respond(answer)

    def on_ack(self, ack: Request) -> None:
        """The ACK of a 200."""
        invite = self._invite_in
        if invite is None or ack.cseq.sequence != invite.request.cseq.sequence:
            return
        self._invite_in = None
        invite.acknowledged()
        if self._leaving:
            self._bye()
            self._close()
        elif self._awaits_answer:
            self._awaits_answer = False
            try:
                self.on_session(body_of(ack))
            except BadMessage:
                self.hang_up()

    def on_cancel(self, invite: InviteServer, cancel: Request) -> None:
        """The far side gives up an INVITE that was not answered."""

    def answers(self, invite: InviteServer) -> bool:
        """Is it the call of that INVITE?"""
        return False

    def is_same_call(self, invite: Request) -> bool:
        """Did that INVITE come before, over another way?"""
        return False

    # Steps.

    def _give_up(self) -> None:
        raise NotImplementedError

    def _accept(self, transaction: InviteServer, session: bytes) -> None:
        """Send the 200 of an INVITE."""
        assert self.dialog is not None
        answer = response(transaction.request, 200, self.own_tag)
        self.agent.describe(answer, self.agent.sent_by(self.dialog.peer))
        set_body(answer, session)
        self._awaits_answer = not transaction.request.body
        self._invite_in = transaction
        transaction.on_no_ack = self._not_acknowledged
        transaction.respond(answer)

    def _not_acknowledged(self) -> None:
        """13.3.1.4: a session that was never confirmed ends."""
        if not self._over:
            self._bye()
            self._ended(TIMEOUT)

    def _offered(self, invite: Request, transaction: InviteServer) -> None:
        assert self.dialog is not None
        if self._invite_in is not None:
            busy = response(invite, 500)  # 14.2: the one before is not settled
            busy.headers.set("Retry-After", "1")
            transaction.respond(busy)
            return
        if not self._up or (self._reinvite is not None and self._reinvite.under_way):
            transaction.respond(response(invite, PENDING))
            return
        try:
            answer = self.on_offer(body_of(invite))
        except BadMessage:
            answer = None
        if answer is None:
            transaction.respond(response(invite, 488))
            return
        self.dialog.refresh(invite)
        self._accept(transaction, answer)

    def _bye(self) -> None:
        dialog = self.dialog
        assert dialog is not None
        bye = dialog.request("BYE", self.agent.sent_by(dialog.peer), self.agent.branch())
        self._tell_reason(bye)
        set_body(bye, b"")
        self._says_bye = True
        self.agent.transactions.request(bye, dialog.next_hop(), self._bye_answered, self._done)

    def _bye_answered(self, answer: Response) -> None:
        if answer.code >= 200:
            self._done()

    def _done(self) -> None:
        """Nothing more of the call is awaited."""
        self._says_bye = False
        self.agent.forget(self)

    def _tell_reason(self, message: Request | Response) -> None:
        if self.reason:
            message.headers.set("Reason", self.reason)

    def _note_reason(self, message: Request | Response) -> None:
        self.far_reason = message.headers.get("Reason") or ""

    def _ended(self, status: int) -> None:
        """It ended by itself."""
        if not self._over:
            self._close()
            if not self._leaving:
                self.on_end(status)

    def _close(self) -> None:
        self._over = True
        if self._reinvite is not None:
            self._reinvite.stop()
        if self._invite_in is not None:  # nobody will send its ACK any more
            self._invite_in.acknowledged()
            self._invite_in = None
        if not self._says_bye:
            self.agent.forget(self)


class _Reinvite:
    """An offer of ours within a call."""

    def __init__(self, call: Call, session: bytes, on_result: Callable[[int, bytes], object]) -> None:
        self._call, self._session, self._on_result = call, session, on_result
        self._again: Timer | None = None
        self._sequence = 0
        self._ack: Request | None = None
        self.under_way = False

    def start(self) -> None:
        call, dialog = self._call, self._call.dialog
        if dialog is None or not call.up:
            return
        agent = call.agent
        self.under_way, self._ack = True, None
        invite = dialog.request("INVITE", agent.sent_by(dialog.peer), agent.branch())
        self._sequence = dialog.cseq
        agent.describe(invite, agent.sent_by(dialog.peer))
        set_body(invite, self._session)
        agent.transactions.request(invite, dialog.next_hop(), self._answered, lambda: self._failed(TIMEOUT))

    def stop(self) -> None:
        if self._again is not None:
            self._again.cancel()

    def _answered(self, answer: Response) -> None:
        call, dialog = self._call, self._call.dialog
        if answer.code < 200 or dialog is None:
            return
        if answer.code >= 300:
            self._failed(answer.code)
            return
        if self._ack is None:
            self.under_way = False
            dialog.refresh(answer)
            agent = call.agent
            self._ack = dialog.request("ACK", agent.sent_by(dialog.peer), agent.branch(), self._sequence)
            set_body(self._ack, b"")
            agent.transactions.transmit(self._ack, dialog.next_hop())
            try:
                session = body_of(answer)
            except BadMessage:
                session = b""
            if call.up:
                self._on_result(answer.code, session)
        else:
            call.agent.transactions.transmit(self._ack, dialog.next_hop())

    def _failed(self, status: int) -> None:
        self.under_way = False
        call = self._call
        if not call.up:
            return
        if status == PENDING:
            # 14.1: whoever made the Call-ID waits longer.
            wait_s = random.uniform(2.1, 4.0) if call.ours else random.uniform(0.0, 2.0)
            self._again = call.agent.clock.call_later(wait_s, self.start)
        elif status in (TIMEOUT, 481):
            call.lost(status)
        else:
            self._on_result(status, b"")
