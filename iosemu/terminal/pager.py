"""The ` --More-- ` of a terminal as a sans-IO engine: text in, screenfuls out, keys decide how it goes on.

Rule: one command has one count of rows, however many pieces its output comes in; a line wider than the terminal counts
as the rows that it takes there. Space shows a screen more, Return a line; `/`, `+` and `-` ask for a pattern that the
rest is searched or filtered by; any other key ends the output of the command.
"""

from __future__ import annotations

from iosemu.cli import filters

MORE = " --More-- "
# The cursor goes back behind the first column, the word is wiped, and the next line begins at the left edge.
ERASE_MORE = "\b" * 9 + " " * 8 + "\b" * 9
# Keys that are followed by a pattern, typed where ` --More-- ` stood, and the output modifier that each stands for.
SEARCHES = {"/": "begin", "+": "include", "-": "exclude"}
FILTERING = "filtering...\n"  # recalled


class Pager:
    """The output of one command on a terminal of `width` columns and `length` rows (0 = endless)."""

    __slots__ = ("_at", "_length", "_modifier", "_rest", "_rows_left", "_width", "quit")

    def __init__(self, width: int, length: int) -> None:
        self._width = width
        self._length = length
        self._rows_left = self._screen()
        self._rest = ""
        self._at = 0
        self._modifier: filters.Modifier | None = None
        self.quit = False

    def _screen(self) -> int:
        return max(1, self._length - 1)

    def feed(self, text: str) -> None:
        """Queue output; dropped once the user has had enough."""
        if not self.quit:
            self._rest = self._rest[self._at :] + text
            self._at = 0
            self._skip_hidden()

    @property
    def waiting(self) -> bool:
        """The screen is full and there is more: print MORE, give the key to `answer` or `search`."""
        return not self._rows_left and self._at < len(self._rest)

    def take(self) -> str:
        """The text that still fits; all of it on an endless screen."""
        pieces: list[str] = []
        if not self._length:
            pieces.append(self._rest)
            self._at = len(self._rest)
        while self._rows_left and self._at < len(self._rest):
            start, end = self._at, self._line_end()
            ended = self._rest[end - 1] == "\n"
            rows = self._rows(end - start - ended)
            if rows > self._rows_left:
                # A line of several rows is cut where the screen ends.
                end = start + self._rows_left * self._width
                rows = self._rows_left
            elif not ended:
                rows = 0
            self._rows_left -= rows
            self._at = end
            pieces.append(self._rest[start:end])
            self._skip_hidden()
        if self._at >= len(self._rest):
            self._rest, self._at = "", 0
        return "".join(pieces)

    def _line_end(self) -> int:
        """Where the line ends that is next, its newline included."""
        return self._rest.find("\n", self._at) + 1 or len(self._rest)

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
            self._rest, self._at = "", 0

    def search(self, key: str, pattern: str) -> str:
        """Go on with the lines of the rest that `key`, one of SEARCHES, lets through; gives the text to print first.

        Without a pattern, or with a bad one, nothing has changed and MORE is due again.
        """
        if not pattern.strip():
            return ""
        try:
            self._modifier = filters.Modifier(SEARCHES[key], filters.compile_pattern(pattern.strip()))
        except filters.PatternError:
            return filters.BAD_PATTERN
        self._rows_left = max(1, self._screen() - 1)
        self._skip_hidden()
        return FILTERING

    def _skip_hidden(self) -> None:
        """Drop the lines that the search hides, up to the next one shown: a later search still sees those behind it."""
        while self._modifier is not None and self._at < len(self._rest):
            end = self._line_end()
            found = self._modifier.pattern.search(self._rest[self._at : end].rstrip("\n")) is not None
            name = self._modifier.name
            if name == "begin" and found:
                self._modifier = None
            elif name != "begin" and found is (name == "include"):
                return
            else:
                self._at = end
