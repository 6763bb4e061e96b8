"""What a request to a server says of the terminal line that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.lines.numbers import VTY, named

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.lines.numbers import LineName
    from iosemu.management.tacacs import Subject

_NO_PEER = "async"  # recalled: what a TACACS+ server is told of a console


def port_attributes(device: Device, line: str) -> list[tuple[str, object]]:
    """What a request says of the terminal line that it is for."""
    place = named(device, line)
    virtual = place.kind == VTY
    found: list[tuple[str, object]] = [
        ("NAS-Port", place.absolute),
        ("NAS-Port-Type", "Virtual" if virtual else "Async"),
    ]
    peer = _peer(device, place)
    return [*found, ("Calling-Station-Id", peer)] if peer else found


def subject(device: Device, line: str, user: str, level: int = 1) -> Subject:
    """Whom a TACACS+ server is asked about."""
    from iosemu.management.tacacs import Subject

    place = named(device, line)
    return Subject(user, f"tty{place.absolute}", _peer(device, place) or _NO_PEER, level)


def _peer(device: Device, place: LineName) -> str:
    """Where the user came from; of a client of SSH nothing is told: it says who it is before it has a terminal."""
    virtual = place.kind == VTY
    return next((vty.peer for vty in device.lines.open if vty.name == place.text), "") if virtual else ""
