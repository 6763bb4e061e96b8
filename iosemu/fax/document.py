"""What a fax terminal sends: pages that can be coded as the receiver wants them.

Rule: a `Document` knows pictures and codings, the T.30 engine knows the line. The engine asks for the natural format
of each page, negotiates, then asks for the page in the format that both ends can do. Codings are those of ITU-T T.4 and
T.6, sizes and densities those of T.4 clause 2 and T.30 table 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


class Resolution(Enum):
    """Density of a Group 3 page; the value is (horizontal dpi, vertical dpi) as a TIFF rounds them."""

    STANDARD = (204, 98)  # 8 per mm x 3.85 lines per mm
    FINE = (204, 196)  # 8 per mm x 7.7 lines per mm
    SUPERFINE = (204, 391)  # 8 per mm x 15.4 lines per mm

    @property
    def x_dpi(self) -> int:
        return self.value[0]

    @property
    def y_dpi(self) -> int:
        return self.value[1]

    @classmethod
    def nearest(cls, y_dpi: float) -> Resolution:
        """The one whose rows stand most nearly as dense; fine where a file does not tell, which reads as 0 or 1."""
        return min(cls, key=lambda resolution: abs(resolution.y_dpi - y_dpi)) if y_dpi > 1 else cls.FINE


class Coding(Enum):
    """Compression of a page; the value is its short name."""

    MH = "MH"  # T.4 one-dimensional
    MR = "MR"  # T.4 two-dimensional, K = 2 at standard density, 4 at fine, 8 at superfine
    MMR = "MMR"  # T.6; only inside error correction


# Scan line lengths of T.4 at 8 pixels per mm.
WIDTH_A4_PX = 1728
WIDTH_B4_PX = 2048
WIDTH_A3_PX = 2432


@dataclass(frozen=True, slots=True)
class PageFormat:
    """How a page is scanned and coded; `width_px` is the length of every scan line."""

    width_px: int = WIDTH_A4_PX
    resolution: Resolution = Resolution.FINE
    coding: Coding = Coding.MH


class Quality(Enum):
    """How well a page of plain scan lines came over, and so what a receiver answers: MCF, RTP or RTN.

    No Recommendation names limits; those of the tests of TIA/EIA TSB-85 are what terminals keep to.
    """

    GOOD = auto()
    POOR = auto()  # it can be read, but the line wants a new training
    BAD = auto()  # it has to come again

    @classmethod
    def of(cls, bad_rows: int, rows: int) -> Quality:
        """The grade of a page with so many bad rows among its rows."""
        if 20 * bad_rows < rows:
            return cls.GOOD
        return cls.POOR if 20 * bad_rows <= 3 * rows else cls.BAD


class DocumentError(Exception):
    """A page cannot be given, or not in the format asked for; the text says why in one line."""


class Document(Protocol):
    """Pages in order, from 0. Both methods may be called more than once for a page (a page is sent again after RTN)."""

    def format(self, index: int) -> PageFormat | None:
        """The natural format of page `index`, or None after the last page. Cheap: asked again before each page."""
        ...

    def t4(self, index: int, page_format: PageFormat) -> bytes:
        """The whole page coded in `page_format`, which may differ from the natural one; raises DocumentError.

        Wire order: the first bit on the line is the least significant bit of the first octet.
        MH and MR: each row is preceded by its EOL (MR: EOL and tag bit), so the first bits are an EOL; zeros may stand
        before any EOL (byte-aligned EOLs are fine); no RTC; the last octet is padded with zeros. MMR: no EOL, but EOFB.
        The engine that sends adds what the line needs: fill bits up to the minimum scan line time, and RTC.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """Pages kept as they were coded, each a pair of its format and its T.4 data; they are not coded anew."""

    pages: tuple[tuple[PageFormat, bytes], ...]

    def format(self, index: int) -> PageFormat | None:
        return self.pages[index][0] if index < len(self.pages) else None

    def t4(self, index: int, page_format: PageFormat) -> bytes:
        stored, octets = self.pages[index]
        if stored != page_format:
            raise DocumentError(f"page {index + 1} is stored as {stored.coding.value} and cannot be coded anew")
        return octets
