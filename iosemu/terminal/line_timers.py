"""The clocks of a terminal line: `exec-timeout` after the last sign of life, `absolute-timeout` after its beginning.

Rule: one timer each, moved on lazily, whatever is typed; a running command is a sign of life for the first and none for
the second. What is to happen is the terminal's affair.
"""

from __future__ import annotations

import asyncio
from typing import Protocol


class Watched(Protocol):
    """The terminal that is timed."""

    @property
    def waiting(self) -> bool:
        """Does it wait for its user?"""

    def idle_expired(self) -> None: ...

    def absolute_warning(self) -> None: ...

    def absolute_expired(self) -> None: ...


class LineTimers:
    """The clocks of one terminal; times are seconds, 0 means never."""

    __slots__ = ("_absolute", "_idle", "_idle_s", "_last", "_loop", "_watched", "held", "since")

    def __init__(self, loop: asyncio.AbstractEventLoop, watched: Watched) -> None:
        self._loop = loop
        self._watched = watched
        self._idle: asyncio.TimerHandle | None = None
        self._absolute: asyncio.TimerHandle | None = None
        self._idle_s = 0.0
        self._last = loop.time()
        self.since = self._last
        """When the line was taken, in the loop's time."""
        self.held = False
        """While true idleness does not count: the user is at another host, whose session has a time of its own."""

    @property
    def idle_s(self) -> float:
        """Seconds since the last sign of life."""
        return self._loop.time() - self._last

    @property
    def active_s(self) -> float:
        """Seconds since the line was taken."""
        return self._loop.time() - self.since

    def alive(self) -> None:
        """A sign of life."""
        self._last = self._loop.time()

    def begin(self, idle_s: float, absolute_s: float = 0.0, warning_s: float = 0.0) -> None:
        """A session begins; the warning comes that long before the absolute end."""
        self.stop()
        self._idle_s = idle_s
        self.alive()
        if absolute_s:
            warn_in = max(0.0, absolute_s - warning_s) if warning_s else absolute_s
            self._absolute = self._loop.call_later(warn_in, self._warn, absolute_s - warn_in)

    def waits(self) -> None:
        """The terminal begins to wait for its user; the end of a command counts as a sign of life."""
        self.alive()
        if self._idle_s and self._idle is None:
            self._idle = self._loop.call_later(self._idle_s, self._check)

    def stop(self) -> None:
        """No more timing."""
        for timer in (self._idle, self._absolute):
            if timer is not None:
                timer.cancel()
        self._idle = self._absolute = None

    def _check(self) -> None:
        self._idle = None
        if not self._idle_s:
            return
        if self.held or not self._watched.waiting:
            self.alive()
        left = self._last + self._idle_s - self._loop.time()
        if left > 0:
            self._idle = self._loop.call_later(left, self._check)
        else:
            self._watched.idle_expired()

    def _warn(self, left: float) -> None:
        self._absolute = self._loop.call_later(left, self._watched.absolute_expired)
        if left:
            self._watched.absolute_warning()
