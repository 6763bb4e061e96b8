"""A fax machine on a telephone line: dials and sends, rings, answers and keeps what it receives.

Rule: the last page of a received document is confirmed when the document is in the tray, on disk; a document whose
call broke off is kept as far as it came. What the machine says on the line is T.30's business (fax/t30); this
module lifts the handset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from iosemu.clock import Clock
from iosemu.events import EventSink, discard
from iosemu.fax import t4
from iosemu.fax.document import (
    WIDTH_A3_PX,
    WIDTH_A4_PX,
    WIDTH_B4_PX,
    Document,
    DocumentError,
    PageFormat,
    Resolution,
)
from iosemu.fax.events import FaxCause, Finished, Negotiated, PageConfirmed, PageData, PageEnded, PageStarted, RemoteId
from iosemu.fax.line import Data, HdlcFrame, LineSignal
from iosemu.fax.t4 import CodedPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t30.ecm import IMAGE_FIELDS
from iosemu.lab.events import FaxDialled, FaxReceived, FaxRinging, FaxSent
from iosemu.lab.paper import tiff_of
from iosemu.lab.paper_feed import PaperFeed
from iosemu.lab.topology import FaxNode, digits
from iosemu.lab.tray import FaxJob, Tray
from iosemu.voice.circuit import CallSetup, Cause, End
from iosemu.voice.ports import Exchange

FRAME_HEADER_OCTETS = 4  # of a frame of a corrected page: address, control, field, number
_RESOLUTIONS = (Resolution.STANDARD, Resolution.FINE, Resolution.SUPERFINE)
_WIDTHS_PX = {"A4": WIDTH_A4_PX, "B4": WIDTH_B4_PX, "A3": WIDTH_A3_PX}

RING_ON_S, RING_CYCLE_S = 2.0, 6.0  # the bell of North America: 2 s of ringing, 4 s of silence


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sending is: confirmed pages of all pages, and how much of the present one is out (0 to 1)."""

    state: str
    pages: int
    of_pages: int
    part: float
    rate_bps: int


@dataclass(frozen=True, slots=True)
class SendResult:
    """The end of a sending: `cause` is empty where the last page was confirmed."""

    pages: int
    cause: str

    @property
    def ok(self) -> bool:
        return not self.cause


class MachineBusy(Exception):
    """The machine is in a call."""


class Activity(Protocol):
    """What occupies a machine's line."""

    def hang_up(self) -> None: ...


class FaxMachine:
    """One machine; a `Subscriber` of the exchange."""

    def __init__(
        self, node: FaxNode, *, clock: Clock, exchange: Exchange, tray: Tray, emit: EventSink = discard
    ) -> None:
        self.node = node
        self.number = digits(node.number)
        self.profile = _profile(node)
        self._clock, self._exchange, self.tray, self._emit = clock, exchange, tray, emit
        self.feed = PaperFeed(node.paper, node.jams_at)
        self._activity: Activity | None = None

    @property
    def in_call(self) -> bool:
        return self._activity is not None

    @property
    def busy(self) -> bool:
        return self.node.busy or self.in_call

    @property
    def state(self) -> str:
        """What it does, in a word or two."""
        if self.node.busy:
            return "always busy"
        if self.busy:
            return "in a call"
        return (self.feed.trouble or "idle") if self.node.answers else "never answers"

    def send(self, document: Document, called: str, watch: EventSink = discard) -> Activity:
        """Dial and send; `watch` hears `Progress`, at last a `SendResult`. Raises MachineBusy."""
        if self.busy:
            raise MachineBusy(f"fax machine {self.node.number} is busy")
        self._emit(FaxDialled(self.number, called))
        sending = _Sending(self._clock, self.profile, document, watch)
        sending.done = lambda result: self._sent(called, result)
        self._activity = sending
        sending.start(self._exchange.place(CallSetup(digits(called), self.number)))
        return sending

    def ring(self, end: End) -> None:
        """A call has come."""
        if self.busy:
            end.release(Cause.USER_BUSY)
            return
        self._emit(FaxRinging(self.number, end.setup.calling))
        receiving = _Receiving(self._clock, self.profile, self.tray, self.number, end, self.node.lies, self.feed)
        receiving.done = self._received
        self._activity = receiving
        delay_s = RING_ON_S + RING_CYCLE_S * (self.node.rings - 1) if self.node.rings else 0.0
        receiving.start(delay_s if self._answers(end.setup.calling) else None)

    def _answers(self, calling: str) -> bool:
        callers = [digits(number) for number in self.node.only_from]
        return self.node.answers and not self.feed.trouble and (not callers or digits(calling) in callers)

    def hang_up(self) -> None:
        """Break off whatever the machine does."""
        if self._activity is not None:
            self._activity.hang_up()

    def _sent(self, called: str, result: SendResult) -> None:
        self._activity = None
        self._emit(FaxSent(self.number, called, result.pages, result.cause))

    def _received(self, job: FaxJob | None) -> None:
        self._activity = None
        if job is not None:
            self._emit(FaxReceived(self.number, job.job, job.remote_id, job.pages, job.cause))


