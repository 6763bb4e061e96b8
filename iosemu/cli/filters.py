"""Output modifiers: what stands behind `|` on a `show` or `more` command.

Rule: begin, exclude and include are everywhere; append, redirect and tee (12.2(13)T) and section (12.3(2)T) only where
the session offers them. Where a URL leads to is the device's affair. Patterns are IOS regular expressions: as
everywhere else, but `_` also stands for a delimiter or an end. A pattern that could run away (a repeat of a repeat) is
refused like one that does not compile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from iosemu.cli.declaration import PRIVILEGED
from iosemu.cli.match import TOKEN, Ambiguous, Incomplete, InvalidInput
from iosemu.cli.release import Release

HELP = {
    "append": "Append redirected output to URL (URLs supporting append operation only)",
    "begin": "Begin with the line that matches",
    "exclude": "Exclude lines that match",
    "include": "Include lines that match",
    "redirect": "Redirect output to a URL",
    "section": "Filter a section of output",
    "tee": "Copy output to a URL",
}
APPEND = "/append"
TO_URLS = ("append", "redirect", "tee")
# "show command redirect" in the Configuration Fundamentals Command Reference: 12.0(21)S, integrated into 12.2(13)T.
_TO_URLS_SINCE = Release.of("12.2(13)T")
_SECTION_SINCE = Release.of("12.3(2)T")


class Offered(NamedTuple):
    """The modifiers that a session may use, and the prefixes of the URLs that it may name (`flash:`)."""

    names: tuple[str, ...] = ("begin", "exclude", "include")
    prefixes: tuple[str, ...] = ()

    def at(self, privilege: int) -> Offered:
        """What is left of it at that privilege level: files are for those who are privileged."""
        if privilege >= PRIVILEGED:
            return self
        return self._replace(names=tuple(name for name in self.names if name not in TO_URLS))


NO_FILES = Offered()
"""Of a device that has none."""


def offered(release: Release, prefixes: tuple[str, ...]) -> Offered:
    """What a release has."""
    later = (*(TO_URLS if release >= _TO_URLS_SINCE else ()), *(("section",) if release >= _SECTION_SINCE else ()))
    return Offered(tuple(sorted((*NO_FILES.names, *later))), prefixes)


BAD_PATTERN = "% Failed to compile regular expression.\n"
# A repeated group that itself holds a repeat or an alternative: exponential in a backtracking matcher.
_RUNAWAY = re.compile(r"\([^()]*(?:[*+?|]|\([^()]*\))[^()]*\)[*+?]|[*+?][*+?]")


class PatternError(ValueError):
    """The pattern of a modifier is no regular expression."""


class Modifier(NamedTuple):
    """One filter: its name in full and the compiled pattern."""

    name: str
    pattern: re.Pattern[str]

    def apply(self, text: str) -> str:
        """The lines of `text` that this modifier lets through."""
        lines = text.splitlines(keepends=True)
        return "".join(_FILTERS[self.name](lines, lambda line: self.pattern.search(line.rstrip("\n")) is not None))


class Redirection(NamedTuple):
    """Output that goes to a URL: behind what is there already, or in its place; `shown` too, or not."""

    url: str
    column: int
    """Where the URL stands in its line."""
    append: bool
    shown: bool

    def apply(self, text: str) -> str:
        """What of `text` is left for the screen."""
        return text if self.shown else ""


def takes(line: str) -> bool:
    """May `line` be followed by `|`?"""
    found = TOKEN.search(line)
    word = found[0].lower() if found else ""
    return bool(word) and ("show".startswith(word) or (len(word) > 1 and "more".startswith(word)))


def split(line: str) -> tuple[str, str] | None:
    """The command and what stands behind its `|`, or None where it has none or takes none."""
    found = re.search(r"\s\|", line)
    if found is None or not takes(line):
        return None
    return line[: found.start()], line[found.end() :]


def read(line: str, behind: str, offered: Offered) -> Modifier | Redirection:
    """The modifier that `behind`, the end of `line` after its `|`, asks for.

    Raises Ambiguous, Incomplete or InvalidInput (column in `line`) as for any command, PatternError for a bad pattern.
    """
    column = len(line) - len(behind)
    word = TOKEN.search(behind)
    if word is None:
        raise Incomplete
    names = [name for name in offered.names if name.startswith(word[0].lower())]
    if not names:
        raise InvalidInput(column + word.start())
    if len(names) > 1:
        raise Ambiguous(line)
    text = behind[word.end() :].strip()
    if not text:
        raise Incomplete
    if names[0] in TO_URLS:
        return _redirection(names[0], line, column + word.end())
    return Modifier(names[0], compile_pattern(text))


def _redirection(name: str, line: str, column: int) -> Redirection:
    """The URL behind `column`, and before it the `/append` of a `tee`."""
    words = list(TOKEN.finditer(line, column))
    append = name == "tee" and len(words[0][0]) > 1 and APPEND.startswith(words[0][0].lower())
    if append and len(words) == 1:
        raise Incomplete
    url, *more = words[1:] if append else words
    if more:
        raise InvalidInput(more[0].start())
    return Redirection(url[0], url.start(), append or name == "append", name == "tee")


def compile_pattern(text: str) -> re.Pattern[str]:
    """An IOS regular expression as Python's; raises PatternError where it is none."""
    if _RUNAWAY.search(text):
        raise PatternError(text)
    try:
        return re.compile(_translate(text))
    except (re.error, OverflowError, RecursionError):
        raise PatternError(text) from None


def _translate(text: str) -> str:
    """IOS's pattern as Python's: braces and most escapes are plain characters, `_` is a delimiter or an end."""
    parts: list[str] = []
    in_set = escaped = False
    for char in text:
        if escaped:
            parts.append(re.escape(char))
            escaped = False
        elif char == "\\":
            escaped = True
        elif in_set:
            in_set = char != "]"
            parts.append("\\[" if char == "[" else char)
        elif char == "[":
            in_set = True
            parts.append(char)
        elif char == "_":
            parts.append(r"(?:^|$|[\s,{}()_])")
        else:
            parts.append(char if char in ".*+?^$()|" else re.escape(char))
    return "".join(parts) + ("\\\\" if escaped else "")


_Matches = Callable[[str], bool]


def _begin(lines: list[str], matches: _Matches) -> Iterator[str]:
    started = False
    for line in lines:
        started = started or matches(line)
        if started:
            yield line


def _section(lines: list[str], matches: _Matches) -> Iterator[str]:
    """Matching lines, and after each the lines indented deeper than it."""
    depth = -1
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if depth < 0 or indent <= depth:
            depth = indent if matches(line) else -1
        if depth >= 0:
            yield line


_FILTERS: dict[str, Callable[[list[str], _Matches], Iterator[str]]] = {
    "begin": _begin,
    "exclude": lambda lines, matches: (line for line in lines if not matches(line)),
    "include": lambda lines, matches: (line for line in lines if matches(line)),
    "section": _section,
}
