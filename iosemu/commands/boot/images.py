"""Which image a router starts, and how it comes to start: told by its register, its `boot system` lines or its user.

Rule: the boot field of the register decides: 0 stays in the ROM monitor, 1 takes the first image in flash, more goes
through the `boot system` lines of NVRAM in their order and then takes the first image in flash. Nothing is netbooted.
A file is an image if it begins as one does: with the mark of an ELF file or, as the emulated images, with zeros.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iosemu.cli.session import Refused
from iosemu.commands.boot.config_register import BOOT_FIELD, boot_lines
from iosemu.commands.files import systems as file_systems
from iosemu.commands.files.urls import FLASH, Url, main_flash, systems

if TYPE_CHECKING:
    from iosemu.commands.context import Device

IMAGE_MARKS = (b"\x7fELF", b"\0\0\0\0")
_HEADER = 0x144
"""Octets of an image's file that are not loaded (from a captured boot and its `dir`)."""
_FROM_ROM = 1
_FILE = re.compile(r"(?P<device>\w+):(?P<name>.*)")


class Start(NamedTuple):
    """Why a router starts (`show version` tells), and what its user had to do with it."""

    reason: str = "power-on"
    image: str | None = None
    """What the ROM monitor was told to boot, "" for its choice; None where the register decides."""
    stopped: str | None = None
    """What was said when its user broke it off, which leaves it in the ROM monitor."""


class Choice(NamedTuple):
    """The image that is started, None where it stays in the ROM monitor; and what was said of those before it."""

    image: str | None
    told: tuple[str, ...] = ()
    load_size: int = 0
    """Octets that are loaded of it."""


def choose(device: Device, start: Start) -> Choice:
    """What a router starts."""
    if start.stopped is not None:
        return Choice(None)
    if start.image is not None:
        return named(device, start.image)
    field = device.register & BOOT_FIELD
    if not field:
        return Choice(None)
    lines = boot_lines(device.files.startup_config or "") if field > _FROM_ROM else []
    told: list[str] = []
    for name in (*(name for kind, name, _ in lines if kind != "rom"), ""):
        found = named(device, name)
        if found.image is not None:
            return Choice(found.image, tuple(told), found.load_size)
        told += found.told
    return Choice(None, tuple(told))


def named(device: Device, name: str) -> Choice:
    """The image of that name: `flash:NAME`, or only the device, or "", for the first one that is there."""
    place = _FILE.fullmatch(name or f"{main_flash(device)}:")
    if place is None or place["device"] not in (FLASH, *systems(device)):
        return Choice(None, (f'boot: cannot open "{name}"',))
    shown = f"{place['device']}:{place['name']}"
    try:
        flash = file_systems.flash(device, Url(place["device"]))
    except Refused:  # a server, or a slot without a card
        return Choice(None, (f'boot: cannot open "{shown}"',))
    entries = [entry for entry in flash.entries() if not entry.deleted and not entry.directory]
    wanted = place["name"].lstrip("/")
    found = next((entry for entry in entries if not wanted or entry.name == wanted), None)
    if found is None:
        nothing = f'boot: cannot determine first file name on device "{place["device"]}:"'
        return Choice(None, (nothing,) if not wanted else (f'boot: cannot open "{shown}"',))
    mark = b"\0\0\0\0" if found.modified_s is None else flash.read(found.name)[:4]
    if mark not in IMAGE_MARKS:
        bad = f"loadprog: bad file magic number:      0x{int.from_bytes(mark, 'big'):x}"
        return Choice(None, (bad, f'boot: cannot load "{shown}"'))
    return Choice(f"{place['device']}:{found.name}", (), max(found.size - _HEADER, 0))
