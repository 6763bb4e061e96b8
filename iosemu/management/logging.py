"""The router's system log: one stream of messages to the console, to monitoring terminals and to the buffer.

Rule: a message is put into words once, with the time stamp that the configuration asks for, and each destination takes
it where its level allows. No destination can hold up or break another.
Severities are those of RFC 5424 section 6.2.1, 0 (emergency) to 7 (debugging).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum, IntEnum

from iosemu.clock import Clock

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


class _Terminal:
    __slots__ = ("destination", "wants", "write")

    def __init__(self, destination: Destination, write: Callable[[str], None], wants: Callable[[], bool]) -> None:
        self.destination = destination
        self.write = write
        self.wants = wants


_DAY_S, _WEEK_S, _YEAR_S = 86400, 7 * 86400, 365 * 86400


def uptime_stamp(seconds: float) -> str:
    """`service timestamps ... uptime`: `00:01:36: ` within the first day, then `1d02h: `, `3w2d: ` and `1y5w: `."""
    whole = int(seconds)
    if whole < _DAY_S:
        return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}: "
    if whole < _WEEK_S:
        return f"{whole // _DAY_S}d{whole % _DAY_S // 3600:02}h: "
    if whole < _YEAR_S:
        return f"{whole // _WEEK_S}w{whole % _WEEK_S // _DAY_S}d: "
    return f"{whole // _YEAR_S}y{whole % _YEAR_S // _WEEK_S}w: "


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
        self.counts: dict[Destination, int] = dict.fromkeys(Destination, 0)

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
        self._message("log", Severity(severity), f"%{facility}-{severity}-{mnemonic}: {text}")

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
        self.counts = dict.fromkeys(Destination, 0)
        self._sequence = 0

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
        if self._takes(Destination.BUFFER, severity):
            self._keep(message)
        for destination in (Destination.CONSOLE, Destination.MONITOR):
            if self._takes(destination, severity):
                self._show(destination, message)

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