def _profile(node: FaxNode) -> Profile:
    """What the machine says of itself on the line."""
    return Profile(
        subscriber_id=node.tsi or digits(node.number),
        max_rate_bps=node.max_rate,
        resolutions=frozenset(_RESOLUTIONS[: _RESOLUTIONS.index(Resolution[node.finest.upper()]) + 1]),
        widths_px=frozenset(width for width in _WIDTHS_PX.values() if width <= _WIDTHS_PX[node.width]),
        min_scan_ms=node.scan_ms,
        ecm=node.ecm,
    )


class _Sending:
    """One outgoing call."""

    def __init__(self, clock: Clock, profile: Profile, document: Document, watch: EventSink) -> None:
        self._document = _Measured(document)
        self._watch = watch
        self._terminal = FaxTerminal(clock, self._transmit, self._heard, profile)
        self.done: Callable[[SendResult], None] = discard
        self._end: End | None = None
        self._answered = self._over = False
        self._state, self._rate_bps, self._confirmed = "dialling", 0, 0
        self._reported = 0.0
        self._clock = clock

    def start(self, end: End) -> None:
        self._end = end
        end.on_alerting = lambda: self._tell("ringing")
        end.on_answer = self._connected
        end.on_signal = self._terminal.receive
        end.on_release = self._released
        self._tell("dialling")

    def hang_up(self) -> None:
        if self._answered:
            self._terminal.abort(FaxCause.ABORTED)
        self._finish(FaxCause.ABORTED.text)

    def _connected(self) -> None:
        self._answered = True
        self._tell("connected")
        self._terminal.call(self._document)

    def _released(self, cause: Cause) -> None:
        if self._answered:
            self._terminal.abort(FaxCause.HANGUP)
        self._finish(FaxCause.HANGUP.text if self._answered else cause.text)

    def _transmit(self, signal: LineSignal) -> None:
        if self._end is not None:
            self._end.send(signal)
        octets = _page_octets(signal)
        if octets and self._rate_bps and not self._over:  # it may have been the last one
            self._document.sent += octets
            if self._clock.now() - self._reported >= 0.25:
                self._tell(self._state)

    def _heard(self, event: object) -> None:
        if isinstance(event, Negotiated):
            self._rate_bps = event.rate_bps
            self._tell("sending")
        elif isinstance(event, PageConfirmed):
            self._confirmed, self._document.sent = event.index + 1, 0
            self._tell("sending")
        elif isinstance(event, Finished):
            self._finish("" if event.ok else event.cause.text)

    def _tell(self, state: str) -> None:
        self._state, self._reported = state, self._clock.now()
        self._watch(Progress(state, self._confirmed, self._document.pages, self._document.part, self._rate_bps))

    def _finish(self, cause: str) -> None:
        if self._over:
            return
        self._over = True
        if self._end is not None:
            self._end.release()
        # The receiver may hang up on the first flags of our DCN: what counts is that it confirmed the last page.
        result = SendResult(self._confirmed, "" if 0 < self._confirmed == self._document.pages else cause)
        self.done(result)
        self._watch(result)


def _page_octets(signal: LineSignal) -> int:
    """How much of a page a signal may carry, corrected or not."""
    if isinstance(signal, Data):
        return len(signal.octets)
    if isinstance(signal, HdlcFrame) and signal.octets[2] in IMAGE_FIELDS:
        return max(len(signal.octets) - FRAME_HEADER_OCTETS, 0)
    return 0


