"""The line being typed: its characters, where the cursor stands among them, and what was cut out of it lately.

Rule: text only, no screen and no keys. Every operation says whether it could do anything; where not, the terminal rings
its bell. Words are divided by spaces.
"""

from __future__ import annotations

from collections.abc import Callable

# Characters of one line; what is typed beyond is refused. # recalled
LINE_LIMIT = 254
# Deleted pieces that ^Y and ESC Y bring back.
KILLS_KEPT = 10


class LineBuffer:
    """A line and its cursor, 0 to the length of the text. What was cut out outlives the line."""

    __slots__ = ("_kill_at", "_kills", "_yanked", "cursor", "text")

    def __init__(self) -> None:
        self.text = ""
        self.cursor = 0
        self._kills: list[str] = []
        self._kill_at = 0
        self._yanked: tuple[str, int] | None = None
        """The line as the last yank left it, and where the yanked piece begins; it ends at the cursor."""

    def clear(self) -> None:
        """An empty line."""
        self.text, self.cursor = "", 0

    def replace(self, text: str | None) -> bool:
        """Another line with the cursor at its end; None is no line."""
        if text is None:
            return False
        self.text, self.cursor = text, len(text)
        return True

    @property
    def before(self) -> str:
        """What stands before the cursor."""
        return self.text[: self.cursor]

    def insert(self, piece: str) -> bool:
        """Put `piece` before the cursor, as much of it as there is room for; False where that is not all."""
        fits = piece[: max(0, LINE_LIMIT - len(self.text))]
        self.text = self.before + fits + self.text[self.cursor :]
        self.cursor += len(fits)
        return len(fits) == len(piece)

    # The cursor

    def home(self) -> bool:
        """Before the first character."""
        self.cursor = 0
        return True

    def end(self) -> bool:
        """Behind the last character."""
        self.cursor = len(self.text)
        return True

    def left(self) -> bool:
        """One character back."""
        return self._go(self.cursor - 1)

    def right(self) -> bool:
        """One character on."""
        return self._go(self.cursor + 1)

    def word_left(self) -> bool:
        """To the beginning of the word that the cursor is in or behind."""
        return self._go(self._word_start())

    def word_right(self) -> bool:
        """Behind the word that the cursor is in or before."""
        return self._go(self._word_end())

    def _go(self, cursor: int) -> bool:
        if cursor == self.cursor or not 0 <= cursor <= len(self.text):
            return False
        self.cursor = cursor
        return True

    def _word_start(self) -> int:
        return self.before.rstrip(" ").rfind(" ") + 1

    def _word_end(self) -> int:
        at = self.cursor
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        end = self.text.find(" ", at)
        return len(self.text) if end < 0 else end

    # Deleting: single characters are gone, longer pieces can be had back

    def delete_left(self) -> bool:
        """The character before the cursor."""
        return self._delete(self.cursor - 1, self.cursor, keep=False)

    def delete_right(self) -> bool:
        """The character at the cursor."""
        return self._delete(self.cursor, self.cursor + 1, keep=False)

    def cut_before(self) -> bool:
        """Everything before the cursor."""
        return self._delete(0, self.cursor)

    def cut_behind(self) -> bool:
        """Everything from the cursor on."""
        return self._delete(self.cursor, len(self.text))

    def cut_word_left(self) -> bool:
        """The word before the cursor."""
        return self._delete(self._word_start(), self.cursor)

    def cut_word_right(self) -> bool:
        """From the cursor to the end of its word."""
        return self._delete(self.cursor, self._word_end())

    def _delete(self, start: int, end: int, *, keep: bool = True) -> bool:
        if not 0 <= start < end <= len(self.text):
            return False
        if keep:
            self._kills.append(self.text[start:end])
            del self._kills[:-KILLS_KEPT]
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start
        return True

    def yank(self) -> bool:
        """Bring the piece back that was cut out last."""
        return bool(self._kills) and self._bring(len(self._kills) - 1)

    def yank_earlier(self) -> bool:
        """Straight behind a yank: in its place the piece cut out before it; after the oldest comes the newest."""
        # That it does nothing without a yank: # recalled. That it takes the yanked piece's place: # inferred.
        if self._yanked is None or self._yanked[0] != self.text:
            return False
        start = self._yanked[1]
        self.text = self.text[:start] + self.text[self.cursor :]
        self.cursor = start
        return self._bring((self._kill_at - 1) % len(self._kills))

    def _bring(self, kill: int) -> bool:
        start, self._kill_at = self.cursor, kill
        whole = self.insert(self._kills[kill])
        self._yanked = self.text, start
        return whole

    # Changing

    def transpose(self) -> bool:
        """Swap the characters on both sides of the cursor and step over them; at the end of the line the last two."""
        at = min(self.cursor, len(self.text) - 1)
        if at < 1:
            return False
        text = self.text
        self.text = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
        self.cursor = at + 1
        return True

    def capitalise(self) -> bool:
        """The first letter from the cursor on large; the cursor goes behind the word."""
        return self._change_word(_capitalised)

    def lower(self) -> bool:
        """The letters from the cursor to the end of the word small; the cursor goes behind them."""
        return self._change_word(str.lower)

    def upper(self) -> bool:
        """The letters from the cursor to the end of the word large; the cursor goes behind them."""
        return self._change_word(str.upper)

    def _change_word(self, change: Callable[[str], str]) -> bool:
        end = self._word_end()
        if end == self.cursor:
            return False
        changed = self.before + change(self.text[self.cursor : end])
        self.text = changed + self.text[end:]
        self.cursor = len(changed)
        return True


def _capitalised(piece: str) -> str:
    bare = piece.lstrip(" ")
    return piece[: len(piece) - len(bare)] + bare[:1].upper() + bare[1:]
