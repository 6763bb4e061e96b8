"""Reads TIFF-F and TIFF-S files: both byte orders, any number of pages and strips, both fill orders.

Rule: nothing in the file is believed before it is checked, and nothing is unpacked before it is asked for; whatever is
not a fax page raises `TiffError` with one line. Directories first (cheap), rows page by page. Source: TIFF 6.0, RFC
2301 profiles S and F.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import chain

from iosemu.fax import t4
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution

MAX_PAGES = 2_000
_MAX_ENTRIES = 1_000
_MAX_VALUES = t4.MAX_ROWS  # of one entry: no more strips than rows

WIDTHS_PX = frozenset({1728, 2048, 2432})

_UNCOMPRESSED_MODE = 2  # bit of T4Options and T6Options
_REDUCED_IMAGE = 1  # bit of NewSubfileType: a thumbnail, not a page
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
_CENTIMETRE = 3


class TiffError(DocumentError):
    """The octets are no TIFF file, or no fax; the text says why and does not name the file."""


class NotAFax(TiffError):
    """A TIFF file that is sound as far as it was read, but whose pages are not those of a fax machine."""


@dataclass(frozen=True, slots=True)
class TiffPage:
    """A page of a file, still packed. `page_format` is its natural format (compression 2 counts as MH)."""

    number: int
    page_format: PageFormat
    rows: int
    strips: tuple[memoryview | bytes, ...]
    rows_per_strip: int
    aligned_rows: bool
    black_is_zero: bool

    def coded(self, page_format: PageFormat) -> t4.CodedPage:
        """The page's rows, as they are packed where the format is its own; raises TiffError."""
        try:
            return self._read().recoded(page_format)
        except t4.PageDataError as error:
            raise TiffError(f"page {self.number} is damaged: {error}") from None

    def _read(self) -> t4.CodedPage:
        parts = [self._read_strip(index, strip) for index, strip in enumerate(self.strips)]
        if len(parts) == 1:
            page = parts[0]
        elif self.page_format.coding is Coding.MMR:
            # The first row of a strip is coded against white, whatever stands above it.
            page = t4.encode(
                Bitmap(self.page_format.width_px, b"".join(part.bitmap().octets for part in parts)), self.page_format
            )
        else:
            damage = t4.Damage(
                sum(part.damage.bad_rows for part in parts), max(part.damage.longest_run for part in parts)
            )
            codes = list(chain.from_iterable(part.codes for part in parts))
            page = t4.CodedPage.of(self.page_format, len(codes), codes, damage)
        if self.black_is_zero:
            page = page.inverted()
        return page

    def _read_strip(self, index: int, packed: memoryview | bytes) -> t4.CodedPage:
        strip = bytes(packed)
        rows = min(self.rows_per_strip, self.rows - index * self.rows_per_strip)
        if self.aligned_rows:
            part = t4.read_rows(strip, self.page_format, rows)
        else:
            part = t4.read(strip, self.page_format, rows)
        if self.page_format.coding is Coding.MMR and part.damage.bad_rows:
            raise t4.PageDataError(f"row {index * self.rows_per_strip + part.rows + 1} cannot be read")
        return part


def read_tiff(octets: bytes) -> tuple[TiffPage, ...]:
    """The pages of a file, thumbnails left out; raises TiffError."""
    if octets[:4] not in (b"II*\x00", b"MM\x00*"):
        raise TiffError("not a TIFF file")
    order = "<" if octets[:2] == b"II" else ">"
    position = struct.unpack(order + "I", octets[4:8].ljust(4, b"\x00"))[0]
    seen: set[int] = set()
    pages: list[TiffPage] = []
    while position:
        if position in seen:
            raise TiffError("damaged TIFF file: its pages form a circle")
        if len(seen) >= MAX_PAGES:
            raise TiffError(f"a TIFF file of more than {MAX_PAGES} pages")
        seen.add(position)
        directory = _Directory(octets, order, position)
        if not directory.number(254, 0) & _REDUCED_IMAGE:
            pages.append(_page(directory, len(pages) + 1))
        position = directory.following
    if not pages:
        raise TiffError("a TIFF file without a page")
    return tuple(pages)


