"""A SIP user agent: it takes calls and makes them.

Rule: a call has one `Call`, which tells what happens through its `on_*` callables and is changed by its methods; both
are harmless when the call is over. Sessions are octets here: what is offered and answered is up to the owner. Source:
RFC 3261 clauses 8, 9, 11, 13, 14, 15; RFC 3264 (who answers an offer, and where).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from sipmessage import URI, Request, Response

from iosemu.clock import Clock
from iosemu.network import Endpoint
from iosemu.sip.call import Call
from iosemu.sip.messages import BRANCH, METHODS, BadMessage, body_of, request, response, set_body, tag
from iosemu.sip.setup import IncomingCall, OutgoingCall
from iosemu.sip.transactions import InviteServer, ServerTransaction, Transactions

__all__ = ["Call", "IncomingCall", "OutgoingCall", "UserAgent"]

_REGISTERED_S: Final = 3600
_OPTIONS_BODIES: Final = "application/sdp"


class UserAgent:
    """See the module's rule. `sent_by` is where it is reached, by the address that the far side sees."""

    def __init__(
        self,
        clock: Clock,
        send: Callable[[bytes, Endpoint], object],
        sent_by: Callable[[Endpoint], Endpoint],
        on_call: Callable[[IncomingCall], object],
        *,
        product: str,
        trace: Callable[[bytes, bool, Endpoint], object] | None = None,
        on_register: Callable[[Endpoint], object] | None = None,
        token: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        """`send` puts a datagram on the network, `sent_by(peer)` is our own address towards a peer, `on_call` is given
        every call that comes; it rings, answers or rejects it. With `on_register`, which is told where they come from,
        registrations are taken. `token` makes tags, branches and Call-IDs."""
        self.clock = clock
        self.product = product
        self.token = token
        self.sent_by = sent_by
        self.transactions = Transactions(clock, send, self._on_request, trace)
        self._on_call, self._on_register = on_call, on_register
        self._calls: dict[tuple[str, str], Call] = {}

    @property
    def busy(self) -> bool:
        """Is there a call, or anything that the far side has to answer?"""
        return bool(self._calls) or self.transactions.busy

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls.values())

    def receive(self, octets: bytes, source: Endpoint) -> None:
        """Take a datagram."""
        self.transactions.receive(octets, source)

    def stop(self) -> None:
        """End all at once; nobody is told."""
        self._calls.clear()
        self.transactions.stop()

    def call(
        self, number: str, peer: Endpoint, *, calling: str = "", name: str = "", offer: bytes = b""
    ) -> OutgoingCall:
        """Call a number at a peer; without an offer the peer makes one."""
        own = self.sent_by(peer)
        uri = URI("sip", peer[0], user=number, port=peer[1])
        invite = request("INVITE", uri, sent_by=own, branch_id=self.branch(), cseq=1)
        display = f'"{name}" ' if name and '"' not in name and "\\" not in name else ""
        invite.headers.set("From", f"{display}<{URI('sip', own[0], user=calling or None)}>;tag={self.token()}")
        invite.headers.set("To", f"<{URI('sip', peer[0], user=number)}>")
        invite.headers.set("Call-ID", f"{self.token()}@{own[0]}")
        self.describe(invite, own, calling)
        set_body(invite, offer)
        call = OutgoingCall(self, invite, peer)
        self.register(call, invite.call_id, tag(invite.from_address))
        call.start()
        return call

    # For the calls.

    def branch(self) -> str:
        return BRANCH + self.token()

    def describe(self, message: Request | Response, own: Endpoint, user: str = "") -> None:
        """Who we are and what we understand."""
        message.headers.set("Contact", f"<{URI('sip', own[0], user=user or None, port=own[1])}>")
        message.headers.set("Allow", ", ".join(METHODS))
        message.headers.set("User-Agent" if isinstance(message, Request) else "Server", self.product)

    def register(self, call: Call, call_id: str, own_tag: str) -> None:
        self._calls[call_id, own_tag] = call

    def forget(self, call: Call) -> None:
        for key in [key for key, known in self._calls.items() if known is call]:
            del self._calls[key]

    # What comes.

    def _on_request(self, request: Request, transaction: ServerTransaction | None, source: Endpoint) -> None:
        own_tag = tag(request.to_address)
        call = self._calls.get((request.call_id, own_tag)) if own_tag else None
        if transaction is None:
            if call is not None:
                call.on_ack(request)
            return
        if request.method == "CANCEL":
            self._cancel(request, transaction)
        elif request.method == "REGISTER" and self._on_register is not None:
            self._register(request, transaction, source)
        elif request.method not in METHODS:
            refusal = response(request, 405, self.token())
            refusal.headers.set("Allow", ", ".join(METHODS))
            transaction.respond(refusal)
        elif required := request.require:
            refusal = response(request, 420, self.token())
            refusal.unsupported = required
            transaction.respond(refusal)
        elif own_tag and call is None:
            transaction.respond(response(request, 481))
        elif call is not None:
            call.on_request(request, transaction)
        elif request.method == "INVITE":
            assert isinstance(transaction, InviteServer)
            self._invited(request, transaction, source)
        elif request.method == "OPTIONS":
            self._tell_options(request, transaction, source)
        else:
            transaction.respond(response(request, 481, self.token()))

    def _invited(self, invite: Request, transaction: InviteServer, source: Endpoint) -> None:
        try:
            offer = body_of(invite)
        except BadMessage:
            refusal = response(invite, 415, self.token())
            refusal.headers.set("Accept", _OPTIONS_BODIES)
            transaction.respond(refusal)
            return
        if any(known.is_same_call(invite) for known in self._calls.values()):
            transaction.respond(response(invite, 482, self.token(), "Loop Detected"))  # merged, 8.2.2.2
            return
        own_tag = self.token()
        call = IncomingCall(self, invite, transaction, own_tag, source, offer)
        self.register(call, invite.call_id, own_tag)
        self._on_call(call)

    def _cancel(self, cancel: Request, transaction: ServerTransaction) -> None:
        invite = self.transactions.invite_of(cancel)
        if invite is None:
            transaction.respond(response(cancel, 481, self.token()))
            return
        call = next((call for call in self._calls.values() if call.answers(invite)), None)
        transaction.respond(response(cancel, 200, call.own_tag if call is not None else self.token()))
        if call is not None:
            call.on_cancel(invite, cancel)

    def _register(self, request: Request, transaction: ServerTransaction, source: Endpoint) -> None:
        """10.3: the binding is given back, with how long it holds; nobody else has one."""
        assert self._on_register is not None
        answer = response(request, 200, self.token())
        try:
            expires = request.expires if request.expires is not None else _REGISTERED_S
            contacts = [] if request.headers.get("Contact") == "*" else request.contact
        except ValueError:
            transaction.respond(response(request, 400, self.token()))
            return
        for contact in contacts:
            own = contact.parameters.get("expires") or str(expires)
            answer.headers.add("Contact", f"<{contact.uri}>;expires={own}")
        self._on_register(source)
        transaction.respond(answer)

    def _tell_options(self, request: Request, transaction: ServerTransaction, source: Endpoint) -> None:
        answer = response(request, 200, self.token())
        self.describe(answer, self.sent_by(source))
        answer.headers.set("Accept", _OPTIONS_BODIES)
        transaction.respond(answer)
