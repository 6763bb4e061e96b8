"""What a request to a RADIUS server says of the terminal line that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.line_numbers import VTY, named

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def port_attributes(device: Device, line: str) -> list[tuple[str, object]]:
    """What a request says of the terminal line that it is for."""
    place = named(device, line)
    virtual = place.kind == VTY
    found: list[tuple[str, object]] = [
        ("NAS-Port", place.absolute),
        ("NAS-Port-Type", "Virtual" if virtual else "Async"),
    ]
    # Of a client of SSH nothing is told: it says who it is before it has a terminal.
    peer = next((vty.peer for vty in device.lines.open if vty.name == place.text), "") if virtual else ""
    return [*found, ("Calling-Station-Id", peer)] if peer else found
