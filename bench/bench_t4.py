"""T.4 and T.6: pages a second to code and to decode beside bare Pillow and libtiff, and text pages a second.

Run: `python -m pytest bench/bench_t4.py -s`. Both sides begin and end with packed pixels in memory; theirs writes and
reads a TIFF file in memory, ours the octets of a page. They take turns, so that a busy machine slows both. What a page
costs that came over a line, where every row is checked, is told by `bench_documents.py`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
from PIL import Image

from bench.bench_documents import HEADER, VALUES, sample_text
from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.styled_text import plain_paragraphs
from iosemu.fax.text_page import draw_page, set_pages

TURNS = 30
AT_LEAST = 0.9
TEXT_PAGES_PER_S = 80

(LINES,) = set_pages(plain_paragraphs(sample_text()))
PAGE = draw_page(LINES, HEADER.text(VALUES, 1, 1))
CODINGS = pytest.mark.parametrize("coding", Coding, ids=lambda coding: coding.name)


def seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def beside(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """How many times as fast ours is; the best turn of each counts."""
    turns = [(seconds(ours), seconds(theirs)) for _ in range(TURNS)]
    own, other = (min(column) for column in zip(*turns, strict=True))
    print(f"\n{name}: {1 / own:.0f} pages/s, Pillow and libtiff {1 / other:.0f}: {other / own:.2f}")
    return other / own


def saved(coding: Coding) -> bytes:
    """A page to a TIFF file by Pillow alone."""
    file = io.BytesIO()
    image = Image.frombytes("1", (PAGE.width_px, PAGE.rows), PAGE.octets)
    compression = "group4" if coding is Coding.MMR else "group3"
    options = {292: 1} if coding is Coding.MR else {}
    image.save(file, "TIFF", compression=compression, dpi=(204, 196), tiffinfo={278: PAGE.rows, **options})
    return file.getvalue()


@CODINGS
def test_encode(coding: Coding) -> None:
    page_format = PageFormat(coding=coding)
    ratio = beside(f"{coding.name} encode", lambda: t4.encode(PAGE, page_format), lambda: saved(coding))
    assert ratio >= AT_LEAST


@CODINGS
def test_decode(coding: Coding) -> None:
    coded, file = t4.encode(PAGE, PageFormat(coding=coding)), saved(coding)
    assert coded.bitmap() == PAGE
    assert beside(f"{coding.name} decode", coded.bitmap, lambda: Image.open(io.BytesIO(file)).tobytes()) >= AT_LEAST


def test_text_pages() -> None:
    draw: Callable[[], Bitmap] = lambda: draw_page(LINES, HEADER.text(VALUES, 1, 1))  # noqa: E731
    rate = 1 / min(seconds(draw) for _ in range(TURNS))
    print(f"\ntext: {rate:.0f} fine pages/s")
    assert rate >= TEXT_PAGES_PER_S
