"""What a session needs of the terminal it runs on, and a terminal that only keeps the text.

Rule: text uses "\\n" line ends; how a line is edited, echoed, paged or sent is the terminal's own affair.
"""

from __future__ import annotations

from typing import Protocol


class Terminal(Protocol):
    """One screen and keyboard: console, vty, or a file of lines."""

    width: int
    """Columns; 0 where the far end does not wrap."""
    length: int
    """Rows between two `--More--`; 0 for no paging."""
    monitor: bool
    """Does log and debug output go here?"""

    def write(self, text: str) -> None:
        """Print now."""

    async def page(self, text: str) -> None:
        """Print with `--More--` after each screenful."""

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        """A line typed after `prompt`, without its end; `secret` is not echoed.

        Raises EOFError when the far end hangs up.
        """
        ...

    async def read_key(self) -> str:
        """One key.

        Raises EOFError when the far end hangs up.
        """
        ...


class Transcript:
    """A terminal that collects what is printed and answers questions from a list; then its far end hangs up."""

    def __init__(self, answers: tuple[str, ...] = ()) -> None:
        self.width = 80
        self.length = 0
        self.monitor = False
        self._parts: list[str] = []
        self._answers = iter(answers)

    @property
    def text(self) -> str:
        """Everything printed so far."""
        return "".join(self._parts)

    def take(self) -> str:
        """What was printed since the last `take`."""
        if not self._parts:
            return ""
        text = self.text
        self._parts.clear()
        return text

    def write(self, text: str) -> None:
        self._parts.append(text)

    async def page(self, text: str) -> None:
        self._parts.append(text)

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        self._parts.append(prompt)
        answer = self._answer()
        self._parts.append("\n" if secret else f"{answer}\n")
        return answer

    async def read_key(self) -> str:
        return self._answer()

    def _answer(self) -> str:
        for answer in self._answers:
            return answer
        raise EOFError


class Output:
    """The terminal as one command sees it: what it collected with `add` comes before what it prints at once."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._parts: list[str] = []

    def add(self, text: str) -> None:
        self._parts.append(text)

    def collected(self) -> str:
        if not self._parts:
            return ""
        text = "".join(self._parts)
        self._parts.clear()
        return text

    def write(self, text: str) -> None:
        self._terminal.write(self.collected() + text)

    async def page(self, text: str) -> None:
        await self._terminal.page(self.collected() + text)

    async def read_line(self, prompt: str, *, secret: bool = False) -> str:
        self._terminal.write(self.collected())
        return await self._terminal.read_line(prompt, secret=secret)

    async def read_key(self) -> str:
        self._terminal.write(self.collected())
        return await self._terminal.read_key()

    @property
    def width(self) -> int:
        return self._terminal.width

    @width.setter
    def width(self, columns: int) -> None:
        self._terminal.width = columns

    @property
    def length(self) -> int:
        return self._terminal.length

    @length.setter
    def length(self, rows: int) -> None:
        self._terminal.length = rows

    @property
    def monitor(self) -> bool:
        return self._terminal.monitor

    @monitor.setter
    def monitor(self, on: bool) -> None:
        self._terminal.monitor = on
