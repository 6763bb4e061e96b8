r"""Rules of `voice translation-rule`: `rule 1 /^9\(....\)/ /555\1/`, patterns and replacements as in the editor sed.

Rule: the first rule whose pattern meets the number, and whose type and plan are those of the number, decides; what the
pattern met is put into other words, the rest of the number stays. Source: the command reference, Number Translation
tech note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class NumberRule(NamedTuple):
    """One rule; patterns without their slashes, "" where nothing is asked of type or plan."""

    precedence: int
    match: str
    replacement: str
    reject: bool = False
    from_type: str = ""
    to_type: str = ""
    from_plan: str = ""
    to_plan: str = ""


class Translated(NamedTuple):
    """What became of a number, and by which rule."""

    rule: NumberRule
    number: str
    kind: str
    plan: str


class BadRule(ValueError):
    """The pattern or the replacement cannot be read."""


_SPECIAL = re.compile(r"\[\^?+\]?+(?:\\.|[^]\\])*\]|\\[()]|\\.|[\[+{}|()]", re.DOTALL)
_OPERATORS = re.compile(r"(?<=.)[\[&~|]|(?<=-)-", re.DOTALL)
"""What Python may once read as an operator within a set; there it is itself."""


def _expression(pattern: str) -> str:
    r"""A pattern of sed as one of Python: `\(` groups, and a bare `(` or `+` is itself."""

    def written(found: re.Match[str]) -> str:
        text = found[0]
        if text in (r"\(", r"\)"):
            return text[1]
        if text == "[":
            raise re.error("a set without an end")
        if text.startswith("["):
            return _OPERATORS.sub(r"\\\g<0>", text)
        return text if text.startswith("\\") else "\\" + text

    return _SPECIAL.sub(written, pattern)


def _replaced(replacement: str, found: re.Match[str]) -> str:
    def put(part: re.Match[str]) -> str:
        text = part[0]
        if text == "&":
            return found[0]
        return (found[int(text[1])] or "") if text[1:].isdigit() else text[1:]

    return re.sub(r"\\.|&", put, replacement)


def translate(rules: Iterable[NumberRule], number: str, kind: str = "", plan: str = "") -> Translated | None:
    """The number that the rules make of it; None where none meets it. Raises BadRule."""
    for rule in sorted(rules):
        if not _fits(rule.from_type, kind) or not _fits(rule.from_plan, plan):
            continue
        try:
            found = re.search(_expression(rule.match), number)
            if found is None:
                continue
            if rule.reject:
                return Translated(rule, "", kind, plan)
            text = number[: found.start()] + _replaced(rule.replacement, found) + number[found.end() :]
        except (re.error, IndexError) as error:
            raise BadRule(str(error)) from None
        return Translated(rule, text, rule.to_type or kind, rule.to_plan or plan)
    return None


def _fits(asked: str, said: str) -> bool:
    return asked in ("", "any", said)
