"""The letters of text pages: DejaVu Sans Mono, each glyph drawn once by Pillow and kept as rows of pixels.

Rule: a face has cells of fixed width. Cells whose width is no whole number of octets are kept in groups that are (two
of 20 pixels are five octets), so setting a line is joining octets, no drawing. The font is in font/, with its licence.
"""

from __future__ import annotations

import io
import math
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from iosemu.fax.styled_text import Style

if TYPE_CHECKING:
    from PIL import ImageFont

_GROUPS_KEPT = 50_000
_SLANT = 5  # an italic glyph moves one pixel to the right for so many rows
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Face:
    """One size of the font. `cell_px`, `rows`: the cell; `baseline`: rows from its top to the foot of a letter."""

    def __init__(self, size_px: int, cell_px: int, rows: int, baseline: int) -> None:
        self.cell_px = cell_px
        self.rows = rows
        self.group = 8 // math.gcd(cell_px, 8)
        self._size_px = size_px
        self._baseline = baseline
        self._font: ImageFont.FreeTypeFont | None = None
        self._missing: bytes | None = None
        self._glyphs: dict[tuple[str, int], tuple[int, ...]] = {}
        self._groups: dict[tuple[str, bytes], list[bytes]] = {}

    def line(self, text: str, styles: bytes = b"") -> list[bytes]:
        """The rows of a line of text, padded with blanks to a whole group."""
        group = self.group
        text += " " * (-len(text) % group)
        if styles:
            styles = styles.ljust(len(text), b"\x00")
        pieces = [
            self._grouped(text[index : index + group], styles[index : index + group])
            for index in range(0, len(text), group)
        ]
        return [b"".join(row) for row in zip(*pieces, strict=True)] if pieces else [b""] * self.rows

    def _grouped(self, text: str, styles: bytes) -> list[bytes]:
        key = (text, styles)
        found = self._groups.get(key)
        if found is None:
            if len(self._groups) >= _GROUPS_KEPT:
                self._groups.clear()
            found = self._groups[key] = self._join(text, styles or bytes(len(text)))
        return found

    def _join(self, text: str, styles: bytes) -> list[bytes]:
        glyphs = [self._glyph(char, style) for char, style in zip(text, styles, strict=True)]
        octets = self.cell_px * len(text) // 8
        joined = []
        for row in zip(*glyphs, strict=True):
            bits = 0
            for cell in row:
                bits = bits << self.cell_px | cell
            joined.append(bits.to_bytes(octets, "big"))
        return joined

    def _glyph(self, char: str, style: int) -> tuple[int, ...]:
        key = (char, style)
        if key not in self._glyphs:
            self._glyphs[key] = self._draw(char) if not style else self._styled(self._glyph(char, 0), style)
        return self._glyphs[key]

    def _draw(self, char: str) -> tuple[int, ...]:
        rows = self._raster(char)
        if char.isspace():
            return (0,) * self.rows
        if self._missing is None:
            self._missing = self._raster("\U0010fffd")  # what the font shows for what it has not
        if rows == self._missing:
            rows = self._raster(_UNKNOWN)
        octets = -(-self.cell_px // 8)
        spare = octets * 8 - self.cell_px
        return tuple(int.from_bytes(rows[n * octets : (n + 1) * octets], "big") >> spare for n in range(self.rows))

    def _raster(self, char: str) -> bytes:
        from PIL import Image, ImageDraw, ImageFont

        if self._font is None:
            file = io.BytesIO(resources.files("iosemu.fax").joinpath("font/DejaVuSansMono.ttf").read_bytes())
            self._font = ImageFont.truetype(file, self._size_px, layout_engine=ImageFont.Layout.BASIC)
        cell = Image.new("1", (self.cell_px, self.rows), 0)
        ImageDraw.Draw(cell).text((0, self._baseline), char, font=self._font, fill=1, anchor="ls")
        return cell.tobytes()

    def _styled(self, rows: tuple[int, ...], style: int) -> tuple[int, ...]:
        mask = (1 << self.cell_px) - 1
        if style & Style.ITALIC:
            middle = self._baseline - self._size_px // 3
            rows = tuple(
                (row >> (middle - y) // _SLANT if y <= middle else row << (y - middle) // _SLANT) & mask
                for y, row in enumerate(rows)
            )
        if style & Style.BOLD:
            weight = max(1, self.cell_px // 14)
            for _ in range(weight):
                rows = tuple(row | row >> 1 for row in rows)
        if style & Style.UNDERLINE:
            first = self._baseline + 3
            rows = tuple(mask if first <= y < first + 2 else row for y, row in enumerate(rows))
        return rows


@lru_cache(maxsize=1)
def text_face() -> Face:
    """Ten characters and five lines an inch, near enough, on the fine grid; accents of capitals fit."""
    return Face(size_px=33, cell_px=20, rows=39, baseline=31)


@lru_cache(maxsize=1)
def title_face() -> Face:
    """Twice as large."""
    return Face(size_px=66, cell_px=40, rows=78, baseline=62)
