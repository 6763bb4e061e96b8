"""Dial strings: the pattern grammar of dial peers and what a gateway does to the digits of a call.

Rule: a pattern is read once and matched without backtracking, so no pattern and no number can make a match slow.
Numbers are matched from their first digit; digits beyond the pattern are left over unless it ends in `$`. Source:
Cisco IOS Voice Command Reference, `destination-pattern`, `forward-digits`, `prefix`, `num-exp`; a call has at most 32
digits there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DIGITS = 32
ANY = frozenset("0123456789ABCD*#")
WILDCARD = frozenset("0123456789")
# What people write between digits; it is never sent to the exchange (`,` is a pause of one second, not a digit).
PUNCTUATION = frozenset("-. ()/,")


class BadPattern(ValueError):
    """A dial pattern that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern: a set of digits or a group, repeated `least` to `most` times."""

    digits: frozenset[str] = frozenset()
    group: tuple[Element, ...] = ()
    least: int = 1
    most: int = 1

    @property
    def literal(self) -> bool:
        """Whether it stands for exactly one digit that the pattern names."""
        return len(self.digits) == 1 and self.least == self.most == 1


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """How a number met a pattern: the part that matched, and how many digits of it the pattern names (`Digits:`)."""

    matched: str
    explicit: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A dial pattern; `text` is as configured."""

    text: str
    elements: tuple[Element, ...] = field(compare=False)
    anchored: bool = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read a pattern; raises BadPattern."""
        body = text.removeprefix("^").removeprefix("+")
        anchored = body.endswith("$")
        reader = _Reader(body[:-1] if anchored else body)
        return cls(text, reader.sequence(nested=False), anchored)

    def match(self, number: str) -> PatternMatch | None:
        """The longest way in which the pattern takes the beginning of `number` (digits only, a leading `+` is
        ignored)."""
        if not self.elements:
            return None
        digits = number.removeprefix("+").upper()[:MAX_DIGITS]
        ends = _run(self.elements, digits, {0: 0})
        if self.anchored:
            ends = {end: explicit for end, explicit in ends.items() if end == len(digits)}
        if not ends:
            return None
        longest = max(ends)
        return PatternMatch(digits[:longest], ends[longest])

    @property
    def explicit_lead(self) -> int:
        """How many digits the pattern names before its first wildcard, range or repetition: those a POTS peer
        strips."""
        count = 0
        for element in self.elements:
            if not element.literal:
                break
            count += 1
        return count


class _Reader:
    """Recursive reading of one pattern body."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def sequence(self, *, nested: bool) -> tuple[Element, ...]:
        elements: list[Element] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == ")" and nested:
                return tuple(elements)
            self._at += 1
            if char == ",":
                continue
            if char == "T":
                elements.append(Element(ANY, least=0, most=MAX_DIGITS))
                continue
            elements.append(self._repeated(self._single(char)))
        if nested:
            raise BadPattern(f"no closing parenthesis in {self._text}")
        return tuple(elements)

    def _single(self, char: str) -> Element:
        if char == ".":
            return Element(WILDCARD)
        if char == "[":
            return Element(self._range())
        if char == "(":
            group = self.sequence(nested=True)
            self._at += 1
            return Element(group=group)
        if char == "\\" and self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
        if char.upper() in ANY:
            return Element(frozenset(char.upper()))
        raise BadPattern(f"unexpected {char!r} in {self._text}")

    def _repeated(self, element: Element) -> Element:
        least, most = {"%": (0, MAX_DIGITS), "+": (1, MAX_DIGITS), "?": (0, 1)}.get(self._peek(), (1, 1))
        if (least, most) == (1, 1):
            return element
        self._at += 1
        return Element(element.digits, element.group, least, most)

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _range(self) -> frozenset[str]:
        end = self._text.find("]", self._at)
        if end < 0:
            raise BadPattern(f"no closing bracket in {self._text}")
        body, self._at = self._text[self._at : end], end + 1
        wanted: set[str] = set()
        inverted = body.startswith("^")
        chars = list(body.removeprefix("^").replace(",", "").upper())
        while chars:
            span = len(chars) > 2 and chars[1] == "-"
            low, high = chars[0], chars[2 if span else 0]
            wanted.update(digit for digit in ANY if low <= digit <= high)
            del chars[: 3 if span else 1]
        if not wanted:
            raise BadPattern(f"empty range in {self._text}")
        return frozenset(WILDCARD - wanted if inverted else wanted)


