"""Cisco's command notation, read into items: the sentence in which the catalogue declares a command.

    mta send server host:HOST!
    session target {ras | target:MAILTO}
    show call active fax [brief]
    dial-peer voice tag:<1-2147483647>! kind:{pots | voip | mmoip}

Rule: a word is a keyword; `name:TYPE` is an argument; braces hold a choice, brackets an option (a choice that may be
left out); `name:{...}` gives the chosen keyword a name. Within a named choice a bare type
(`rate:{disable | <2400-14400>}`) is an argument of that same name. A `!` right after an argument or a choice makes it
part of the line's identity.

The grammar is pyparsing's and is imported only when a text has to be read: a warm start takes the compiled graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `alternatives`, or nothing where `optional`; a named choice gives the first keyword of the one taken."""

    alternatives: tuple[tuple[Item, ...], ...]
    name: str = ""
    optional: bool = False
    identity: bool = False


Item = Keyword | Argument | Choice

_NAME = r"[a-z][a-z0-9_-]*"
_TYPE = r"<[^<>\s]+>|A\.B\.C\.D|[A-Z]+"
_OPENED = {"{": "}", "[": "]"}


def _argument(name: str, type_name: str, identity: bool) -> Argument:
    if not is_type(type_name):
        raise NotationError(f"unknown type {type_name}")
    return Argument(name, type_name, identity)


def _bare(item: Item, name: str, identity: bool) -> Item:
    """What an alternative's first word is in a choice called `name`: a bare type there is an argument."""
    if isinstance(item, Keyword) and is_type(item.word):
        if not name:
            raise NotationError(f"{item.word} needs a name, as in value:{item.word}")
        return Argument(name, item.word, identity)
    return item


def _choice(tokens: Any) -> Choice:
    name = str(tokens.get("name", ""))[:-1]
    identity = "identity" in tokens
    alternatives = tuple(tuple(alternative) for alternative in tokens["alternatives"])
    return Choice(
        tuple((_bare(first, name, identity), *rest) for first, *rest in alternatives),
        name,
        tokens["open"] == "[",
        identity,
    )


@lru_cache(maxsize=1)
def _grammar() -> ParserElement:
    # Imported here: only a cold start, or a catalogue under work, reads notation.
    from pyparsing import DelimitedList, Forward, Group, Opt, Regex

    sequence = Forward()
    argument = Regex(rf"(?P<argument>{_NAME}):(?P<type>{_TYPE})(?P<mark>!)?(?=[\s{{}}\[\]|]|$)").set_parse_action(
        lambda tokens: _argument(tokens["argument"], tokens["type"], bool(tokens["mark"]))
    )
    keyword = Regex(r"[^\s{}\[\]|!:]+:?(?=[\s{}\[\]|]|$)").set_parse_action(lambda tokens: Keyword(tokens[0]))
    alternatives = Group(DelimitedList(Group(sequence), delim="|"))("alternatives")

    def bracketed(opening: str) -> ParserElement:
        body = Regex(r"\{" if opening == "{" else r"\[")("open") + alternatives + _OPENED[opening]
        return (Opt(Regex(rf"{_NAME}:"))("name") + body + Opt("!")("identity")).set_parse_action(_choice)

    sequence <<= (argument | bracketed("{") | bracketed("[") | keyword)[1, ...]
    return sequence


def parse(text: str) -> tuple[Item, ...]:
    """The items of one declaration.

    Raises NotationError with the column of the fault.
    """
    from pyparsing import ParseException

    try:
        items: tuple[Item, ...] = tuple(_grammar().parse_string(text, parse_all=True))
    except ParseException as error:
        raise NotationError(f"cannot read {text[error.loc :]!r}", error.loc) from None
    if not isinstance(items[0], Keyword):
        raise NotationError("a command starts with a keyword")
    for item in items:
        _bare(item, "", False)
    return items


def leading_keywords(items: tuple[Item, ...]) -> tuple[str, ...]:
    """The keywords up to the first argument, choice or option: the command's id."""
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
