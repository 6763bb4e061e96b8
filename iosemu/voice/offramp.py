"""The off-ramp application: a mail for a fax number becomes a fax call.

Rule: `deliver` answers only when the fax call has ended, so that the mail server knows what became of the fax; a
delivery report goes to the sender besides. The inbound MMoIP peer names the application, the outbound POTS peer the
trunk. Source: Cisco documents 47421 and 47764, `mta receive *` in the command reference.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import Hold
from iosemu.fax.document import DocumentError
from iosemu.mail.envelope import FaxMail, Verdict
from iosemu.mail.settings import CALLING
from iosemu.voice.accounting import FaxAdmission
from iosemu.voice.applications import Treatment
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause
from iosemu.voice.context import FaxContext, PortFor
from iosemu.voice.delivery_report import send_receipt, send_report
from iosemu.voice.dial_plan import DialPeer, PeerType, Route
from iosemu.voice.digits import plain
from iosemu.voice.events import DocumentRead, FaxStep, Ramp, Step
from iosemu.voice.fax_call import FaxCall, FaxOrder
from iosemu.voice.legs import Mail, Notification, Origin
from iosemu.voice.mail_pages import display_name, document_of, sender_number
from iosemu.voice.ports import VoicePort
from iosemu.voice.verdicts import FaxResult


class OffRamp:
    """The application of one router; `port_for` gives the voice port of a call."""

    def __init__(self, context: FaxContext, port_for: PortFor) -> None:
        self._context = context
        self._port_for = port_for

    async def deliver(self, mail: FaxMail) -> Verdict:
        """Fax one mail to its number and give the SMTP reply; the report is on its way when this returns.

        Cancelling it hangs up.
        """
        import asyncio  # only a running lab comes here; `iosemu exec` never loads it

        loop = asyncio.get_running_loop()
        ended: asyncio.Future[FaxResult] = loop.create_future()

        holds: list[Hold] = []

        def done(result: FaxResult) -> None:
            holds.append(self._context.clock.hold())  # until the reply is on its way no timer is jumped over
            if not ended.done():
                ended.set_result(result)

        delivery = OffRampDelivery(self._context, self._port_for, mail, done)
        delivery.start()
        try:
            result = await ended
        except asyncio.CancelledError:
            delivery.cut(Cause.NORMAL)
            raise
        finally:
            for hold in holds:
                hold.release()
        settings = self._context.settings()
        verdict = result.verdict(permanent=settings.receive.permanent_error)
        send_report(self._context, mail, result, verdict)
        send_receipt(self._context, mail, result)
        return verdict


class OffRampDelivery:
    """One mail to one number, without asyncio: `done` gets the result when the last call for it has ended."""

    def __init__(
        self,
        context: FaxContext,
        port_for: PortFor,
        mail: FaxMail,
        done: Callable[[FaxResult], object],
    ) -> None:
        self._context = context
        self._port_for = port_for
        self._mail = mail
        self._done = done
        self._settings = context.settings()
        self._number = self._settings.plan.expand(plain(mail.recipient.address.number))
        self._routes: list[Route] = []
        self._order: FaxOrder | None = None
        self._call: FaxCall | None = None
        self._leg = self._open_leg()

    def _open_leg(self) -> Leg:
        mail = self._mail
        inbound = self._settings.plan.inbound(PeerType.MMOIP, called=self._number)
        wants_mdn = bool(mail.content.header("Disposition-Notification-To"))
        leg = self._context.control.open(
            Origin.ANSWER,
            Mail(
                remote=mail.peer or "0.0.0.0",
                message_id=mail.content.header("Message-ID").strip("<> "),
                account_id=mail.content.header("X-Account-Id"),
                accepted_mime=mail.content.accepted,
                discarded_mime=mail.content.discarded,
                notification=Notification.of(dsn=bool(mail.recipient.notify), mdn=wants_mdn),
            ),
            peer=inbound,
            peer_address=display_name(mail),
        )
        leg.carried(rx_octets=mail.size)
        return leg

    def start(self) -> None:
        """Find the way and place the call."""
        self._context.calls.add(self)
        inbound = self._leg.record.peer
        self._step(Step.HANDOFF, inbound, self._number)
        if (
            inbound is None
            or self._settings.applications.treatment(inbound.application_in) is not Treatment.OFF_RAMP
            or self._full(inbound)
        ):
            self._finish(FaxResult(Cause.NO_ROUTE))
            return
        self._routes = list(self._settings.plan.outbound(self._number, PeerType.POTS, self._context.control.last_used))
        if not self._routes:
            self._finish(FaxResult(Cause.NO_ROUTE))
            return
        try:
            document = document_of(self._mail, self._settings, self._number, self._context.now())
        except DocumentError as error:
            self._finish(FaxResult(Cause.INTERWORKING, unusable=str(error)))
            return
        for part in self._mail.content.parts:
            octets = len(part.data) or len(part.text)
            self._context.emit(DocumentRead(self._leg.call_id, part.kind.value, octets))
        fax = self._settings.fax
        subscriber = fax.transmitting_subscriber.replace(CALLING, sender_number(self._mail))
        ivr = self._settings.applications.second_ivr(inbound.application_in)
        self._order = FaxOrder(self._number, document, subscriber, fax.max_rate_bps, self._leg.record.connection, ivr)
        admission = self._context.admission
        if admission is not None and admission.asks(Ramp.OFF, inbound.application_in):
            self._context.spawn(self._ask(admission, inbound.application_in, self._context.clock.hold()))
        else:
            self._next_route(Cause.NO_ROUTE)

    async def _ask(self, admission: FaxAdmission, application: str, hold: Hold) -> None:
        """Call only when AAA lets the sender."""
        mail = self._mail
        known = {
            "account-id": mail.content.header("X-Account-Id"),
            "envelope-from": mail.sender,
            "envelope-to": mail.recipient.text,
            "gateway": self._settings.identity.name,
        }
        facts = (("Called-Station-Id", self._number),)
        with hold:
            allowed = await admission.admits(Ramp.OFF, self._leg.call_id, application, known, facts)
        if allowed:
            self._next_route(Cause.NO_ROUTE)  # none is left where the delivery was cut meanwhile
        else:
            self._finish(FaxResult(Cause.REJECTED))

    def on(self, port: VoicePort) -> bool:
        """Is its call on that port?"""
        return self._call is not None and self._call.on(port)

    def uses(self, call_id: int) -> bool:
        """Is that its call's leg?"""
        return self._call is not None and self._call.call_id == call_id

    def cut(self, cause: Cause) -> None:
        """End the call at once and try no other; the far end hears `cause`."""
        self._routes.clear()
        if self._call is not None:
            self._call.cut(cause)

    def _next_route(self, last: Cause) -> None:
        """Try the best peer that is left; `last` is the cause when none is."""
        if not self._routes:
            self._finish(FaxResult(last))
            return
        assert self._order is not None
        route = self._routes.pop(0)
        self._step(Step.PEER_CHOSEN, route.peer, self._number)
        port = self._port_for(route.peer)
        if port is None or self._full(route.peer):
            self._next_route(Cause.NO_CIRCUIT)
            return
        self._call = FaxCall(self._context, port, route, self._order, self._call_connected, self._call_ended)
        self._call.start()

    def _full(self, peer: DialPeer) -> bool:
        """Whether a peer has its maximum of connections, this delivery's own leg not counted."""
        return self._context.control.full(peer, own=int(self._leg.tag == peer.tag))

    def _call_connected(self) -> None:
        self._leg.connected()

    def _call_ended(self, result: FaxResult) -> None:
        if result.fax is None and self._routes and result.cause in self._settings.hunt_causes:
            self._next_route(result.cause)
        else:
            self._finish(result)

    def _finish(self, result: FaxResult) -> None:
        self._call = None
        self._routes.clear()
        self._context.calls.discard(self)
        cause = Cause.NORMAL if result.ok else result.cause
        self._leg.close(cause, f"{Cause.NORMAL.text}." if result.ok else result.unusable or result.leg_text)
        self._step(Step.DISCONNECTED, text=result.leg_text)
        self._done(result)

    def _step(self, step: Step, peer: DialPeer | None = None, text: str = "") -> None:
        tag = peer.tag if peer is not None else 0
        self._context.emit(FaxStep(Ramp.OFF, step, self._leg.call_id, tag, text))