class _Measured:
    """A document that remembers how long the page on the line is, and how much of it is `sent`."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._size = self.sent = 0
        self.pages = 0
        while document.format(self.pages) is not None:
            self.pages += 1

    def format(self, index: int) -> PageFormat | None:
        return self._document.format(index)

    def t4(self, index: int, page_format: PageFormat) -> bytes:
        octets = self._document.t4(index, page_format)
        self._size, self.sent = len(octets), 0
        return octets

    @property
    def part(self) -> float:
        return min(self.sent / self._size, 1.0) if self._size else 0.0


@dataclass(slots=True)
class _Paper:
    """What has come in so far: whole pages, and the bits of the page that is being printed."""

    pages: list[CodedPage] = field(default_factory=list)
    page_format: PageFormat = field(default_factory=PageFormat)
    octets: bytearray = field(default_factory=bytearray)
    remote_id: str = ""
    rate_bps: int = 0


class _Receiving:
    """One incoming call."""

    def __init__(
        self, clock: Clock, profile: Profile, tray: Tray, number: str, end: End, lies: str, feed: PaperFeed
    ) -> None:
        self._clock, self._tray, self._number, self._end = clock, tray, number, end
        self._lies, self._feed = lies, feed
        self._terminal = FaxTerminal(clock, end.send, self._heard, profile)
        self._paper = _Paper()
        self._started: datetime = clock.wall()
        self._job: FaxJob | None = None
        self._answered = self._over = False
        self._answer = clock.call_later(0.0, lambda: None)
        self.done: Callable[[FaxJob | None], None] = discard

    def start(self, answer_after_s: float | None) -> None:
        """Ring, and answer after that time, or never."""
        self._end.on_signal = self._terminal.receive
        self._end.on_release = self._released
        self._end.alert()
        if answer_after_s is not None:
            self._answer = self._clock.call_later(answer_after_s, self._pick_up)

    def hang_up(self) -> None:
        self._released(Cause.NORMAL)

    def _pick_up(self) -> None:
        self._answered = True
        self._end.answer()
        if not self._over:  # the caller's tone begins at once, and with it what may become of the line
            self._terminal.answer(self._page)

    def _released(self, cause: Cause) -> None:
        self._answer.cancel()
        if self._answered:
            self._terminal.abort(FaxCause.HANGUP)
        self._finish(FaxCause.HANGUP.text if self._answered else cause.text)

    def _page(self, event: object) -> None:
        paper = self._paper
        if isinstance(event, PageData):
            paper.octets += event.octets
        elif isinstance(event, PageStarted):
            paper.page_format, paper.octets = event.page_format, bytearray()
        elif isinstance(event, PageEnded):
            self._print(event)

    def _print(self, event: PageEnded) -> None:
        """A page is over: ask for it again where nothing can be read of it; the last one makes the document whole."""
        paper = self._paper
        if self._lies == "confirms":
            if not event.more:
                self._terminal.confirm(True)
            return
        if trouble := self._feed.sheet(event.index + 1):
            self._finish(trouble)
            self._terminal.abort()
            return
        try:
            paper.pages[event.index :] = [t4.read_wire(bytes(paper.octets), paper.page_format)]
        except DocumentError:
            self._terminal.reject_page()
            return
        if self._lies == "refuses":
            self._terminal.reject_page()
        elif self._terminal.judge_page(paper.pages[event.index].quality) and not event.more:
            self._confirm()

    def _heard(self, event: object) -> None:
        if isinstance(event, RemoteId):
            self._paper.remote_id = event.text.strip()
        elif isinstance(event, Negotiated):
            self._paper.rate_bps = event.rate_bps
        elif isinstance(event, Finished):
            self._finish("" if event.ok else event.cause.text)

    def _confirm(self) -> None:
        try:
            self._keep("")
        except OSError:
            self._terminal.confirm(False)
        else:
            self._terminal.confirm(True)

    def _keep(self, cause: str) -> None:
        """Lay the pages that came whole into the tray, or correct the facts of what lies there; raises OSError."""
        paper = self._paper
        first = self._job is None
        self._job = FaxJob(
            job=self._tray.new_job() if self._job is None else self._job.job,
            machine=self._number,
            calling=self._end.setup.calling,
            remote_id=paper.remote_id,
            pages=len(paper.pages),
            started=self._started.isoformat(timespec="seconds"),
            ended=self._clock.wall().isoformat(timespec="seconds"),
            rate_bps=paper.rate_bps,
            cause=cause,
        )
        self._tray.put(self._job, tiff_of(paper.pages, self._started) if first else None)

    def _finish(self, cause: str) -> None:
        if self._over:
            return
        self._over = True
        self._end.release()
        if self._paper.pages and (self._job is None or cause):
            try:
                self._keep(cause)
            except OSError:  # no room for what came: the machine has nothing to show
                self._job = None
        self.done(self._job)
