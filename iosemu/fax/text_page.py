"""Sets text on fax pages: 80 columns, 52 lines, 1728 pixels wide, fine, of letter length.

Rule: the page is 2,156 rows (11 inches), which any paper of Group 3 holds; 64 pixels (8 mm) stay white on both sides.
The header line stands in its own place at the top, so that the text does not move with it. Line breaks fall on blanks
where there is one. The size of a gateway's text page is not documented (inferred: ten characters an inch).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import WIDTH_A4_PX, Coding, PageFormat, Resolution
from iosemu.fax.glyphs import text_face
from iosemu.fax.styled_text import Align, Paragraph

COLUMNS = 80
BODY_LINES = 52
PAGE_ROWS = 2156
TEXT_FORMAT = PageFormat(WIDTH_A4_PX, Resolution.FINE, Coding.MH)

STRIDE = WIDTH_A4_PX // 8
MARGIN = bytes(8)  # 64 pixels
_HEADER_TOP = 28
BODY_TOP = 108
_MIN_COLUMNS = 20  # however deep the indentation


@dataclass(frozen=True, slots=True)
class Line:
    """Up to 80 characters in their places; `styles` has one octet a character, or is empty."""

    text: str
    styles: bytes = b""


def set_pages(paragraphs: Iterable[Paragraph]) -> list[list[Line]]:
    """Breaks paragraphs into lines and lines into pages; blank pages at the end are left out."""
    pages: list[list[Line]] = [[]]
    for paragraph in paragraphs:
        if paragraph.new_page and pages[-1]:
            pages.append([])
        for line in break_lines(paragraph):
            if len(pages[-1]) == BODY_LINES:
                pages.append([])
            pages[-1].append(line)
    while len(pages) > 1 and not any(line.text.strip() for line in pages[-1]):
        pages.pop()
    return pages


def break_lines(paragraph: Paragraph, columns: int = COLUMNS) -> list[Line]:
    """One paragraph in lines of at most `columns`."""
    text, styles = paragraph.text.rstrip(), paragraph.styles
    left = min(paragraph.indent, columns - _MIN_COLUMNS)
    room = max(_MIN_COLUMNS, columns - left - paragraph.indent_right)
    first = max(-left, min(paragraph.first, room - _MIN_COLUMNS))
    lines: list[Line] = []
    start = 0
    while True:
        more = 0 if lines else first
        end = min(start + room - more, len(text))
        following = end
        if end < len(text) and text[end] != " ":
            blank = text.rfind(" ", start + 1, end)
            if blank > start and text[start:blank].strip():
                end, following = blank, blank + 1
        elif end < len(text):
            following = end + 1
        piece = text[start:end].rstrip()
        line = Line(piece, styles[start : start + len(piece)])
        last = following >= len(text)
        lines.append(_placed(line, paragraph.align, left + more, room - more, last=last))
        if last:
            return lines
        start = following


def _placed(line: Line, align: Align, left: int, room: int, *, last: bool) -> Line:
    """A line of a paragraph in its place between the margins."""
    spare = room - len(line.text)
    if align is Align.BOTH and not last:
        line = _spread(line, spare)
    shift = left + {Align.CENTER: spare // 2, Align.RIGHT: spare}.get(align, 0)
    return Line(" " * shift + line.text, bytes(shift) + line.styles if line.styles else b"")


def _spread(line: Line, spare: int) -> Line:
    """A line that reaches both margins: blanks are put evenly between its words."""
    gaps = [at for at in range(1, len(line.text)) if line.text[at] == " " != line.text[at - 1]]
    text, styles, done = "", b"", 0
    for number, at in enumerate(gaps):
        more = spare * (number + 1) // len(gaps) - spare * number // len(gaps)
        text += line.text[done:at] + " " * more
        styles += line.styles[done:at] + line.styles[at : at + 1] * more
        done = at
    return Line(text + line.text[done:], styles + line.styles[done:])


def draw_page(lines: Sequence[Line], header: str = "") -> Bitmap:
    """A page of lines under a header line of up to 80 characters."""
    rows = [bytes(STRIDE * _HEADER_TOP), line_rows(Line(header[:COLUMNS]))]
    rows.append(bytes(STRIDE * (BODY_TOP - _HEADER_TOP - text_face().rows)))
    rows += [line_rows(line) for line in lines[:BODY_LINES]]
    return finished(b"".join(rows))


def line_rows(line: Line) -> bytes:
    """The rows of a line at the full width of the page."""
    face = text_face()
    if not line.text:
        return bytes(STRIDE * face.rows)
    return b"".join([(MARGIN + row).ljust(STRIDE, b"\x00") for row in face.line(line.text, line.styles)])


def finished(octets: bytes) -> Bitmap:
    """Rows brought to the length of a page."""
    return Bitmap(WIDTH_A4_PX, octets.ljust(STRIDE * PAGE_ROWS, b"\x00"))
