"""The terminal that sends a document: the calling one, or the called one that is polled.

Rule: one method a phase (A call, B training, C page, D confirmation), and one table of what each response means in each
state. A command is sent three times before the terminal gives up with DCN. Source: ITU-T T.30 clause 5.3 and the flow
diagrams of 5.2.
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

_OFFERS: Final = (Fcf.DIS, Fcf.DTC)
_POSITIVE: Final = (Fcf.MCF, Fcf.PIP, Fcf.RTP)


class State(Enum):
    CALLING = auto()  # A, and B up to the first DIS; also after EOM
    TRAINING = auto()  # B: DCS and TCF went out, CFR or FTT is awaited
    PAGE = auto()  # C
    CONFIRMING = auto()  # D: the post-message command went out
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
        fcf = message.fcf
        if self._state is State.ENDING:
            return
        if fcf is Fcf.DCN:
            self._state = State.ENDING
            self._finish(FaxCause.REMOTE_DISCONNECT)
        elif fcf is Fcf.CRP and self._state is not State.CALLING:
            self._again()
        elif fcf in _OFFERS and self._state is State.CALLING:
            self._on_offer(message.fif)
        elif self._state is State.TRAINING:
            self._on_training_reply(fcf)
        elif self._state is State.CONFIRMING:
            if self._block is None:
                self._on_page_reply(fcf)
            else:
                self._on_block_reply(self._block, message)

    def _on_training_reply(self, fcf: Fcf) -> None:
        if fcf is Fcf.CFR:
            self._send_page()
        elif fcf is Fcf.FTT:
            self._slower()
        elif fcf in _OFFERS:
            self._again()  # the receiver did not catch the DCS

    def _on_page_reply(self, fcf: Fcf) -> None:
        if fcf in _POSITIVE:
            self._page_confirmed(retrain=fcf is Fcf.RTP)
        elif fcf in (Fcf.RTN, Fcf.PIN):
            self._page_refused()

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
            self._send_block(self._block)
            return
        self._block = None
        page = DataBurst(modulation, modulation.family == "V.17", bits)
        self._send([page], lambda: self._page_sent(len(bits)))

    def _page_sent(self, octets: int) -> None:
        self._emit(PageSent(self._index, octets))
        self._ask(self._after_page)

    def _send_block(self, block: ecm.OutgoingPage) -> None:
        """The frames of the block that the receiver still needs."""
        assert self._command is not None
        self._state = State.PAGE
        modulation = self._command.modulation
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
        self._state = State.CONFIRMING
        self._tries += 1
        self._send([self._say(self._question)], self._await_reply)

    def _on_block_reply(self, block: ecm.OutgoingPage, reply: Frame) -> None:
        """What the receiver says to a block (T.30 annex A, A.4.4)."""
        if reply.fcf is Fcf.RNR:
            if not self._overall.running:
                self._overall.start(T5_S, lambda: self._give_up(FaxCause.T5_TIMEOUT))
            self._ask(Fcf.RR)
            return
        if reply.fcf is Fcf.PPR:
            self._overall.stop()
            block.refused(ecm.read_refusal(reply.fif))
            if block.refusals % ecm.PPR_LIMIT:
                self._send_block(block)
            else:
                self._continue_to_correct(block)
        elif reply.fcf is Fcf.CTR and self._question[0] is Fcf.CTC:
            self._fresh = True
            self._send_block(block)
        elif reply.fcf in _POSITIVE and self._question[0] is not Fcf.CTC:
            self._overall.stop()
            if block.last_block:
                self._page_confirmed(retrain=False)
            else:
                block.next_block()
                self._send_block(block)
        elif reply.fcf in (Fcf.RTN, Fcf.PIN):
            self._overall.stop()
            self._page_refused()

    def _continue_to_correct(self, block: ecm.OutgoingPage) -> None:
        """The block was refused again and again: go on slower, by CTC instead of a new phase B.

        At the lowest rate it goes on as long as frames arrive.
        """
        assert self._command is not None
        gained = block.gained()
        if len(self._rates) > 1:
            self._rates = self._rates[1:]
        elif not gained:
            self._give_up(FaxCause.PAGE_REFUSED)
            return
        self._command = replace(self._command, modulation=self._rates[0])
        self._ask(Fcf.CTC, encode_command(self._command)[:2])

    def _page_confirmed(self, *, retrain: bool) -> None:
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
