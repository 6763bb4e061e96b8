"""What sender and receiver share: half-duplex hearing and speaking, the reply timer, the end of a call.

Rule: while own signals go out nothing is heard; a burst of frames is acted on when its carrier ends; every sign of life
from the far end restarts the reply timer, so a timer means silence. Each role says what a message means to it.
Source: ITU-T T.30 clauses 5.3, 5.4 (timers T1, T2, T4 in 5.4.3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from iosemu.clock import Clock
from iosemu.deadline import Deadline
from iosemu.events import EventSink
from iosemu.fax.events import (
    Addressed,
    FaxCause,
    Finished,
    FrameReceived,
    FrameSent,
    NonStandard,
    OperatorAsked,
    RemoteId,
)
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone
from iosemu.fax.modem import Burst, FrameBurst, Silence, ToneBurst, Transmitter
from iosemu.fax.t30 import ecm, frames
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.negotiation import Profile

T1_S: Final = 35.0  # how long two terminals try to identify each other
T2_S: Final = 6.0  # how long a receiver waits for the next command or carrier
T4_S: Final = 3.0  # how long a response is waited for before the command is repeated
T5_S: Final = 60.0  # how long a receiver may take to say that the last page is delivered
TRIES: Final = 3  # how often a command is sent before the terminal gives up
MAX_FRAMES: Final = 32  # how many frames of one burst are looked at
TURNAROUND_S: Final = 0.075  # silence between two carriers, and before an answer
CNG_PAUSE_S: Final = 3.0

_OPERATOR_ASKED: Final = (Fcf.PIP, Fcf.PIN, Fcf.PRI_MPS, Fcf.PRI_EOM, Fcf.PRI_EOP)


class Procedure:
    """One terminal's part in one call, from its first signal to its `Finished` event."""

    from_caller: bool
    """Sets the X bit of our frames: true of who received a DIS."""

    def __init__(self, clock: Clock, transmit: Callable[[LineSignal], None], emit: EventSink, profile: Profile) -> None:
        self._transmit = transmit
        self._emit = emit
        self.profile = profile
        self._modem = Transmitter(clock, self._put)
        self._reply = Deadline(clock)
        self._overall = Deadline(clock)
        self._calling = False
        """Is the calling tone repeated? It is the one signal during which a terminal listens."""
        self._frames: list[Frame] = []
        self._carrier: Modulation | None = None
        self._last_sent: Sequence[Burst] = ()
        self._outcome: tuple[FaxCause, bool] | None = None
        self.finished = False
        self.pages = 0

    # What a role decides.

    def _on_message(self, message: Frame, before: Sequence[Frame]) -> None:
        """A burst ended with `message` in its last place, optional frames `before` it."""
        raise NotImplementedError

    def _on_carrier(self, modulation: Modulation) -> None:
        """A high-speed carrier began."""

    def _on_data(self, octets: bytes) -> None:
        """Bits of the high-speed carrier."""

    def _on_noise(self) -> None:
        """Data of a carrier whose beginning was not heard."""

    def _on_image_frame(self, octets: bytes) -> None:
        """A sound frame of the high-speed carrier."""

    def _on_carrier_lost(self, modulation: Modulation) -> None:
        """The high-speed carrier ended."""

    def _on_preamble(self) -> None:
        """A V.21 carrier began."""

    def _on_listening(self) -> None:
        """The far end fell silent after frames."""

    # Hearing.

    def receive(self, signal: LineSignal) -> None:
        """Take what comes over the line."""
        if self.finished or self._deaf:
            return
        self._reply.touch()
        match signal:
            case Data(octets):
                if self._carrier is None:
                    self._on_noise()
                elif self._carrier is not Modulation.V21:
                    self._on_data(octets)
            case HdlcFrame(octets, fcs_ok):
                if self._carrier is None or self._carrier is Modulation.V21:
                    self._on_frame(octets, fcs_ok)
                elif fcs_ok:
                    self._on_image_frame(octets)
            case CarrierOn(modulation):
                self._cut_off(modulation)
                self._carrier = modulation
                if modulation is Modulation.V21:
                    if self._calling:
                        self._modem.stop()
                    self._on_preamble()
                else:
                    self._on_carrier(modulation)
            case CarrierOff():
                self._end_carrier()
            case _:
                pass  # a tone only tells that someone is there

    @property
    def _deaf(self) -> bool:
        return self._modem.busy and not self._calling

    @property
    def _hearing_frames(self) -> bool:
        """Whether the far end is in the middle of a burst of frames."""
        return self._carrier is Modulation.V21

    def _on_frame(self, octets: bytes, fcs_ok: bool) -> None:
        if self._carrier is None or len(self._frames) >= MAX_FRAMES:
            return
        if not fcs_ok:
            self._emit(FrameReceived("?", octets, fcs_ok=False))
            return
        try:
            frame = frames.decode(octets)
        except FrameError:
            self._emit(FrameReceived("?", octets))
            return
        self._emit(FrameReceived(frames.label(octets), octets))
        self._frames.append(frame)

    def _end_carrier(self) -> None:
        carrier, self._carrier = self._carrier, None
        if carrier is None:
            return
        if carrier is not Modulation.V21:
            self._on_carrier_lost(carrier)
            return
        heard, self._frames = self._frames, []
        if heard and heard[-1].final:
            self._note_facts(heard)
            self._on_message(heard[-1], heard[:-1])
        if not self.finished and not self._modem.busy:
            self._on_listening()

    def _cut_off(self, modulation: Modulation) -> None:
        """A carrier begins while another one is on: its end was lost.

        Only frames in front of a training check can be acted on then. Whoever repeats frames would be spoken into, and
        they come again; of data nobody knows whether all of it came.
        """
        if self._carrier is Modulation.V21 and modulation is not Modulation.V21:
            self._end_carrier()
        self._frames.clear()

    def _note_facts(self, heard: Sequence[Frame]) -> None:
        """Tell what frames say that do not steer the procedure."""
        for frame in heard:
            if frame.fcf in (Fcf.TSI, Fcf.CSI, Fcf.CIG):
                self._emit(RemoteId(frame.fcf.label, frames.decode_identifier(frame.fif)))
            elif frame.fcf in (Fcf.SUB, Fcf.SID, Fcf.SEP, Fcf.PWD):
                self._emit(Addressed(frame.fcf.label, frames.decode_identifier(frame.fif)))
            elif frame.fcf in (Fcf.NSF, Fcf.NSC, Fcf.NSS):
                self._emit(NonStandard(frame.fcf.label, frame.fif))
            elif frame.fcf in _OPERATOR_ASKED:
                self._emit(OperatorAsked(frame.fcf.label))

    # Speaking.

    def _call_out(self) -> None:
        """The calling tone again and again, until frames are heard."""
        self._calling = True
        self._modem.send([ToneBurst(Tone.CNG), Silence(CNG_PAUSE_S)], self._call_out)

    def _call_out_later(self) -> None:
        """There were frames, but none of use: go on calling."""
        self._modem.send([Silence(CNG_PAUSE_S)], self._call_out)

    def _put(self, signal: LineSignal) -> None:
        if isinstance(signal, HdlcFrame) and signal.octets[2] not in ecm.IMAGE_FIELDS:
            self._emit(FrameSent(frames.label(signal.octets), signal.octets))
        self._transmit(signal)

    def _say(self, *messages: tuple[Fcf, bytes]) -> FrameBurst:
        """A V.21 burst of these frames, the last one marked as final."""
        last = len(messages) - 1
        return FrameBurst(
            tuple(
                Frame(fcf, fif, final=index == last, from_caller=self.from_caller).encode()
                for index, (fcf, fif) in enumerate(messages)
            )
        )

    def _send(self, bursts: Sequence[Burst], done: Callable[[], object]) -> None:
        """Send after the turnaround silence and remember it for `_repeat`."""
        self._calling = False
        self._last_sent = bursts
        self._reply.stop()
        self._modem.send((Silence(TURNAROUND_S), *bursts), done)

    def _repeat(self, done: Callable[[], object]) -> None:
        self._send(self._last_sent, done)

    # The end.

    def hang_up(self, cause: FaxCause) -> None:
        """The line is gone or no longer wanted: finish without another signal.

        Once DCN has begun the call has its outcome; a far end that hangs up on hearing it changes nothing.
        """
        cause, ok = self._outcome or (cause, False)
        self._finish(cause, ok=ok)

    def _disconnect(self, cause: FaxCause, *, ok: bool = False) -> None:
        """Send DCN, then finish."""
        self._overall.stop()
        self._outcome = (cause, ok)
        self._send([self._say((Fcf.DCN, b""))], lambda: self._finish(cause, ok=ok))

    def _finish(self, cause: FaxCause, *, ok: bool = False) -> None:
        if self.finished:
            return
        self.finished = True
        self._reply.stop()
        self._overall.stop()
        self._modem.stop()
        self._emit(Finished(ok, cause, self.pages))
