"""The argument types of the command notation: what a router shows for them in `?`, and how a text becomes a value.

Rule: a type reads from a column of the line and answers with `(value, canonical text, end)`, or with the column of the
first character that cannot be right, where the caret goes. A type of one word may be asked about that word alone. Plain
forms go by a regular expression; the structured ones
(dial strings, mail targets, time-slot lists) by the pyparsing grammars of `iosemu.cli.grammars`, imported only when a
text is not plain.

| type | label in help | value |
|---|---|---|
| `<1-99>`, `<-5-5>`, `<0x0-0xFFFF>` | the same | int |
| `A.B.C.D` | A.B.C.D | str, canonical dotted quad |
| `H.H.H` | H.H.H | str, a MAC address in three groups of four lower-case digits |
| `X:X:X:X::X`, `X:X:X:X::X/<0-128>` | the same | str, an IPv6 address or prefix in capitals |
| `WORD` | WORD | str |
| `LINE` | LINE | str, the rest of the line verbatim |
| `STRING` | WORD | str without its quotes |
| `HOST` | Hostname or A.B.C.D | str |
| `DIGITS` | WORD | str, a dial string pattern, verbatim |
| `MAILTO` | WORD | str, verbatim with its `mailto:` |
| `INTERFACE` | as IOS: the kinds of interface | InterfaceName, `FastEthernet0/0.1` |
| `UNIT` | as given | str, `3/0:D` |
| `TIME` | hh:mm:ss | str, two digits each |
| `HOUR` | hh:mm | str, `8:00` |
| `MONTH` | MONTH | int, 1 for January; its first three letters suffice |
| `URL` | WORD | str |
| `TIMESLOTS` | LIST | tuple of int, ascending |
| `BANNER` | LINE | str, the text between two delimiters; `Unended` while the second one has not come |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from socket import AF_INET, inet_pton
from typing import NamedTuple

from iosemu.cli import interface_names, internet6

Read = tuple[object, str, int]
"""Value, canonical text, column after it."""
Reader = Callable[[str, int], Read | int]
Check = Callable[[str], tuple[object, str] | int]
"""Value and canonical text of a word, or the offset of the first character that cannot be right."""


class Unended(NamedTuple):
    """The value of a text over several lines that still lacks its end."""

    delimiter: str
    """As typed; `^C` is what NVGEN writes for the key Ctrl-C."""

    def ends_in(self, line: str) -> bool:
        """Does the text end in this further line?"""
        return _delimiter(self.delimiter).search(line) is not None


CTRL_C, CTRL_C_TEXT = "\x03", "^C"

_RANGE = re.compile(r"<(-?\d+)-(-?\d+)>|<0x([0-9A-F]+)-0x([0-9A-F]+)>")

_LABELS = {
    "A.B.C.D": "A.B.C.D",
    "H.H.H": "H.H.H",
    "X:X:X:X::X": "X:X:X:X::X",
    "X:X:X:X::X/<0-128>": "X:X:X:X::X/<0-128>",
    "WORD": "WORD",
    "LINE": "LINE",
    "STRING": "WORD",
    "HOST": "Hostname or A.B.C.D",
    "DIGITS": "WORD",
    "MAILTO": "WORD",
    "INTERFACE": "WORD",
    "UNIT": "WORD",
    "TIME": "hh:mm:ss",
    "HOUR": "hh:mm",
    "MONTH": "MONTH",
    "URL": "WORD",
    "TIMESLOTS": "LIST",
    "BANNER": "LINE",
}
# The narrower type is asked first where several are possible at one place; a range comes before all of these.
_ORDER = [
    "A.B.C.D",
    "H.H.H",
    "X:X:X:X::X",
    "X:X:X:X::X/<0-128>",
    "INTERFACE",
    "TIME",
    "HOUR",
    "MONTH",
    "TIMESLOTS",
    "UNIT",
    "MAILTO",
]
_ORDER += ["URL", "DIGITS", "HOST", "WORD", "STRING", "LINE", "BANNER"]
_RANKS = {name: rank for rank, name in enumerate(_ORDER, 1)}


def is_type(name: str) -> bool:
    """Is this the name of a type, or a range with its ends in order?"""
    bounds = _bounds(name)
    return bounds[0] <= bounds[1] if bounds else name in _LABELS


def _bounds(type_name: str) -> tuple[int, int] | None:
    """The ends of a range; None for another type."""
    found = _RANGE.fullmatch(type_name)
    if found is None:
        return None
    return (int(found[3], 16), int(found[4], 16)) if found[3] else (int(found[1]), int(found[2]))


def label(type_name: str) -> str:
    """What `?` shows for an argument of this type."""
    return _LABELS.get(type_name, type_name)


def rank(type_name: str) -> int:
    """Order in which types are tried at one place: narrow before wide, LINE last."""
    return _RANKS.get(type_name, 0)


_TOKEN = re.compile(r"\S+")


def _word_reader(check: Check) -> Reader:
    """Reads one blank-delimited word."""

    def read(line: str, start: int) -> Read | int:
        found = _TOKEN.match(line, start)
        if found is None:
            return start
        answer = check(found[0])
        return start + answer if isinstance(answer, int) else (*answer, found.end())

    return read


def _range(low: int, high: int) -> Check:
    def check(word: str) -> tuple[object, str] | int:
        digits = word.removeprefix("-") if low < 0 else word
        odd = digits.lstrip("0123456789")
        if odd or not digits:
            return len(word) - len(odd)
        # A number too long to be any range's is not worth converting.
        if len(word) > 20 or not low <= (value := int(word)) <= high:
            return 0
        return value, str(value)

    return check


_HEX_TEXT = re.compile(r"0x([0-9A-Fa-f]{1,8})")


def _hex_range(low: int, high: int) -> Check:
    def check(word: str) -> tuple[object, str] | int:
        found = _HEX_TEXT.match(word)
        if found is None or found.end() < len(word):
            return found.end() if found else interface_names.agreement(word, "0x")
        value = int(found[1], 16)
        return (value, f"0x{value:04X}") if low <= value <= high else 0

    return check


_MAC_TEXT = re.compile(r"[0-9A-Fa-f]{1,4}(?:(?<=[0-9A-Fa-f])\.[0-9A-Fa-f]{0,4}){0,2}")


def _mac(word: str) -> tuple[object, str] | int:
    found = _MAC_TEXT.match(word)
    groups = word.split(".")
    if found is None or found.end() < len(word) or len(groups) != 3 or not all(groups):
        return found.end() if found else 0
    text = ".".join(group.zfill(4).lower() for group in groups)
    return text, text


def _address(word: str) -> tuple[object, str] | int:
    try:
        inet_pton(AF_INET, word)
        return word, word
    except (OSError, ValueError):
        return _odd_address(word)


def _odd_address(word: str) -> tuple[object, str] | int:
    """An address with noughts in front of its octets, or none."""
    column = 0
    octets: list[str] = []
    for octet in word.split("."):
        if not (octet.isascii() and octet.isdigit() and len(octet) <= 3 and int(octet) <= 255) or len(octets) == 4:
            return column
        octets.append(str(int(octet)))
        column += len(octet) + 1
    text = ".".join(octets)
    return (text, text) if len(octets) == 4 else len(word)


def _word(word: str) -> tuple[object, str] | int:
    return word, word


_HOST_TEXT = re.compile(r"[A-Za-z0-9_.\-:\[\]]+")


def _host(word: str) -> tuple[object, str] | int:
    found = _HOST_TEXT.match(word)
    end = found.end() if found else 0
    return (word, word) if end == len(word) else end


_TIME_TEXT = re.compile(r"([01]?\d|2[0-3]):([0-5]?\d):([0-5]?\d)")


def _time(word: str) -> tuple[object, str] | int:
    found = _TIME_TEXT.fullmatch(word)
    if found is None:
        return 0
    text = ":".join(part.zfill(2) for part in found.groups())
    return text, text


_HOUR_TEXT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _hour(word: str) -> tuple[object, str] | int:
    found = _HOUR_TEXT.fullmatch(word)
    if found is None:
        return 0
    text = f"{int(found[1])}:{found[2]}"
    return text, text


_MONTHS = ["january", "february", "march", "april", "may", "june"]
_MONTHS += ["july", "august", "september", "october", "november", "december"]


def _month(word: str) -> tuple[object, str] | int:
    lower = word.lower()
    for number, month in enumerate(_MONTHS, 1):
        if len(lower) >= 3 and month.startswith(lower):
            return number, month[:3].capitalize()
    return 0


def _structured(grammar: str, plain: str) -> Check:
    """A type whose `plain` forms need no grammar; the rest is read by the grammar of that name."""
    is_plain = re.compile(plain).fullmatch

    def check(word: str) -> tuple[object, str] | int:
        if is_plain(word):
            return word, word
        # Imported here: a router whose texts are all plain never loads pyparsing.
        from iosemu.cli import grammars

        return grammars.read(grammar, word)

    return check


def _line(line: str, start: int) -> Read | int:
    text = line[start:].rstrip()
    return (text, text, len(line)) if text else start


_QUOTED = re.compile(r'"([^"]*)"(?=\s|$)')


def _string(line: str, start: int) -> Read | int:
    if line.startswith('"', start):
        quoted = _QUOTED.match(line, start)
        if quoted is None:
            return start
        text = quoted[1]
        return text, quoted[0] if not text or any(char.isspace() for char in text) else text, quoted.end()
    found = _TOKEN.match(line, start)
    return (found[0], found[0], found.end()) if found else start


def _delimiter(typed: str) -> re.Pattern[str]:
    return re.compile(r"\x03|\^C" if typed == CTRL_C_TEXT else re.escape(typed))


def _banner(line: str, start: int) -> Read | int:
    """Text between two delimiters, of any length; what stands behind the second one is dropped, as IOS does."""
    if line.startswith((CTRL_C_TEXT, CTRL_C), start):
        typed = CTRL_C_TEXT
        begin = start + (1 if line[start] == CTRL_C else len(CTRL_C_TEXT))
    elif start < len(line):
        typed, begin = line[start], start + 1
    else:
        return start
    ending = _delimiter(typed).search(line, begin)
    if ending is None:
        return Unended(typed), line[start:], len(line)
    text = line[begin : ending.start()]
    return text, f"{CTRL_C_TEXT}{text}{CTRL_C_TEXT}", len(line)


@cache
def check(type_name: str) -> Check | None:
    """What reads a word of this type; None for a type that may be of several words, or part of one.

    Raises KeyError for a name that `is_type` does not know.
    """
    bounds = _bounds(type_name)
    if bounds:
        return (_hex_range if type_name.startswith("<0x") else _range)(*bounds)
    if type_name in _TEXTS:
        return None
    return _structured(type_name, _PLAIN[type_name]) if type_name in _PLAIN else _WORDS[type_name]


@cache
def reader(type_name: str) -> Reader:
    """The function that reads this type at a column of a line; raises KeyError as `check` does."""
    word = check(type_name)
    return _TEXTS[type_name] if word is None else _word_reader(word)


_WORDS: dict[str, Check] = {
    "A.B.C.D": _address,
    "H.H.H": _mac,
    "X:X:X:X::X": internet6.address,
    "X:X:X:X::X/<0-128>": internet6.prefix,
    "WORD": _word,
    "HOST": _host,
    "UNIT": interface_names.unit,
    "TIME": _time,
    "HOUR": _hour,
    "MONTH": _month,
}
_PLAIN = {
    "DIGITS": r"\+?[0-9A-Da-d*#.,]+[Tt]?",
    "MAILTO": r"mailto:[A-Za-z0-9._-]+@[A-Za-z0-9.-]+",
    "URL": r"[A-Za-z0-9_./:@-]+",
    "TIMESLOTS": r"(?!)",
}
"""Types with a grammar, and which of their texts need none."""
_TEXTS: dict[str, Reader] = {
    "LINE": _line,
    "BANNER": _banner,
    "STRING": _string,
    "INTERFACE": interface_names.read,
}
