"""The calling terminal that sends a document.

Rule: one method a phase (A call, B training, C page, D confirmation), and one table of what each response means in each
state. A command is sent three times before the terminal gives up with DCN. Source: ITU-T T.30 clause 5.3 and the flow
diagrams of 5.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Final

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Document, DocumentError, PageFormat
from iosemu.fax.events import FaxCause, Negotiated, PageConfirmed, PageRefused, PageSent
from iosemu.fax.line import LineSignal, Modulation, Tone
from iosemu.fax.modem import DataBurst, Silence, ToneBurst
from iosemu.fax.t30 import frames, page_bits
from iosemu.fax.t30.capabilities import Capabilities, Command, decode_capabilities, encode_command
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t30.negotiation import Profile, common_format, common_modulations, training_check
from iosemu.fax.t30.procedure import T1_S, T4_S, TRIES, TURNAROUND_S, Procedure

CNG_PAUSE_S: Final = 3.0

PAGE_TRIES: Final = 3
"""How often a page is sent before its refusals end the call."""

_POSITIVE: Final = (Fcf.MCF, Fcf.PIP, Fcf.RTP)


class State(Enum):
    CALLING = auto()  # A, and B up to the first DIS; also after EOM
    TRAINING = auto()  # B: DCS and TCF went out, CFR or FTT is awaited
    PAGE = auto()  # C
    CONFIRMING = auto()  # D: the post-message command went out
    ENDING = auto()  # E


class Sender(Procedure):
    """Sends `document`; `Finished(ok=True)` only when the last page was confirmed."""

    from_caller = True

    def __init__(
        self,
        clock: Clock,
        transmit: Callable[[LineSignal], None],
        emit: EventSink,
        profile: Profile,
        document: Document,
    ) -> None:
        super().__init__(clock, transmit, emit, profile)
        self._document = document
        self._state = State.CALLING
        self._index = 0
        self._tries = 0
        self._page_tries = 0
        self._far = Capabilities()
        self._rates: tuple[Modulation, ...] = ()
        self._command: Command | None = None
        self._post_message = Fcf.EOP

    # Phase A.

    def start(self) -> None:
        """The call is answered: begin with CNG."""
        if self._document.format(0) is None:
            self._finish(FaxCause.NO_DOCUMENT)
            return
        self._overall.start(T1_S, self._nobody_there)
        self._calling_tone()

    def _calling_tone(self) -> None:
        self._modem.send([ToneBurst(Tone.CNG), Silence(CNG_PAUSE_S)], self._calling_tone)

    def _nobody_there(self) -> None:
        self._modem.stop()
        self._state = State.ENDING
        self._disconnect(FaxCause.NO_ANSWER if not self.pages else FaxCause.T1_TIMEOUT)

    @property
    def _deaf(self) -> bool:
        # The calling tone is the one signal during which a terminal listens.
        return self._modem.busy and self._state is not State.CALLING

    def _on_preamble(self) -> None:
        if self._state is State.CALLING:
            self._modem.stop()

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
        elif fcf is Fcf.DIS and self._state is State.CALLING:
            self._on_offer(message.fif)
        elif self._state is State.TRAINING:
            self._on_training_reply(fcf)
        elif self._state is State.CONFIRMING:
            self._on_page_reply(fcf)

    def _on_training_reply(self, fcf: Fcf) -> None:
        if fcf is Fcf.CFR:
            self._send_page()
        elif fcf is Fcf.FTT:
            self._slower()
        elif fcf is Fcf.DIS:
            self._again()  # the receiver did not catch the DCS

    def _on_page_reply(self, fcf: Fcf) -> None:
        if fcf in _POSITIVE:
            self._page_confirmed(retrain=fcf is Fcf.RTP)
        elif fcf in (Fcf.RTN, Fcf.PIN):
            self._page_refused()

    def _on_listening(self) -> None:
        if self._state is State.CALLING and self._overall.running and not self.pages:
            # Frames without a usable DIS: keep calling until T1 ends. (After EOM only the DIS is waited for.)
            self._modem.send([Silence(CNG_PAUSE_S)], self._calling_tone)

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
        self._command = Command(self._rates[0], page_format, self._far.min_scan_ms(page_format.resolution))
        self._tries = 0
        self._send_command()

    def _send_command(self) -> None:
        command = self._command
        assert command is not None
        self._state = State.TRAINING
        messages = [(Fcf.DCS, encode_command(command))]
        if self.profile.subscriber_id:
            messages.insert(0, (Fcf.TSI, frames.encode_identifier(self.profile.subscriber_id)))
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
        page = DataBurst(modulation, modulation.family == "V.17", bits)
        self._send([page], lambda: self._page_sent(len(bits)))

    def _page_sent(self, octets: int) -> None:
        self._emit(PageSent(self._index, octets))
        self._tries = 0
        self._post_message = self._next_step()
        self._send_post_message()

    # Phase D.

    def _next_step(self) -> Fcf:
        """EOP after the last page, MPS where the next one looks the same on the line, else EOM for a new phase B."""
        assert self._command is not None
        if self._document.format(self._index + 1) is None:
            return Fcf.EOP
        return Fcf.MPS if self._page_format(self._index + 1) == self._command.page_format else Fcf.EOM

    def _send_post_message(self) -> None:
        self._state = State.CONFIRMING
        self._tries += 1
        self._send([self._say((self._post_message, b""))], self._await_reply)

    def _page_confirmed(self, *, retrain: bool) -> None:
        self._emit(PageConfirmed(self._index))
        self._index += 1
        self._page_tries = 0
        self.pages += 1
        if self._post_message is Fcf.EOP:
            self._state = State.ENDING
            self._disconnect(FaxCause.OK, ok=True)
        elif self._post_message is Fcf.EOM:
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
            self._send_post_message()

    # Phase E.

    def _give_up(self, cause: FaxCause) -> None:
        self._state = State.ENDING
        self._disconnect(cause)