class _Directory:
    """The entries of one directory; values are fetched when asked for."""

    def __init__(self, octets: bytes, order: str, position: int) -> None:
        self._octets = octets
        self._order = order
        try:
            (count,) = struct.unpack_from(order + "H", octets, position)
            if not 0 < count <= _MAX_ENTRIES:
                raise TiffError("damaged TIFF file: a page without a description")
            entries = [struct.unpack_from(order + "HHI", octets, position + 2 + 12 * n) for n in range(count)]
            # Some writers end the file without the link of the last page.
            end = position + 2 + 12 * count
            link = octets[end : end + 4].ljust(4, b"\x00")
            (self.following,) = struct.unpack(order + "I", link)
        except struct.error:
            raise TiffError("damaged TIFF file: it ends within the description of a page") from None
        self._entries = {tag: (kind, values, position + 10 + 12 * n) for n, (tag, kind, values) in enumerate(entries)}

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def number(self, tag: int, default: int | None = None) -> int:
        """The first value of a tag."""
        values = self.numbers(tag)
        if values:
            return values[0]
        if default is None:
            raise TiffError(f"damaged TIFF file: a page without tag {tag}")
        return default

    def numbers(self, tag: int) -> tuple[int, ...]:
        """All values of a tag of whole numbers; none where the tag is absent."""
        if tag not in self._entries:
            return ()
        kind, count, _ = self._entries[tag]
        if kind not in (1, 3, 4) or count > _MAX_VALUES:
            raise TiffError(f"damaged TIFF file: tag {tag} makes no sense")
        return self._unpack(tag, {1: "B", 3: "H", 4: "I"}[kind], count)

    def ratio(self, tag: int) -> float | None:
        """The first value of a tag of rationals; None where it is absent or makes no sense."""
        if tag not in self._entries:
            return None
        kind, count, _ = self._entries[tag]
        if kind in (3, 4) and count:
            return float(self.number(tag))
        if kind != 5 or not count:
            return None
        numerator, denominator = self._unpack(tag, "II", 1)
        return numerator / denominator if denominator else None

    def _unpack(self, tag: int, code: str, count: int) -> tuple[int, ...]:
        kind, _, position = self._entries[tag]
        form = self._order + code * count
        try:
            if _SIZES[kind] * count > 4:
                (position,) = struct.unpack_from(self._order + "I", self._octets, position)
            return struct.unpack_from(form, self._octets, position)
        except struct.error:
            raise TiffError("damaged TIFF file: it ends within the description of a page") from None

    def strips(self) -> tuple[memoryview, ...]:
        """Views into the file, of which a long one need not be there twice."""
        offsets, lengths = self.numbers(273), self.numbers(279)
        if not offsets:
            raise NotAFax("not a fax: a TIFF page without strips")
        if not lengths and len(offsets) == 1:
            lengths = (max(0, len(self._octets) - offsets[0]),)  # old writers leave it to the reader
        if len(lengths) != len(offsets):
            raise TiffError("damaged TIFF file: strips without a length")
        if any(start + length > len(self._octets) for start, length in zip(offsets, lengths, strict=True)):
            raise TiffError("damaged TIFF file: it ends within a page")
        if sum(lengths) > len(self._octets):
            raise TiffError("damaged TIFF file: strips overlap")
        view = memoryview(self._octets)
        return tuple(view[start : start + length] for start, length in zip(offsets, lengths, strict=True))


def _page(directory: _Directory, number: int) -> TiffPage:
    compression = directory.number(259, 1)
    if compression not in (2, 3, 4) or directory.number(258, 1) != 1 or directory.number(277, 1) != 1:
        raise NotAFax(f"not a fax: page {number} is not coded as MH, MR or MMR")
    options = directory.number(292, 0) if compression == 3 else directory.number(293, 0) if compression == 4 else 0
    if options & _UNCOMPRESSED_MODE:
        raise NotAFax(f"page {number} uses uncompressed mode, which no fax machine reads")
    width, rows = directory.number(256), directory.number(257)
    if width not in WIDTHS_PX:
        raise NotAFax(f"not a fax: page {number} is {width} pixels wide")
    if not 0 < rows <= t4.MAX_ROWS:
        raise TiffError(f"page {number} has {rows} rows")
    photometric, fill_order = directory.number(262, 0), directory.number(266, 1)
    if photometric not in (0, 1) or fill_order not in (1, 2):
        raise NotAFax(f"not a fax: page {number} has no black and white that is known")
    strips: tuple[memoryview | bytes, ...] = directory.strips()
    rows_per_strip = min(directory.number(278, rows) or rows, rows)
    if len(strips) != -(-rows // rows_per_strip):
        raise TiffError(f"damaged TIFF file: page {number} has {len(strips)} strips")
    if fill_order == 2:
        strips = tuple(reverse_bits(bytes(strip)) for strip in strips)
    coding = Coding.MMR if compression == 4 else Coding.MR if options & 1 else Coding.MH
    return TiffPage(
        number,
        PageFormat(width, _resolution(directory), coding),
        rows,
        strips,
        rows_per_strip,
        aligned_rows=compression == 2,
        black_is_zero=photometric == 1,
    )


def _resolution(directory: _Directory) -> Resolution:
    """The density of Group 3 that is nearest to what the file tells."""
    density = directory.ratio(283) or 0.0
    return Resolution.nearest(density * 2.54 if directory.number(296, 2) == _CENTIMETRE else density)
