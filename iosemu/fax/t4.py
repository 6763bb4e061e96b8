"""T.4 and T.6 page data: read from the line or a file, checked, mended, and written again.

Rule: a `CodedPage` holds only sound rows, as the bits of their code words without fill, so it can be put on the line
(least significant bit first) or into a TIFF strip (most significant bit first) without touching a pixel. A row that
does not fill its width is bad; it is replaced by the row above it, as fax machines print it (T.4 leaves it open).
Pixels are coded and decoded by libtiff. Source: ITU-T T.4 clause 4, T.6 clause 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iosemu.fax import libtiff, t4_rows
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, DocumentError, PageFormat, Quality
from iosemu.fax.t4_codes import EOFB, EOL

if TYPE_CHECKING:
    from PIL import Image

MAX_ROWS = 20_000  # 2.6 m at fine density; bounds what a few octets can unfold to

_TWO_DIMENSIONAL, _ONE_DIMENSIONAL = "0", "1"  # the tag bit behind the EOL of MR
_MARGIN = "0" * 32  # the row readers look this far over the end


class PageDataError(DocumentError):
    """Page data in which no row can be read, or more rows than a page may have."""


@dataclass(frozen=True, slots=True)
class Damage:
    """How well a page came over: the values of the TIFF tags 326 and 328."""

    bad_rows: int = 0
    longest_run: int = 0


@dataclass(frozen=True, slots=True)
class CodedPage:
    """Sound rows: in MH and MR each behind its EOL, in MMR without EOFB; neither fill nor RTC.

    The first `bits` of `octets` count, the most significant first; zeros fill the last octet.
    """

    page_format: PageFormat
    rows: int
    octets: bytes
    bits: int
    damage: Damage = Damage()

    @classmethod
    def of(cls, page_format: PageFormat, rows: int, codes: Iterable[str], damage: Damage = Damage()) -> CodedPage:
        """From `codes` as below."""
        eol = "" if page_format.coding is Coding.MMR else EOL
        text = "".join([eol + code for code in codes])
        return cls(page_format, rows, _to_octets(text), len(text), damage)

    @property
    def codes(self) -> list[str]:
        """One text of bits a row (MR: with its tag bit); MMR: a single text for all rows."""
        text = _to_bits(self.octets)[: self.bits]
        return [text] if self.page_format.coding is Coding.MMR else text.split(EOL)[1:]

    @property
    def quality(self) -> Quality:
        """What the receiver of this page says to its sender."""
        return Quality.of(self.damage.bad_rows, self.rows)

    def wire(self) -> bytes:
        """The page as `Document.t4` gives it: first bit in the least significant bit, no RTC; MMR with its EOFB."""
        octets = self.strip() if self.page_format.coding is Coding.MMR else self.octets
        return reverse_bits(octets)

    def strip(self) -> bytes:
        """The page as one TIFF strip, most significant bit first: byte-aligned EOLs, no RTC; MMR with its EOFB."""
        if self.page_format.coding is Coding.MMR:
            return _to_octets(self.codes[0] + EOFB)
        # Fill stands before each EOL so that the EOL ends an octet (T4Options bit 2): the least that does.
        fills = ["0" * (-(len(code) + len(EOL)) % 8) for code in ("", *self.codes)]
        return _to_octets("".join([f"{fill}{EOL}{code}" for fill, code in zip(fills, self.codes, strict=False)]))

    def bitmap(self) -> Bitmap:
        """The pixels."""
        return Bitmap(self.page_format.width_px, self._image().tobytes())

    def inverted(self) -> CodedPage:
        """Black where white was."""
        return self._coded_anew(self.page_format, inverted=True)

    def recoded(self, page_format: PageFormat) -> CodedPage:
        """The same picture in another format."""
        if page_format == self.page_format:
            return self
        if page_format == replace(self.page_format, coding=page_format.coding):
            return self._coded_anew(page_format)
        bitmap = self.bitmap().at(self.page_format.resolution, page_format.resolution).fitted(page_format.width_px)
        return replace(encode(bitmap, page_format), damage=self.damage)

    def _coded_anew(self, page_format: PageFormat, *, inverted: bool = False) -> CodedPage:
        """The page in a format of the same size, without a detour over `Bitmap`."""
        image = self._image(inverted=inverted)
        if page_format.coding is not Coding.MMR:
            image = image.crop((0, 0, image.width, self.rows + 1))
        return replace(_encode(image, self.rows, page_format), damage=self.damage)

    def _image(self, *, inverted: bool = False) -> Image.Image:
        return libtiff.decode(self.octets, self.page_format, self.rows, inverted=inverted)


def encode(bitmap: Bitmap, page_format: PageFormat) -> CodedPage:
    """Codes a bitmap whose width and density are already those of `page_format`."""
    if bitmap.width_px != page_format.width_px:
        raise ValueError(f"a bitmap {bitmap.width_px} wide for a page {page_format.width_px} wide")
    if not 0 < bitmap.rows <= MAX_ROWS:
        raise PageDataError(f"a page of {bitmap.rows} rows cannot be sent")
    spare = 0 if page_format.coding is Coding.MMR else bitmap.stride
    return _encode(Bitmap(bitmap.width_px, bitmap.octets + bytes(spare)).plain_image(), bitmap.rows, page_format)


def _encode(image: Image.Image, rows: int, page_format: PageFormat) -> CodedPage:
    """Codes an image of `rows` rows; in MH and MR it has one more, whose EOL says where the last wanted row ends."""
    octets = libtiff.encode(image, page_format)
    # The wanted rows end where the last mark begins; a blank row is not longer than this.
    start = max(0, len(octets) - 512)
    bits = 8 * start + _to_bits(octets[start:]).rindex(EOFB if page_format.coding is Coding.MMR else EOL)
    whole, rest = divmod(bits, 8)
    last = bytes((octets[whole] & 0xFF00 >> rest,)) if rest else b""
    return CodedPage(page_format, rows, octets[:whole] + last, bits)


def read_wire(octets: bytes, page_format: PageFormat) -> CodedPage:
    """A page as it came over the line (first bit in the least significant bit), with or without RTC or EOFB."""
    return read(reverse_bits(octets), page_format)


def read(octets: bytes, page_format: PageFormat, rows: int | None = None) -> CodedPage:
    """A page, first bit in the most significant bit; `rows` is what a file says of it, None where nobody does.

    Raises PageDataError where no row is sound.
    """
    bits = _to_bits(octets)
    if page_format.coding is Coding.MMR:
        return _read_mmr(bits, page_format, rows)
    segments = _segments(bits, page_format)
    return _Mender(page_format).mend(segments if rows is None else segments[:rows])


def read_rows(octets: bytes, page_format: PageFormat, rows: int, *, align_octets: int = 1) -> CodedPage:
    """MH rows that stand one behind the other without EOL, each from a new octet (TIFF compression 2)."""
    bits, unit = _to_bits(octets), 8 * align_octets
    limit = len(bits)
    padded = bits + _MARGIN
    position = 0
    codes: list[str] = []
    while len(codes) < rows and position < limit:
        end = t4_rows.end_of_row(padded, position, page_format.width_px, limit)
        if end is None:  # without an EOL nobody knows where the next row begins
            break
        codes.append(bits[position:end])
        position = -(-end // unit) * unit
    if not codes:
        raise PageDataError("no readable row")
    return CodedPage.of(page_format, len(codes), codes)


def _to_bits(octets: bytes) -> str:
    return bin(int.from_bytes(b"\x01" + octets, "big"))[3:]


def _to_octets(bits: str) -> bytes:
    """Padded with zeros at the end."""
    if not bits:
        return b""
    padding = -len(bits) % 8
    return (int(bits, 2) << padding).to_bytes((len(bits) + padding) // 8, "big")


def _segments(bits: str, page_format: PageFormat) -> list[str]:
    """What stands between EOLs, up to the RTC; fill bits stay at the ends."""
    first, *segments = bits.split(EOL)
    empty = _ONE_DIMENSIONAL if page_format.coding is Coding.MR else ""
    for index in range(len(segments) - 1):
        # Two EOLs in a row are the beginning of an RTC.
        if segments[index] == empty and segments[index + 1] == empty:
            del segments[index:]
            break
    # What is left of an RTC that was cut, and padding.
    while segments and (segments[-1] == empty or "1" not in segments[-1]):
        segments.pop()
    # A first row without EOL occurs in files; on the line only fill stands there.
    if page_format.coding is Coding.MH and _row_code(first, page_format.width_px) is not None:
        segments.insert(0, first)
    elif first.strip("0").strip("1"):  # ones are what a modem sends until it is given the page
        segments.insert(0, "")  # the beginning of the page is lost, and with it at least a row
    return segments


def _row_code(segment: str, width: int) -> str | None:
    """The segment without its fill, if it is a sound row of MH."""
    end = t4_rows.end_of_row(segment + _MARGIN, 0, width, len(segment))
    if end is None or "1" in segment[end:]:
        return None
    return segment[:end]


class _Mender:
    """Takes the rows of a page in order and puts the row above in the place of a bad one."""

    def __init__(self, page_format: PageFormat) -> None:
        self._format = page_format
        self._two_dimensional = page_format.coding is Coding.MR
        self._codes: list[str] = []
        self._above: t4_rows.Row = [page_format.width_px]  # the last sound row of MR
        self._lost = False  # a bad row of MR, and no one-dimensional row since

    def mend(self, segments: list[str]) -> CodedPage:
        if len(segments) > MAX_ROWS:
            raise PageDataError(f"more than {MAX_ROWS} rows")
        bad = run = longest = 0
        read = self._read_mr if self._two_dimensional else self._read_mh(segments)
        codes = self._codes
        for segment in segments:
            code = read(segment)
            if code is None:
                bad += 1
                run += 1
                longest = max(longest, run)
                code = self._repeat()
            else:
                run = 0
            codes.append(code)
        if bad == len(codes):
            raise PageDataError("no readable row")
        return CodedPage.of(self._format, len(codes), codes, Damage(bad, longest))

    def _read_mh(self, segments: list[str]) -> Callable[[str], str | None]:
        """Rows of MH do not depend on each other, and many are alike: each is read once."""
        return {segment: _row_code(segment, self._format.width_px) for segment in set(segments)}.__getitem__

    def _read_mr(self, segment: str) -> str | None:
        width, limit, padded = self._format.width_px, len(segment), segment + _MARGIN
        found = None
        if segment[:1] == _ONE_DIMENSIONAL:
            found = t4_rows.read_1d(padded, 1, width, limit, reference=True)
        elif segment and not self._lost:
            found = t4_rows.read_2d(padded, 1, self._above, width, limit)
        if found is None or "1" in segment[found[1] :]:
            # What follows was coded against a row that nobody knows.
            self._lost = True
            return None
        self._lost = False
        self._above, end = found
        return segment[:end]

    def _repeat(self) -> str:
        if not self._codes:
            blank = encode(Bitmap.blank(self._format.width_px, 1), replace(self._format, coding=Coding.MH)).codes[0]
            return _ONE_DIMENSIONAL + blank if self._two_dimensional else blank
        if self._two_dimensional:
            return _TWO_DIMENSIONAL + "1" * len(self._above)  # vertical mode 0 for every change: as above
        return self._codes[-1]


def _read_mmr(bits: str, page_format: PageFormat, rows: int | None) -> CodedPage:
    """T.6 has no mark between rows: after a bad one nothing can be read, and the page ends there."""
    width, limit, padded = page_format.width_px, len(bits), bits + _MARGIN
    above = [width]
    position = count = 0
    while position < limit and (rows is None or count < rows):
        if count >= MAX_ROWS:
            raise PageDataError(f"more than {MAX_ROWS} rows")
        found = t4_rows.read_2d(padded, position, above, width, limit)
        if found is None:
            break
        above, position = found
        count += 1
    if not count:
        raise PageDataError("no readable row")
    ended = "1" not in bits[position:] or bits.startswith(EOFB, position) or count == rows
    damage = Damage() if ended else Damage(1, 1)
    return CodedPage.of(page_format, count, [bits[:position]], damage)
