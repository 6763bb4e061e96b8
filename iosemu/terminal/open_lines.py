"""Which terminals are at the lines of a router now, and how often each line was used.

Rule: a terminal is listed from the moment its connection stands, before anybody has logged in, until it is gone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.terminal.vty import Vty


class OpenLines:
    """The open terminals of one router, in the order in which they came."""

    def __init__(self) -> None:
        self.open: list[Vty] = []
        self.uses: Counter[str] = Counter()
        """By name of the line (`vty 0`): the connections since the router started."""

    def add(self, vty: Vty) -> None:
        self.open.append(vty)
        self.uses[vty.name] += 1

    def remove(self, vty: Vty) -> None:
        self.open = [other for other in self.open if other is not vty]
