"""`show memory`, `show buffers`: the pools of memory, and the packet buffers taken from the I/O pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.memory_pools import pools
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# The public pools as an image of 12.2 makes them: octets of a buffer, how many always, least and most on the free list.
_PUBLIC = (
    ("Small", 104, 50, 20, 150),
    ("Middle", 600, 25, 10, 150),
    ("Big", 1524, 50, 5, 150),
    ("VeryBig", 4520, 10, 0, 100),
    ("Large", 5024, 0, 0, 10),
    ("Huge", 18024, 0, 0, 4),
)


def memory_text(device: Device) -> str:
    """The table of the pools, as the forms of `show memory` begin."""
    rows = [f"{'':16}{'Head':>8}{'Total(b)':>12}{'Used(b)':>12}{'Free(b)':>12}{'Lowest(b)':>12}{'Largest(b)':>12}"]
    for pool in pools(device):
        figures = (pool.total, pool.used, pool.free, pool.lowest, pool.largest)
        rows.append(f"{pool.name:>9}{pool.head:>15X}" + "".join(f"{figure:>12}" for figure in figures))
    return "\n".join(rows) + "\n"


def buffers_text() -> str:
    """The text of `show buffers`: no packet goes through this router, so all are free."""
    lines = ["Buffer elements:", "     500 in free list (500 max allowed)", "     0 hits, 0 misses, 0 created", ""]
    lines.append("Public buffer pools:")
    for name, octets, count, least, most in _PUBLIC:
        lines += [
            f"{name} buffers, {octets} bytes (total {count}, permanent {count}):",
            f"     {count} in free list ({least} min, {most} max allowed)",
            "     0 hits, 0 misses, 0 trims, 0 created",
            "     0 failures (0 no memory)",
        ]
    return "\n".join(lines) + "\n\n"


@handlers.register("show_memory")
def _memory(call: Invocation[Device]) -> None:
    call.write(memory_text(call.device))


@handlers.register("show_buffers")
def _buffers(call: Invocation[Device]) -> None:
    call.write(buffers_text())
