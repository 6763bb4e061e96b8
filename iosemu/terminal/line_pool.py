"""Which vtys of a router are taken: one numbering, whatever transport a client came by.

Rule: a client gets the lowest free line that lets its transport and its address in; where there is none, it is turned
away.
"""

from __future__ import annotations

from collections.abc import Callable

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
        number = 0
        while True:
            if number not in self._taken:
                line = settings(number)
                if line is None:
                    return None
                if transport in line.transports and (line.admits is None or line.admits(peer)):
                    self._taken.add(number)
                    return number, line
            number += 1

    def free(self, number: int) -> None:
        """The client of that line is gone."""
        self._taken.discard(number)
