"""The document side of a fax mail: T.4 pages become a TIFF file (`FaxToDoc`), mail parts become pages (`DocToFax`).

Rule: on-ramp, the file holds the pages as the fax machine coded them unless the dial peer's `image encoding` or `image
resolution` says otherwise; off-ramp, both are ignored and the gateway sends MH, fine: of a file of standard density
each row goes out twice. Header line and cover page belong to text, TIFF parts have neither. Source: command reference
of `image encoding`, `image resolution`, `fax send`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from iosemu.fax import dle
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.cover_page import CoverPage
from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution
from iosemu.fax.enriched_text import enriched_paragraphs
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.fax.pages import DrawnPage, Page, PagedDocument
from iosemu.fax.styled_text import Paragraph, is_blank, plain_paragraphs
from iosemu.fax.t4 import CodedPage, PageDataError, read_wire
from iosemu.fax.text_page import TEXT_FORMAT, Line, draw_page, set_pages
from iosemu.fax.tiff_reader import read_tiff
from iosemu.fax.tiff_writer import GATEWAY_SOFTWARE, TiffWriter


class FaxToDoc:
    """Collects the pages of one call from the FMSP's DLE stream.

    `now` gives the local time that the file carries; `coding` and `resolution` None mean passthrough.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        coding: Coding | None = None,
        resolution: Resolution | None = None,
        software: str = GATEWAY_SOFTWARE,
    ) -> None:
        self._now = now
        self._coding = coding
        self._resolution = resolution
        self._software = software
        self._stream = dle.Decoder()
        self._format = PageFormat()
        self._octets = bytearray()
        self._pages: list[tuple[CodedPage, datetime]] = []
        self._strips: list[bytes] = []
        self.unreadable = 0
        """Pages in which no row could be read; they are not in the file."""

    @property
    def pages(self) -> tuple[CodedPage, ...]:
        """The pages that are complete."""
        return tuple(page for page, _ in self._pages)

    def page_started(self, index: int, page_format: PageFormat) -> None:
        """Page `index` begins on the stream; one that is sent again replaces itself. Those before it stay, and are
        packed now: at the end the caller waits for the file, and perhaps many callers at once."""
        self._format = page_format
        self._octets.clear()
        del self._pages[index:]
        self._pack()

    def page_refused(self) -> None:
        """The page that came last was answered with RTN: its sender knows that it is not delivered."""
        del self._pages[-1]

    def feed(self, octets: bytes) -> None:
        """Takes any piece of the DLE stream; never raises."""
        for item in self._stream.feed(octets):
            if isinstance(item, bytes):
                self._octets += item
            else:
                self._page_ended()

    def _page_ended(self) -> None:
        octets = bytes(self._octets)
        self._octets.clear()
        try:
            page = read_wire(octets, self._format)
            wanted = replace(
                self._format,
                coding=self._coding or self._format.coding,
                resolution=self._resolution or self._format.resolution,
            )
            self._pages.append((page.recoded(wanted), self._now()))
        except PageDataError:
            self.unreadable += 1

    def tiff(self) -> bytes:
        """The file; raises DocumentError where no page came."""
        if not self._pages:
            raise DocumentError("no page was received")
        self._pack()
        writer = TiffWriter(self._software)
        for (page, when), strip in zip(self._pages, self._strips, strict=True):
            writer.add_page(page, when, strip)
        return writer.octets()

    def _pack(self) -> None:
        """Have the strip of every page."""
        del self._strips[len(self._pages) :]
        self._strips += [page.strip() for page, _ in self._pages[len(self._strips) :]]


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text/plain part, its transfer encoding and character set undone."""

    text: str


@dataclass(frozen=True, slots=True)
class EnrichedText:
    """A text/enriched part, its transfer encoding and character set undone."""

    text: str


@dataclass(frozen=True, slots=True)
class TiffFile:
    """An image/tiff part, its transfer encoding undone."""

    octets: bytes


Part = PlainText | EnrichedText | TiffFile


class DocToFax:
    """Turns mail parts into the pages of one fax, in the order of the parts; each text part begins a page.

    `cover` None means none. The cover belongs to text: a mail of TIFF parts only has none. Raises TiffError (a
    DocumentError) for a TIFF part that is no fax, DocumentError where there is nothing to print.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        values: HeaderValues,
        header: HeaderLine | None = None,
        cover: CoverPage | None = None,
    ) -> None:
        self._values = values
        self._header = header or HeaderLine()
        sheets: list[list[Line] | Page] = []
        for part in parts:
            if isinstance(part, TiffFile):
                sheets += read_tiff(part.octets)
            else:
                paragraphs = _paragraphs(part)
                if not is_blank(paragraphs):
                    sheets += set_pages(paragraphs)
        has_text = any(isinstance(sheet, list) for sheet in sheets)
        self._total = len(sheets) + (1 if cover is not None and has_text else 0)
        pages: list[Page] = []
        if cover is not None and has_text:
            pages.append(DrawnPage(TEXT_FORMAT, partial(cover.draw, values, self._total)))
        for sheet in sheets:
            if isinstance(sheet, list):
                pages.append(DrawnPage(TEXT_FORMAT, partial(self._draw, sheet, len(pages) + 1)))
            else:
                pages.append(sheet)
        self.document = PagedDocument(pages, coding=Coding.MH, resolution=Resolution.FINE)
        """What the FMSP sends."""

    @property
    def pages(self) -> int:
        return self._total

    def _draw(self, lines: list[Line], number: int) -> Bitmap:
        return draw_page(lines, self._header.text(self._values, number, self._total))


def _paragraphs(part: PlainText | EnrichedText) -> list[Paragraph]:
    return enriched_paragraphs(part.text) if isinstance(part, EnrichedText) else plain_paragraphs(part.text)
