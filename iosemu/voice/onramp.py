"""The on-ramp application: a fax call from a voice port becomes e-mail with a TIFF.

Rule: the call is taken only when everything it needs is there (dial peers, application, DSP channel); the last page is
confirmed only after the mail server's 250; when the mail cannot be delivered the T.30 session ends without MCF and the
history says why. Pages that came whole before a call broke are mailed all the same (the default without `mta send
success-fax-only`). All mailboxes of a call get one message where they want the same of it. Source: Cisco documents
47421 and 47763, CISCO-MMAIL-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.clock import Hold
from iosemu.fax.document import PageFormat
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
from iosemu.mail.envelope import Envelope, Failure, Outcome
from iosemu.mail.message import FaxCall, MessageIds
from iosemu.mail.settings import CALLED
from iosemu.mail.spool import Spool
from iosemu.voice.accounting import FaxAdmission
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.digits import plain
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Ramp, Step, no_fax_channel
from iosemu.voice.fax_session import FaxSession, on_ramp_profile
from iosemu.voice.legs import Mail, Notification, Origin, Telephony
from iosemu.voice.letter import Letter, sorted_by_form
from iosemu.voice.onramp_way import Refused, Target, Way, choose
from iosemu.voice.ports import BearerChannel, VoicePort
from iosemu.voice.settings import VoiceSettings

# From the set-up to going off-hook: the gateway answers at once, as a PRI with direct inward dialling does.
ANSWER_S = 0.2
# From the end of T.30 until the gateway itself clears a call that the fax machine leaves standing.
HANG_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A call that another application hands to the on-ramp: its leg and channel, and whether it was answered."""

    leg: Leg
    channel: BearerChannel
    answered: bool


