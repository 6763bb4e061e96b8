"""Log lines for a terminal, held for a moment so that a burst of them redraws the typed line once.

Rule: a terminal that cannot take them loses them; a log line never waits for anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

DELAY_S = 0.03
KEPT = 500


class Notices:
    """What is to be shown on one terminal; `show` is given the lines, each with its end."""

    __slots__ = ("_loop", "_show", "_timer", "_waiting", "dropped")

    def __init__(self, loop: asyncio.AbstractEventLoop, show: Callable[[str], None]) -> None:
        self._loop = loop
        self._show = show
        self._waiting: list[str] = []
        self._timer: asyncio.TimerHandle | None = None
        self.dropped = 0

    def add(self, text: str, takes: bool) -> None:
        """One message, without its line end; lost where the terminal `takes` none now, or too many wait."""
        if not takes or len(self._waiting) >= KEPT:
            self.dropped += 1
            return
        self._waiting.append(text)
        if self._timer is None:
            self._timer = self._loop.call_later(DELAY_S, self.show)

    def show(self) -> None:
        """Show what waits."""
        self.stop()
        if self._waiting:
            text = "\n".join([*self._waiting, ""]).replace("\n", "\r\n")
            self._waiting.clear()
            self._show(text)

    def stop(self) -> None:
        """Show nothing by itself any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
