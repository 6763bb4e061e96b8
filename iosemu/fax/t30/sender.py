"""The terminal that sends a document: the calling one, or the called one that is polled.

Rule: one section a phase (A call, B training, C page, D confirmation), and one table, `_on_message`, of what each
response means in each state. A command is sent three times before the terminal gives up with DCN. Source: ITU-T T.30
clause 5.3, the flow diagrams of 5.2, annex A (error correction).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Document, DocumentError, PageFormat
from iosemu.fax.events import FaxCause, Negotiated, PageConfirmed, PageRefused, PageSent
from iosemu.fax.line import LineSignal, Modulation
from iosemu.fax.modem import DataBurst, FrameBurst, Silence
from iosemu.fax.t30 import ecm, frames, page_bits
from iosemu.fax.t30.capabilities import Capabilities, Command, decode_capabilities, encode_command
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.negotiation import Profile, common_format, common_modulations, training_check
from iosemu.fax.t30.procedure import T1_S, T4_S, T5_S, TRIES, TURNAROUND_S, Procedure

PAGE_TRIES: Final = 3
"""How often a page is sent before its refusals end the call."""


class State(Enum):
    CALLING = auto()  # A, and B up to the first DIS; also after EOM
    TRAINING = auto()  # B: DCS and TCF went out, CFR or FTT is awaited
    PAGE = auto()  # C
    CONFIRMING = auto()  # D: the post-message command went out
    CORRECTING = auto()  # D of an error-corrected page: PPS or RR went out
    SLOWING = auto()  # D of an error-corrected page: CTC went out
    ENDING = auto()  # E


class Sender(Procedure):
    """Sends `document`; `Finished(ok=True)` only when the last page was confirmed."""

    def __init__(
        self,
        clock: Clock,
        transmit: Callable[[LineSignal], None],
        emit: EventSink,
        profile: Profile,
        document: Document,
        *,
        polled: bool = False,
    ) -> None:
        super().__init__(clock, transmit, emit, profile)
        self.from_caller = not polled
        self._document = document
        self._state = State.CALLING
        self._index = 0
        self._tries = 0
        self._page_tries = 0
        self._far = Capabilities()
        self._rates: tuple[Modulation, ...] = ()
        self._command: Command | None = None
        self._block: ecm.OutgoingPage | None = None
        """The page in error correction mode, block by block; None without that."""
        self._fresh = False
        """Was the speed changed without a training check? Then the next carrier trains in full."""
        self._after_page = Fcf.EOP
        self._question: tuple[Fcf, bytes] = (Fcf.EOP, b"")
        """What was asked last and is repeated without an answer."""

    # Phase A.

    def start(self) -> None:
        """The call is answered: begin with CNG."""
        if self._document.format(0) is None:
            self._finish(FaxCause.NO_DOCUMENT)
            return
        self._overall.start(T1_S, self._nobody_there)
        self._call_out()

    def serve(self, offer: bytes) -> None:
        """A DTC with `offer` polls the document: begin with the training."""
        self._on_offer(offer)

    def _nobody_there(self) -> None:
        self._modem.stop()
        self._state = State.ENDING
        self._disconnect(FaxCause.NO_ANSWER if not self.pages else FaxCause.T1_TIMEOUT)

    # What is heard.

    def _on_message(self, message: Frame, before: Sequence[Frame]) -> None:
        match self._state, message.fcf:
            case State.ENDING, _:
                pass
            case _, Fcf.DCN:
                self._state = State.ENDING
                self._finish(FaxCause.REMOTE_DISCONNECT)
            # Phase B.
            case State.CALLING, Fcf.DIS | Fcf.DTC:
                self._on_offer(message.fif)
            case State.TRAINING, Fcf.CFR:
                self._send_page()
            case State.TRAINING, Fcf.FTT:
                self._slower()
            case State.TRAINING, Fcf.DIS | Fcf.DTC | Fcf.CRP:
                self._again()  # the receiver did not catch the DCS
            # Phase D.
            case State.CONFIRMING, Fcf.MCF | Fcf.PIP:
                self._page_confirmed()
            case State.CONFIRMING, Fcf.RTP:
                self._page_confirmed(retrain=True)
            case State.CORRECTING, Fcf.MCF | Fcf.PIP | Fcf.RTP:
                self._block_confirmed()
            case State.CORRECTING | State.SLOWING, Fcf.PPR:
                self._block_refused(ecm.read_refusal(message.fif))
            case State.CORRECTING | State.SLOWING, Fcf.RNR:
                self._wait_until_ready()
            case State.SLOWING, Fcf.CTR:
                self._fresh = True
                self._send_block()
            case State.CONFIRMING | State.CORRECTING | State.SLOWING, Fcf.RTN | Fcf.PIN:
                self._page_refused()
            case State.CONFIRMING | State.CORRECTING | State.SLOWING, Fcf.CRP:
                self._again()

    def _on_listening(self) -> None:
        if self._state is State.CALLING and self._overall.running and not self.pages:
            # Frames without a usable DIS: keep calling until T1 ends. (After EOM only the DIS is waited for.)
            self._call_out_later()

    # Phase B.

    def _on_offer(self, fif: bytes) -> None:
        try:
            self._far = decode_capabilities(fif)
        except FrameError:
            return
        self._overall.stop()
        self._rates = common_modulations(self.profile, self._far)
        if not self._far.can_receive or not self._rates:
            self._give_up(FaxCause.INCOMPATIBLE)
            return
        self._train()

    def _page_format(self, index: int) -> PageFormat | None:
        """How page `index` goes out; None where there is none or the far end cannot take it."""
        natural = self._document.format(index)
        return None if natural is None else common_format(natural, self.profile, self._far)

    def _train(self) -> None:
        """Say DCS for the page in turn, and send TCF."""
        page_format = self._page_format(self._index)
        if page_format is None:
            self._give_up(FaxCause.INCOMPATIBLE)
            return
        corrected = self.profile.ecm and self._far.ecm
        # Frames need no fill: a receiver of error-corrected pages has them whole before it prints.
        scan_ms = 0 if corrected else self._far.min_scan_ms(page_format.resolution)
        self._command = Command(
            self._rates[0],
            page_format,
            scan_ms,
            corrected,
            self.profile.ecm_frame_octets if corrected else ecm.FRAME_OCTETS,
            frozenset(self._addresses()),
        )
        self._tries = 0
        self._send_command()

    def _addresses(self) -> dict[Fcf, str]:
        """The frames beside TSI that the receiver takes and that this terminal has something to say in."""
        said = {Fcf.SUB: self.profile.sub_address, Fcf.SID: self.profile.password}
        return {fcf: text for fcf, text in said.items() if text and fcf in self._far.addressing}

    def _send_command(self) -> None:
        command = self._command
        assert command is not None
        self._state = State.TRAINING
        identity = {Fcf.TSI: self.profile.subscriber_id, **self._addresses()}
        messages = [*frames.identifiers(identity), (Fcf.DCS, encode_command(command))]
        self._emit(
            Negotiated(command.modulation.family, command.modulation.rate_bps, command.page_format, command.min_scan_ms)
        )
        self._tries += 1
        training = DataBurst(command.modulation, False, training_check(command.modulation))
        self._send([self._say(*messages), Silence(TURNAROUND_S), training], self._await_reply)

    def _slower(self) -> None:
        """FTT: take the next rate."""
        if len(self._rates) == 1:
            self._give_up(FaxCause.TRAINING_FAILED)
            return
        self._rates = self._rates[1:]
        self._train()

    # Phase C.

    def _send_page(self) -> None:
        command = self._command
        assert command is not None
        self._state = State.PAGE
        try:
            octets = self._document.t4(self._index, command.page_format)
        except DocumentError:
            self._give_up(FaxCause.BAD_DOCUMENT)
            return
        modulation = command.modulation
        bits = page_bits.for_line(octets, command.page_format.coding, modulation.rate_bps, command.min_scan_ms)
        self._page_tries += 1
        self._after_page = self._next_step()
        if command.ecm:
            self._block = ecm.OutgoingPage(bits, self._index, command.frame_octets)
            self._send_block()
            return
        self._block = None
        page = DataBurst(modulation, modulation.family == "V.17", bits)
        self._send([page], lambda: self._page_sent(len(bits)))

    def _page_sent(self, octets: int) -> None:
        self._emit(PageSent(self._index, octets))
        self._ask(self._after_page)

    def _send_block(self) -> None:
        """The frames of the block that the receiver still needs."""
        command, block = self._command, self._block
        assert command is not None
        assert block is not None
        self._state = State.PAGE
        modulation = command.modulation
        burst = FrameBurst(block.frames(), modulation, modulation.family == "V.17" and not self._fresh)
        self._fresh = False
        self._send([burst], lambda: self._block_sent(block))

    def _block_sent(self, block: ecm.OutgoingPage) -> None:
        if block.last_block and not block.refusals:
            self._emit(PageSent(self._index, block.size))
        self._ask(Fcf.PPS, block.question(self._after_page).encode())

    # Phase D.

    def _next_step(self) -> Fcf:
        """EOP after the last page, MPS where the next one looks the same on the line, else EOM for a new phase B."""
        assert self._command is not None
        if self._document.format(self._index + 1) is None:
            return Fcf.EOP
        return Fcf.MPS if self._page_format(self._index + 1) == self._command.page_format else Fcf.EOM

    def _ask(self, fcf: Fcf, fif: bytes = b"") -> None:
        """Put a question about what was sent; it may be repeated."""
        self._question = (fcf, fif)
        self._tries = 0
        self._put_question()

    def _put_question(self) -> None:
        if self._block is None:
            self._state = State.CONFIRMING
        else:
            self._state = State.SLOWING if self._question[0] is Fcf.CTC else State.CORRECTING
        self._tries += 1
        self._send([self._say(self._question)], self._await_reply)

    def _wait_until_ready(self) -> None:
        """RNR: ask again and again, for as long as T5."""
        if not self._overall.running:
            self._overall.start(T5_S, lambda: self._give_up(FaxCause.T5_TIMEOUT))
        self._ask(Fcf.RR)

    def _block_confirmed(self) -> None:
        assert self._block is not None
        self._overall.stop()
        if self._block.last_block:
            self._page_confirmed()
        else:
            self._block.next_block()
            self._send_block()

    def _block_refused(self, damaged: Sequence[int]) -> None:
        """PPR: the frames of these numbers have to come again."""
        assert self._block is not None
        self._overall.stop()
        self._block.refused(damaged)
        if self._block.refusals % ecm.PPR_LIMIT:
            self._send_block()
        else:
            self._continue_to_correct(gained=self._block.gained())

    def _continue_to_correct(self, *, gained: bool) -> None:
        """The block was refused again and again: go on slower, by CTC instead of a new phase B.

        At the lowest rate it goes on as long as frames arrive, which `gained` tells.
        """
        assert self._command is not None
        if len(self._rates) > 1:
            self._rates = self._rates[1:]
        elif not gained:
            self._give_up(FaxCause.PAGE_REFUSED)
            return
        self._command = replace(self._command, modulation=self._rates[0])
        self._ask(Fcf.CTC, encode_command(self._command)[:2])

    def _page_confirmed(self, *, retrain: bool = False) -> None:
        self._emit(PageConfirmed(self._index))
        self._index += 1
        self._page_tries = 0
        self.pages += 1
        if self._after_page is Fcf.EOP:
            self._state = State.ENDING
            self._disconnect(FaxCause.OK, ok=True)
        elif self._after_page is Fcf.EOM:
            self._state = State.CALLING
            self._reply.stop()
            self._overall.start(T1_S, self._nobody_there)
        elif retrain:
            self._train()
        else:
            self._send_page()

    def _page_refused(self) -> None:
        """RTN: train again one rate lower and send the page once more."""
        self._overall.stop()
        self._emit(PageRefused(self._index))
        if self._page_tries >= PAGE_TRIES:
            self._give_up(FaxCause.PAGE_REFUSED)
            return
        if len(self._rates) > 1:
            self._rates = self._rates[1:]
        self._train()

    # Waiting.

    def _await_reply(self) -> None:
        self._reply.start(T4_S, self._again)

    def _again(self) -> None:
        """No response, or one that asks for a repeat: say the same once more, three times in all."""
        training = self._state is State.TRAINING
        if self._tries >= TRIES:
            self._give_up(FaxCause.DCS_RETRIES if training else FaxCause.PAGE_COMMAND_RETRIES)
        elif training:
            self._send_command()
        else:
            self._put_question()

    # Phase E.

    def _give_up(self, cause: FaxCause) -> None:
        self._state = State.ENDING
        self._disconnect(cause)
