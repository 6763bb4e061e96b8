"""The calls of a SIP trunk: each joins a line of the lab's exchange to a call of the trunk's peer.

Rule: as in `sip_trunk`. A call has one medium at a time; what the line says while T.38 is being agreed upon waits, and
goes on by whatever was agreed upon.
"""

from __future__ import annotations

import secrets
from typing import Final, Protocol

from iosemu.clock import Clock, Timer
from iosemu.fax.line import CarrierOn, LineSignal, Modulation, Tone, ToneOn
from iosemu.lab.topology import digits
from iosemu.lab.trunk_media import Fax, Modems, Tones, Voice
from iosemu.sip import sdp
from iosemu.sip.agent import Call, IncomingCall, OutgoingCall
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.ports import Exchange
from iosemu.voice.sip_causes import cause_of, status_of

PATIENCE_S: Final = 1.5
"""From the answering tone to our own wish for T.38, where who was called did not wish."""
_MAX_WAITING: Final = 200
"""So many signals wait for T.38 to be agreed upon: more than a second has."""


class Trunk(Protocol):
    """What a call asks of its trunk."""

    clock: Clock
    host: str
    own_t38: sdp.T38Parameters
    codecs: tuple[sdp.Codec, ...]
    has_t38: bool
    sounds: bool
    asks: bool

    @property
    def exchange(self) -> Exchange: ...

    def call(self, setup: CallSetup, offer: bytes) -> OutgoingCall:
        """An INVITE to the peer."""
        ...


