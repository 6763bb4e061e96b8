"""Phrases of the catalogue: notation that several commands share, written once in the file that uses it.

    phrase side(%) {any | host %_host:A.B.C.D! | %:A.B.C.D! %_mask:A.B.C.D!}!
        any  Any % host
        %    The address
    permit ip @side(source) @side(destination)

Rule: `@name(word)` in a declaration stands for the phrase, with `word` for each `%` of its text and of its help;
`@name` for a phrase without one. A phrase may be several alternatives (`a | b`), and then stands where alternatives
do. It may use the phrases before it. A command's own help of a word comes before that of its phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iosemu.cli import notation

_OPENING = re.compile(r"phrase\s+(?P<name>[a-z][a-z0-9-]*)(?P<open>\(%\))?\s+(?P<text>\S.*)")
OPENS = "phrase "
"""How a line that opens a phrase starts."""


class Phrases:
    """The phrases of one file, as far as it was read."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._open: set[str] = set()
        self._help: dict[str, list[tuple[str, str]]] = {}
        self._read: dict[notation.Reference, notation.Alternatives] = {}

    def define(self, line: str) -> list[tuple[str, str]]:
        """Take in the line that opens a phrase; gives the list to which its help is to be added, as `(word, text)`.

        Raises NotationError.
        """
        found = _OPENING.fullmatch(line)
        if found is None:
            raise notation.NotationError("expected: phrase NAME NOTATION, or phrase NAME(%) NOTATION")
        name = found["name"]
        if name in self._texts:
            raise notation.NotationError(f"there is a phrase {name} already")
        self._texts[name] = found["text"]
        if found["open"]:
            self._open.add(name)
        self.alternatives(notation.Reference(name, "x" if found["open"] else ""))
        return self._help.setdefault(name, [])

    def alternatives(self, use: notation.Reference) -> notation.Alternatives:
        """What stands for `@name(word)`.

        Raises NotationError where there is no such phrase, or a word is missing or not wanted.
        """
        known = self._read.get(use)
        if known is not None:
            return known
        if use.name not in self._texts:
            raise notation.NotationError(f"there is no phrase {use.name}")
        if (use.name in self._open) != bool(use.word):
            raise notation.NotationError(f"@{use.name} {'takes no' if use.word else 'wants a'} word in parentheses")
        text = self._texts[use.name].replace("%", use.word)
        self._read[use] = notation.parse_alternatives(text, self.alternatives)
        return self._read[use]

    def help(self, text: str) -> Iterator[tuple[str, str]]:
        """The help that the phrases of a declaration bring, as `(word, text)` in the order of their use."""
        for use in notation.references(text):
            yield from self.help(self._texts[use.name].replace("%", use.word))
            for word, help_text in self._help[use.name]:
                yield word.replace("%", use.word), help_text.replace("%", use.word)
