"""Pages a second of every step between T.4, TIFF, text and pictures.

The page is 52 lines of text, 1728 x 2156, fine, or a photo of that size made of dots; the mail steps are what an
on-ramp (DLE stream in, TIFF out) and an off-ramp (TIFF or text in, MH out) do with it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import partial

from PIL import Image

from bench.figures import QUICK, cpu_s, tell
from iosemu.fax import dle, t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.dmsp import DocToFax, FaxToDoc, PlainText, TiffFile
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.fax.pictures import to_bitmap
from iosemu.fax.styled_text import plain_paragraphs
from iosemu.fax.text_page import draw_page, set_pages
from iosemu.fax.tiff_reader import read_tiff
from iosemu.fax.tiff_writer import TiffWriter

WHEN = datetime(2003, 2, 14, 10, 20, 30)
VALUES = HeaderValues("tom@testlab-t37.com", "95558354", WHEN)
HEADER = HeaderLine("From $s$", "$a$", "Page $p$")
MH = PageFormat()
PAGE_PX, PAGE_ROWS = 1728, 2156
TURNS, TURN_S = (1, 0.0) if QUICK else (5, 0.2)

WORDS = "the order of forty widgets was shipped on Monday, and the invoice No. 4711 of 120.50 is attached below"


def sample_text() -> str:
    """52 lines that differ from each other, as a letter's do."""
    vocabulary = WORDS.split()
    lines = []
    for number in range(52):
        words = [vocabulary[(number * 7 + index * (1 + number % 5)) % len(vocabulary)] for index in range(13)]
        lines.append(" ".join(words)[: 40 + number * 11 % 40])
    return "\n".join(lines)


def on_ramp(stream: bytes, page_format: PageFormat, coding: Coding | None = None) -> bytes:
    to_doc = FaxToDoc(lambda: WHEN, coding=coding)
    to_doc.page_started(0, page_format)
    for start in range(0, len(stream), 1024):
        to_doc.feed(stream[start : start + 1024])
    return to_doc.tiff()


def off_ramp(part: PlainText | TiffFile) -> bytes:
    return DocToFax([part], VALUES, HEADER).document.t4(0, MH)


def photo() -> Bitmap:
    """A page of grey in all its shades, as dots: what costs T.4 most."""
    shades = bytes((x * 3 + y * 2) // 27 % 256 for y in range(PAGE_ROWS) for x in range(PAGE_PX))
    return to_bitmap(Image.frombytes("L", (PAGE_PX, PAGE_ROWS), shades))


def steps() -> dict[str, Callable[[], object]]:
    """Everything that is measured, by its name."""
    text = sample_text()
    (lines,) = set_pages(plain_paragraphs(text))
    page = draw_page(lines, HEADER.text(VALUES, 1, 1))
    found: dict[str, Callable[[], object]] = {
        "text to lines": lambda: set_pages(plain_paragraphs(text)),
        "lines to pixels": lambda: draw_page(lines, "header"),
    }
    for kind, bitmap in (("text", page), ("photo", photo())):
        for coding in Coding:
            page_format = PageFormat(coding=coding)
            coded = t4.encode(bitmap, page_format)
            name = f"{coding.name}, {kind}: "
            found[f"{name}pixels to rows"] = partial(t4.encode, bitmap, page_format)
            found[f"{name}rows to line"] = coded.wire
            found[f"{name}line to checked rows"] = partial(t4.read_wire, coded.wire(), page_format)
            found[f"{name}rows to TIFF strip"] = coded.strip
            found[f"{name}rows to pixels"] = coded.bitmap
    mh = t4.encode(page, MH)
    writer = TiffWriter()
    writer.add_page(mh, WHEN)
    tiff, stream = writer.octets(), dle.encode(mh.wire()) + dle.END_OF_PAGE
    picture = page.image().convert("L").resize((2550, 3300))
    found["TIFF directory read"] = lambda: read_tiff(tiff)
    found["on-ramp: DLE stream to TIFF, passthrough"] = lambda: on_ramp(stream, MH)
    found["on-ramp: DLE stream to TIFF, image encoding mmr"] = lambda: on_ramp(stream, MH, Coding.MMR)
    found["off-ramp: TIFF to line"] = lambda: off_ramp(TiffFile(tiff))
    found["off-ramp: text to line"] = lambda: off_ramp(PlainText(text))
    found["picture 2550 x 3300 to pixels"] = lambda: to_bitmap(picture)
    found["page to PNG"] = lambda: page.image().save(io.BytesIO(), "PNG")
    return found


def test_pages_a_second(benchmark) -> None:  # type: ignore[no-untyped-def]
    measured: dict[str, list[float]] = {}

    def all_steps() -> None:
        for name, step in steps().items():
            step()  # tables and glyphs are made at first use
            for _ in range(TURNS):
                begun, runs = cpu_s(), 0
                while not runs or cpu_s() - begun < TURN_S:
                    step()
                    runs += 1
                measured.setdefault(name, []).append(runs / (cpu_s() - begun))

    benchmark.pedantic(all_steps, rounds=1)
    for name, rates in measured.items():
        tell(benchmark, name, "pages/s", rates)
