"""One fax call that the gateway places: trunk, DSP channel, T.30, and the call leg that records it.

Rule: `ended` is called once, after everything that the call took is given back. Source: Cisco document 47764, ITU-T
Q.850.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iosemu.chassis.dsp import DspChannel, Use
from iosemu.deadline import Deadline
from iosemu.fax.document import Document
from iosemu.fax.events import (
    DatagramSent,
    FaxCause,
    Finished,
    FrameReceived,
    Negotiated,
    PageConfirmed,
    PageSent,
    RemoteId,
)
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.dial_plan import Route
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Ramp, Step, no_fax_channel
from iosemu.voice.fax_session import FaxSession, off_ramp_profile, subscriber_id
from iosemu.voice.legs import Connection, Origin, Telephony
from iosemu.voice.ports import BearerChannel, VoicePort
from iosemu.voice.verdicts import FaxResult, after_answer


@dataclass(frozen=True, slots=True)
class FaxOrder:
    """What is to be faxed: `number` before the dial peer's digit handling, `subscriber` for the TSI, `ivr` where a
    script of IVR 2.0 treats it."""

    number: str
    document: Document
    subscriber: str
    max_rate_bps: int
    connection: Connection
    ivr: bool = False


class FaxCall:
    """One call over `port` as `route` says; `connected` is called when the far fax machine has trained."""

    def __init__(
        self,
        context: FaxContext,
        port: VoicePort,
        route: Route,
        order: FaxOrder,
        connected: Callable[[], object],
        ended: Callable[[FaxResult], object],
    ) -> None:
        self._context = context
        self._port = port
        self._route = route
        self._order = order
        self._connected = connected
        self._ended = ended
        self._end: End | None = None
        self._channel: BearerChannel | None = None
        self._dsp: DspChannel | None = None
        self._session: FaxSession | None = None
        self._ringing = Deadline(context.clock)
        self._released: Cause | None = None
        self._over = False
        self._delivered = False
        peer = route.peer
        self._dialled = peer.dialled(order.number)
        self._leg: Leg = context.control.open(
            Origin.ORIGINATE,
            Telephony(port.name, called=order.number, translated_called=self._dialled),
            connection=order.connection,
            peer=peer,
            peer_address=peer.destination.text if peer.destination is not None else order.number,
        )

    @property
    def call_id(self) -> int:
        return self._leg.call_id

    def start(self) -> None:
        """Take a channel and a DSP, and dial."""
        if not self._port.up:
            self._finish(FaxResult(Cause.OUT_OF_ORDER), by_us=True)
            return
        if not self._dialled:
            self._finish(FaxResult(Cause.INVALID_NUMBER), by_us=True)
            return
        self._channel = self._port.seize(self.call_id, outgoing=True)
        if self._channel is None:
            self._refuse(Cause.NO_CIRCUIT, f"no free channel on voice port {self._port.name}")
            return
        ivr, dsp = self._order.ivr, self._context.dsp
        self._dsp = dsp.take(Use.FAX_MAIL, self.call_id, ivr=ivr)
        if self._dsp is None:
            self._refuse(Cause.NO_RESOURCE, no_fax_channel(dsp.memory_wanted(Use.FAX_MAIL, ivr=ivr)))
            return
        self._leg.telephony(channel=self._channel.number)
        calling = subscriber_id(self._order.subscriber).replace(" ", "").removeprefix("+")
        self._end = end = self._port.place(CallSetup(self._dialled, calling), self._channel)
        end.on_answer = self._answered
        end.on_release = self._far_released
        self._ringing.start(self._port.ringing_s, self._no_answer)

    def _refuse(self, cause: Cause, reason: str) -> None:
        """Nothing is left to place the call with."""
        setup = CallSetup(self._dialled)
        self._context.emit(CallRefused(self._port.name, setup, cause, reason, ramp=Ramp.OFF))
        self._finish(FaxResult(cause), by_us=True)

    def on(self, port: VoicePort) -> bool:
        """Is it on that port?"""
        return port is self._port

    def cut(self, cause: Cause) -> None:
        """End the call at once; the far end hears `cause`, which is also the result."""
        self._released = cause
        if self._end is not None:
            self._end.release(cause)
        if self._session is not None:
            self._session.abort(FaxCause.ABORTED)
        else:
            self._finish(FaxResult(cause), by_us=True)

    def _answered(self) -> None:
        if self._over or self._end is None or self._dsp is None or self._session is not None:
            return
        self._ringing.stop()
        order = self._order
        profile = off_ramp_profile(order.subscriber, order.max_rate_bps)
        self._session = FaxSession(self._context.clock, self._end, profile, self._on_media)
        self._step(Step.CONFERENCE)
        self._session.send(order.document)

    def _no_answer(self) -> None:
        """`timeouts ringing` of the voice port has passed."""
        self._finish(FaxResult(Cause.NO_ANSWER), by_us=True)

    def _far_released(self, cause: Cause) -> None:
        self._released = cause
        if self._session is not None:
            self._session.abort(FaxCause.HANGUP)
        else:
            # A line that was never answered and is cleared normally did not answer.
            self._finish(FaxResult(Cause.NO_ANSWER if cause is Cause.NORMAL else cause), by_us=False)

    def _on_media(self, event: object) -> None:
        self._context.emit(FaxMedia(Ramp.OFF, self.call_id, event))
        match event:
            case DatagramSent():
                pass  # by far the most; of use to captures only
            case Negotiated(rate_bps=rate):
                self._leg.telephony(rate_bps=rate)
            case FrameReceived("CFR"):
                if self._leg.record.connect_s is None:
                    self._leg.connected()
                    self._connected()
                    self._step(Step.CONNECTED)
            case RemoteId("CSI", text):
                self._leg.telephony(remote_id=text)
            case PageSent(_, octets):
                self._leg.carried(tx_octets=octets)
            case PageConfirmed(index):
                self._delivered = self._order.document.format(index + 1) is None
                self._leg.telephony(pages=index + 1)
                self._step(Step.PAGE, str(index + 1))
            case Finished(_, cause, pages):
                # A machine that has confirmed the last page may hang up before our DCN is through.
                cause = FaxCause.OK if self._delivered else cause
                self._finish(after_answer(cause, pages, self._released), by_us=self._released is None)

    def _finish(self, result: FaxResult, *, by_us: bool) -> None:
        if self._over:
            return
        self._over = True
        self._ringing.stop()
        if self._end is not None:
            self._end.release(Cause.NORMAL)
        if self._dsp is not None:
            self._dsp.free()
        if self._channel is not None:
            self._channel.free()
        self._leg.close(result.cause, result.leg_text, released_by_us=by_us)
        self._ended(result)

    def _step(self, step: Step, text: str = "") -> None:
        self._context.emit(FaxStep(Ramp.OFF, step, self.call_id, self._route.peer.tag, text))
