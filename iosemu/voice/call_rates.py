"""How many calls came and failed lately: by the second for a minute, by the minute for an hour, by the hour for three
days, as the graphs of `show csm call` have them.

Rule: a count belongs to the second of uptime in which it was made; what has left all three windows is forgotten.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple


class Window(NamedTuple):
    """`length` periods of `seconds` each, the last of which is under way."""

    seconds: int
    length: int


MINUTE, HOUR, DAYS = Window(1, 60), Window(60, 60), Window(3600, 72)


class CallRate:
    """Counts by time."""

    def __init__(self) -> None:
        self._counts: dict[Window, Counter[int]] = {window: Counter() for window in (MINUTE, HOUR, DAYS)}

    def count(self, now_s: float) -> None:
        """One more."""
        for window, counts in self._counts.items():
            counts[int(now_s) // window.seconds] += 1
            if len(counts) > 2 * window.length:
                oldest = int(now_s) // window.seconds - window.length
                for period in [period for period in counts if period <= oldest]:
                    del counts[period]

    def periods(self, window: Window, now_s: float) -> list[int]:
        """The counts of a window's periods, the one under way first."""
        now = int(now_s) // window.seconds
        return [self._counts[window][now - ago] for ago in range(window.length)]