def _run(elements: tuple[Element, ...], digits: str, starts: dict[int, int]) -> dict[int, int]:
    """Where a sequence may end when it begins at any of `starts`; values are the most explicit digits on the way."""
    for element in elements:
        reached: dict[int, int] = {}
        step = starts
        for times in range(element.most + 1):
            if times >= element.least:
                before = dict(reached)
                _keep_best(reached, step)
                if times > element.least and reached == before:
                    break
            if times == element.most:
                break
            step = _once(element, digits, step)
            if not step:
                break
        starts = reached
    return starts


def _once(element: Element, digits: str, starts: dict[int, int]) -> dict[int, int]:
    if element.group:
        return _run(element.group, digits, starts)
    named = 1 if len(element.digits) == 1 else 0
    return {
        at + 1: explicit + named for at, explicit in starts.items() if at < len(digits) and digits[at] in element.digits
    }


def _keep_best(into: dict[int, int], new: dict[int, int]) -> None:
    for at, explicit in new.items():
        if into.get(at, -1) < explicit:
            into[at] = explicit


def plain(text: str) -> str:
    """A number as people write it (`9-555-8354`, `+1 (312) 555.3260`) reduced to the digits that are dialled."""
    return "".join(char for char in text.upper() if char not in PUNCTUATION).removeprefix("+")


def outgoing(
    number: str, pattern: Pattern | None, *, prefix: str = "", forward: str = "default", strip: bool = True
) -> str:
    """The digits that a POTS peer dials for `number`.

    `forward` is `default` (digits that the pattern names at its left are stripped), `all`, `extra` (only those beyond
    the pattern) or a count 0-32 of rightmost digits; `strip` False is `no digit-strip`. `prefix` goes in front.
    """
    digits = number.removeprefix("+")
    if forward == "all" or (forward == "default" and not strip):
        kept = digits
    elif forward == "extra":
        met = pattern.match(digits) if pattern is not None else None
        kept = digits[len(met.matched) :] if met is not None else ""
    elif forward.isdigit():
        kept = digits[max(0, len(digits) - int(forward)) :]
    else:
        kept = digits[pattern.explicit_lead :] if pattern is not None else digits
    return plain(prefix + kept)


@dataclass(frozen=True, slots=True)
class NumberExpansion:
    """One `num-exp EXTENSION EXPANDED` line; a `.` of the extension hands its digit to a `.` of the expansion, in
    order."""

    extension: str
    expanded: str

    def expand(self, number: str) -> str | None:
        """The whole number for an extension; None where the line is not about it."""
        if len(number) != len(self.extension):
            return None
        carried: Iterator[str] = iter([d for d, e in zip(number, self.extension, strict=True) if e == "."])
        if any(e not in (".", d) for d, e in zip(number, self.extension, strict=True)):
            return None
        return "".join(next(carried, "") if char == "." else char for char in self.expanded).removeprefix("+")


def expand(number: str, expansions: tuple[NumberExpansion, ...]) -> str:
    """`number` after `num-exp`: the line with the most explicit digits wins (`show dialplan number`: `Macro Exp.:`)."""
    best = number
    weight = -1
    for line in expansions:
        whole = line.expand(number)
        explicit = len(line.extension) - line.extension.count(".")
        if whole is not None and explicit > weight:
            best, weight = whole, explicit
    return best
