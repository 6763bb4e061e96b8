"""The fax of an answered on-ramp call: T.30 with the machine that sends it, its mail, and the end of both.

Rule: the last page is confirmed only after the mail server's 250; when the mail cannot be delivered the T.30 session
ends without MCF and the history says why. Pages that came whole before a call broke are mailed all the same (the
default without `mta send success-fax-only`). `Stage` is that of the line and goes one way; the mail has its own.
Source: Cisco documents 47421 and 47763, CISCO-MMAIL-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

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
from iosemu.mail.message import FaxCall
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause, End
from iosemu.voice.context import FaxContext
from iosemu.voice.events import FaxMedia, FaxStep, Ramp, Step
from iosemu.voice.fax_session import FaxSession, on_ramp_profile
from iosemu.voice.mailing import Mailing, MailStage
from iosemu.voice.onramp_way import Way

# From the end of T.30 until the gateway itself clears a call that the fax machine leaves standing.
HANG_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class FaxLine:
    """What a reception takes over: the circuit, its leg, and `free`, which gives back what the call occupies."""

    end: End
    leg: Leg
    free: Callable[[], object]


class Stage(Enum):
    """Where the line of a reception stands."""

    T30 = auto()
    CLEARING = auto()
    """T.30 has ended; who hangs up first, the fax machine or the gateway?"""
    CLEARED = auto()
    """Everything but the mail is over."""


class FaxReception:
    """One fax, of which `facts` are known before it begins; `subscriber` is for the CSI."""

    def __init__(self, context: FaxContext, line: FaxLine, way: Way, facts: FaxCall, subscriber: str) -> None:
        self._context = context
        self._end, self._leg, self._free = line.end, line.leg, line.free
        self._way = way
        self._facts = facts
        self._stage = Stage.T30
        self._cause = FaxCause.HANGUP  # that of T.30, once it has ended
        self._trained = context.now()  # before it has: when the call was answered
        self._step(Step.HANDOFF, way.inbound.tag, facts.called)
        for target in way.targets:
            self._step(Step.PEER_CHOSEN, target.peer.tag, target.recipient)
        self._mailing = Mailing(context, line.leg, way.targets, facts.account_id, self._mail_answered)
        self._session = FaxSession(context.clock, line.end, on_ramp_profile(subscriber), self._on_media)

    def start(self, *, off_hook: bool) -> None:
        """Answer the call, unless it is `off_hook` already, and receive."""
        self._end.on_release = self._caller_left
        self._step(Step.CONFERENCE, self._way.targets[0].peer.tag)
        if not off_hook:
            self._end.answer()
        if self._end.up:  # the caller begins at once, and a bad line may be cut by that
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
                self._facts = replace(self._facts, remote_id=text)
                self._leg.telephony(remote_id=text)
            case PageStarted(index, page_format):
                self._mailing.page_started(index, page_format)
            case PageEnded(index, more):
                self._page_ended(index, more=more)
            case Finished(_, cause, _):
                self._fax_over(cause)

    def _page_stream(self, octets: bytes) -> None:
        """The DLE stream from the FMSP to the DMSP."""
        self._leg.carried(rx_octets=len(octets))
        self._mailing.feed(octets)

    def _page_ended(self, index: int, *, more: bool) -> None:
        quality = self._mailing.quality(index)
        if quality is None:
            self._session.reject_page()  # let it come again
            return
        if not self._session.judge_page(quality):
            self._mailing.page_refused()
            return
        self._leg.telephony(pages=index + 1)
        self._step(Step.PAGE, text=str(index + 1))
        if not more:
            self._mailing.start(self._facts, self._trained)

    def _mail_answered(self, taken: bool) -> None:
        match self._stage:
            case Stage.T30:
                self._session.confirm(taken)
            case Stage.CLEARED:  # the line had gone before the mail server answered
                self._mailing.close()

    # The end.

    def cut(self, cause: Cause) -> None:
        """End the call at once; the caller hears `cause`, and no mail is begun any more."""
        self._mailing.bar()
        self._end.release(cause)
        self._caller_left(cause)

    def _caller_left(self, _: Cause) -> None:
        """The exchange released the call."""
        if self._stage is Stage.T30:
            self._session.abort(FaxCause.HANGUP)
        self._hung_up(by_us=False)

    def _fax_over(self, cause: FaxCause) -> None:
        """T.30 has ended, well or not: a caller that does not hang up by itself is released."""
        # A caller who is told that the mail failed may hang up before our own last signal is through.
        told = self._mailing.stage is MailStage.NOT_TAKEN
        self._cause = FaxCause.NOT_DELIVERED if told and cause is FaxCause.HANGUP else cause
        self._stage = Stage.CLEARING
        if self._end.up:
            self._context.clock.call_later(HANG_UP_S, self._release)

    def _release(self) -> None:
        if self._end.up:
            self._end.release(Cause.NORMAL)
            self._hung_up(by_us=True)

    def _hung_up(self, *, by_us: bool) -> None:
        """Line and T.30 have both ended: close what is left."""
        if self._stage is Stage.CLEARED:
            return
        self._stage = Stage.CLEARED
        self._free()
        q850 = Cause.NORMAL if self._cause is FaxCause.OK else Cause.NORMAL_UNSPECIFIED
        self._leg.close(q850, self._cause.text, released_by_us=by_us)
        self._step(Step.DISCONNECTED, text=self._cause.text)
        match self._mailing.stage:
            case MailStage.SENDING:
                pass  # its legs end with the server's answer
            case MailStage.COLLECTING if self._mailing.any_page and not self._context.settings().send.success_fax_only:
                self._mailing.start(self._facts, self._trained)
            case _:
                self._mailing.close()

    def _step(self, step: Step, peer_tag: int = 0, text: str = "") -> None:
        self._context.emit(FaxStep(Ramp.ON, step, self._leg.call_id, peer_tag, text))
