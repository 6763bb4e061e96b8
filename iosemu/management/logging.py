"""The router's system log: one stream of messages to the console, to monitoring terminals, the buffer and log hosts.

Rule: a message is put into words once, with the time stamp that the configuration asks for, and each destination takes
it where its level and the rate limit allow. No destination can hold up or break another.
Severities are those of RFC 5424 section 6.2.1, 0 (emergency) to 7 (debugging).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from iosemu.clock import Clock
from iosemu.dates import short_duration
from iosemu.management.log_history import LogHistory

# `logging buffered` without a size (octets).
DEFAULT_BUFFER_SIZE = 4096


class Severity(IntEnum):
    """The levels by the names that `logging console LEVEL` takes."""

    EMERGENCIES = 0
    ALERTS = 1
    CRITICAL = 2
    ERRORS = 3
    WARNINGS = 4
    NOTIFICATIONS = 5
    INFORMATIONAL = 6
    DEBUGGING = 7


class Destination(Enum):
    CONSOLE = "console"
    MONITOR = "monitor"
    BUFFER = "buffer"
    TRAP = "trap"
    """The log hosts."""


class RateLimit(NamedTuple):
    """`logging rate-limit`: at most `per_second` messages a second, but for those at least as urgent as `spared`.

    It holds for system messages, with `debugs` for debug text too; with `console_only` the console alone goes without.
    """

    per_second: int
    spared: Severity | None = None
    debugs: bool = False
    console_only: bool = False


@dataclass(slots=True)
class Tally:
    """How often a message was logged, and the stamp of the last one (`logging count`)."""

    facility: str
    mnemonic: str
    severity: Severity
    occurred: int = 0
    last: str = ""


class _Terminal:
    __slots__ = ("destination", "wants", "write")

    def __init__(self, destination: Destination, write: Callable[[str], None], wants: Callable[[], bool]) -> None:
        self.destination = destination
        self.write = write
        self.wants = wants


def uptime_stamp(seconds: float) -> str:
    """What stands before a message with `service timestamps ... uptime`."""
    return f"{short_duration(seconds)}: "


class Logging:
    """`stamp(kind)` gives what stands before a message, kind being "debug" or "log", e.g. `*Mar  1 00:00:12.345: `.

    `levels` holds the least urgent severity that a destination takes; None switches it off. `failed` is told of a
    terminal that raised (and was thrown out for it).
    """

    def __init__(
        self,
        clock: Clock,
        stamp: Callable[[str], str] | None = None,
        *,
        buffer_size: int = DEFAULT_BUFFER_SIZE,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._stamp = stamp if stamp is not None else lambda kind: uptime_stamp(clock.now())
        self._terminals: list[_Terminal] = []
        self._buffer: deque[str] = deque()
        self._buffered = 0
        self._buffer_size = buffer_size
        self._failed = failed
        self._sequence = 0
        self.sequence_numbers = False
        self.enabled = True
        self.levels: dict[Destination, Severity | None] = dict.fromkeys(Destination, Severity.DEBUGGING)
        self.levels[Destination.TRAP] = Severity.INFORMATIONAL
        self.counts: dict[Destination, int] = dict.fromkeys(Destination, 0)
        self.rate_limit: RateLimit | None = None
        self.rate_limited = 0
        """Messages that the rate limit has held back."""
        self.tallies: dict[tuple[str, str], Tally] | None = None
        """By facility and mnemonic, None while nobody counts."""
        self.to_hosts: Callable[[Severity, str], object] = lambda severity, message: None
        """Sends a message to the log hosts."""
        self.history = LogHistory()
        self._clock = clock
        self._second, self._in_second = -1, 0

    def attach_console(self, write: Callable[[str], None]) -> Callable[[], None]:
        """Give every message of the console's level to `write`, without a line end; returns what ends that."""
        return self._attach(_Terminal(Destination.CONSOLE, write, lambda: True))

    def attach_monitor(self, write: Callable[[str], None], wants: Callable[[], bool]) -> Callable[[], None]:
        """The same for a terminal that takes messages only while `wants()` (`terminal monitor`)."""
        return self._attach(_Terminal(Destination.MONITOR, write, wants))

    def debug(self, text: str) -> None:
        """One message of a `debug` command; it may have several lines."""
        self._message("debug", Severity.DEBUGGING, text)

    def event(self, facility: str, severity: int, mnemonic: str, text: str) -> None:
        """One system message: `%FACILITY-severity-MNEMONIC: text`. ValueError where the severity is not 0 to 7."""
        level = Severity(severity)
        if self.tallies is not None:
            tally = self.tallies.setdefault((facility, mnemonic), Tally(facility, mnemonic, level))
            tally.occurred += 1
            tally.last = self._stamp("log").rstrip(": ")
        self.history.note(facility, severity, mnemonic, text, self._clock.now())
        self._message("log", level, f"%{facility}-{severity}-{mnemonic}: {text}")

    @property
    def buffer(self) -> tuple[str, ...]:
        """What `show logging` lists, oldest first."""
        return tuple(self._buffer)

    @property
    def buffer_size(self) -> int:
        """Octets that the buffer may take; the oldest messages go first."""
        return self._buffer_size

    @buffer_size.setter
    def buffer_size(self, size: int) -> None:
        self._buffer_size = size
        self._trim()

    def clear(self) -> None:
        """`clear logging`."""
        self._buffer.clear()
        self._buffered = 0

    def restart(self) -> None:
        """The router starts again: nothing was logged yet; the terminals stay."""
        self.clear()
        self.history.clear()
        self.counts = dict.fromkeys(Destination, 0)
        self._sequence = self.rate_limited = 0
        if self.tallies is not None:
            self.tallies = {}

    def _attach(self, terminal: _Terminal) -> Callable[[], None]:
        self._terminals.append(terminal)

        def detach() -> None:
            if terminal in self._terminals:
                self._terminals.remove(terminal)

        return detach

    def _takes(self, destination: Destination, severity: Severity) -> bool:
        # `no logging on` leaves only the console.
        if not self.enabled and destination is not Destination.CONSOLE:
            return False
        level = self.levels[destination]
        return level is not None and severity <= level

    def _message(self, kind: str, severity: Severity, text: str) -> None:
        self._sequence += 1
        number = f"{self._sequence:06}: " if self.sequence_numbers else ""
        message = f"{number}{self._stamp(kind)}{text}"
        limited = self._too_many(kind, severity)
        if limited and self.rate_limit is not None and not self.rate_limit.console_only:
            return
        if self._takes(Destination.BUFFER, severity):
            self._keep(message)
        if self._takes(Destination.TRAP, severity):
            self.counts[Destination.TRAP] += 1
            self.to_hosts(severity, message)
        for destination in (Destination.CONSOLE, Destination.MONITOR):
            if self._takes(destination, severity) and not (limited and destination is Destination.CONSOLE):
                self._show(destination, message)

    def _too_many(self, kind: str, severity: Severity) -> bool:
        """Has this second had its messages?"""
        limit = self.rate_limit
        if limit is None or (kind == "debug" and not limit.debugs):
            return False
        if limit.spared is not None and severity <= limit.spared:
            return False
        second = int(self._clock.now())
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        if self._in_second <= limit.per_second:
            return False
        self.rate_limited += 1
        return True

    def _keep(self, message: str) -> None:
        self.counts[Destination.BUFFER] += 1
        self._buffer.append(message)
        self._buffered += len(message) + 1
        self._trim()

    def _trim(self) -> None:
        while self._buffer and self._buffered > self._buffer_size:
            self._buffered -= len(self._buffer.popleft()) + 1

    def _show(self, destination: Destination, message: str) -> None:
        self.counts[destination] += 1
        for terminal in tuple(self._terminals):
            if terminal.destination is not destination or not terminal.wants():
                continue
            try:
                terminal.write(message)
            except Exception as error:  # a broken terminal must not take the router's other terminals with it
                self._terminals.remove(terminal)
                if self._failed is not None:
                    self._failed(error)
