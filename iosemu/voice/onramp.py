"""The on-ramp application: a fax call from a voice port becomes e-mail with a TIFF.

Rule: the call is taken only when everything it needs is there (dial peers, application, DSP channel, AAA's consent);
once it is answered, all that is the reception's. Source: Cisco documents 47421 and 47763.
"""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.clock import Hold
from iosemu.mail.message import FaxCall
from iosemu.mail.settings import CALLED
from iosemu.voice.accounting import FaxAdmission
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import PeerType
from iosemu.voice.digits import plain
from iosemu.voice.events import CallRefused, Ramp, no_fax_channel
from iosemu.voice.legs import Origin, Telephony
from iosemu.voice.onramp_way import Refused, Way, choose
from iosemu.voice.ports import BearerChannel, VoicePort
from iosemu.voice.reception import FaxLine, FaxReception

# From the set-up to going off-hook: the gateway answers at once, as a PRI with direct inward dialling does.
ANSWER_S = 0.2


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
        self._port = port
        self._end = end
        self._off_hook = taken is not None and taken.answered
        self._settings = context.settings()
        self._called = plain(end.setup.called)
        self._calling = plain(end.setup.calling)
        self._channel: BearerChannel | None = taken.channel if taken is not None else None
        self._dsp: DspChannel | None = None
        self._leg = taken.leg if taken is not None else self._open_own()
        self._reception: FaxReception | None = None  # once it is answered

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
        if not self._off_hook:
            self._end.alert()
        admission = self._context.admission
        if admission is not None and admission.asks(Ramp.ON, way.inbound.application_in):
            self._context.spawn(self._ask(admission, way, self._context.clock.hold()))
        else:
            self._context.clock.call_later(ANSWER_S, lambda: self._answer(way))

    async def _ask(self, admission: FaxAdmission, way: Way, hold: Hold) -> None:
        """Answer only when AAA lets the caller in; his identity then goes with the mail."""
        application = way.inbound.application_in
        known = {"ani": self._calling, "dnis": self._called, "gateway": self._settings.identity.name}
        facts = (("Called-Station-Id", self._called), ("Calling-Station-Id", self._calling))
        with hold:
            allowed = await admission.admits(Ramp.ON, self._leg.call_id, application, known, facts)
        if not self._end.up:
            return
        if allowed:
            account_id = admission.identity(Ramp.ON, application, known).value
            self._context.clock.call_later(ANSWER_S, lambda: self._answer(way, account_id))
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
        way = choose(self._settings, self._port.name, self._called, self._calling, redirecting)
        # This call's own leg is among the inbound peer's already.
        for peer, own in ((way.inbound, 1), *((target.peer, 0) for target in way.targets)):
            if self._context.control.full(peer, own=own):
                raise Refused(Cause.USER_BUSY, f"dial peer {peer.tag} has its maximum of connections")
        ivr, dsp = self._settings.applications.second_ivr(way.inbound.application_in), self._context.dsp
        self._dsp = dsp.take(Use.FAX_MAIL, self._leg.call_id, ivr=ivr)
        if self._dsp is None:
            raise Refused(Cause.NO_RESOURCE, no_fax_channel(dsp.memory_wanted(Use.FAX_MAIL, ivr=ivr)))
        return way

    def _answer(self, way: Way, account_id: str = "0") -> None:
        if not self._end.up:
            return
        assert self._channel is not None
        slot, slash, _ = self._port.name.partition("/")  # a chassis that numbers its ports alone has one trunk slot
        facts = FaxCall(
            self._calling,
            self._called,
            slot=int(slot) if slash else 0,
            port=self._channel.number,
            account_id=account_id,
        )
        subscriber = self._settings.fax.called_subscriber.replace(CALLED, self._called)
        line = FaxLine(self._end, self._leg, self._free)
        self._reception = FaxReception(self._context, line, way, facts, subscriber)
        self._reception.start(off_hook=self._off_hook)

    def _caller_left(self, cause: Cause) -> None:
        """The exchange released the call before it was answered."""
        self._free()
        self._leg.close(cause, released_by_us=False)

    def on(self, port: VoicePort) -> bool:
        """Is it on that port?"""
        return port is self._port

    def uses(self, call_id: int) -> bool:
        """Is that its leg on the port?"""
        return call_id == self._leg.call_id

    def cut(self, cause: Cause) -> None:
        """End the call at once; the caller hears `cause`, and no mail is begun any more."""
        if self._reception is not None:
            self._reception.cut(cause)
            return
        self._end.release(cause)
        self._caller_left(cause)

    def _free(self) -> None:
        """Give back the DSP and the bearer channel; harmless when done before."""
        self._context.calls.discard(self)
        if self._dsp is not None:
            self._dsp.free()
        if self._channel is not None:
            self._channel.free()
