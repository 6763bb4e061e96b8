"""One line of text behind a prompt on a dumb terminal, redrawn with printable characters and backspaces only.

Rule: a router sends no escape codes; whatever changes in the line, only the difference to the screen is sent.
A line wider than the terminal is scrolled by ten columns at a time, and `$` stands where something is cut off.
"""

from __future__ import annotations

SCROLL_STEP = 10
# A terminal narrower than its prompt still gets this much room for the line.
MIN_ROOM = 12


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


class ScreenLine:
    """What of the line is on the screen, and in which column behind the prompt the cursor stands."""

    __slots__ = ("_column", "_offset", "_room", "_shown")

    def __init__(self) -> None:
        self._shown = ""
        self._column = 0
        self._offset = 0
        self._room = 0

    def begin(self, prompt_width: int, terminal_width: int) -> None:
        """A new prompt was printed; `terminal_width` 0 means a line without end."""
        self._shown, self._column, self._offset = "", 0, 0
        # The last column stays free, or the terminal would wrap by itself.
        self._room = max(MIN_ROOM, terminal_width - prompt_width - 1) if terminal_width else 0

    def append(self, text: str) -> bool:
        """Account for `text` typed at the end of a line that needs no scrolling; else change nothing: False."""
        if self._column != len(self._shown):
            return False
        if self._room and (self._offset or self._column + len(text) >= self._room):
            return False
        self._shown += text
        self._column += len(text)
        return True

    def show(self, text: str, cursor: int) -> str:
        """What to send so that the screen shows `text` with the cursor before its character `cursor`."""
        visible, column = self._window(text, cursor)
        out = self._difference(visible)
        out += self._move(visible, column)
        return out

    def again(self, text: str, cursor: int) -> str:
        """What to send behind a prompt that was just printed again."""
        self._shown, self._column = "", 0
        return self.show(text, cursor)

    def _window(self, text: str, cursor: int) -> tuple[str, int]:
        """The part of the line in sight and the cursor's column in it."""
        room = self._room
        if not room:
            return text, cursor
        while cursor - self._offset >= room:
            self._offset += SCROLL_STEP
        while self._offset and cursor <= self._offset:
            self._offset = max(0, self._offset - SCROLL_STEP)
        visible = text[self._offset : self._offset + room]
        if self._offset:
            visible = "$" + visible[1:]
        if len(text) > self._offset + room:
            visible = visible[:-1] + "$"
        return visible, cursor - self._offset

    def _difference(self, visible: str) -> str:
        """Rewrite from the first character that differs, and wipe what is left of a longer line."""
        shown = self._shown
        if visible == shown:
            return ""
        same = _common(shown, visible)
        out = self._move(shown, same) + visible[same:]
        self._column = len(visible)
        if len(shown) > len(visible):
            out += " " * (len(shown) - len(visible))
            self._column = len(shown)
        self._shown = visible
        return out

    def _move(self, visible: str, column: int) -> str:
        """Backwards by backspaces, forwards by printing again what stands there."""
        here, self._column = self._column, column
        return "\b" * (here - column) if column < here else visible[here:column]
