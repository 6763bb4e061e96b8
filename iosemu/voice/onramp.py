"""The on-ramp application: a fax call from a voice port becomes one e-mail with a TIFF.

Rule: the call is taken only when everything it needs is there (dial peers, application, DSP channel); the last page is
confirmed only after the mail server's 250; when the mail cannot be delivered the T.30 session ends without MCF and the
history says why. Pages that came whole before a call broke are mailed all the same (the default without `mta send
success-fax-only`). Source: Cisco documents 47421 and 47763, CISCO-MMAIL-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.clock import Hold
from iosemu.fax.dmsp import FaxToDoc
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.events import (
    DatagramSent,
    FaxCause,
    Finished,
    Negotiated,
    PageEnded,
    PageStarted,
    RemoteId,
    TrainingChecked,
)
from iosemu.mail.envelope import Envelope, Failure, Notify, Outcome
from iosemu.mail.message import FaxCall, MessageIds, compose, return_path
from iosemu.voice.applications import Treatment
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import DialPeer, Dsn, ImageEncoding, ImageResolution, PeerType
from iosemu.voice.digits import plain
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Ramp, Step
from iosemu.voice.fax_session import FaxSession, on_ramp_profile
from iosemu.voice.legs import Mail, Notification, Origin, Telephony
from iosemu.voice.ports import BearerChannel, VoicePort
from iosemu.voice.settings import VoiceSettings

# From the set-up to going off-hook: the gateway answers at once, as a PRI with direct inward dialling does.
ANSWER_S = 0.2
# From the end of T.30 until the gateway itself clears a call that the fax machine leaves standing.
HANG_UP_S = 1.0
CALLED = "$d$"
# `image encoding` and `image resolution`; passthrough is not among them.
CODINGS = {ImageEncoding.MH: Coding.MH, ImageEncoding.MR: Coding.MR, ImageEncoding.MMR: Coding.MMR}
RESOLUTIONS = {
    ImageResolution.STANDARD: Resolution.STANDARD,
    ImageResolution.FINE: Resolution.FINE,
    ImageResolution.SUPERFINE: Resolution.SUPERFINE,
}
NOTIFY = {Dsn.SUCCESS: Notify.SUCCESS, Dsn.FAILURE: Notify.FAILURE, Dsn.DELAY: Notify.DELAY}


class Refused(Exception):
    """The call cannot be taken; `cause` goes back to the exchange, the text into the log."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Way:
    """The dial peers of an on-ramp call and the mailbox that it goes to."""

    inbound: DialPeer
    outbound: DialPeer
    recipient: str


def choose(settings: VoiceSettings, port: str, called: str, calling: str, redirecting: str = "") -> Way:
    """Find the way of a call by its numbers; raises Refused."""
    plan = settings.plan
    inbound = plan.inbound(PeerType.POTS, called=called, calling=calling, port=port)
    if inbound is None or settings.applications.treatment(inbound.application_in) is not Treatment.ON_RAMP:
        raise Refused(Cause.NO_ROUTE, f"no on-ramp application for called number {called}")
    for route in plan.outbound(plan.expand(called), PeerType.MMOIP):
        peer = route.peer
        if settings.applications.treatment(peer.application_out) is Treatment.ON_RAMP and peer.session_target:
            return Way(inbound, peer, mailbox(peer.session_target, called, redirecting, settings.identity.domain_name))
    raise Refused(Cause.NO_ROUTE, f"no outbound MMoIP dial peer for called number {called}")


def mailbox(target: str, called: str, redirecting: str = "", domain: str = "") -> str:
    """The address of `session target mailto:...`: `$d$` is the called number, `$m$` the redirecting one or else the
    called, `$e$` an application's address or else the called; a bare name gets the gateway's own domain (inferred)."""
    address = target.removeprefix("mailto:")
    for macro, number in ((CALLED, called), ("$m$", redirecting or called), ("$e$", called)):
        address = address.replace(macro, number)
    return address if "@" in address or not domain else f"{address}@{domain}"


