"""How the router's memory is used: the processor pool and the I/O pool, as several commands tell it.

Rule: sizes follow from the chassis and from where the image ends; what is used is what the image takes when it has
started, and what the configuration and the sessions add.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.chassis.platform import Platform
    from iosemu.commands.context import Device

_BANK = 0xE0000000
"""What an address tells of the part of memory it is in: 0x60000000 of a MIPS processor, 0x80000000 of an MPC860."""
_DATA_OCTETS = 0x7A0000
"""From the base of the image's data to where the pool begins (inferred from images of that size)."""
_STARTED, _IO_STARTED = 7_021_584, 2_315_796
"""Octets in use when an image of that kind has started (recalled from a 3660)."""
_A_SESSION, _A_LINE = 24_576, 96
"""Octets that a session and a line of configuration take (inferred)."""
_TROUGH = 146_504
"""How far below today's free memory it was when the image started."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool, in octets."""

    name: str
    head: int
    total: int
    used: int

    @property
    def free(self) -> int:
        return self.total - self.used

    @property
    def lowest(self) -> int:
        return self.free - _TROUGH

    @property
    def largest(self) -> int:
        """The greatest block that is free: the rest is in the pieces between blocks in use."""
        return self.free - self.used // 64


def pools(device: Device) -> tuple[Pool, Pool]:
    """The processor pool and the I/O pool."""
    platform = device.chassis.platform
    head = int(platform.data_base, 16) + _DATA_OCTETS
    main = platform.memory_kb * 1024
    used = _STARTED + _A_SESSION * len(device.sessions) + _A_LINE * _lines(device)
    processor = Pool("Processor", head, max(ram_base(platform) + main - head, 2 * used), used)
    return processor, Pool("I/O", main, platform.io_memory_kb * 1024, _IO_STARTED)


def ram_base(platform: Platform) -> int:
    """Where the processor sees its memory: the image lies at its beginning."""
    return int(platform.text_base, 16) & _BANK


def _lines(device: Device) -> int:
    blocks = [device.config.root]
    count = 0
    while blocks:
        block = blocks.pop()
        count += len(block.lines)
        blocks.extend(block.blocks)
    return count
