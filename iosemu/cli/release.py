"""IOS releases as values: `12.2(15)T9` has what came with 12.2(13)T, and not what came with 12.3.

Rule: releases stand in the order in which one took over what the other had: the maintenance releases of a version, its
T releases, the next version. Another early-deployment train (`12.2(2)XB`) stands behind the T release of its number,
which its features flowed into later. A version alone (`12.3`) stands before all of its releases. A span `A..B` holds
the releases from A on and before B; either may be left out.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

_FORM = re.compile(
    r"(?P<version>\d+\.\d+)"
    r"(?:\((?P<number>\d+)(?:\.(?P<interim>\d+))?(?P<respin>[a-z]?)\)(?:(?P<train>[A-Z]+)(?P<rebuild>\d*))?)?"
)


class BadRelease(ValueError):
    """Not the name of a release; the text is one line for the user."""


class Release(NamedTuple):
    """A release, comparable; made by `Release.of`."""

    major: int
    minor: int
    branch: int
    """0: the version itself and its maintenance releases; 1: T and the trains beside it."""
    number: int
    interim: int
    train: str
    rebuild: int
    name: str
    """As it was written: `12.2(15)T9`."""

    @classmethod
    @lru_cache(256)  # what prints a banner asks several times
    def of(cls, name: str) -> Release:
        """The release called `name`.

        Raises BadRelease where that is no name of one.
        """
        found = _FORM.fullmatch(name)
        if found is None:
            raise BadRelease(f"{name!r} is no release: write it as 12.2(15)T9, or 12.3 alone")
        major, minor = map(int, found["version"].split("."))
        number, interim, rebuild = (int(found[part] or 0) for part in ("number", "interim", "rebuild"))
        train = found["train"] or ""
        rank = "" if train in ("", "T") else train
        respin = ord(found["respin"]) - ord("a") + 1 if found["respin"] else 0
        return cls(major, minor, int(bool(train)), number, interim, rank, rebuild or respin, name)

    @property
    def version(self) -> str:
        """What the `version` line of a configuration says of it: `12.2`."""
        return f"{self.major}.{self.minor}"

    @property
    def is_version(self) -> bool:
        """Is it the name of a version alone?"""
        return "(" not in self.name

    @property
    def file_form(self) -> str:
        """How the name of an image writes it: `122-15.T9`."""
        number, _, rest = self.name.partition("(")[2].partition(")")
        return f"{self.major}{self.minor}-{number}" + (f".{rest}" if rest else "")

    def within(self, span: str) -> bool:
        """Does the span `A..B` hold it?"""
        first, last = bounds(span)
        return (first is None or self >= first) and (last is None or self < last)


@cache
def bounds(span: str) -> tuple[Release | None, Release | None]:
    """The first release of a span, and the first behind it.

    Raises BadRelease.
    """
    first, dots, last = span.partition("..")
    if not dots or not (first or last):
        raise BadRelease(f"{span!r} is no span of releases: write it as 12.2(11)T..12.3, 12.3.. or ..12.3")
    return Release.of(first) if first else None, Release.of(last) if last else None


def disjoint(one: str, other: str) -> bool:
    """Is there no release that both spans hold? "" holds all."""
    (first, last), (other_first, other_last) = (bounds(span) if span else (None, None) for span in (one, other))
    return (last is not None and other_first is not None and last <= other_first) or (
        other_last is not None and first is not None and other_last <= first
    )
