"""A reload that is still to come: when, why, and the timers that bring it.

Rule: time is the lab's clock; `clock set` moves what the router shows, not when it reloads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.clock import Timer

_MINUTE_S, _HOUR_S = 60, 3600


@dataclass(eq=False, slots=True)
class ScheduledReload:
    """`at_s` in seconds of the clock; `reason` as typed, "" without."""

    at_s: float
    reason: str
    timers: list[Timer] = field(default_factory=list)

    def cancel(self) -> None:
        """Let nothing happen any more."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()


def left_text(seconds: float) -> str:
    """`20 minutes`, `26 hours and 44 minutes`."""
    hours, rest = divmod(round(seconds), _HOUR_S)
    minutes = _count(rest // _MINUTE_S, "minute")
    return f"{_count(hours, 'hour')} and {minutes}" if hours else minutes


def countdown(seconds: float) -> str:
    """`0:05:00`."""
    whole = round(seconds)
    return f"{whole // _HOUR_S}:{whole // _MINUTE_S % 60:02}:{whole % 60:02}"


def _count(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
