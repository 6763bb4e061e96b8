"""The called terminal that receives a document of plain pages.

Rule: commands drive it, and one table, `_on_message`, says what each means in each state: DCS begins a new phase B, a
post-message command ends a page, the same command again is answered in the same way. The answer to EOP waits until the
owner has said `confirm`, so that a page counts as delivered only when it is. Source: ITU-T T.30 clause 5.3 and the flow
diagrams of 5.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Final

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Quality
from iosemu.fax.events import (
    FaxCause,
    Negotiated,
    PageConfirmed,
    PageData,
    PageEnded,
    PageRefused,
    PageStarted,
    TrainingChecked,
)
from iosemu.fax.line import LineSignal, Modulation, Tone
from iosemu.fax.modem import Silence, ToneBurst
from iosemu.fax.t30 import frames
from iosemu.fax.t30.capabilities import Command, decode_capabilities, decode_command, encode_capabilities
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.negotiation import TCF_S, Profile, accepts, capabilities, training_is_good
from iosemu.fax.t30.procedure import T1_S, T2_S, T5_S, Procedure

ANSWER_PAUSE_S: Final = 1.8  # T.30 clause 4 (1.8 to 2.5 s): silence between going off-hook and CED

# T4 at the long end of its tolerance of 15 %. It counts only while nobody answers: once frames were heard the sender is
# there and repeats its DCS after a T4 of its own, and two terminals that wait as long would speak at once for ever.
DIS_REPEAT_S: Final = 3.45

# Post-message commands, those that ask for an operator first read as the plain ones: no operator is ever there.
PLAIN: Final[dict[int, Fcf]] = {
    Fcf.MPS: Fcf.MPS,
    Fcf.EOM: Fcf.EOM,
    Fcf.EOP: Fcf.EOP,
    Fcf.PRI_MPS: Fcf.MPS,
    Fcf.PRI_EOM: Fcf.EOM,
    Fcf.PRI_EOP: Fcf.EOP,
}


class State(Enum):
    ANNOUNCING = auto()  # A and B: DIS goes out until a DCS comes
    TRAINING = auto()  # B: TCF is awaited or comes in
    READY = auto()  # C: the page's carrier is awaited
    PAGE = auto()  # C: the page comes in
    COMMAND = auto()  # D: its post-message command is awaited
    DELIVERING = auto()  # D: EOP came, the owner has to confirm
    PARTING = auto()  # E: the last page is confirmed, DCN is awaited
    ENDING = auto()  # E


class Receiver(Procedure):
    """Receives pages into `pages_to` as PageStarted, PageData and PageEnded events."""

    from_caller = False

    def __init__(
        self,
        clock: Clock,
        transmit: Callable[[LineSignal], None],
        emit: EventSink,
        profile: Profile,
        pages_to: EventSink,
        on_poll: Callable[[bytes], None] | None = None,
    ) -> None:
        """`on_poll` is called with the content of a DTC: from then on another role has the line."""
        super().__init__(clock, transmit, emit, profile)
        self._pages_to = pages_to
        self._state = State.ANNOUNCING
        self._on_poll = on_poll
        self._own = capabilities(profile, has_document=on_poll is not None)
        self._command: Command | None = None
        self._positive = Fcf.MCF
        """What confirms the page in turn."""
        self._training = bytearray()
        self._training_limit = 0
        self._page_open = False
        self._refused = False
        self._verdict: bool | None = None
        self._confirmed: Fcf | None = None
        """The command that was answered with a confirmation, while nothing else has come."""
        self._after: Callable[[], object] = self._await_far_end

    # Phase A.

    def start(self) -> None:
        """The call is answered: CED, then DIS."""
        self._overall.start(T1_S, self._nobody_there)
        self._modem.send([Silence(ANSWER_PAUSE_S), ToneBurst(Tone.CED)], self._announce)

    def _announce(self) -> None:
        self._state = State.ANNOUNCING
        messages = [*frames.identifiers({Fcf.CSI: self.profile.subscriber_id})]
        messages.append((Fcf.DIS, encode_capabilities(self._own)))
        self._after = self._await_far_end
        self._send([self._say(*messages)], self._after)

    def _await_far_end(self) -> None:
        self._reply.start(DIS_REPEAT_S, self._announce)

    def _nobody_there(self) -> None:
        self._give_up(FaxCause.T1_TIMEOUT)

    # What is heard.

    def _on_message(self, message: Frame, before: Sequence[Frame]) -> None:
        fcf = PLAIN.get(message.fcf, message.fcf)
        match self._state, fcf:
            case State.ENDING, _:
                pass
            case State.PARTING, Fcf.DCN:
                self._state = State.ENDING
                self._finish(FaxCause.OK, ok=True)
            case _, Fcf.DCN:
                self._state = State.ENDING
                self._finish(FaxCause.REMOTE_DISCONNECT)
            case State.DELIVERING, Fcf.EOP | Fcf.CRP:
                pass  # it waits like the first EOP
            case State.PARTING, Fcf.EOP:
                self._repeat(self._after)  # the sender did not hear the confirmation
            case State.DELIVERING | State.PARTING, Fcf.DCS | Fcf.MPS | Fcf.EOM:
                pass  # there can be no further page
            # Phase B.
            case State.ANNOUNCING, Fcf.DTC if self._on_poll is not None:
                self._polled(self._on_poll, message.fif, before)
            case _, Fcf.DCS:
                self._on_command(message.fif)
            # Phase D.
            case _, Fcf.MPS | Fcf.EOM | Fcf.EOP if self._page_open:
                self._positive = Fcf.MCF
                self._end_page(fcf)
            case State.READY, Fcf.MPS | Fcf.EOM if fcf is self._confirmed:
                self._repeat(self._after)
            case _, Fcf.MPS | Fcf.EOM | Fcf.EOP if self._command is not None:
                self._refuse()  # no page came before the command
            case _, Fcf.CRP if self._last_sent:
                self._repeat(self._after)

    # Phase B.

    def _polled(self, on_poll: Callable[[bytes], None], fif: bytes, before: Sequence[Frame]) -> None:
        """DTC: the caller wants our document; it must know what the profile asks for."""
        try:
            decode_capabilities(fif)
        except FrameError:
            return  # cut short on the line: DIS goes out again, and with it the chance to ask again
        said = {frame.fcf: frames.decode_identifier(frame.fif) for frame in before}
        wanted = {Fcf.SEP: self.profile.polled_address, Fcf.PWD: self.profile.password}
        if any(text and said.get(fcf) != text for fcf, text in wanted.items()):
            self._give_up(FaxCause.POLLING_REFUSED)
            return
        self._state = State.ENDING
        self._reply.stop()
        self._overall.stop()
        on_poll(fif)

    def _on_command(self, fif: bytes) -> None:
        try:
            command = decode_command(fif)
        except FrameError:
            return
        self._overall.stop()
        if not accepts(command, self._own):
            self._give_up(FaxCause.INCOMPATIBLE)
            return
        self._begin_training(command)

    def _begin_training(self, command: Command) -> None:
        """The DCS can be done: its training check follows."""
        self._command = command
        modulation = command.modulation
        self._emit(Negotiated(modulation.family, modulation.rate_bps, command.page_format, command.min_scan_ms))
        self._state = State.TRAINING
        self._training_limit = round(modulation.rate_bps * TCF_S / 4)
        self._page_open = False
        self._reply.start(T2_S, self._lost)

    def _on_carrier(self, modulation: Modulation) -> None:
        command = self._command
        self._confirmed = None
        if command is None or modulation is not command.modulation:
            self._carrier = None  # a modem set to another modulation hears only noise
        elif self._state is State.TRAINING:
            self._training.clear()

    def _on_noise(self) -> None:
        self._confirmed = None  # the sender has gone on

    def _on_data(self, octets: bytes) -> None:
        if self._state is State.PAGE:
            self._pages_to(PageData(octets))
        elif self._state is State.TRAINING:
            if len(self._training) < self._training_limit:
                self._training += octets
        elif self._state is State.READY and self._command is not None:
            self._state = State.PAGE
            self._page_open = True
            self._refused = False
            self._pages_to(PageStarted(self.pages, self._command.page_format))
            self._pages_to(PageData(octets))

    def _on_carrier_lost(self, modulation: Modulation) -> None:
        if self._state is State.TRAINING:
            self._judge_training(modulation)
        elif self._state is State.PAGE:
            self._state = State.COMMAND

    def _judge_training(self, modulation: Modulation) -> None:
        good = modulation in self._own.modulations and training_is_good(bytes(self._training), modulation)
        self._emit(TrainingChecked(good, modulation.rate_bps))
        self._state = State.READY if good else State.TRAINING
        self._answer(Fcf.CFR if good else Fcf.FTT, self._await_command)

    # Phase D.

    def _on_preamble(self) -> None:
        if self._state is State.ANNOUNCING and self._reply.running:
            self._reply.start(T2_S, self._announce)
        elif self._state is State.PAGE:
            self._state = State.COMMAND

    def _end_page(self, command: Fcf) -> None:
        """The page is complete, and `command` says what follows."""
        self._page_open = False
        more = command is not Fcf.EOP
        self._state = State.COMMAND if more else State.DELIVERING
        self._verdict = None
        if not more:
            self._reply.start(T5_S, self._not_told)
        self._pages_to(PageEnded(self.pages, more))
        if self.finished or self._state is State.ENDING:
            return
        if self._refused:
            self._refuse()
        elif more:
            then = self._announce_later if command is Fcf.EOM else self._await_command
            self._confirm_page(self._positive, State.READY, then)
            self._confirmed = command
        elif self._state is State.DELIVERING:
            self._on_delivering()

    def _on_delivering(self) -> None:
        """The owner was told of the last page and has not confirmed it yet."""

    def reject_page(self) -> None:
        """Called while PageEnded is being told: the page is too bad, answer RTN; it may come again."""
        self._refused = True

    def judge_page(self, quality: Quality) -> bool:
        """Called while PageEnded is being told: how well the page can be read; says whether the page stands."""
        if quality is Quality.BAD:
            self.reject_page()
        elif quality is Quality.POOR:
            self._positive = Fcf.RTP
        return quality is not Quality.BAD

    def confirm(self, ok: bool) -> None:
        """The last page was delivered (MCF goes out) or cannot be (DCN); without effect where no EOP is waiting."""
        if self._state is not State.DELIVERING or self.finished or self._verdict is not None or self._refused:
            return
        self._verdict = ok
        if self._may_answer:
            self._tell_verdict()

    @property
    def _may_answer(self) -> bool:
        """Whether the sender waits for an answer now."""
        return not self._hearing_frames

    def _on_listening(self) -> None:
        if self._state is State.DELIVERING and self._verdict is not None and self._may_answer:
            self._tell_verdict()

    def _tell_verdict(self) -> None:
        if self._verdict:
            self._confirm_page(self._positive, State.PARTING, self._await_parting)
        else:
            self._give_up(FaxCause.NOT_DELIVERED)

    def _confirm_page(self, response: Fcf, then: State, after: Callable[[], object]) -> None:
        self._emit(PageConfirmed(self.pages))
        self.pages += 1
        self._state = then
        self._answer(response, after)

    def _refuse(self) -> None:
        """RTN; the sender trains again."""
        self._emit(PageRefused(self.pages))
        self._state = State.READY
        self._answer(Fcf.RTN, self._await_command)

    def _answer(self, response: Fcf, after: Callable[[], object], fif: bytes = b"") -> None:
        self._confirmed = None
        self._after = after
        self._send([self._say((response, fif))], after)

    # Waiting.

    def _await_command(self) -> None:
        self._reply.start(T2_S, self._lost)

    def _announce_later(self) -> None:
        """After EOM the sender waits for a new DIS, which goes out when T2 ends without a DCS."""
        self._reply.start(T2_S, self._announce_again)

    def _announce_again(self) -> None:
        self._overall.start(T1_S, self._nobody_there)
        self._announce()

    def _await_parting(self) -> None:
        self._reply.start(T2_S, lambda: self._finish(FaxCause.OK, ok=True))

    def _lost(self) -> None:
        self._give_up(FaxCause.T2_TIMEOUT)

    def _not_told(self) -> None:
        self._give_up(FaxCause.T5_TIMEOUT)

    # Phase E.

    def _give_up(self, cause: FaxCause) -> None:
        self._state = State.ENDING
        self._disconnect(cause)

    def hang_up(self, cause: FaxCause) -> None:
        if self._state is State.PARTING and not self._modem.busy:
            self._finish(FaxCause.OK, ok=True)  # the last page was confirmed, only DCN is missing
        else:
            super().hang_up(cause)
