"""Whom to believe: the servers whose times agree, and the one of them that the router follows.

Rule: RFC 1305 section 4.2. A server's true time lies within its distance of its offset; those whose intervals meet
where most of them do are believed, unless they are fewer than half. Of these the preferred, then the lowest stratum,
then the least distance leads; the present master stays while no other has a lower stratum.
"""

from __future__ import annotations

from collections.abc import Sequence

from iosemu.management.ntp.association import MOST_S, Association


def agreeing(sane: Sequence[Association], at: float) -> list[Association]:
    """Those whose times can all be true."""
    intervals = [(one.offset - one.distance(at), one.offset + one.distance(at)) for one in sane]
    most: list[Association] = []
    for low, _ in intervals:
        meeting = [one for one, (first, last) in zip(sane, intervals, strict=True) if first <= low <= last]
        most = max(most, meeting, key=len)
    return most if len(most) * 2 > len(sane) else []


def ranked(believed: Sequence[Association], master: Association | None, at: float) -> list[Association]:
    """The best first."""

    def rank(one: Association) -> tuple[bool, int, bool, float]:
        return not one.said.prefer, one.last.stratum, one is not master, one.distance(at)

    return sorted(believed, key=rank)


def is_near(one: Association, master: Association) -> bool:
    """Does it say the same as the master, as far as both know?  # inferred"""
    return abs(one.offset - master.offset) <= min(one.dispersion + master.dispersion, MOST_S)
