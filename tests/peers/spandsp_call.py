"""One fax call between our terminal and libspandsp's: clocks in step, datagrams between them, a bad line if wanted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from ctypes import CDLL
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL.TiffImagePlugin import TiffImageFile

from iosemu.clock import ManualClock
from iosemu.fax import dle, t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.dsp import FaxDsp
from iosemu.fax.events import FaxCause, Finished, FrameSent, Negotiated, PageData, PageEnded, PageStarted
from iosemu.fax.fmsp import Fmsp
from iosemu.fax.ifp import Syntax
from iosemu.fax.line import CarrierOff, CarrierOn, LineSignal, Modulation
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t38 import Redundancy, T38Link
from iosemu.fax.tiff_writer import TiffWriter
from iosemu.fax.udptl import MAX_JUMP, Protection
from tests.fax_documents.samples import WHEN, page

from .spandsp import COMPLETED, SAMPLES_PER_S, Compressions, Modems, Settings, SpandspTerminal

STEP_SAMPLES = 160  # 20 ms
LIMIT_S = 900.0
HANG_UP_S = 20.0
"""So long after our end the call is over, whether or not the library heard the DCN."""

ALL_MODEMS = Modems.V17 | Modems.V29 | Modems.V27TER
COMPRESSIONS = {
    Coding.MH: Compressions.MH,
    Coding.MR: Compressions.MH | Compressions.MR,
    Coding.MMR: Compressions.MH | Compressions.MMR,
}
PAGES = (page(60, seed=1), page(45, seed=2))

Way = Callable[[LineSignal], LineSignal]


def clean(signal: LineSignal) -> LineSignal:
    return signal


@dataclass
class Call:
    """One call; `sends` tells who sends: "we" or "spandsp". Who sends is also who calls, but with polling."""

    library: CDLL
    directory: Path
    sends: str
    page_format: PageFormat = field(default_factory=PageFormat)
    ecm: bool = False
    modems: Modems = ALL_MODEMS
    pages: tuple[Bitmap, ...] = PAGES
    parity: bool = False
    loss: float = 0.0
    seed: int = 1
    forged: float = 0.0
    """How many datagrams with a number of the forger's fancy come to us for each true one."""
    line: Way = clean
    """What the line does to the signals of the page's way, between our terminal and its link."""
    profile: Profile = field(default_factory=lambda: Profile("15551234"))
    settings: dict[str, Any] = field(default_factory=dict)
    syntax: Syntax = Syntax.V2002
    router: bool = False
    """Whether a router's DSP and FMSP are at our end of the line, instead of a bare terminal."""
    polled: bool = False
    formats: tuple[PageFormat, ...] = ()
    """The formats of the pages, where they are not all in `page_format`."""

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.events: list[Any] = []
        self.received: list[t4.CodedPage] = []
        self._open = bytearray()
        self._carrier = Modulation.V21
        self._carrier_s = self._page_s = 0.0
        self._format = PageFormat()
        self._chance = random.Random(self.seed)
        self.lost = 0
        self.forgeries = 0
        self._to_spandsp: list[bytes] = []
        self._to_us: list[bytes] = []
        self.file = self.directory / "page.tif"
        spandsp_sends = self.sends == "spandsp"
        if spandsp_sends:
            self.file.write_bytes(tiff(self._pages_to_send()))
        said = Settings(
            file=self.file,
            calling=spandsp_sends != self.polled,
            sends=spandsp_sends,
            ecm=self.ecm,
            modems=self.modems,
            compressions=COMPRESSIONS[self.page_format.coding],
            parity=self.parity,
        )
        self.spandsp = SpandspTerminal(self.library, replace(said, **self.settings), self._to_us.append)
        protection = Protection(3, 3) if self.parity else None
        self.link = T38Link(self._to_spandsp.append, self._hear, Redundancy(3, 3), protection, self.syntax)
        profile = replace(self.profile, ecm=self.ecm, codings=frozenset({self.page_format.coding}))
        self.terminal: FaxTerminal | Fmsp
        self._decoder = dle.Decoder()
        if self.router:
            self.terminal = fmsp = Fmsp(
                self.clock, lambda datagram: self._dsp.from_host(datagram), self._on_media, profile
            )
            self._dsp = FaxDsp(self.clock, self._speak, fmsp.from_dsp)
        else:
            self.terminal = FaxTerminal(self.clock, self._speak, self.events.append, profile)

    def run(self) -> Call:
        self._start(self.terminal)
        ended_s = LIMIT_S
        while self.spandsp.completion is None or not self.terminal.finished:
            at = self.clock.now() + STEP_SAMPLES / SAMPLES_PER_S
            if self.terminal.finished:
                ended_s = min(ended_s, at)
                if at > ended_s + HANG_UP_S:
                    break
            assert at < LIMIT_S, (self.frames(), self.spandsp.completion)
            self.clock.run(at)
            for datagram in self._network(self._to_spandsp):
                self.spandsp.datagram(datagram)
            self.spandsp.step(STEP_SAMPLES)
            for datagram in self._network(self._to_us):
                self.link.datagram(datagram)
                if self._chance.random() < self.forged:
                    self.forgeries += 1
                    ahead = self._chance.randrange(MAX_JUMP + 2, 0x8000)
                    number = (int.from_bytes(datagram[:2], "big") + ahead) % 0x10000
                    self.link.datagram(number.to_bytes(2, "big") + datagram[2:])
        self.far_identity, self.far_sub_address = self.spandsp.far_identity, self.spandsp.far_sub_address
        self.spandsp.close()
        return self

    def _start(self, terminal: FaxTerminal | Fmsp) -> None:
        document = None
        if self.sends == "we":
            document = PagedDocument([StoredPage(coded) for coded in self._pages_to_send()])
        match terminal:
            case Fmsp() if document is not None:
                terminal.send(document)
            case Fmsp():
                terminal.receive(self._on_stream)
            case FaxTerminal() if document is not None and not self.polled:
                terminal.call(document)
            case FaxTerminal() if document is None and self.polled:
                terminal.poll(self._on_page)
            case FaxTerminal():
                terminal.answer(self._on_page, document)

    def _pages_to_send(self) -> list[t4.CodedPage]:
        formats = self.formats or (self.page_format,) * len(self.pages)
        return [t4.encode(bitmap, page_format) for bitmap, page_format in zip(self.pages, formats, strict=True)]

    def _network(self, datagrams: list[bytes]) -> Iterator[bytes]:
        while datagrams:
            datagram = datagrams.pop(0)
            if self._chance.random() < self.loss:
                self.lost += 1
            else:
                yield datagram

    def _hear(self, signal: LineSignal) -> None:
        if self.sends == "spandsp":
            self._time(signal)
        heard = self.line(signal) if self.sends == "spandsp" else signal
        if isinstance(self.terminal, Fmsp):
            self._dsp.from_line(heard)
        else:
            self.terminal.receive(heard)

    def _speak(self, signal: LineSignal) -> None:
        if self.sends == "we":
            self._time(signal)
        self.link.signal(self.line(signal) if self.sends == "we" else signal)

    def _time(self, signal: LineSignal) -> None:
        if isinstance(signal, CarrierOn):
            self._carrier, self._carrier_s = signal.modulation, self.clock.now()
        elif isinstance(signal, CarrierOff) and self._carrier is not Modulation.V21:
            self._page_s = self.clock.now() - self._carrier_s

    def _on_media(self, event: object) -> None:
        self.events.append(event)
        self._on_page(event)

    def _on_stream(self, octets: bytes) -> None:
        for item in self._decoder.feed(octets):
            if isinstance(item, bytes):
                self._open += item

    def _on_page(self, event: object) -> None:
        if isinstance(event, PageStarted):
            self._format, self._open = event.page_format, bytearray()
        elif isinstance(event, PageData):
            self._open += event.octets
        elif isinstance(event, PageEnded):
            del self.received[event.index :]
            self.received.append(t4.read_wire(bytes(self._open), self._format))
            if not event.more:
                self.terminal.confirm(True)

    # What is asked afterwards.

    @property
    def end(self) -> Finished:
        return next(event for event in self.events if isinstance(event, Finished))

    def negotiated(self) -> Negotiated:
        """The first DCS."""
        return next(event for event in self.events if isinstance(event, Negotiated))

    def page_s(self) -> float:
        """How long the carrier of the last page was on, training included."""
        return self._page_s

    def frames(self) -> list[str]:
        """Names of the frames that we sent."""
        return [event.name for event in self.events if isinstance(event, FrameSent)]

    def pixels(self) -> list[Bitmap]:
        """The pages that were received, by whoever did."""
        return [coded.bitmap() for coded in self.received] if self.sends == "spandsp" else read(self.file)

    def assert_delivered(self) -> None:
        assert (self.end.ok, self.end.cause, self.end.pages) == (True, FaxCause.OK, len(self.pages))
        assert self.spandsp.completion == COMPLETED
        assert self.pixels() == list(self.pages)


def tiff(pages: list[t4.CodedPage]) -> bytes:
    writer = TiffWriter()
    for coded in pages:
        writer.add_page(coded, WHEN)
    return writer.octets()


def read(file: Path) -> list[Bitmap]:
    """A file by Pillow, not by us."""
    found = []
    with TiffImageFile(file) as image:
        for index in range(image.n_frames):
            image.seek(index)
            found.append(Bitmap.from_image(image.convert("1")))
    return found
