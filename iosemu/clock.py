"""The one clock of a lab: engines and timers read it, so a whole fax call can run at any pace.

Rule: an engine never reads the machine's clock and never sleeps; it is given a `Clock` and asks it to call back. Time
is in seconds since the lab started. What an engine waits for outside the clock's sight (a mail server's answer on a
real socket) is announced with `hold()`: while any hold is out, an accelerated clock does not jump over timers.
"""

from __future__ import annotations

import heapq
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Timer(Protocol):
    """A pending call; `cancel` is harmless after it ran."""

    def cancel(self) -> None: ...


class Hold:
    """A promise that an answer from outside will come; release it exactly when the answer is in (twice is harmless)."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Clock | None = clock

    def release(self) -> None:
        clock, self._clock = self._clock, None
        if clock is not None:
            clock._released()

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()


class Clock(ABC):
    """Seconds, wall time and timers."""

    def __init__(self, start: datetime | None = None) -> None:
        self.start = start if start is not None else datetime.now(UTC)
        self._holds = 0

    @abstractmethod
    def now(self) -> float:
        """Seconds since the lab started."""

    @abstractmethod
    def call_at(self, when_s: float, action: Callable[[], object]) -> Timer:
        """Run `action` once at `when_s` (lab seconds); equal times run in the order of asking."""

    def call_later(self, delay_s: float, action: Callable[[], object]) -> Timer:
        return self.call_at(self.now() + delay_s, action)

    def wall(self) -> datetime:
        """The lab's date and time, UTC."""
        return self.start + timedelta(seconds=self.now())

    def hold(self) -> Hold:
        self._holds += 1
        return Hold(self)

    def _released(self) -> None:
        self._holds -= 1


class _Entry:
    __slots__ = ("action",)

    def __init__(self, action: Callable[[], object]) -> None:
        self.action: Callable[[], object] | None = action

    def cancel(self) -> None:
        self.action = None


class TimerQueue:
    """Timers in order of time, then of asking."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Entry]] = []
        self._serial = itertools.count()

    def add(self, when_s: float, action: Callable[[], object]) -> Timer:
        entry = _Entry(action)
        heapq.heappush(self._heap, (when_s, next(self._serial), entry))
        return entry

    def next_time(self) -> float | None:
        """When the earliest timer that was not cancelled is due."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self) -> Callable[[], object]:
        """Take the earliest timer's action; call `next_time` first."""
        action = heapq.heappop(self._heap)[2].action
        assert action is not None
        return action


class ManualClock(Clock):
    """A clock that moves only when told to: for tests, benchmarks and offline commands."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(start)
        self._now = 0.0
        self._timers = TimerQueue()

    def now(self) -> float:
        return self._now

    def call_at(self, when_s: float, action: Callable[[], object]) -> Timer:
        return self._timers.add(when_s, action)

    def step(self) -> bool:
        """Jump to the next timer and run it; False where none is left."""
        when = self._timers.next_time()
        if when is None:
            return False
        self._now = max(self._now, when)
        self._timers.pop()()
        return True

    def run(self, until_s: float | None = None) -> None:
        """Run timers in order, all of them or those due up to `until_s`."""
        while (when := self._timers.next_time()) is not None and (until_s is None or when <= until_s):
            self.step()
        if until_s is not None:
            self._now = max(self._now, until_s)
