"""T.4 and T.6: pages a second to code and to decode beside bare Pillow and libtiff, and text pages a second.

Both sides begin and end with packed pixels in memory; theirs writes and
reads a TIFF file in memory, ours the octets of a page. They take turns, so that a busy machine slows both. What a page
costs that came over a line, where every row is checked, is told by the documents.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from bench.bench_documents import HEADER, VALUES, sample_text
from bench.figures import QUICK, cpu_s, tell, tell_rate
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.styled_text import plain_paragraphs
from iosemu.fax.text_page import draw_page, set_pages

TURNS = 3 if QUICK else 30
TIMES_PILLOW = 0.9
TEXT_PAGES_PER_S = 80

(LINES,) = set_pages(plain_paragraphs(sample_text()))
PAGE = draw_page(LINES, HEADER.text(VALUES, 1, 1))
CODINGS = pytest.mark.parametrize("coding", Coding, ids=lambda coding: coding.name)


def beside(benchmark: Any, what: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Measure both, by turns."""
    rates: tuple[list[float], list[float]] = [], []

    def turns() -> None:
        for _ in range(TURNS):
            for step, known in zip((ours, theirs), rates, strict=True):
                begun = cpu_s()
                step()
                known.append(1 / (cpu_s() - begun))

    benchmark.pedantic(turns, rounds=1)
    tell(benchmark, what, "pages/s", rates[0])
    tell(benchmark, what, "pages/s", rates[1], "Pillow and libtiff", times=TIMES_PILLOW)


def saved(coding: Coding) -> bytes:
    """A page to a TIFF file by Pillow alone."""
    file = io.BytesIO()
    image = Image.frombytes("1", (PAGE.width_px, PAGE.rows), PAGE.octets)
    compression = "group4" if coding is Coding.MMR else "group3"
    options = {292: 1} if coding is Coding.MR else {}
    image.save(file, "TIFF", compression=compression, dpi=(204, 196), tiffinfo={278: PAGE.rows, **options})
    return file.getvalue()


@CODINGS
def test_encode(benchmark: Any, coding: Coding) -> None:
    page_format = PageFormat(coding=coding)
    beside(benchmark, f"{coding.name} encode", lambda: t4.encode(PAGE, page_format), lambda: saved(coding))


@CODINGS
def test_decode(benchmark: Any, coding: Coding) -> None:
    coded, file = t4.encode(PAGE, PageFormat(coding=coding)), saved(coding)
    assert coded.bitmap() == PAGE
    beside(benchmark, f"{coding.name} decode", coded.bitmap, lambda: Image.open(io.BytesIO(file)).tobytes())


def test_text_pages(benchmark: Any) -> None:
    benchmark.pedantic(lambda: draw_page(LINES, HEADER.text(VALUES, 1, 1)), rounds=TURNS, warmup_rounds=1)
    tell_rate(benchmark, "fine pages of text drawn", "pages/s", 1, at_least=TEXT_PAGES_PER_S)
