"""The ` --More-- ` of a terminal as a sans-IO engine: text in, screenfuls out, keys decide how it goes on.

Rule: one command has one count of rows, however many pieces its output comes in; a line wider than the terminal counts
as the rows that it takes there. Space shows a screen more, Return a line, any other key ends the output of the command.
"""

from __future__ import annotations

MORE = " --More-- "
# The cursor goes back behind the first column, the word is wiped, and the next line begins at the left edge.
ERASE_MORE = "\b" * 9 + " " * 8 + "\b" * 9


class Pager:
    """The output of one command on a terminal of `width` columns and `length` rows (0 = endless)."""

    __slots__ = ("_length", "_rest", "_rows_left", "_width", "quit")

    def __init__(self, width: int, length: int) -> None:
        self._width = width
        self._length = length
        self._rows_left = self._screen()
        self._rest = ""
        self.quit = False

    def _screen(self) -> int:
        return max(1, self._length - 1)

    def feed(self, text: str) -> None:
        """Queue output; dropped once the user has had enough."""
        if not self.quit:
            self._rest += text

    @property
    def waiting(self) -> bool:
        """The screen is full and there is more: print MORE, give the key to `answer`."""
        return bool(self._rest) and not self._rows_left

    def take(self) -> str:
        """The text that still fits; all of it on an endless screen."""
        if not self._length:
            text, self._rest = self._rest, ""
            return text
        end = 0
        while self._rows_left and end < len(self._rest):
            line_end = self._rest.find("\n", end)
            stop = len(self._rest) if line_end < 0 else line_end
            rows = self._rows(stop - end)
            if rows > self._rows_left:
                # A line of several rows is cut where the screen ends.
                end += self._rows_left * self._width
                self._rows_left = 0
                break
            if line_end < 0:
                end = stop
                break
            self._rows_left -= rows
            end = stop + 1
        text, self._rest = self._rest[:end], self._rest[end:]
        return text

    def _rows(self, columns: int) -> int:
        return max(1, -(-columns // self._width)) if self._width else 1

    def answer(self, key: str) -> None:
        """What the user typed at MORE."""
        if key == " ":
            self._rows_left = self._screen()
        elif key == "\r":
            self._rows_left = 1
        else:
            self.quit = True
            self._rest = ""
