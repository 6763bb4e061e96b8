"""Stand-ins for what lies on both sides of a terminal: a session that knows a few commands, and a dumb screen."""

from __future__ import annotations

import asyncio
from typing import Any

from iosemu.cli.session import END_KEY


class FakeSession:
    """Modes, prompts and outputs of a router, without its command set; keeps every line that it was given."""

    def __init__(self, terminal: Any, host: str = "R1") -> None:
        self.terminal = terminal
        self.host = host
        self.configuring = False
        self.closed = False
        self.collecting = False
        self.lines: list[str] = []
        self.cancelled = False

    @property
    def prompt(self) -> str:
        return f"{self.host}(config)#" if self.configuring else f"{self.host}#"

    async def execute(self, line: str) -> None:
        self.lines.append(line)
        if self.collecting:
            self.collecting = line != "."
            return
        if line.endswith(END_KEY):
            self.configuring = False
        word, _, rest = line.strip().partition(" ")
        if word == "configure":
            self.configuring = True
        elif word == "end":
            self.configuring = False
        elif word == "exit":
            self.closed = True
        elif word == "rows":
            await self.terminal.page("".join(f"row {n}\n" for n in range(int(rest))))
        elif word == "sleep":
            try:
                await asyncio.sleep(float(rest))
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        elif word == "ask":
            self.terminal.write(f"got {await self.terminal.read_line('Name? ')}\n")
        elif word == "secret":
            self.terminal.write(f"got {await self.terminal.read_line('Password: ', secret=True)}\n")
        elif word == "text":
            self.collecting = True
        elif word == "fail":
            raise ZeroDivisionError
        elif word == "show":
            self.terminal.write("shown\n")

    def help(self, line: str) -> str:
        if line == "long":
            return "".join(f"  word {number}\n" for number in range(40))
        return f"  help of <{line}>\n\n"

    def complete(self, line: str) -> str:
        return "show " if line == "sh" else line


class Screen:
    """Knows characters, CR, LF, backspace and bell; wraps at `width` columns (0 = never)."""

    def __init__(self, width: int = 0) -> None:
        self.width = width
        self.rows: list[list[str]] = [[]]
        self.row = 0
        self.column = 0

    def feed(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self.column = 0
            elif character == "\n":
                self._down()
            elif character == "\b":
                assert self.column, "a backspace at the left edge"
                self.column -= 1
            elif character != "\a":
                assert character >= " ", f"a router sends no {character!r}"
                self._put(character)

    def _down(self) -> None:
        self.row += 1
        while len(self.rows) <= self.row:
            self.rows.append([])

    def _put(self, character: str) -> None:
        if self.width and self.column == self.width:
            self.column = 0
            self._down()
        row = self.rows[self.row]
        row.extend(" " * (self.column + 1 - len(row)))
        row[self.column] = character
        self.column += 1

    @property
    def text(self) -> list[str]:
        return ["".join(row).rstrip() for row in self.rows]

    @property
    def last(self) -> str:
        return "".join(self.rows[self.row])