class _TrunkCall:
    """What calls of both directions have in common: a line of the exchange, a SIP call, and what goes between."""

    def __init__(self, trunk: Trunk) -> None:
        self._trunk = trunk
        self._end: End | None = None
        self._call: Call | None = None
        sound = Modems(self._sounded) if trunk.sounds else Tones(self._sounded)
        self._voice = Voice(trunk.clock, trunk.host, sound)
        self._fax: Fax | None = None
        self._session_id, self._version = secrets.randbits(31), 0
        self._asked = False
        """Did we ask for T.38?"""
        self._waiting: list[LineSignal] | None = None
        """Signals of the line, while T.38 is being agreed upon."""
        self._impatience: Timer | None = None
        self._over = False

    # Sessions.

    def _session(self, *media: sdp.Medium) -> bytes:
        """A description of ours."""
        self._version += 1
        return sdp.Session(self._trunk.host, media, self._session_id, self._version, "iosemu").encode()

    def _own_voice(self, *codecs: sdp.Codec) -> sdp.Medium:
        return sdp.audio((self._trunk.host, self._voice.endpoint[1]), codecs or self._trunk.codecs)

    def _own_fax(self, parameters: sdp.T38Parameters) -> sdp.Medium:
        if self._fax is None:
            self._fax = Fax(self._trunk.host, self._deliver)
        return sdp.t38((self._trunk.host, self._fax.endpoint[1]), parameters)

    def _answer_offer(self, octets: bytes) -> bytes | None:
        """The answer to an offer of the peer, which counts from now on; None where nothing in it fits. Octets that are
        empty ask for an offer of ours."""
        if not octets:
            fax = self._fax is not None
            return self._session(self._own_fax(self._trunk.own_t38) if fax else self._own_voice())
        try:
            offer = sdp.parse(octets)
        except sdp.BadSdp:
            return None
        chosen, own = self._chosen(offer)
        if chosen is None or own is None:
            return None
        return self._session(*(own if medium is chosen else sdp.refused(medium) for medium in offer.media))

    def _chosen(self, offer: sdp.Session) -> tuple[sdp.Medium | None, sdp.Medium | None]:
        """The medium of an offer that is taken, and our side of it."""
        if (medium := offer.t38) is not None and medium.t38.transferred_tcf and self._trunk.has_t38:
            agreed = self._trunk.own_t38.answer(medium.t38)
            own = self._own_fax(agreed)
            self._go_over(medium, agreed)
            return medium, own
        if (medium := offer.audio) is not None:
            codec = next((codec for codec in medium.codecs if codec in self._trunk.codecs), None)
            if codec is not None:
                self._voice.talk_to(medium.endpoint, codec)
                self._leave_fax()
                return medium, self._own_voice(codec)
        return None, None

    def _take_answer(self, octets: bytes) -> bool:
        """The peer's answer to an offer of ours."""
        try:
            answer = sdp.parse(octets)
        except sdp.BadSdp:
            return False
        if (medium := answer.t38) is not None and self._fax is not None:
            self._go_over(medium, self._trunk.own_t38.answer(medium.t38))
            return True
        if (medium := answer.audio) is not None and medium.codecs:
            codec = next((codec for codec in medium.codecs if codec in self._trunk.codecs), None)
            if codec is not None:
                self._voice.talk_to(medium.endpoint, codec)
                return True
        return False

    # T.38.

    def _go_over(self, medium: sdp.Medium, agreed: sdp.T38Parameters) -> None:
        assert self._fax is not None
        self._voice.hush()
        self._fax.talk_to(medium.endpoint, medium.t38, agreed)
        self._stop_impatience()
        waiting, self._waiting = self._waiting or (), None
        for signal in waiting:
            self._fax.signal(signal)

    def _leave_fax(self) -> None:
        if self._fax is not None:
            self._fax.close()
            self._fax = None

    def _ask_for_t38(self) -> None:
        call = self._call
        if call is None or not call.up or self._fax is not None or not self._trunk.asks:
            return
        self._asked = True
        self._waiting = []
        try:
            offer = self._session(self._own_fax(self._trunk.own_t38))
        except OSError:
            self._finish(Cause.TEMPORARY_FAILURE)
            return
        call.offer(offer, self._t38_answered)

    def _t38_answered(self, status: int, octets: bytes) -> None:
        if self._waiting is None or (status == 200 and self._take_answer(octets)):
            return
        if not self._trunk.sounds:
            self._finish(Cause.INTERWORKING)  # a fax that may not be one
            return
        self._leave_fax()
        waiting, self._waiting = self._waiting, None
        for signal in waiting:
            self._voice.say(signal)

    # Signals.

    def _hear(self, signal: LineSignal) -> None:
        """From the line to the peer."""
        if self._waiting is not None:
            if len(self._waiting) < _MAX_WAITING:
                self._waiting.append(signal)
        elif self._fax is not None:
            self._fax.signal(signal)
        else:
            self._hear_as_voice(signal)

    def _hear_as_voice(self, signal: LineSignal) -> None:
        self._voice.say(signal)

    def _deliver(self, signal: LineSignal) -> None:
        """From the peer to the line."""
        if self._end is not None:
            self._end.send(signal)

    def _sounded(self, signal: LineSignal) -> None:
        """What the peer's voice sounds like."""
        if self._fax is None:
            self._deliver(signal)

    # The end.

    def _finish(self, cause: Cause) -> None:
        """End both sides; harmless when done before."""
        if self._over:
            return
        self._over = True
        self._stop_impatience()
        self._voice.close()
        self._leave_fax()
        if self._call is not None:
            self._hang_up(cause)
        if self._end is not None:
            self._end.release(cause)

    def _hang_up(self, cause: Cause) -> None:
        assert self._call is not None
        self._call.hang_up()

    def _stop_impatience(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def _join(self, call: Call, end: End) -> None:
        self._call, self._end = call, end
        call.on_end = lambda status: self._finish(cause_of(status))
        call.on_offer = self._answer_offer
        end.on_signal = self._hear
        end.on_release = self._finish


class IncomingTrunkCall(_TrunkCall):
    """A call of the peer."""

    def __init__(self, trunk: Trunk, call: IncomingCall, called: str) -> None:
        try:
            super().__init__(trunk)
        except OSError:
            call.reject(503)
            return
        self._incoming = call
        self._answer = self._answer_offer(call.session)
        if self._answer is None:
            self._over = True
            self._voice.close()
            call.reject(488)
            return
        end = trunk.exchange.place(CallSetup(called, digits(call.calling), calling_name=call.calling_name))
        self._join(call, end)
        call.on_session = self._late_answer
        end.on_alerting = call.ring
        end.on_answer = self._answered

    def _answered(self) -> None:
        assert self._answer is not None
        self._incoming.answer(self._answer)

    def _late_answer(self, octets: bytes) -> None:
        if not self._take_answer(octets):
            self._finish(Cause.INTERWORKING)

    def _hear_as_voice(self, signal: LineSignal) -> None:
        if _answers(signal) and self._trunk.asks and not self._asked:
            self._ask_for_t38()
            self._hear(signal)
        else:
            super()._hear_as_voice(signal)

    def _hang_up(self, cause: Cause) -> None:
        if self._incoming.up:
            self._incoming.hang_up()
        else:
            self._incoming.reject(status_of(cause))


class OutgoingTrunkCall(_TrunkCall):
    """A call to the peer."""

    def __init__(self, trunk: Trunk, end: End) -> None:
        try:
            super().__init__(trunk)
        except OSError:
            end.release(Cause.TEMPORARY_FAILURE)
            return
        call = trunk.call(end.setup, self._session(self._own_voice()))
        self._join(call, end)
        call.on_ringing = lambda status: end.alert()
        call.on_answer = self._answered

    def _answered(self, octets: bytes) -> bytes | None:
        if not self._take_answer(octets):
            self._finish_later(Cause.INTERWORKING)
            return None
        assert self._end is not None
        self._end.answer()
        return b""

    def _finish_later(self, cause: Cause) -> None:
        self._call = None  # who answered what was not offered gets its BYE from the agent
        self._finish(cause)

    def _sounded(self, signal: LineSignal) -> None:
        super()._sounded(signal)
        if _answers(signal) and self._impatience is None and not self._asked:
            self._impatience = self._trunk.clock.call_later(PATIENCE_S, self._ask_for_t38)


def _answers(signal: LineSignal) -> bool:
    """Does it sound like a fax that answers: by its tone, or its first flags?"""
    tone = signal.tone if isinstance(signal, ToneOn) else None
    return tone is Tone.CED or (isinstance(signal, CarrierOn) and signal.modulation is Modulation.V21)
