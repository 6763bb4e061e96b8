"""Pages to test with."""

from __future__ import annotations

import random
from datetime import datetime

from hypothesis import strategies as st

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Resolution

WHEN = datetime(2003, 2, 14, 10, 20, 30)
FORMATS = [PageFormat(1728, resolution, coding) for coding in Coding for resolution in Resolution]


def negative(bitmap: Bitmap) -> Bitmap:
    """Black where the page is white."""
    return Bitmap(bitmap.width_px, bytes(255 - octet for octet in bitmap.octets))


def page(rows: int = 60, width_px: int = 1728, seed: int = 1) -> Bitmap:
    """Rows of runs of all lengths, blank ones, repeated ones, and rows that begin or end in black."""
    source = random.Random(seed)
    octets: list[bytes] = []
    while len(octets) < rows:
        kind = source.randrange(5)
        if kind == 0 and octets:
            octets.append(octets[-1])
            continue
        bits, colour = "", source.choice("01")
        while len(bits) < width_px:
            longest = {1: 8, 2: 60, 3: 700, 4: width_px}.get(kind, 20)
            bits += colour * source.randint(1, longest)
            colour = "1" if colour == "0" else "0"
        octets.append(int(bits[:width_px], 2).to_bytes(width_px // 8, "big"))
    octets[len(octets) // 2] = bytes(width_px // 8)
    octets[-1] = b"\xff" * (width_px // 8)
    return Bitmap(width_px, b"".join(octets))


@st.composite
def bitmaps(draw: st.DrawFn) -> Bitmap:
    """Small pages; most rows are changed copies of the row above, as in real pages."""
    row = bytearray(216)
    rows: list[bytes] = []
    for _ in range(draw(st.integers(1, 6))):
        for start, length, value in draw(
            st.lists(st.tuples(st.integers(0, 215), st.integers(1, 120), st.integers(0, 255)), max_size=4)
        ):
            end = min(216, start + length)
            row[start:end] = bytes([value]) * (end - start)
        rows.append(bytes(row))
    return Bitmap(1728, b"".join(rows))
