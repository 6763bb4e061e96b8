"""text/enriched as paragraphs: RFC 1896.

Rule: a single line end is a space, n line ends are n - 1; `<<` is a less-than sign; commands nest, and one that is not
known changes nothing but never shows. Bold, italic, underline, alignment and all indentation are kept; sizes, fonts and
colours are not, and no parameter shows. Broken markup is read as far as it goes: a mail is never refused for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from iosemu.fax.styled_text import TAB_COLUMNS, Align, Paragraph, Style, normal

_TOKEN = re.compile(r"<<|<(/?)([-A-Za-z0-9]{1,60})>|\n+|[^<\n]+|<")

_STYLES = {"bold": Style.BOLD, "italic": Style.ITALIC, "underline": Style.UNDERLINE}
_ALIGNS = {
    "center": Align.CENTER,
    "flushleft": Align.LEFT,
    "flushright": Align.RIGHT,
    "flushboth": Align.BOTH,
}
_INDENT = 4
# What a command does to the left margin, the right one, and the first line.
_INDENTS = {
    "indent": (_INDENT, 0, 0),
    "excerpt": (_INDENT, 0, 0),
    "indentright": (0, _INDENT, 0),
}
# The words that `paraindent` has as its parameter.
_WAYS = {
    "left": (_INDENT, 0, 0),
    "right": (0, _INDENT, 0),
    "in": (0, 0, _INDENT),
    "out": (_INDENT, 0, -_INDENT),
}
_PARAINDENT = "paraindent"
_MAX_INDENT = 40


def enriched_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text/enriched body; never raises."""
    return _Reader().read(normal(text).replace("\f", "\n\n"))


class _Reader:
    """The open commands, and the paragraph that is being filled."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._parameter = ""
        self._ways: list[tuple[int, int, int]] = []
        """What the open `paraindent` do."""
        self._paragraphs: list[Paragraph] = []
        self._text: list[str] = []
        self._styles: list[bytes] = []

    def read(self, text: str) -> list[Paragraph]:
        for match in _TOKEN.finditer(text):
            token, command = match[0], (match[2] or "").lower()
            if command:
                self._command(command, closing=bool(match[1]))
            elif "param" in self._open:
                self._parameter += token
            elif token[0] == "\n":
                self._line_ends(len(token))
            else:
                self._add("<" if token == "<<" else token)
        self._finish()
        return self._paragraphs

    def _command(self, command: str, *, closing: bool) -> None:
        # What sets a paragraph apart takes effect on a line of its own.
        if command in _ALIGNS or command in _INDENTS or command == _PARAINDENT:
            self._finish(only_if_filled=True)
        if not closing:
            self._open.append(command)
            if command == _PARAINDENT:
                self._ways.append((0, 0, 0))
        elif command in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(command)]
            if command == _PARAINDENT:
                self._ways.pop()
        if command == "param":
            if closing and self._open[-1:] == [_PARAINDENT]:
                words = [word.strip().lower() for word in self._parameter.split(",")]
                self._ways[-1] = _sum(_WAYS.get(word, (0, 0, 0)) for word in words)
            self._parameter = ""

    def _line_ends(self, count: int) -> None:
        if "nofill" in self._open:
            for _ in range(count):
                self._finish()
        elif count == 1:
            self._add(" ")
        else:
            for _ in range(count - 1):
                self._finish()

    def _add(self, text: str) -> None:
        style = Style.PLAIN
        for command in self._open:
            style |= _STYLES.get(command, Style.PLAIN)
        if "\t" in text:
            column = sum(map(len, self._text))
            filled = "nofill" not in self._open
            text = text.replace("\t", " ") if filled else (" " * column + text).expandtabs(TAB_COLUMNS)[column:]
        self._text.append(text)
        self._styles.append(bytes([style]) * len(text))

    def _finish(self, *, only_if_filled: bool = False) -> None:
        text, styles = "".join(self._text), b"".join(self._styles)
        self._text, self._styles = [], []
        if "nofill" not in self._open:
            # The space of a line end that stands beside a command.
            spare = len(text) - len(text.lstrip(" "))
            text, styles = text[spare:], styles[spare:]
        if only_if_filled and not text.strip():
            return
        aligns = [_ALIGNS[command] for command in self._open if command in _ALIGNS]
        left, right, first = _sum([*(_INDENTS.get(command, (0, 0, 0)) for command in self._open), *self._ways])
        self._paragraphs.append(
            Paragraph(
                text,
                styles if any(styles) else b"",
                aligns[-1] if aligns else Align.LEFT,
                min(left, _MAX_INDENT),
                indent_right=min(right, _MAX_INDENT),
                first=first,
            )
        )


def _sum(ways: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    left = right = first = 0
    for way in ways:
        left, right, first = left + way[0], right + way[1], first + way[2]
    return left, right, first
