"""The history table of the log, of which managers are told: the last messages that are urgent enough.

Rule: sans-IO; what is less urgent than the level is ignored and counted, what has no room any more is flushed and
counted. Source: CISCO-SYSLOG-MIB; the defaults are those of `logging history` (warnings, one entry).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

WARNINGS = 4


@dataclass(frozen=True, slots=True)
class HistoryMessage:
    """One message; `index` counts from 1 on, `at_s` is the router's clock."""

    index: int
    facility: str
    severity: int
    mnemonic: str
    text: str
    at_s: float


class LogHistory:
    """See the module's rule; `told` is called with each message that is kept."""

    def __init__(self) -> None:
        self.level = WARNINGS
        self.ignored = self.flushed = 0
        self.told: list[Callable[[HistoryMessage], object]] = []
        self._messages: deque[HistoryMessage] = deque(maxlen=1)
        self._count = 0

    @property
    def size(self) -> int:
        """How many messages there is room for."""
        return self._messages.maxlen or 0

    @size.setter
    def size(self, size: int) -> None:
        if size != self._messages.maxlen:
            self.flushed += max(len(self._messages) - size, 0)
            self._messages = deque(self._messages, maxlen=size)

    @property
    def messages(self) -> tuple[HistoryMessage, ...]:
        """The oldest first."""
        return tuple(self._messages)

    def note(self, facility: str, severity: int, mnemonic: str, text: str, at_s: float) -> None:
        """A message was logged."""
        if severity > self.level:
            self.ignored += 1
            return
        self._count += 1
        message = HistoryMessage(self._count, facility, severity, mnemonic, text, at_s)
        self.flushed += len(self._messages) == self._messages.maxlen
        self._messages.append(message)
        for told in tuple(self.told):
            told(message)

    def clear(self) -> None:
        """The router starts again; who was told is told no more."""
        self._messages.clear()
        self.told.clear()
        self._count = self.ignored = self.flushed = 0
