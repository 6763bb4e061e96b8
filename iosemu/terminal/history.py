"""The command history of one terminal: the last lines, oldest first, and a place in it while the user walks.

Rule: an empty line and one equal to the last are not kept; the line being typed is the newest place and is given back
when the walk returns to it.
"""

from __future__ import annotations

# `terminal history size` of a router at start.
DEFAULT_SIZE = 10


class History:
    """At most `size` lines (0 keeps none)."""

    __slots__ = ("_at", "_lines", "_size", "_typed")

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        self._size = size
        self._lines: list[str] = []
        self._at = 0
        self._typed = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Oldest first, as `show history` lists them."""
        return tuple(self._lines)

    @property
    def size(self) -> int:
        return self._size

    @size.setter
    def size(self, size: int) -> None:
        self._size = size
        self._trim()

    def add(self, line: str) -> None:
        """Keep a line that was entered, and end the walk."""
        if line.strip() and self._lines[-1:] != [line]:
            self._lines.append(line)
            self._trim()
        self.rewind()

    def rewind(self) -> None:
        """Stand at the line being typed."""
        self._at = len(self._lines)
        self._typed = ""

    def older(self, typed: str) -> str | None:
        """The line before; None at the oldest."""
        if self._at == 0:
            return None
        if self._at == len(self._lines):
            self._typed = typed
        self._at -= 1
        return self._lines[self._at]

    def newer(self) -> str | None:
        """The line after, at last the one that was being typed; None there."""
        if self._at >= len(self._lines):
            return None
        self._at += 1
        return self._typed if self._at == len(self._lines) else self._lines[self._at]

    def _trim(self) -> None:
        if len(self._lines) > self._size:
            del self._lines[: len(self._lines) - self._size]
        self._at = min(self._at, len(self._lines))


class Histories:
    """The histories of one terminal: EXEC and configuration commands are kept apart, under one size."""

    __slots__ = ("configuration", "exec")

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        self.exec = History(size)
        self.configuration = History(size)

    @property
    def lines(self) -> tuple[str, ...]:
        """What `show history`, an EXEC command, lists."""
        return self.exec.lines

    @property
    def size(self) -> int:
        """Lines that each of them keeps; 0 keeps none."""
        return self.exec.size

    @size.setter
    def size(self, size: int) -> None:
        self.exec.size = self.configuration.size = size

    def of(self, prompt: str) -> History:
        """The one for commands at this prompt; only those of configuration modes end like `host(config-if)#`."""
        return self.configuration if prompt.endswith(")#") else self.exec
