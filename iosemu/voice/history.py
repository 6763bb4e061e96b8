"""The table of finished call legs.

Rule: bounded in number and age; a size of 0 keeps nothing. Source: CISCO-DIAL-CONTROL-MIB, `dial-control-mib max-size`
(0-500, default 50) and `retain-timer` (minutes, default 15).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from iosemu.voice.legs import LegRecord

DEFAULT_SIZE = 50
DEFAULT_RETAIN_MINUTES = 15


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A finished leg and its running number (`Index=`)."""

    index: int
    leg: LegRecord


class CallHistory:
    """Finished legs, oldest first."""

    def __init__(self) -> None:
        self.max_size = DEFAULT_SIZE
        self.retain_minutes = DEFAULT_RETAIN_MINUTES
        self._entries: deque[HistoryEntry] = deque()
        self._last_index = 0

    def add(self, leg: LegRecord, uptime_s: float) -> None:
        self._last_index += 1
        self._entries.append(HistoryEntry(self._last_index, leg))
        self._trim(uptime_s)

    def entries(self, uptime_s: float) -> tuple[HistoryEntry, ...]:
        """What is still kept at that router uptime."""
        self._trim(uptime_s)
        return tuple(self._entries)

    def _trim(self, uptime_s: float) -> None:
        oldest = uptime_s - self.retain_minutes * 60
        while self._entries and (
            len(self._entries) > self.max_size or (self._entries[0].leg.disconnect_s or 0.0) < oldest
        ):
            self._entries.popleft()
