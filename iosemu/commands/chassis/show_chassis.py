"""What a chassis tells of its body: `show dial-shelf` of an AS5800, and `show region`, its memory.

Rule: regions follow from where the image lies and from the memory of the chassis, shelf rows from the cards.
# recalled, all of it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.memory_pools import pools, ram_base
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.hardware import Card
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_REGIONS = "Region Manager:\n\n      Start         End     Size(b)  Class  Media  Name\n"
_CACHED, _UNCACHED = 0x80000000, 0xA0000000
"""Where a MIPS processor has its memory twice more: with and without its cache."""
_BSS_SHARE = 5
"""The part of an image's data that is not initialized, in fifths."""

_SHELF = """\
Slot   Board     CPU            DRAM           I/O Memory    State     Elapsed
       Type      Util      Total  (Free)      Total  (Free)            Time
"""
_CONTROLLER_SLOT = 12
_DRAM, _IO = 21_341_728, 8_388_608
_DRAM_USED, _IO_USED = 2_774_424, 4_613_734
_A_CALL = 16_384
"""Octets of a card's memory that a call takes."""


def region_text(device: Device) -> str:
    """The text of `show region`."""
    return _REGIONS + "".join(
        f" 0x{start:08X}  0x{start + size - 1:08X}  {size:>10}  {kind:<5}  {media}    {name}\n"
        for start, size, kind, media, name in _regions(device)
    )


def _regions(device: Device) -> Iterator[tuple[int, int, str, str, str]]:
    platform = device.chassis.platform
    main, packets = platform.memory_kb * 1024, platform.io_memory_kb * 1024
    base, text, data = ram_base(platform), int(platform.text_base, 16), int(platform.data_base, 16)
    heap = pools(device)[0].head
    bss = data + (heap - data) * (_BSS_SHARE - 1) // _BSS_SHARE // 32 * 32
    yield main, packets, "Iomem", "R/W", "iomem"
    yield base, main, "Local", "R/W", "main"
    yield text, data - text, "IText", "R/O", "main:text"
    yield data, bss - data, "IData", "R/W", "main:data"
    yield bss, heap - bss, "IBss", "R/W", "main:bss"
    yield heap, base + main - heap, "Local", "R/W", "main:heap"
    if base < _CACHED:
        yield _CACHED, main, "Local", "R/W", "main:(main_k0)"
        yield _UNCACHED, main, "Local", "R/W", "main:(main_k1)"


def shelf_text(device: Device) -> str:
    """The text of `show dial-shelf`: the cards of the dial shelf, and its controller."""
    rows = [_SHELF]
    for card in device.chassis.cards:
        calls = sum(channel.card.slot == card.slot for channel in device.chassis.dsp.in_use)
        rows.append(_row(device, int(card.slot), _board(card), calls * _A_CALL))
    return "\n".join([*rows, _row(device, _CONTROLLER_SLOT, "DSC", 0), "Dial shelf set for auto boot\n"])


def _board(card: Card) -> str:
    """`CT1`, `CE1`, or what kind of processors a card has."""
    return f"C{next(iter(card.module.ports))}" if card.module.ports else "VOICE"


def _row(device: Device, slot: int, board: str, used: int) -> str:
    dram = (100 * (_DRAM - _DRAM_USED - used)) // _DRAM
    io = (100 * (_IO - _IO_USED)) // _IO
    age = clock_digits(int(device.uptime_s))
    return f"{slot:3}    {board:<9} 0%/0%  {_DRAM:>10}({dram:3}%) {_IO:>9}({io:3}%)    Up     {age:>10}"


@handlers.register("show_region")
def _region(call: Invocation[Device]) -> None:
    call.write(region_text(call.device))


@handlers.register("show_dial_shelf")
def _dial_shelf(call: Invocation[Device]) -> None:
    call.write(shelf_text(call.device))
