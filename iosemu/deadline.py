"""A timer that is restarted often.

Rule: restarting writes down a time; the clock is asked again only when the time asked for first has come. So a page of
a thousand signals costs a few timers, not a thousand.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import Clock, Timer


class Deadline:
    """Calls an action when nothing touched it for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timer: Timer | None = None
        self._due_s = 0.0
        self._patience_s = 0.0
        self._action: Callable[[], object] | None = None

    @property
    def running(self) -> bool:
        return self._action is not None

    def start(self, patience_s: float, action: Callable[[], object]) -> None:
        """Call `action` after `patience_s` without a touch, instead of what was waited for before."""
        self.stop()
        self._patience_s, self._action = patience_s, action
        self._due_s = self._clock.now() + patience_s
        self._timer = self._clock.call_at(self._due_s, self._fire)

    def touch(self) -> None:
        """Begin the waiting anew; without effect where nothing is waited for."""
        if self._action is not None:
            self._due_s = self._clock.now() + self._patience_s

    def stop(self) -> None:
        self._action = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        action = self._action
        if action is None:
            return
        if self._clock.now() < self._due_s:
            self._timer = self._clock.call_at(self._due_s, self._fire)
            return
        self._action = self._timer = None
        action()
