"""The called terminal that receives error-corrected pages too, block by block.

Rule: PPS asks whether a block is whole, PPR names what is missing of it; a block is handed on when nothing is missing
or when the sender gives the rest up with EOR. While the last page is being delivered the sender is told to wait.
Source: ITU-T T.30 annex A.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Quality
from iosemu.fax.events import PageData, PageStarted
from iosemu.fax.line import LineSignal, Modulation
from iosemu.fax.t30 import ecm
from iosemu.fax.t30.capabilities import Command, decode_modulation
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.negotiation import Profile
from iosemu.fax.t30.procedure import T5_S
from iosemu.fax.t30.receiver import PLAIN, Receiver, State

# Commands that only error correction has.
_CORRECTED: Final = (Fcf.PPS, Fcf.EOR, Fcf.CTC, Fcf.RR)


class BlockReceiver(Receiver):
    """A `Receiver` with error correction where the DCS asks for it."""

    def __init__(
        self,
        clock: Clock,
        transmit: Callable[[LineSignal], None],
        emit: EventSink,
        profile: Profile,
        pages_to: EventSink,
        on_poll: Callable[[bytes], None] | None = None,
    ) -> None:
        super().__init__(clock, transmit, emit, profile, pages_to, on_poll)
        self._block = ecm.IncomingBlock()
        self._last_block: tuple[int, int] | None = None
        """Page and block counters of the block confirmed last."""
        self._not_ready = False
        """Did the sender hear that it has to wait? It asks again with RR."""

    @property
    def _correcting(self) -> bool:
        return self._command is not None and self._command.ecm

    def _on_message(self, message: Frame, before: Sequence[Frame]) -> None:
        if message.fcf in _CORRECTED and self._correcting and self._state is not State.ENDING:
            self._on_corrected(message.fcf, message.fif)
        else:
            super()._on_message(message, before)

    def _begin_training(self, command: Command) -> None:
        self._block = ecm.IncomingBlock()
        self._last_block = None  # a page that was refused comes again with the same counters
        super()._begin_training(command)

    # Phase C.

    def _on_image_frame(self, octets: bytes) -> None:
        if self._state not in (State.READY, State.PAGE) or not self._correcting:
            return
        try:
            image = ecm.read_image_frame(octets)
        except FrameError:
            return
        self._state = State.PAGE
        if image is not None:
            self._block.take(*image)

    # Phase D.

    def _on_corrected(self, fcf: Fcf, fif: bytes) -> None:
        if fcf is Fcf.RR:
            self._on_ready_question()
            return
        try:
            if fcf is Fcf.CTC:
                self._on_slower(decode_modulation(fif))
            elif fcf is Fcf.PPS:
                self._on_block(ecm.read_partial_page(fif, PLAIN))
            else:
                self._on_block_given_up(ecm.second_field(fif, PLAIN))
        except FrameError:
            return

    def _on_block(self, question: ecm.PartialPage) -> None:
        """PPS: are all frames of the block here?"""
        if (question.page, question.block) == self._last_block:
            if self._state is State.DELIVERING:
                self._ask_for_patience()
            else:
                self._repeat(self._after)
            return
        if self._state in (State.DELIVERING, State.PARTING):
            return
        missing = self._block.missing(question.frames)
        if missing:
            self._state = State.READY
            self._answer(Fcf.PPR, self._await_command, ecm.encode_refusal(missing))
            return
        self._last_block = (question.page, question.block)
        self._positive = Fcf.MCF
        self._take_block(question.command)

    def _on_block_given_up(self, command: Fcf | None) -> None:
        """EOR: the sender goes on without the frames that are missing; the page has bad lines there."""
        if self._state in (State.DELIVERING, State.PARTING):
            self._repeat(self._after)
        elif self._block:
            self._positive = Fcf.ERR
            self._take_block(command)
        else:
            self._refuse()

    def _take_block(self, command: Fcf | None) -> None:
        """Hand the block on, and answer; `command` None: more of the page follows."""
        assert self._command is not None
        if not self._page_open:
            self._page_open = True
            self._refused = False
            self._pages_to(PageStarted(self.pages, self._command.page_format))
        self._pages_to(PageData(self._block.octets()))
        self._block = ecm.IncomingBlock()
        if command is None:
            self._state = State.READY
            self._answer(self._positive, self._await_command)
        else:
            self._end_page(command)

    def judge_page(self, quality: Quality) -> bool:
        """What a corrected page lacks its sender knows: it said so with EOR."""
        return self._correcting or super().judge_page(quality)

    def _on_slower(self, modulation: Modulation) -> None:
        """CTC: the block goes on at another speed."""
        if self._command is None or modulation not in self._own.modulations:
            return
        self._command = replace(self._command, modulation=modulation)
        self._state = State.READY
        self._answer(Fcf.CTR, self._await_command)

    # While the last page is being delivered.

    def _on_delivering(self) -> None:
        if self._correcting:
            self._overall.start(T5_S, self._not_told)
            self._ask_for_patience()

    def _ask_for_patience(self) -> None:
        """RNR: the last page is not delivered yet."""
        self._not_ready = True
        self._answer(Fcf.RNR, self._await_command)

    def _on_ready_question(self) -> None:
        """RR."""
        if self._state is not State.DELIVERING:
            self._repeat(self._after)  # the sender did not hear the answer
        elif self._verdict is None:
            self._ask_for_patience()
        else:
            self._tell_verdict()

    @property
    def _may_answer(self) -> bool:
        return super()._may_answer and not self._not_ready

    def _tell_verdict(self) -> None:
        self._not_ready = False
        self._overall.stop()
        super()._tell_verdict()
