"""The lines of a router by name and by number: `vty 0` of one without modem lines is line 2 of all.

Rule: the console is line 0, the tty lines follow, then the auxiliary line, whose number the chassis tells, then the
vtys. A line's name is its kind and its number among those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.commands.context import Device

CONSOLE, TTY_KIND, AUX, VTY = "con", "tty", "aux", "vty"


@dataclass(frozen=True, slots=True)
class LineName:
    """One line: `number` counts within its kind, `absolute` among all lines."""

    kind: str
    number: int
    absolute: int

    @property
    def text(self) -> str:
        """As `show users` writes it: `vty 0`."""
        return f"{self.kind} {self.number}"


def first_vty(device: Device) -> int:
    """The number of vty 0 among all lines."""
    return device.chassis.aux_line + 1


def relative(device: Device, absolute: int) -> tuple[str, int]:
    """Kind and number of the line that has this number among all."""
    aux = device.chassis.aux_line
    if absolute == 0:
        return CONSOLE, 0
    if absolute < aux:
        return TTY_KIND, absolute
    return (AUX, 0) if absolute == aux else (VTY, absolute - aux - 1)


def named(device: Device, name: str) -> LineName:
    """The line called so (`con 0`, `vty 3`)."""
    kind, _, text = name.partition(" ")
    number = int(text) if text.isdigit() else 0
    offset = {CONSOLE: 0, TTY_KIND: 0, AUX: device.chassis.aux_line}.get(kind, first_vty(device))
    return LineName(kind, number, offset + number)
