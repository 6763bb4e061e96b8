"""The clock of a running lab: asyncio's time, at the line's own pace or without its waits.

`line`: a second is a second. `instant`: as soon as nothing else is ready and nobody holds the clock, it jumps to the
next timer; the time that it jumped over is added to every later reading, so durations inside the lab stay true.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from iosemu.clock import Clock, Timer, TimerQueue

Pace = Literal["line", "instant"]

# A clock yields to sockets after this many timers, or this time, so that many calls at once never starve a terminal.
TIMERS_PER_TURN = 64
TURN_S = 0.1


class LoopClock(Clock):
    """A `Clock` on the running asyncio loop; make it inside the loop."""

    def __init__(self, pace: Pace = "line", start: datetime | None = None) -> None:
        super().__init__(start)
        self.pace = pace
        self._loop = asyncio.get_running_loop()
        self._origin = self._loop.time()  # the loop's time at which the lab's is 0; a jump moves it back
        self._timers = TimerQueue()
        self._wake: asyncio.Handle | None = None
        self._turning = False

    def now(self) -> float:
        return self._loop.time() - self._origin

    def call_at(self, when_s: float, action: Callable[[], object]) -> Timer:
        timer = self._timers.add(when_s, action)
        self._arm()
        return timer

    def call_unhurried(self, delay_s: float, action: Callable[[], object]) -> Timer:
        timer = self._timers.add(self.now() + delay_s, action, hurried=False)
        self._arm()
        return timer

    @property
    def _may_jump(self) -> bool:
        return self.pace == "instant" and not self._holds and self._timers.in_hurry

    def _released(self) -> None:
        super()._released()
        self._arm()

    def _arm(self) -> None:
        """Ask the loop for a turn at the time of the earliest timer; a turn under way asks when it ends."""
        if self._turning:
            return
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        when = self._timers.next_time()
        if when is None:
            return
        if self._may_jump:
            self._wake = self._loop.call_soon(self._turn)
        else:
            self._wake = self._loop.call_at(self._origin + when, self._turn)

    def _turn(self) -> None:
        self._wake = None
        self._turning = True
        until = self._loop.time() + TURN_S
        for _ in range(TIMERS_PER_TURN):
            when = self._timers.next_time()
            if when is None or self._loop.time() > until:
                break
            ahead = when - self.now()
            if ahead > 0:
                if not self._may_jump:
                    break
                self._origin -= ahead
            action = self._timers.pop()
            try:
                action()
            except Exception as error:  # one broken call must not stop the clock of all others
                self._loop.call_exception_handler({"message": "timer action failed", "exception": error})
        self._turning = False
        self._arm()
