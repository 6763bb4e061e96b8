"""The fax media service provider: the T.30 terminal of the router, which sees the line as T.38 datagrams of its DSP.

Rule: towards the DSP it speaks UDPTL, towards the DMSP the DLE stream; pages that come in leave as transparent octets
with DLE ETX at each end of page, pages to send come in the same way, and fill bits and RTC are added here. One provider
serves one call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.fax import dle
from iosemu.fax.document import Document, PageFormat, Quality
from iosemu.fax.events import DatagramSent, Direction, FaxCause, PageData, PageEnded
from iosemu.fax.line import LineSignal
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy, T38Link


class Fmsp:
    """`to_dsp` gets datagrams, `emit` every event of the call (PageStarted and PageEnded too, but no page data)."""

    def __init__(
        self,
        clock: Clock,
        to_dsp: Callable[[bytes], None],
        emit: EventSink,
        profile: Profile,
        redundancy: Redundancy | None = None,
    ) -> None:
        self._to_dsp = to_dsp
        self._emit = emit
        self._to_dmsp: Callable[[bytes], None] = _drop
        self._buffer = bytearray()
        self._link = T38Link(self._send_datagram, self._hear, redundancy)
        self._terminal = FaxTerminal(clock, self._link.signal, emit, profile)

    def receive(self, to_dmsp: Callable[[bytes], None]) -> None:
        """On-ramp, the call is answered: pages go to `to_dmsp` as a DLE stream.

        PageStarted is emitted before the first octets of a page, PageEnded after its DLE ETX. A page that begins with
        the index of the one before replaces it. After PageEnded(more=False) call `confirm`.
        """
        self._to_dmsp = to_dmsp
        self._terminal.answer(self._on_page)

    def send(self, document: Document) -> None:
        """Off-ramp, the fax machine has answered: send the DMSP's document."""
        self._terminal.call(_FromDmsp(document))

    def from_dsp(self, datagram: bytes) -> None:
        """Take a datagram of the DSP."""
        self._emit(DatagramSent(Direction.TO_HOST, datagram))
        self._link.datagram(datagram)

    def confirm(self, ok: bool) -> None:
        """On-ramp: the last page is delivered (MCF) or cannot be (DCN)."""
        self._terminal.confirm(ok)

    def judge_page(self, quality: Quality) -> bool:
        """On-ramp, while PageEnded is emitted: how well the page can be read; says whether it stands."""
        return self._terminal.judge_page(quality)

    def reject_page(self) -> None:
        """On-ramp, while PageEnded is emitted: answer the page with RTN."""
        self._terminal.reject_page()

    def abort(self, reason: FaxCause = FaxCause.HANGUP) -> None:
        """The call is gone; Finished is emitted unless it was before."""
        self._terminal.abort(reason)

    @property
    def finished(self) -> bool:
        return self._terminal.finished

    def _send_datagram(self, octets: bytes) -> None:
        self._emit(DatagramSent(Direction.TO_DSP, octets))
        self._to_dsp(octets)

    def _hear(self, signal: LineSignal) -> None:
        self._terminal.receive(signal)

    def _on_page(self, event: object) -> None:
        if isinstance(event, PageData):
            self._buffer += event.octets
            if len(self._buffer) >= dle.BUFFER_OCTETS:
                self._hand_over()
            return
        self._hand_over()
        if isinstance(event, PageEnded):
            self._to_dmsp(dle.END_OF_PAGE)
        self._emit(event)

    def _hand_over(self) -> None:
        if self._buffer:
            self._to_dmsp(dle.encode(bytes(self._buffer)))
            self._buffer.clear()


@dataclass(frozen=True, slots=True)
class _FromDmsp:
    """The DMSP's pages as this side of the stream reads them: a `Document` again."""

    document: Document

    def format(self, index: int) -> PageFormat | None:
        return self.document.format(index)

    def t4(self, index: int, page_format: PageFormat) -> bytes:
        stream = dle.encode(self.document.t4(index, page_format)) + dle.END_OF_PAGE
        return b"".join(item for item in dle.Decoder().feed(stream) if isinstance(item, bytes))


def _drop(octets: bytes) -> None:
    """Where page octets go on a call that sends."""
