"""The cover page of a text fax: `fax send coverpage enable | comment | show-detail`.

Rule: the comment is the title; show-detail adds the header lines of the mail. What stands where on a real gateway's
cover is not documented: the fields and their order are inferred.
"""

from __future__ import annotations

from dataclasses import dataclass

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.glyphs import title_face
from iosemu.fax.header_line import HeaderValues
from iosemu.fax.styled_text import Align, Paragraph, Style, normal
from iosemu.fax.text_page import (
    BODY_TOP,
    COLUMNS,
    MARGIN,
    PAGE_ROWS,
    STRIDE,
    Line,
    break_lines,
    finished,
    line_rows,
)

_DEFAULT_TITLE = "FAX"
_TITLE_COLUMNS = COLUMNS // 2
_TITLE_LINES = 4
_LABEL_COLUMNS = 10
_FIELD_LINES = 4  # a subject may be long, the cover is one page
_RULE = (MARGIN + b"\xff" * (STRIDE - 2 * len(MARGIN)) + MARGIN) * 4


@dataclass(frozen=True, slots=True)
class CoverPage:
    """What the cover shows. `details`: the header lines of the mail, or nothing without show-detail."""

    comment: str = ""
    subject: str = ""
    details: tuple[str, ...] = ()

    def draw(self, values: HeaderValues, pages: int) -> Bitmap:
        """The page; `pages` counts it."""
        parts = [bytes(STRIDE * BODY_TOP), self._title(), _gap(24), _RULE, _gap(34)]
        fields = [
            ("To:", values.destination),
            ("From:", values.sender),
            ("Date:", values.time),
            ("Pages:", str(pages)),
            ("Subject:", self.subject),
        ]
        for label, value in fields:
            if value:
                parts.append(_field(label, value))
        parts += [_gap(34), _RULE, _gap(34)]
        for detail in self.details:
            parts += [line_rows(line) for line in break_lines(Paragraph(_one_line(detail)))]
        return finished(b"".join(parts)[: STRIDE * (PAGE_ROWS - BODY_TOP // 2)])

    def _title(self) -> bytes:
        face = title_face()
        lines = break_lines(Paragraph(_one_line(self.comment) or _DEFAULT_TITLE, align=Align.CENTER), _TITLE_COLUMNS)
        rows: list[bytes] = []
        for line in lines[:_TITLE_LINES]:
            rows += face.line(line.text, bytes([Style.BOLD]) * len(line.text))
        return b"".join([(MARGIN + row).ljust(STRIDE, b"\x00") for row in rows])


def _field(label: str, value: str) -> bytes:
    """A bold label and its value, continued under itself, half a line apart from the next."""
    lines = break_lines(Paragraph(_one_line(value)), COLUMNS - _LABEL_COLUMNS)[:_FIELD_LINES]
    rows = []
    for index, line in enumerate(lines):
        text = f"{'' if index else label:<{_LABEL_COLUMNS}}{line.text}"
        rows.append(line_rows(Line(text, bytes([Style.BOLD]) * len(label) + bytes(len(text) - len(label)))))
    return b"".join(rows) + _gap(12)


def _gap(rows: int) -> bytes:
    return bytes(STRIDE * rows)


def _one_line(text: str) -> str:
    return " ".join(normal(text).split())
