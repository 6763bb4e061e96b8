"""A Group 3 fax terminal: the one face of the T.30 engine.

Rule: signals in, signals and events out, no socket and no sleep. A terminal makes one call: `call`, `poll` or `answer`
once the line is up, then `receive` for each signal, until `Finished` is emitted; then the owner hangs up.
Source: ITU-T T.30.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax.document import Document, Quality
from iosemu.fax.events import FaxCause, Finished
from iosemu.fax.line import LineSignal
from iosemu.fax.t30.block_receiver import BlockReceiver
from iosemu.fax.t30.negotiation import Profile
from iosemu.fax.t30.poller import Poller
from iosemu.fax.t30.receiver import Receiver
from iosemu.fax.t30.sender import Sender


class FaxTerminal:
    """One terminal on one call; `emit` gets its events, `transmit` its signals when they have crossed the line."""

    def __init__(
        self,
        clock: Clock,
        transmit: Callable[[LineSignal], None],
        emit: EventSink,
        profile: Profile,
    ) -> None:
        self._clock = clock
        self._transmit = transmit
        self._emit = emit
        self._profile = profile
        self._role: Sender | Receiver | None = None
        self._ended = False

    def call(self, document: Document) -> None:
        """Send `document`: the called party has just answered."""
        self._refuse_second_role()
        sender = Sender(self._clock, self._transmit, self._emit, self._profile, document)
        self._role = sender
        sender.start()

    def answer(self, pages: EventSink, document: Document | None = None) -> None:
        """Receive: the call has just been answered here. A caller that polls is sent `document` instead.

        `pages` gets PageStarted, PageData and PageEnded. After PageEnded(more=False) the owner must call `confirm`, at
        once or up to 60 s later; the sender repeats its EOP three times, so about 12 s is what most wait.
        """
        self._refuse_second_role()
        on_poll = None if document is None else lambda offer: self._serve(document, offer)
        self._receive_in(BlockReceiver(self._clock, self._transmit, self._emit, self._profile, pages, on_poll))

    def poll(self, pages: EventSink) -> None:
        """Fetch the document of the called party, which has just answered; `pages` and `confirm` as with `answer`."""
        self._refuse_second_role()
        self._receive_in(Poller(self._clock, self._transmit, self._emit, self._profile, pages))

    def _receive_in(self, role: Receiver) -> None:
        self._role = role
        role.start()

    def _serve(self, document: Document, offer: bytes) -> None:
        sender = Sender(self._clock, self._transmit, self._emit, self._profile, document, polled=True)
        self._role = sender
        sender.serve(offer)

    def receive(self, signal: LineSignal) -> None:
        """Take a signal from the line; ignored before the call and after its end."""
        if self._role is not None:
            self._role.receive(signal)

    def confirm(self, ok: bool) -> None:
        """Receiver: the last page is delivered, answer its EOP with MCF; or it cannot be, answer with DCN."""
        if isinstance(self._role, Receiver):
            self._role.confirm(ok)

    def judge_page(self, quality: Quality) -> bool:
        """Receiver, while it tells PageEnded: how well the page can be read decides between MCF, RTP and RTN.

        Says whether the page stands; where not it may come again, and there is nothing to `confirm`.
        """
        return isinstance(self._role, Receiver) and self._role.judge_page(quality)

    def reject_page(self) -> None:
        """Receiver, while it tells PageEnded: answer the page with RTN instead of MCF."""
        if isinstance(self._role, Receiver):
            self._role.reject_page()

    def abort(self, reason: FaxCause = FaxCause.ABORTED) -> None:
        """The line is gone (FaxCause.HANGUP) or the owner wants no more: finish at once, without DCN.

        A receiver that has confirmed the last page still finishes well.
        """
        if self._role is not None:
            self._role.hang_up(reason)
        elif not self._ended:
            self._ended = True
            self._emit(Finished(False, reason, 0))

    @property
    def finished(self) -> bool:
        return self._ended or (self._role is not None and self._role.finished)

    def _refuse_second_role(self) -> None:
        if self._role is not None or self._ended:
            raise RuntimeError("a fax terminal makes one call")
