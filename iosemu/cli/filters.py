"""Output modifiers: what stands behind `|` on a `show` or `more` command.

Rule: 12.2(15)T has begin, exclude and include; `section` came later (12.3(2)T) and is applied only where the session
offers it. Patterns are IOS regular expressions: as everywhere else, but `_` also stands for a delimiter or an end. A
pattern that could run away (a repeat of a repeat) is refused like one that does not compile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from iosemu.cli.match import TOKEN, Ambiguous, Incomplete, InvalidInput
from iosemu.cli.release import Release

_HELP = {
    "begin": "Begin with the line that matches",
    "exclude": "Exclude lines that match",
    "include": "Include lines that match",
    "section": "Filter a section of output",
}
OFFERED = ("begin", "exclude", "include")
"""What 12.2(15)T has."""
_SECTION_SINCE = Release.of("12.3(2)T")

BAD_PATTERN = "% Failed to compile regular expression.\n"
# A repeated group that itself holds a repeat or an alternative: exponential in a backtracking matcher.
_RUNAWAY = re.compile(r"\([^()]*(?:[*+?|]|\([^()]*\))[^()]*\)[*+?]|[*+?][*+?]")


class PatternError(ValueError):
    """The pattern of a modifier is no regular expression."""


@dataclass(frozen=True, slots=True)
class Modifier:
    """One filter: its name in full and the compiled pattern."""

    name: str
    pattern: re.Pattern[str]

    def apply(self, text: str) -> str:
        """The lines of `text` that this modifier lets through."""
        lines = text.splitlines(keepends=True)
        return "".join(_FILTERS[self.name](lines, lambda line: self.pattern.search(line.rstrip("\n")) is not None))


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


def read(line: str, behind: str, offered: tuple[str, ...] = OFFERED) -> Modifier:
    """The modifier that `behind`, the end of `line` after its `|`, asks for.

    Raises Ambiguous, Incomplete or InvalidInput (column in `line`) as for any command, PatternError for a bad pattern.
    """
    column = len(line) - len(behind)
    word = TOKEN.search(behind)
    if word is None:
        raise Incomplete
    names = [name for name in offered if name.startswith(word[0].lower())]
    if not names:
        raise InvalidInput(column + word.start())
    if len(names) > 1:
        raise Ambiguous(line)
    text = behind[word.end() :].strip()
    if not text:
        raise Incomplete
    return Modifier(names[0], _compile(text))


def _compile(text: str) -> re.Pattern[str]:
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


def offered(release: Release) -> tuple[str, ...]:
    """The modifiers that a release has."""
    return (*OFFERED, "section") if release >= _SECTION_SINCE else OFFERED


def help(behind: str, offered: tuple[str, ...] = OFFERED) -> str:
    """`?` behind a `|`."""
    words = behind.split()
    typing = bool(words) and not behind[-1:].isspace()
    if not words:
        return "".join(f"  {name:<9}{_HELP[name]}\n" for name in offered) + "\n"
    found = [name for name in offered if name.startswith(words[0].lower())]
    if len(words) == 1 and typing:
        return "".join(f"{name}  " for name in found) + "\n" if found else "% Unrecognized command\n"
    return "  LINE  Regular Expression\n\n" if len(found) == 1 else "% Unrecognized command\n"


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
