"""The numbers of the entries of access lists, and how often each remark stands in them, so that a further entry is
compared with none.

Rule: what it knows follows from the configuration, and is kept up with each change of it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from iosemu.config.tree import Block, Changed, Line, RunningConfig

COMMAND = "entry"


def number_of(line: Line) -> int:
    """The number of an entry; a line that has none stands first."""
    number = line.values.get("sequence", 0)
    assert isinstance(number, int)
    return number


class Entries:
    """What one list has."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        """Ascending; a remark has that of the entry before it."""
        self.remarks: Counter[tuple[str, ...]] = Counter()
        """By their words: how many there are."""

    @property
    def highest(self) -> int:
        return self.numbers[-1] if self.numbers else 0

    def has(self, number: int) -> bool:
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def add(self, line: Line) -> None:
        insort(self.numbers, number_of(line))
        if line.values.get("entry") == "remark":
            self.remarks[line.tokens] += 1

    def remove(self, line: Line) -> None:
        del self.numbers[bisect_left(self.numbers, number_of(line))]
        if line.values.get("entry") == "remark":
            self.remarks[line.tokens] -= 1


class AccessNumbers:
    """What is known of each list of a configuration: `config.index(AccessNumbers)`."""

    def __init__(self, config: RunningConfig) -> None:
        self._of: dict[Block, Entries] = {}
        self._said: WeakKeyDictionary[object, Counter[tuple[str, ...]]] = WeakKeyDictionary()
        """By session: how often it has said a remark, told by its list and words."""
        config.follow(self._changed, COMMAND)

    def of(self, block: Block) -> Entries:
        """The entries of a list."""
        known = self._of.get(block)
        if known is None:
            known = self._of[block] = Entries()
            for line in block.all(COMMAND):
                known.add(line)
        return known

    def meant(self, session: object, name: str, block: Block | None, words: tuple[str, ...]) -> int:
        """Which of the remarks of these words in a list a session means that says them once more: the second time the
        second one, which may be there from before or be a new one."""
        said = self._said.setdefault(session, Counter())
        there = self.of(block).remarks[words] if block is not None else 0
        which = min(said[name, *words], there)
        said[name, *words] = which + 1
        return which

    def renumbered(self, block: Block) -> None:
        """The entries of a list were given other numbers."""
        self._of.pop(block, None)

    def _changed(self, change: Changed) -> None:
        known = self._of.get(change.block)
        if known is not None:
            (known.remove if change.removed else known.add)(change.line)
            if not known.numbers:
                del self._of[change.block]
