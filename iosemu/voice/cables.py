"""When the cable of a controller or analog port was in, for who counts seconds without a signal."""

from __future__ import annotations

from math import inf


class CableLog:
    """Every jack was empty at first; told of each move, in the order of time (seconds of the clock)."""

    def __init__(self) -> None:
        self._moves: dict[str, list[tuple[float, bool]]] = {}

    def moved(self, jack: str, at_s: float, *, plugged: bool) -> None:
        """A cable was plugged in or pulled out."""
        self._moves.setdefault(jack, []).append((at_s, plugged))

    def without_s(self, jack: str, from_s: float, to_s: float) -> float:
        """For how long of that time a jack had no cable."""
        missing, since, plugged = 0.0, -inf, False
        for at_s, now_plugged in (*self._moves.get(jack, ()), (inf, True)):
            if not plugged:
                missing += max(0.0, min(at_s, to_s) - max(since, from_s))
            since, plugged = at_s, now_plugged
        return missing
