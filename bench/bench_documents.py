"""Pages a second of every step between T.4, TIFF, text and pictures, on one core.

Run: `python bench/bench_documents.py [SECONDS_PER_STEP]`. The page is 52 lines of text, 1728 x 2156, fine; the mail
steps are what an on-ramp (DLE stream in, TIFF out) and an off-ramp (TIFF or text in, MH out) do with it.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from iosemu.fax import dle, t4
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

WORDS = "the order of forty widgets was shipped on Monday, and the invoice No. 4711 of 120.50 is attached below"


def sample_text() -> str:
    """52 lines that differ from each other, as a letter's do."""
    vocabulary = WORDS.split()
    lines = []
    for number in range(52):
        words = [vocabulary[(number * 7 + index * (1 + number % 5)) % len(vocabulary)] for index in range(13)]
        lines.append(" ".join(words)[: 40 + number * 11 % 40])
    return "\n".join(lines)


def measure(name: str, step: Callable[[], object], seconds: float) -> float:
    step()  # tables and glyphs are made at first use
    runs, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        step()
        runs += 1
    print(f"{name:<46} {runs / elapsed:8.1f} pages/s {1000 * elapsed / runs:8.2f} ms")
    return runs / elapsed


def on_ramp(stream: bytes, page_format: PageFormat, coding: Coding | None = None) -> bytes:
    to_doc = FaxToDoc(lambda: WHEN, coding=coding)
    to_doc.page_started(0, page_format)
    for start in range(0, len(stream), 1024):
        to_doc.feed(stream[start : start + 1024])
    return to_doc.tiff()


def off_ramp(part: PlainText | TiffFile) -> bytes:
    return DocToFax([part], VALUES, HEADER).document.t4(0, MH)


def main(seconds: float) -> None:
    text = sample_text()
    (lines,) = set_pages(plain_paragraphs(text))
    bitmap = draw_page(lines, HEADER.text(VALUES, 1, 1))
    measure("text to lines", lambda: set_pages(plain_paragraphs(text)), seconds)
    measure("lines to pixels (glyphs at hand)", lambda: draw_page(lines, "header"), seconds)
    for coding in Coding:
        page_format = PageFormat(coding=coding)
        coded = t4.encode(bitmap, page_format)
        wire, strip = coded.wire(), coded.strip()
        name = f"{coding.name:<4}"
        measure(f"{name} pixels to rows ({len(wire)} octets)", partial(t4.encode, bitmap, page_format), seconds)
        measure(f"{name} rows to line", coded.wire, seconds)
        measure(f"{name} line to checked rows", partial(t4.read_wire, wire, page_format), seconds)
        measure(f"{name} rows to TIFF strip ({len(strip)} octets)", coded.strip, seconds)
        measure(f"{name} rows to pixels", coded.bitmap, seconds)
    mh = t4.encode(bitmap, MH)
    writer = TiffWriter()
    writer.add_page(mh, WHEN)
    tiff = writer.octets()
    measure("TIFF directory read", lambda: read_tiff(tiff), seconds)
    stream = dle.encode(mh.wire()) + dle.END_OF_PAGE
    measure("on-ramp: DLE stream to TIFF, passthrough", lambda: on_ramp(stream, MH), seconds)
    measure("on-ramp: DLE stream to TIFF, image encoding mmr", lambda: on_ramp(stream, MH, Coding.MMR), seconds)
    measure("off-ramp: TIFF to line", lambda: off_ramp(TiffFile(tiff)), seconds)
    measure("off-ramp: text to line", lambda: off_ramp(PlainText(text)), seconds)
    image = bitmap.image().convert("L").resize((2550, 3300))
    measure("picture 2550 x 3300 to pixels", lambda: to_bitmap(image), seconds)
    png = io.BytesIO()
    measure("page to PNG", lambda: bitmap.image().save(png, "PNG"), seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
