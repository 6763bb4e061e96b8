"""A fax page that tells its number: sixteen bars, black for a one, and a border that shows where they are.

Rule: what a page is, is read from its pixels alone, so that it is known again after every coding that it went through.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

BITS = 16
_WIDTH_PX, _HEIGHT_PX, _BAR_PX = 1728, 60, 108
_MOST_LOST_PX = 10
"""Rows that a bad line may cost where nobody corrects errors."""


def page(number: int) -> bytes:
    """A TIFF file of one page, 0 <= number < 65536."""
    image = Image.new("1", (_WIDTH_PX, _HEIGHT_PX), 1)
    pen = ImageDraw.Draw(image)
    for bit in range(BITS):
        if number >> bit & 1:
            pen.rectangle((bit * _BAR_PX + 20, 10, bit * _BAR_PX + 80, 50), fill=0)
    octets = io.BytesIO()
    image.save(octets, "TIFF", compression="group3", dpi=(204, 196))
    return octets.getvalue()


def number(tiff: bytes) -> int:
    """The number of the first page; ValueError, OSError where it is none of ours."""
    with Image.open(io.BytesIO(tiff)) as image:
        width, height = image.size
        if width != _WIDTH_PX or abs(height - _HEIGHT_PX) > _MOST_LOST_PX:
            raise ValueError(f"a page of {image.size}")
        row = image.convert("L")
        return sum(1 << bit for bit in range(BITS) if row.getpixel((bit * _BAR_PX + 50, 30)) == 0)
