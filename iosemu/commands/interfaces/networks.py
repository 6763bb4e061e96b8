"""The IP networks of the interfaces, by prefix length, so that an address is compared with few of them.

Rule: what it knows follows from the configuration, and is kept up with each change of it; which of two interfaces with
the same network may have it (they may lie in different tables) is for the reader to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4

if TYPE_CHECKING:
    from iosemu.config.tree import Block, Changed, Line, RunningConfig

_BITS = 32
_PRIMARY, _SECONDARY = "ip address", "ip address secondary"


class InterfaceNetworks:
    """Which interfaces have which networks: `config.index(InterfaceNetworks)`."""

    def __init__(self, config: RunningConfig) -> None:
        self._by_length: dict[int, dict[int, set[Block]]] = {}
        self._of: dict[Block, set[tuple[int, int]]] = {}
        for block in config.root.children("interface"):
            self._read(block)
        config.follow(self._changed, _PRIMARY, "interface")

    def overlapping(self, start: int, length: int) -> Iterator[Block]:
        """The interfaces with a network that shares addresses with the one that starts there."""
        for known, interfaces in self._by_length.items():
            if known <= length:
                yield from interfaces.get(start >> (_BITS - known), ())
            else:
                wanted, shift = start >> (_BITS - length), known - length
                yield from (block for bits, blocks in interfaces.items() if bits >> shift == wanted for block in blocks)

    def _changed(self, change: Changed) -> None:
        command = change.line.command
        if command.id == _SECONDARY and not change.removed:
            self._add(change.block, change.line)
        elif command.id in (_PRIMARY, _SECONDARY):
            self._read(change.block)
        elif command.id == "interface" and change.removed:
            for block in [block for block in self._of if block.header is change.line]:
                self._forget(block)

    def _forget(self, block: Block) -> None:
        for length, bits in self._of.pop(block, ()):
            interfaces = self._by_length[length]
            interfaces[bits].discard(block)
            if not interfaces[bits]:
                del interfaces[bits]

    def _read(self, block: Block) -> None:
        self._forget(block)
        for line in (*block.all(_PRIMARY), *block.all(_SECONDARY)):
            if "address" in line.values:
                self._add(block, line)

    def _add(self, block: Block, line: Line) -> None:
        address, mask = (internet4.number(str(line.values[name])) for name in ("address", "mask"))
        length = mask.bit_count()
        bits = address >> (_BITS - length)
        self._by_length.setdefault(length, {}).setdefault(bits, set()).add(block)
        self._of.setdefault(block, set()).add((length, bits))
