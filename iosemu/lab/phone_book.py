"""The phone book of a lab: names for telephone numbers and for groups of them.

Rule: a group holds numbers, names and other groups; whoever is in it twice is called once. A name is told from a
number by its letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iosemu.lab.errors import LabError

PhoneBook = Mapping[str, str | list[str]]


def numbers(book: PhoneBook, called: str) -> list[str]:
    """The numbers that a number, a name or a group stands for, in the order of the book; raises LabError."""
    found: dict[str, None] = {}
    waiting, opened = [called], set()
    while waiting:
        entry = waiting.pop()
        name = _named(book, entry)
        if name is None:
            found.setdefault(_number(entry))
        elif name not in opened:
            opened.add(name)
            members = book[name]
            waiting += [members] if isinstance(members, str) else reversed(members)
    return list(found)


def problems(book: PhoneBook) -> Iterator[str]:
    """One line a mistake."""
    for name in book:
        if not any(character.isalpha() for character in name):
            yield f"phone book: {name!r} is a number, not a name"
        try:
            numbers(book, name)
        except LabError as error:
            yield f"phone book: {name!r}: {error}"


def _named(book: PhoneBook, entry: str) -> str | None:
    """The name as the book writes it."""
    return next((name for name in book if name.casefold() == entry.strip().casefold()), None)


def _number(entry: str) -> str:
    if any(character.isalpha() for character in entry):
        raise LabError(f"{entry!r} is not in the phone book")
    if not any(character.isdigit() for character in entry):
        raise LabError(f"{entry!r} is not a telephone number")
    return entry
