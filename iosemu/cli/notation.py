"""Cisco's command notation, read into items: the sentence in which the catalogue declares a command.

    mta send server host:HOST!
    session target {ras | target:MAILTO}
    show call active fax [brief]
    dial-peer voice tag:<1-2147483647>! kind:{pots | voip | mmoip}
    match tag tag:<0-4294967295>...
    snmp-server enable traps snmp [linkdown | linkup | coldstart]...

Rule: a word is a keyword; `name:TYPE` is an argument; braces hold a choice, brackets an option (a choice that may be
left out); `name:{...}` gives the chosen keyword a name. Within a named choice a bare type
(`rate:{disable | <2400-14400>}`) is an argument of that same name. A `!` right after an argument or a choice makes it
part of the line's identity; `...` after an argument lets it be said again, and after a choice or an option others of it
may follow, in any order. A command starts with a keyword or with a choice whose name, or that of the first in it, is
then its id.

The grammar is pyparsing's and is imported only when a text has to be read: a warm start takes the compiled graph. It
owns the brackets; the words between two of them are read by a regular expression, which is most of a catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from iosemu.cli.arguments import is_type

if TYPE_CHECKING:
    from pyparsing import ParserElement


class NotationError(ValueError):
    """A command's declaration cannot be read; `column` is the offset of the fault in its text."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Keyword:
    """A literal word."""

    word: str


@dataclass(frozen=True, slots=True)
class Argument:
    """A value of `type` (a name or range known to `iosemu.cli.arguments`), found under `name` after a match."""

    name: str
    type: str
    identity: bool = False
    repeated: bool = False
    """May be said several times; the match gives a tuple."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `alternatives`, or nothing where `optional`; a named choice gives the first keyword of the one taken."""

    alternatives: tuple[tuple[Item, ...], ...]
    name: str = ""
    optional: bool = False
    identity: bool = False
    repeated: bool = False
    """May more than one be taken?"""


@dataclass(frozen=True, slots=True)
class Reference:
    """`@name` or `@name(word)`: a phrase to be put in its place (`iosemu.cli.phrases`)."""

    name: str
    word: str = ""


Item = Keyword | Argument | Choice
Alternatives = tuple[tuple[Item, ...], ...]
Resolve = Callable[[Reference], Alternatives]

_NAME = r"[a-z][a-z0-9_-]*"
_CLOSING = {"{": "}", "[": "]"}
_ARGUMENT = re.compile(
    rf"(?P<name>{_NAME}):(?P<type><[^<>\s]+>|A\.B\.C\.D|H\.H\.H|X:X:X:X::X(?:/<0-128>)?|[A-Z]+)(?P<identity>!)?(?P<repeated>\.\.\.)?"
)
_WORD = re.compile(r"\S+")
_BRACKET = re.compile(r"[{}\[\]|]")
# Words that no bracket follows: a name before one belongs to it.
_PLAIN = rf"(?:(?!{_NAME}:[{{\[])[^\s{{}}\[\]|]+(?=[\s{{}}\[\]|]|$)\s*)+"
_OPENING = rf"(?:(?P<name>{_NAME}):)?(?P<open>[{{\[])"
_CLOSED = r"[}\]]!?(?:\.\.\.)?"
# A choice without another one in it, as most are.
_FLAT = (
    rf"{_OPENING}(?P<inside>(?:\s*[^\s{{}}\[\]|][^{{}}\[\]|]*\|)*\s*[^\s{{}}\[\]|][^{{}}\[\]|]*)(?P<closed>{_CLOSED})"
)


_REFERENCE = re.compile(r"@(?P<name>[a-z][a-z0-9-]*)(?:\((?P<word>[a-z0-9_%-]+)\))?")


def _word(text: str, column: int) -> Item | Reference:
    """A keyword, an argument, or a phrase to be looked up."""
    found = _ARGUMENT.fullmatch(text)
    if found is None:
        use = _REFERENCE.fullmatch(text)
        if use is not None:
            return Reference(use["name"], use["word"] or "")
        if text.endswith("!"):
            raise NotationError(f"cannot read {text!r}", column)
        return Keyword(text)
    if not is_type(found["type"]):
        raise NotationError(f"unknown type {found['type']}", column)
    return Argument(found["name"], found["type"], bool(found["identity"]), bool(found["repeated"]))


def _bare(item: Item, name: str, identity: bool) -> Item:
    """What an alternative's first word is in a choice called `name`: a bare type there is an argument."""
    if isinstance(item, Keyword) and is_type(item.word):
        if not name:
            raise NotationError(f"{item.word} needs a name, as in value:{item.word}")
        return Argument(name, item.word, identity)
    return item


def _words(text: str, column: int = 0) -> list[Item | Reference]:
    return [_word(found[0], column + found.start()) for found in _WORD.finditer(text)]


class _Bracketed(NamedTuple):
    """A choice as the grammar reads it."""

    column: int
    name: str
    opening: str
    alternatives: list[list[Any]]
    closing: str


