"""Text with marks, before it is set on pages: paragraphs of characters, each with a style.

Rule: no markup survives here; what cannot be shown on a black and white page of fixed pitch is text all the same.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, IntFlag

FORM_FEED = "\f"
TAB_COLUMNS = 8


class Style(IntFlag):
    """How a character is drawn."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    UNDERLINE = 4


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands between two line ends. `styles` has one octet a character, or is empty where all are plain.

    `indent` and `indent_right` are columns of both margins, `first` is what the first line has more on the left.
    """

    text: str
    styles: bytes = b""
    align: Align = Align.LEFT
    indent: int = 0
    new_page: bool = False
    indent_right: int = 0
    first: int = 0


def plain_paragraphs(text: str) -> list[Paragraph]:
    """text/plain: a paragraph a line; a form feed begins a page."""
    paragraphs = []
    for number, sheet in enumerate(normal(text).split(FORM_FEED)):
        for index, line in enumerate(sheet.split("\n")):
            paragraphs.append(Paragraph(line.expandtabs(TAB_COLUMNS), new_page=bool(number) and not index))
    return paragraphs


def normal(text: str) -> str:
    """Line ends as \\n, accents joined to their letters, no control characters but tab, line end and form feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join([char for char in text if char in "\n\t\f" or unicodedata.category(char) not in _INVISIBLE])


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


def is_blank(paragraphs: list[Paragraph]) -> bool:
    """Whether nothing would be printed."""
    return not any(paragraph.text.strip() for paragraph in paragraphs)