class OnRampCall:
    """One call, from the exchange's set-up to the end of both legs."""

    def __init__(self, context: FaxContext, port: VoicePort, end: End) -> None:
        self._context = context
        self._port = port
        self._end = end
        self._settings = context.settings()
        self._called = plain(end.setup.called)
        self._calling = plain(end.setup.calling)
        self._way: Way | None = None
        self._channel: BearerChannel | None = None
        self._dsp: DspChannel | None = None
        self._session: FaxSession | None = None
        self._document: FaxToDoc | None = None
        self._mail_leg: Leg | None = None
        self._outcome: Outcome | None = None
        self._mailing = self._cut = False
        self._fax_cause: FaxCause | None = None
        self._remote_id = ""
        # When T.30 had trained, when the first page began (the mail's header has that time), when the last one began.
        self._trained = self._first_page = self._last_page = datetime.min
        self._leg = context.control.open(
            Origin.ANSWER,
            Telephony(
                port.name,
                calling=self._calling,
                called=self._called,
                redirecting=plain(end.setup.redirecting),
                calling_name=end.setup.calling_name,
                translated_called=self._settings.plan.expand(self._called),
            ),
            peer_address=self._calling,
        )

    def start(self) -> None:
        """Take the call, or release it with the cause that says why not."""
        try:
            self._prepare()
        except Refused as refusal:
            self._context.emit(CallRefused(self._port.name, self._end.setup, refusal.cause, str(refusal)))
            self._free()
            self._leg.close(refusal.cause)
            self._end.release(refusal.cause)
            return
        self._context.calls.add(self)
        self._end.on_release = self._caller_left
        self._end.alert()
        self._context.clock.call_later(ANSWER_S, self._answer)

    def _prepare(self) -> None:
        if not self._port.up:
            raise Refused(Cause.OUT_OF_ORDER, f"voice port {self._port.name} is down")
        self._channel = self._port.seize(self._leg.call_id, outgoing=False)
        if self._channel is None:
            raise Refused(Cause.NO_CIRCUIT, f"no free channel on voice port {self._port.name}")
        self._leg.telephony(channel=self._channel.number)
        redirecting = plain(self._end.setup.redirecting)
        self._way = way = choose(self._settings, self._port.name, self._called, self._calling, redirecting)
        self._leg.meets(way.inbound)
        # This call's own leg is among the inbound peer's already.
        for peer, own in ((way.inbound, 1), (way.outbound, 0)):
            standing = self._context.control.connections(peer.tag) - own
            if peer.max_connections is not None and standing >= peer.max_connections:
                raise Refused(Cause.USER_BUSY, f"dial peer {peer.tag} has its maximum of connections")
        self._dsp = self._context.dsp.take(Use.FAX_MAIL, self._leg.call_id)
        if self._dsp is None:
            raise Refused(Cause.USER_BUSY, "no free DSP channel for store-and-forward fax")

    def _answer(self) -> None:
        way = self._way
        if way is None or self._dsp is None or not self._end.up:
            return
        context = self._context
        self._trained = context.now()
        self._mail_leg = context.control.open(
            Origin.ORIGINATE,
            Mail(
                target=f"mailto:{way.recipient}",
                account_id="0",
                notification=Notification.of(dsn=bool(way.outbound.dsn), mdn=way.outbound.mdn),
            ),
            connection=self._leg.record.connection,
            peer=way.outbound,
            peer_address=way.recipient,
        )
        self._step(Step.HANDOFF, way.inbound, self._called)
        self._step(Step.PEER_CHOSEN, way.outbound, way.recipient)
        self._document = FaxToDoc(
            lambda: self._last_page,
            coding=CODINGS.get(way.outbound.image_encoding),
            resolution=RESOLUTIONS.get(way.outbound.image_resolution),
        )
        subscriber = self._settings.fax.called_subscriber.replace(CALLED, self._called)
        self._session = FaxSession(context.clock, self._end, on_ramp_profile(subscriber), self._on_media, self._dsp)
        self._step(Step.CONFERENCE, way.outbound)
        self._end.answer()
        self._session.receive(self._page_stream)

    # What the fax session tells.

    def _on_media(self, event: object) -> None:
        self._context.emit(FaxMedia(Ramp.ON, self._leg.call_id, event))
        match event:
            case DatagramSent():
                pass  # by far the most; of use to captures only
            case Negotiated(rate_bps=rate):
                self._leg.telephony(rate_bps=rate)
            case TrainingChecked(ok=True):
                if self._leg.record.connect_s is None:  # later ones are retraining
                    self._trained = self._context.now()
                    self._leg.connected()
                    self._step(Step.CONNECTED)
            case RemoteId("TSI", text):
                self._remote_id = text
                self._leg.telephony(remote_id=text)
            case PageStarted(index, page_format):
                self._page_started(index, page_format)
            case PageEnded(index, more):
                self._page_ended(index, more=more)
            case Finished(_, cause, _):
                self._fax_over(cause)

    def _page_stream(self, octets: bytes) -> None:
        """The DLE stream from the FMSP to the DMSP."""
        self._leg.carried(rx_octets=len(octets))
        assert self._document is not None
        self._document.feed(octets)

    def _page_started(self, index: int, page_format: PageFormat) -> None:
        assert self._document is not None
        self._document.page_started(index, page_format)
        self._last_page = self._context.now()
        if not index:
            self._first_page = self._last_page
        if self._mail_leg is not None and self._way is not None:
            peer = self._way.outbound
            coding = CODINGS.get(peer.image_encoding, page_format.coding)
            resolution = RESOLUTIONS.get(peer.image_resolution, page_format.resolution)
            self._mail_leg.mail(encoding=coding.value, resolution=resolution.name.lower())

    def _page_ended(self, index: int, *, more: bool) -> None:
        assert self._document is not None
        if len(self._document.pages) != index + 1:
            assert self._session is not None
            self._session.reject_page()  # no row of it could be read: let it come again
            return
        self._leg.telephony(pages=index + 1)
        self._step(Step.PAGE, text=str(index + 1))
        if not more:
            self._start_mail()

    # The mail.

    def _start_mail(self) -> None:
        way, document, leg = self._way, self._document, self._mail_leg
        assert way is not None
        assert document is not None
        assert leg is not None
        self._mailing = True
        settings = self._context.settings()
        written = self._first_page
        ids = MessageIds.take(self._context.ids, self._trained, written, self._context.now())
        channel = self._channel.number if self._channel is not None else 0
        slot, slash, _ = self._port.name.partition("/")  # a chassis that numbers its ports alone has one trunk slot
        call = FaxCall(self._calling, self._called, self._remote_id, int(slot) if slash else 0, channel)
        image = document.tiff()
        message = compose(
            settings.send, settings.identity, call, way.recipient, image, ids, written, mdn=way.outbound.mdn
        )
        message_id = f"{ids.message}@{settings.identity.name}"
        leg.mail(message_id=message_id)
        notify = Notify.NONE
        for word in way.outbound.dsn:
            notify |= NOTIFY[word]
        sender = return_path(settings.send, settings.identity, self._calling)
        envelope = Envelope(sender, way.recipient, notify or None, message_id)
        self._step(Step.MAIL_STARTED, way.outbound, way.recipient)
        hold = self._context.clock.hold()
        self._context.spawn(self._deliver(hold, settings, envelope, message, len(image)))

    async def _deliver(
        self, hold: Hold, settings: VoiceSettings, envelope: Envelope, message: bytes, octets: int
    ) -> None:
        outcome = Outcome(False, 0, "", "", Failure.LOST)  # what stands if this is cancelled
        try:
            with hold:
                outcome = await self._context.mailer(settings.send, envelope, message)
        finally:
            self._mail_answered(outcome, octets)

    def _mail_answered(self, outcome: Outcome, octets: int) -> None:
        self._outcome = outcome
        leg = self._mail_leg
        assert leg is not None
        if outcome.server:
            leg.mail(remote=outcome.server)
        if outcome.ok:
            leg.carried(tx_octets=octets)
            leg.connected()
        self._step(Step.MAIL_ANSWERED, self._way.outbound if self._way else None, f"{outcome.code} {outcome.text}")
        if self._leg.record.disconnect_s is not None:
            self._close_mail_leg()  # the line had gone before the mail server answered
        elif self._session is not None:
            self._session.confirm(outcome.ok)

    # The end.

    def _caller_left(self, cause: Cause) -> None:
        """The exchange released the call."""
        if self._session is not None:
            self._session.abort(FaxCause.HANGUP)
        elif self._fax_cause is None:
            self._free()
            self._leg.close(cause, released_by_us=False)
        self._hung_up(by_us=False)

    def cut(self, cause: Cause) -> None:
        """End the call at once; the caller hears `cause`, and no mail is begun any more."""
        self._cut = True
        self._end.release(cause)
        self._caller_left(cause)

    def _fax_over(self, cause: FaxCause) -> None:
        """T.30 has ended, well or not: a caller that does not hang up by itself is released."""
        told = self._outcome is not None and not self._outcome.ok
        self._session = None
        # A caller who is told that the mail failed may hang up before our own last signal is through.
        self._fax_cause = FaxCause.NOT_DELIVERED if told and cause is FaxCause.HANGUP else cause
        if self._end.up:
            self._context.clock.call_later(HANG_UP_S, self._release)

    def _release(self) -> None:
        if self._end.up:
            self._end.release(Cause.NORMAL)
            self._hung_up(by_us=True)

    def _hung_up(self, *, by_us: bool) -> None:
        """Line and T.30 have both ended: close what is left."""
        cause = self._fax_cause
        if cause is None or self._leg.record.disconnect_s is not None:
            return
        self._free()
        q850 = Cause.NORMAL if cause is FaxCause.OK else Cause.NORMAL_UNSPECIFIED
        self._leg.close(q850, cause.text, released_by_us=by_us)
        self._step(Step.DISCONNECTED, text=cause.text)
        if self._mailing and self._outcome is None:
            return  # the mail leg ends with the server's answer
        whole = self._document is not None and bool(self._document.pages)
        if whole and not (self._mailing or self._cut or self._context.settings().send.success_fax_only):
            self._start_mail()
        else:
            self._close_mail_leg()

    def _close_mail_leg(self) -> None:
        leg, outcome = self._mail_leg, self._outcome
        if leg is None:
            return
        if outcome is None:
            leg.close(Cause.SERVICE_UNAVAILABLE, Cause.SERVICE_UNAVAILABLE.text)
        elif outcome.ok:
            leg.close(Cause.NORMAL, f"{Cause.NORMAL.text}.")
        else:
            leg.close(Cause.SERVICE_UNAVAILABLE, outcome.cause_text)

    def _free(self) -> None:
        """Give back the DSP and the bearer channel; harmless when done before."""
        self._context.calls.discard(self)
        if self._dsp is not None:
            self._dsp.free()
        if self._channel is not None:
            self._channel.free()

    def _step(self, step: Step, peer: DialPeer | None = None, text: str = "") -> None:
        other = self._mail_leg.call_id if self._mail_leg is not None else 0
        self._context.emit(FaxStep(Ramp.ON, step, self._leg.call_id, other, peer.tag if peer is not None else 0, text))
