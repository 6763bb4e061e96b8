"""Grammars of the structured arguments: dial strings, mail targets, URLs and lists of time slots.

Rule: a grammar reads one word and gives its value and canonical text; a word that it cannot read gives the offset of
the first character that cannot be right. Only this module and `notation` use pyparsing; `arguments` asks here only for
texts that are not plain, and remembers the answers.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pyparsing import DelimitedList, Forward, Opt, ParseException, Regex, StringEnd, Suppress, Word, nums

if TYPE_CHECKING:
    from pyparsing import ParserElement

MAX_TIMESLOT = 31
"""The last time slot of an E1."""


def _dial_string() -> ParserElement:
    """Digits, wildcards, bracketed ranges and groups with `+ % ?` repeats, an ending `T` for variable length."""
    pattern = Forward()
    digit_set = "[" + Regex(r"\^?(?:[0-9A-D*#](?:-[0-9A-D*#])?,?)+") + "]"
    group = "(" + pattern + ")"
    symbol = Regex(r"[0-9A-D*#.,]", flags=2) | digit_set | group
    pattern <<= (symbol + Opt(Regex(r"[+%?]")))[1, ...]
    return (Opt("^") + Opt("+") + pattern + Opt("$") + Opt(Regex("[Tt]")) | Regex("[Tt]")).leave_whitespace()


def _mail_target() -> ParserElement:
    """`mailto:` and a mailbox in which `$d$`, `$m$`, `$e$` and `$s$` stand for numbers."""
    text = (Regex(r"\$[dems]\$") | Regex(r"[^\s@$]+"))[1, ...]
    target: ParserElement = Suppress("mailto:") + text + Opt("@" + text)
    return target.leave_whitespace()


def _url() -> ParserElement:
    """`flash:name`, `tftp://host/path`, `builtin:...` or a bare file name."""
    return Regex(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?[^\s]*").leave_whitespace()


def _timeslots() -> ParserElement:
    """`1-24` or `1-4,7`: ascending, without overlap."""
    number = Word(nums, max=2).add_parse_action(lambda tokens: int(tokens[0]))
    number.add_condition(lambda tokens: 1 <= tokens[0] <= MAX_TIMESLOT)
    span = (number + Opt(Suppress("-") + number)).set_parse_action(lambda tokens: range(tokens[0], tokens[-1] + 1))
    span.add_condition(lambda tokens: len(tokens[0]) > 0)
    slots: ParserElement = DelimitedList(span)
    return slots.leave_whitespace()


_GRAMMARS = {"DIGITS": _dial_string, "MAILTO": _mail_target, "URL": _url, "TIMESLOTS": _timeslots}


@cache
def _grammar(name: str) -> ParserElement:
    return (_GRAMMARS[name]() + StringEnd()).leave_whitespace()


@lru_cache(maxsize=1024)
def read(name: str, word: str) -> tuple[object, str] | int:
    """`(value, canonical text)` of a word by the grammar `name`, or the offset of its first bad character."""
    try:
        tokens = _grammar(name).parse_string(word)
    except ParseException as error:
        return min(error.loc, len(word))
    except RecursionError:  # a dial string of a thousand brackets
        return 0
    if name != "TIMESLOTS":
        return word, word
    slots = tuple(slot for span in tokens for slot in span)
    if any(left >= right for left, right in pairwise(slots)):
        return 0
    return slots, word
