"""Transcripts of routers: prompt, line, answer, as one finds them in documents.

Rule: a prompt is a host name, perhaps a mode in parentheses, and `>` or `#`; what follows up to the next prompt, the
next document or the end is the answer. Documents lose line ends: a further prompt of the same host inside a line starts
a new exchange. A listing of `?` is read as entries of word and help; continuation lines belong to the entry above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PROMPT = re.compile(r"(?P<host>[A-Za-z][\w.-]*) ?(?P<mode>\([a-z][\w+-]*\))?(?P<mark>[>#]) ?(?P<line>.*)")
_INSIDE = re.compile(r"(?<=\S) (?=[A-Za-z][\w.-]* ?\((?:config|conf|cfg)[\w+-]*\)#)")
_DOCUMENT = re.compile(r"#{3,} |# [A-Za-z]+:|-{3} |={4,}|-- ?More")
_RELEASE = re.compile(r"(?<!\d)1[0-5]\.\d+|(?<!\d)1[0-5]\.x")
_ENTRY = re.compile(r" {0,4}\t?(?P<word>\S+)(?:(?P<gap>\s+)(?P<text>\S.*))?")
_RUN_TOGETHER = re.compile(r"(?<=\S) (?=[a-z]\S* {3,}\S)")
_ARGUMENT = re.compile(r"<[\w/-]+>(?:/<[\w-]+>)?|[A-Z][A-Z.:]*|hh:mm:ss|\|")


class Exchange(NamedTuple):
    """One line typed at a prompt, and what the router answered; `release` as the transcript tells it, or ""."""

    file: str
    document: int
    release: str
    host: str
    mode: str
    """`(config-dial-peer)`; "" in EXEC."""
    privileged: bool
    line: str
    answer: tuple[str, ...]

    @property
    def asks(self) -> bool:
        return self.line.rstrip().endswith("?")

    @property
    def error(self) -> str:
        """The refusal in the answer, without its caret; "" for none."""
        refusals = ("% Invalid input", "% Ambiguous command", "% Incomplete command", "% Unrecognized command")
        return next((line.strip() for line in self.answer if line.strip().startswith(refusals)), "")


class Entry(NamedTuple):
    """A row of a listing."""

    word: str
    text: str


def read(file: Path) -> Iterator[Exchange]:
    """The exchanges of a transcript, in order."""
    document, release = 0, "".join(_RELEASE.findall(file.name.replace("-", "."))[:1])
    at: tuple[int, str, re.Match[str]] | None = None
    answer: list[str] = []

    def taken() -> Iterator[Exchange]:
        if at is not None:
            number, known, found = at
            yield Exchange(
                file.name, number, known, found["host"], found["mode"] or "", found["mark"] == "#",
                found["line"].rstrip(), tuple(answer),
            )  # fmt: skip

    for raw in file.read_text("utf-8", "replace").splitlines():
        if _DOCUMENT.match(raw):
            yield from taken()
            at, answer = None, []
            document += 1
            release = "".join(_RELEASE.findall(raw)[:1]) or release
            continue
        for part in _INSIDE.split(raw):
            found = _PROMPT.fullmatch(part.strip())
            if found is None or found["line"].startswith(("#", "%")):
                answer.append(part.rstrip())
                continue
            yield from taken()
            at, answer = (document, release, found), []
    yield from taken()


def listing(answer: tuple[str, ...]) -> tuple[str, list[Entry]]:
    """The heading of a listing ("" without one) and its entries."""
    lines = [row for line in answer if line.strip() for row in _RUN_TOGETHER.split(line.expandtabs())]
    heading = lines.pop(0) if lines and lines[0].endswith("ommands:") else ""
    column = _column(lines)
    entries: list[Entry] = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if entries and column and indent >= column - 1:
            entries[-1] = Entry(entries[-1].word, f"{entries[-1].text} {line.strip()}")
            continue
        found = _ENTRY.fullmatch(line)
        if found is None or line.strip() == "...":
            break
        text = " ".join((found["text"] or "").split())
        entries.append(Entry(found["word"], "" if found["word"] == "<cr>" and text in ("", "<cr>") else text))
    return heading, entries


def _column(lines: list[str]) -> int:
    """Where the help texts start; 0 where the columns are lost."""
    starts = [found.end() for line in lines if (found := re.match(r" {0,4}\S+ {2,}(?=\S)", line))]
    return max(starts, key=starts.count) if starts else 0


def is_argument(word: str) -> bool:
    """Is the word of an entry an argument, not a keyword?"""
    return _ARGUMENT.fullmatch(word) is not None
