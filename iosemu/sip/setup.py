"""How a call of a user agent begins: our INVITE, or that of the far side.

Rule: who gives up a call that was not answered sends CANCEL, as soon as the far side has shown that it is there, and
takes back a 200 that crosses it with BYE. Source: RFC 3261 clauses 9, 13.
"""

from __future__ import annotations

from collections.abc import Callable

from sipmessage import Request, Response

from iosemu.network import Endpoint
from iosemu.sip import dialog as dialogs
from iosemu.sip.call import TIMEOUT, Agent, Call, nothing
from iosemu.sip.messages import BadMessage, body_of, cancellation, response, set_body, tag
from iosemu.sip.transactions import LIFE_S, ClientTransaction, InviteServer, ServerTransaction, State


class OutgoingCall(Call):
    """A call of ours."""

    ours = True

    def __init__(self, agent: Agent, invite: Request, peer: Endpoint) -> None:
        super().__init__(agent)
        self._invite, self._peer = invite, peer
        self.own_tag = tag(invite.from_address)
        self.on_ringing: Callable[[int], object] = nothing
        """180 or 183 (or another provisional answer but 100)."""
        self.on_answer: Callable[[bytes], bytes | None] = lambda session: b""
        """It was answered: the answer to our offer, or, where we made none, the far side's own, whose answer is
        given back."""
        self._transaction: ClientTransaction | None = None
        self._ack: Request | None = None
        self._cancelled = False
        """Is the CANCEL out?"""

    @property
    def call_id(self) -> str:
        return self._invite.call_id

    def start(self) -> None:
        self._transaction = self.agent.transactions.request(
            self._invite, self._peer, self._answered, lambda: self._ended(TIMEOUT)
        )

    def _give_up(self) -> None:
        """CANCEL, as soon as the far side has shown that it is there (9.1)."""
        transaction = self._transaction
        if transaction is not None and transaction.state is State.PROCEEDING:
            self._cancel()

    def _cancel(self) -> None:
        self._cancelled = True
        cancel = cancellation(self._invite)
        self._tell_reason(cancel)
        self.agent.transactions.request(cancel, self._peer, nothing, nothing)
        # 9.1: whoever does not answer the INVITE then is given up.
        self.agent.clock.call_later(LIFE_S, self._abandon)

    def _abandon(self) -> None:
        if not self._over:
            self._close()
            if self._transaction is not None:
                self._transaction.terminate()

    def _answered(self, answer: Response) -> None:
        if answer.code < 200:
            if self._leaving:
                if not self._cancelled:
                    self._cancel()
            elif answer.code > 100:
                self.on_ringing(answer.code)
        elif answer.code >= 300:
            self._note_reason(answer)
            self._ended(answer.code)
        elif self._ack is not None:
            self._acknowledge()  # the 200 came again
        elif not self._over:
            self._connected(answer)

    def _connected(self, answer: Response) -> None:
        self.dialog = dialogs.of_answer(self._invite, answer, self._peer)
        self._up = True
        if self._leaving:  # nobody wants it any more: it takes a BYE now
            self._confirm(b"")
            self._bye()
            self._close()
            return
        offered = bool(self._invite.body)
        if offered:
            self._confirm(b"")
        try:
            reply = self.on_answer(body_of(answer))
        except BadMessage:
            reply = None
        if not offered:
            self._confirm(reply or b"")
        if reply is None:
            self.hang_up()

    def _confirm(self, session: bytes) -> None:
        assert self.dialog is not None
        own, cseq = self.agent.sent_by(self._peer), self._invite.cseq.sequence
        self._ack = self.dialog.request("ACK", own, self.agent.branch(), cseq)
        set_body(self._ack, session)
        self._acknowledge()

    def _acknowledge(self) -> None:
        if self._ack is not None and self.dialog is not None:
            self.agent.transactions.transmit(self._ack, self.dialog.next_hop())


class IncomingCall(Call):
    """A call of the far side; `offer` is its session, empty where we are to make the offer."""

    def __init__(
        self,
        agent: Agent,
        invite: Request,
        transaction: InviteServer,
        own_tag: str,
        peer: Endpoint,
        offer: bytes,
    ) -> None:
        super().__init__(agent)
        self.own_tag = own_tag
        self.invite, self.session = invite, offer
        self._transaction = transaction
        self.dialog = dialogs.of_request(invite, own_tag, peer)
        self.peer = peer

    @property
    def called(self) -> str:
        """The user part of the Request-URI."""
        return self.invite.uri.user or ""

    @property
    def calling(self) -> str:
        """The user part of From."""
        return self.invite.from_address.uri.user or ""

    @property
    def calling_name(self) -> str:
        return self.invite.from_address.name

    def ring(self) -> None:
        """180."""
        if self._transaction.pending and not self._over:
            ringing = response(self.invite, 180, self.own_tag)
            self.agent.describe(ringing, self.agent.sent_by(self.peer))
            self._transaction.respond(ringing)

    def answer(self, session: bytes) -> None:
        """200, with the answer to the offer, or an offer where none came."""
        if self._transaction.pending and not self._over:
            self._up = True
            self._accept(self._transaction, session)

    def reject(self, status: int) -> None:
        """End it before it was answered."""
        if self._transaction.pending and not self._over:
            refusal = response(self.invite, status, self.own_tag)
            self._tell_reason(refusal)
            self._transaction.respond(refusal)
            self._close()

    def on_cancel(self, invite: InviteServer, cancel: Request) -> None:
        if invite is self._transaction and invite.pending:
            self._note_reason(cancel)
            self.reject(487)
            self.on_end(487)

    def answers(self, invite: InviteServer) -> bool:
        return invite is self._transaction

    def is_same_call(self, invite: Request) -> bool:
        own = self.invite
        return (own.call_id, own.cseq, tag(own.from_address)) == (
            invite.call_id,
            invite.cseq,
            tag(invite.from_address),
        )

    def on_request(self, request: Request, transaction: ServerTransaction) -> None:
        if request.method == "BYE" and self._transaction.pending:
            self._transaction.respond(response(self.invite, 487, self.own_tag))  # 15.1.2
        super().on_request(request, transaction)

    def _give_up(self) -> None:
        self.reject(480)
