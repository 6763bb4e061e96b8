"""The entries of the prefix lists, by what they say, so that a further entry is compared with few of them.

Rule: what it knows follows from the configuration, and is kept up with each change of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.config.tree import Changed, Line, RunningConfig

COMMAND = "ip prefix-list"
_SAID = 5
"""The word of an entry behind its list and number."""


class PrefixList:
    """The numbers of one list's entries, by their text from `permit` or `deny` on."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.highest = 0

    def add(self, said: str, number: int) -> None:
        self.numbers[said] = number
        self.highest = max(self.highest, number)

    def remove(self, said: str) -> None:
        if self.numbers.pop(said, 0) == self.highest:
            self.highest = max(self.numbers.values(), default=0)


class PrefixLists:
    """The lists of a configuration by name: `config.index(PrefixLists)`."""

    def __init__(self, config: RunningConfig) -> None:
        self.by_name: dict[str, PrefixList] = {}
        for line in config.root.all(COMMAND):
            self._said(line, removed=False)
        config.follow(self._changed, COMMAND)

    def _changed(self, change: Changed) -> None:
        if change.line.command.id == COMMAND:
            self._said(change.line, removed=change.removed)

    def _said(self, line: Line, *, removed: bool) -> None:
        number = line.values.get("sequence")
        if isinstance(number, int):
            entries = self.by_name.setdefault(str(line.values["name"]), PrefixList())
            said = " ".join(line.tokens[_SAID:])
            if removed:
                entries.remove(said)
            else:
                entries.add(said, number)
