"""Which vtys of a router are taken: one numbering, whatever transport a client came by.

Rule: a client gets the lowest free line that lets its transport and its address in; where there is none, it is turned
away.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from itertools import count

from iosemu.terminal.line_settings import LineSettings, Transport


class LinePool:
    """The vtys of one router."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def take(
        self, settings: Callable[[int], LineSettings | None], transport: Transport, peer: str = ""
    ) -> tuple[int, LineSettings] | None:
        """A line for a client at address `peer` and what it is set to, None where no line is free that lets him in;
        `settings(n)` is None where there is no line n."""
        for number, line in _lines(settings, self._taken):
            if line.lets_in(transport, peer):
                self._taken.add(number)
                return number, line
        return None

    def refusal(self, settings: Callable[[int], LineSettings | None], transport: Transport, peer: str = "") -> str:
        """What a client is told for whom no line is free: the refuse-message of the first one that lets him in."""
        told = (line.refusal for _, line in _lines(settings) if line.lets_in(transport, peer))
        return next(filter(None, told), "")

    def free(self, number: int) -> None:
        """The client of that line is gone."""
        self._taken.discard(number)


def _lines(
    settings: Callable[[int], LineSettings | None], taken: Container[int] = ()
) -> Iterator[tuple[int, LineSettings]]:
    """The lines that there are, by number, without those that are taken."""
    for number in count():
        if number not in taken:
            line = settings(number)
            if line is None:
                return
            yield number, line