class OnRampCall:
    """One call, from the exchange's set-up to the end of both legs."""

    def __init__(self, context: FaxContext, port: VoicePort, end: End, taken: TakenOver | None = None) -> None:
        self._context = context
        self._answered_already = taken is not None and taken.answered
        self._port = port
        self._end = end
        self._settings = context.settings()
        self._called = plain(end.setup.called)
        self._calling = plain(end.setup.calling)
        self._way: Way | None = None
        self._channel: BearerChannel | None = taken.channel if taken is not None else None
        self._dsp: DspChannel | None = None
        self._session: FaxSession | None = None
        self._letters: list[Letter] = []
        self._mailing = self._cut = False
        self._mailed: bool | None = None  # whether the mail servers took all of it, once they have said so
        self._fax_cause: FaxCause | None = None
        self._remote_id = ""
        self._account = "0"  # what AAA found
        # When T.30 had trained, when the first page began (the mail's header has that time), when the last one began.
        self._trained = self._first_page = self._last_page = datetime.min
        self._leg = taken.leg if taken is not None else self._open_own()

    def _open_own(self) -> Leg:
        """The leg of a call that comes from the port itself."""
        plan = self._settings.plan
        inbound = plan.inbound(PeerType.POTS, called=self._called, calling=self._calling, port=self._port.name)
        return self._context.control.open(
            Origin.ANSWER,
            Telephony(
                self._port.name,
                calling=self._calling,
                called=self._called,
                redirecting=plain(self._end.setup.redirecting),
                calling_name=self._end.setup.calling_name,
                translated_called=plan.expand(self._called),
            ),
            peer=inbound,
            peer_address=self._calling,
        )

    def start(self) -> None:
        """Take the call, or release it with the cause that says why not."""
        try:
            way = self._prepare()
        except Refused as refusal:
            self._refuse(refusal)
            return
        self._context.calls.add(self)
        self._end.on_release = self._caller_left
        if not self._answered_already:
            self._end.alert()
        admission = self._context.admission
        if admission is not None and admission.asks(Ramp.ON, way.inbound.application_in):
            self._context.spawn(self._ask(admission, way.inbound.application_in, self._context.clock.hold()))
        else:
            self._context.clock.call_later(ANSWER_S, self._answer)

    async def _ask(self, admission: FaxAdmission, application: str, hold: Hold) -> None:
        """Answer only when AAA lets the caller in; his identity then goes with the mail."""
        known = {"ani": self._calling, "dnis": self._called, "gateway": self._settings.identity.name}
        facts = (("Called-Station-Id", self._called), ("Calling-Station-Id", self._calling))
        with hold:
            allowed = await admission.admits(Ramp.ON, self._leg.call_id, application, known, facts)
        if not self._end.up:
            return
        if allowed:
            self._account = admission.identity(Ramp.ON, application, known).value
            self._context.clock.call_later(ANSWER_S, self._answer)
        else:
            self._refuse(Refused(Cause.REJECTED, "authentication failed"))

    def _refuse(self, refusal: Refused) -> None:
        self._context.emit(CallRefused(self._port.name, self._end.setup, refusal.cause, str(refusal)))
        self._free()
        self._leg.close(refusal.cause)
        self._end.release(refusal.cause)

    def _prepare(self) -> Way:
        if not self._port.up:
            raise Refused(Cause.OUT_OF_ORDER, f"voice port {self._port.name} is down")
        if self._channel is None:
            self._channel = self._port.seize(self._leg.call_id, outgoing=False)
            if self._channel is None:
                raise Refused(Cause.NO_CIRCUIT, f"no free channel on voice port {self._port.name}")
            self._leg.telephony(channel=self._channel.number)
        redirecting = plain(self._end.setup.redirecting)
        self._way = way = choose(self._settings, self._port.name, self._called, self._calling, redirecting)
        # This call's own leg is among the inbound peer's already.
        for peer, own in ((way.inbound, 1), *((target.peer, 0) for target in way.targets)):
            if self._context.control.full(peer, own=own):
                raise Refused(Cause.USER_BUSY, f"dial peer {peer.tag} has its maximum of connections")
        ivr, dsp = self._settings.applications.second_ivr(way.inbound.application_in), self._context.dsp
        self._dsp = dsp.take(Use.FAX_MAIL, self._leg.call_id, ivr=ivr)
        if self._dsp is None:
            raise Refused(Cause.NO_RESOURCE, no_fax_channel(dsp.memory_wanted(Use.FAX_MAIL, ivr=ivr)))
        return way

    def _answer(self) -> None:
        way = self._way
        if way is None or self._dsp is None or not self._end.up:
            return
        context = self._context
        self._trained = context.now()
        self._step(Step.HANDOFF, way.inbound, self._called)
        for target in way.targets:
            self._step(Step.PEER_CHOSEN, target.peer, target.recipient)
        self._letters = [
            Letter(targets, [self._open_leg(target) for target in targets], lambda: self._last_page)
            for targets in sorted_by_form(way.targets)
        ]
        subscriber = self._settings.fax.called_subscriber.replace(CALLED, self._called)
        self._session = FaxSession(context.clock, self._end, on_ramp_profile(subscriber), self._on_media)
        self._step(Step.CONFERENCE, way.targets[0].peer)
        if not self._answered_already:
            self._end.answer()
        if self._end.up:  # the caller begins at once, and a bad line may be cut by that
            self._session.receive(self._page_stream)

    def _open_leg(self, target: Target) -> Leg:
        return self._context.control.open(
            Origin.ORIGINATE,
            Mail(
                target=f"mailto:{target.recipient}",
                account_id=self._account,
                notification=Notification.of(dsn=bool(target.peer.dsn), mdn=target.peer.mdn),
            ),
            connection=self._leg.record.connection,
            peer=target.peer,
            peer_address=target.recipient,
        )

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
        for letter in self._letters:
            letter.document.feed(octets)

    def _page_started(self, index: int, page_format: PageFormat) -> None:
        for letter in self._letters:
            letter.page_started(index, page_format)
        self._last_page = self._context.now()
        if not index:
            self._first_page = self._last_page

    def _page_ended(self, index: int, *, more: bool) -> None:
        assert self._session is not None
        documents = [letter.document for letter in self._letters]
        if len(documents[0].pages) != index + 1:
            self._session.reject_page()  # no row of it could be read: let it come again
            return
        if not self._session.judge_page(documents[0].pages[index].quality):
            for document in documents:
                document.page_refused()
            return
        self._leg.telephony(pages=index + 1)
        self._step(Step.PAGE, text=str(index + 1))
        if not more:
            self._start_mail()

    # The mail.

    def _start_mail(self) -> None:
        self._mailing = True
        for letter in self._letters:
            for target in letter.targets:
                self._step(Step.MAIL_STARTED, target.peer, target.recipient)
        self._context.spawn(self._deliver(self._context.clock.hold(), self._context.settings()))

    async def _deliver(self, hold: Hold, settings: VoiceSettings) -> None:
        """Send one letter after the other, until one is not taken: who hears of the fax hears yes or no."""
        with hold:
            for letter in self._letters:
                outcome = Outcome(False, 0, "", "", Failure.LOST)  # what stands if this is cancelled
                try:
                    outcome = await self._context.mailer(settings.send, *self._write(letter, settings))
                except OSError:  # no room for the message
                    pass
                finally:
                    self._answered(letter, outcome)
                if not outcome.ok:
                    break

    def _write(self, letter: Letter, settings: VoiceSettings) -> tuple[Envelope, Spool]:
        written = self._first_page
        ids = MessageIds.take(self._context.ids, self._trained, written, self._context.now())
        channel = self._channel.number if self._channel is not None else 0
        slot, slash, _ = self._port.name.partition("/")  # a chassis that numbers its ports alone has one trunk slot
        call = FaxCall(self._calling, self._called, self._remote_id, int(slot) if slash else 0, channel, self._account)
        return letter.write(settings, call, ids, written)

    def _answered(self, letter: Letter, outcome: Outcome) -> None:
        letter.answered(outcome)
        for target in letter.targets:
            self._step(Step.MAIL_ANSWERED, target.peer, f"{outcome.code} {outcome.text}")
        if outcome.ok and letter is not self._letters[-1]:
            return
        self._mailed = outcome.ok
        if self._leg.record.disconnect_s is not None:
            self._close_letters()  # the line had gone before the mail server answered
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

    def on(self, port: VoicePort) -> bool:
        """Is it on that port?"""
        return port is self._port

    def uses(self, call_id: int) -> bool:
        """Is that its leg on the port?"""
        return call_id == self._leg.call_id

    def cut(self, cause: Cause) -> None:
        """End the call at once; the caller hears `cause`, and no mail is begun any more."""
        self._cut = True
        self._end.release(cause)
        self._caller_left(cause)

    def _fax_over(self, cause: FaxCause) -> None:
        """T.30 has ended, well or not: a caller that does not hang up by itself is released."""
        told = self._mailed is False
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
        if self._mailing and self._mailed is None:
            return  # the mail legs end with the server's answer
        whole = bool(self._letters) and bool(self._letters[0].document.pages)
        if whole and not (self._mailing or self._cut or self._context.settings().send.success_fax_only):
            self._start_mail()
        else:
            self._close_letters()

    def _close_letters(self) -> None:
        for letter in self._letters:
            letter.close()

    def _free(self) -> None:
        """Give back the DSP and the bearer channel; harmless when done before."""
        self._context.calls.discard(self)
        if self._dsp is not None:
            self._dsp.free()
        if self._channel is not None:
            self._channel.free()

    def _step(self, step: Step, peer: DialPeer | None = None, text: str = "") -> None:
        tag = peer.tag if peer is not None else 0
        self._context.emit(FaxStep(Ramp.ON, step, self._leg.call_id, tag, text))
