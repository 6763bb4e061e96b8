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

    @abstractmethod
    def call_unhurried(self, delay_s: float, action: Callable[[], object]) -> Timer:
        """As `call_later`, but no clock jumps there: for what goes on for ever, as a poll does, and waits for time to
        pass by itself or by what else is going on."""

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
    """Timers in order of time, then of asking; some of them are in no hurry."""

    def __init__(self) -> None:
        self._hurried: list[tuple[float, int, _Entry]] = []
        self._unhurried: list[tuple[float, int, _Entry]] = []
        self._serial = itertools.count()

    def add(self, when_s: float, action: Callable[[], object], *, hurried: bool = True) -> Timer:
        entry = _Entry(action)
        heapq.heappush(self._hurried if hurried else self._unhurried, (when_s, next(self._serial), entry))
        return entry

    @property
    def in_hurry(self) -> bool:
        """Is there a timer for which a clock may jump?"""
        return bool(_earliest(self._hurried))

    def next_time(self) -> float | None:
        """When the earliest timer that was not cancelled is due."""
        first = self._first()
        return first[0][0] if first else None

    def pop(self) -> Callable[[], object]:
        """Take the earliest timer's action; call `next_time` first."""
        action = heapq.heappop(self._first())[2].action
        assert action is not None
        return action

    def _first(self) -> list[tuple[float, int, _Entry]]:
        """The heap that has the earliest timer."""
        hurried, unhurried = _earliest(self._hurried), _earliest(self._unhurried)
        if hurried and unhurried:
            return min(hurried, unhurried, key=lambda heap: heap[0][:2])
        return hurried or unhurried


def _earliest(heap: list[tuple[float, int, _Entry]]) -> list[tuple[float, int, _Entry]]:
    """A heap whose first timer was not cancelled."""
    while heap and heap[0][2].action is None:
        heapq.heappop(heap)
    return heap


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

    def call_unhurried(self, delay_s: float, action: Callable[[], object]) -> Timer:
        return self._timers.add(self._now + delay_s, action, hurried=False)

    def step(self) -> bool:
        """Jump to the next timer and run it; False where none is left that is in a hurry."""
        if not self._timers.in_hurry:
            return False
        self._run_next()
        return True

    def run(self, until_s: float | None = None) -> None:
        """Run timers in order, all that are in a hurry (and the others on the way) or those due up to `until_s`."""
        if until_s is None:
            while self.step():
                pass
            return
        while (when := self._timers.next_time()) is not None and when <= until_s:
            self._run_next()
        self._now = max(self._now, until_s)

    def _run_next(self) -> None:
        when = self._timers.next_time()
        assert when is not None
        self._now = max(self._now, when)
        self._timers.pop()()