def _items(read: Iterable[Any], resolve: Resolve) -> tuple[Item, ...]:
    """What the grammar read as a sequence, with its phrases in place."""
    items: list[Item] = []
    for one in read:
        if isinstance(one, Reference):
            alternatives = resolve(one)
            if len(alternatives) != 1:
                raise NotationError(f"@{one.name} is several alternatives, and stands where one is wanted")
            items.extend(alternatives[0])
        else:
            items.append(_choice(one, resolve) if isinstance(one, _Bracketed) else one)
    return tuple(items)


def _alternatives(read: Iterable[Any], resolve: Resolve) -> Alternatives:
    alternatives: list[tuple[Item, ...]] = []
    for sequence in read:
        if len(sequence) == 1 and isinstance(sequence[0], Reference):
            alternatives.extend(resolve(sequence[0]))
        else:
            alternatives.append(_items(sequence, resolve))
    return tuple(alternatives)


def _choice(read: _Bracketed, resolve: Resolve) -> Choice:
    if _CLOSING[read.opening] != read.closing[0]:
        raise NotationError(f"{read.opening} is closed by {read.closing[0]}", read.column)
    identity = "!" in read.closing
    alternatives = _alternatives(read.alternatives, resolve)
    return Choice(
        tuple((_bare(first, read.name, identity), *rest) for first, *rest in alternatives),
        read.name,
        read.opening == "[",
        identity,
        "..." in read.closing,
    )


@lru_cache(maxsize=1)
def _grammar() -> ParserElement:
    # Imported here: only a cold start, or a catalogue under work, reads notation.
    from pyparsing import DelimitedList, Forward, Group, Regex

    sequence = Forward()
    words = Regex(_PLAIN).set_parse_action(lambda at, tokens: _words(tokens[0], at))
    alternatives = DelimitedList(Group(sequence), delim="|")
    flat = Regex(_FLAT).set_parse_action(_flat)
    choice = Regex(_OPENING) + Group(alternatives) + Regex(_CLOSED)
    sequence <<= (words | flat | choice.set_parse_action(_bracketed))[1, ...]
    return alternatives


def _flat(column: int, tokens: Any) -> _Bracketed:
    at = column + len(tokens[0].partition(tokens["open"])[0]) + 1
    alternatives = []
    for text in tokens["inside"].split("|"):
        alternatives.append(_words(text, at))
        at += len(text) + 1
    return _Bracketed(column, tokens["name"] or "", tokens["open"], alternatives, tokens["closed"])


def _bracketed(column: int, tokens: Any) -> _Bracketed:
    _, alternatives, closing = tokens
    return _Bracketed(column, tokens["name"] or "", tokens["open"], alternatives, closing)


def _no_phrases(use: Reference) -> Alternatives:
    raise NotationError(f"there is no phrase {use.name}")


def parse_alternatives(text: str, resolve: Resolve = _no_phrases) -> Alternatives:
    """The alternatives of a text, which are one unless a `|` stands outside of all brackets.

    Raises NotationError with the column of the fault.
    """
    if not _BRACKET.search(text):
        return _alternatives([_words(text)], resolve)
    from pyparsing import ParseException

    try:
        read = _grammar().parse_string(text, parse_all=True)
    except ParseException as error:
        raise NotationError(f"cannot read {text[error.loc :]!r}", error.loc) from None
    return _alternatives(read, resolve)


def parse(text: str, resolve: Resolve = _no_phrases) -> tuple[Item, ...]:
    """The items of one declaration; `resolve` gives what stands for its phrases.

    Raises NotationError with the column of the fault.
    """
    items, *others = parse_alternatives(text, resolve)
    if others or not leading_keywords(items):
        raise NotationError("a command starts with a keyword, or with a choice that has a name")
    for item in items:
        _bare(item, "", False)
    return items


def references(text: str) -> list[Reference]:
    """The phrases that a text uses, in order."""
    return [Reference(found["name"], found["word"] or "") for found in _REFERENCE.finditer(text)]


def _first_name(items: tuple[Item, ...]) -> tuple[str, ...]:
    """The name of the first choice that has to be taken, or that of the first in it."""
    for item in items:
        if isinstance(item, Choice) and not item.optional:
            return (item.name,) if item.name else _first_name(item.alternatives[0])
    return ()


def leading_keywords(items: tuple[Item, ...]) -> tuple[str, ...]:
    """The keywords up to the first argument, choice or option, or the name of a choice in front: the command's id."""
    if isinstance(items[0], Choice):
        return _first_name(items)
    words: list[str] = []
    for item in items:
        if not isinstance(item, Keyword):
            break
        words.append(item.word)
    return tuple(words)


def names(items: tuple[Item, ...]) -> Iterator[str]:
    """Every word that may have a help line: keywords, and arguments by name, in the order of the text."""
    for item in items:
        if isinstance(item, Keyword):
            yield item.word
        elif isinstance(item, Argument):
            yield item.name
        else:
            for alternative in item.alternatives:
                yield from names(alternative)
