"""The configuration as NVRAM keeps it, the comments that say when it was changed and saved, and the saving itself.

Rule: the comments are printed once the router knows the time; a size counts them in, as it counts all that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.config import private_config
from iosemu.commands.system import router_time
from iosemu.config import nvgen

if TYPE_CHECKING:
    from iosemu.cli.session import Session
    from iosemu.commands.context import Device

NVRAM_HEADER = 8
"""Octets that NVRAM keeps for itself beyond whole kilobytes."""
_COMMENT = re.compile(r"^! (?:Last configuration|NVRAM config|No configuration change).*\n", re.MULTILINE)
_SAVED = re.compile(r"^! NVRAM config last updated at (.+)$", re.MULTILINE)


def nvram_room(device: Device) -> int:
    """The octets that NVRAM has for files: 29688 of 32 K, 129016 where `show version` says 125 K."""  # recalled
    kilobytes = device.chassis.platform.nvram_kb
    # Of 32 K the software says 32 and takes three; larger ones it announces without what it takes, but for one.
    whole = {32: 29, 128: 126}.get(kilobytes, kilobytes + 1)
    return whole * 1024 - NVRAM_HEADER


def comments(device: Device) -> str:
    """The lines above the configuration, e.g. `! Last configuration change at 13:53:42 PDT Tue Apr 13 2004 by tom`."""
    if not device.time_is_set:
        return ""
    changed = device.config_changed
    lines = ["!", f"! Last configuration change at {changed}" if changed else _UNCHANGED]
    saved = device.config_saved or _saved_before(device)
    if saved:
        lines.append(f"! NVRAM config last updated at {saved}")
    return "".join(f"{line}\n" for line in lines)


_UNCHANGED = "! No configuration change since last restart"


def _saved_before(device: Device) -> str:
    """When NVRAM says that it was written."""
    found = _SAVED.search(device.files.startup_config or "")
    return found[1] if found else ""


def config_text(device: Device) -> str:
    """The running configuration with its comments, as `show running-config` prints it and NVRAM keeps it."""
    return nvgen.kept(device.config, comments(device))


def is_modified(device: Device) -> bool:
    """Was the running configuration changed since the router started or last saved it, and is it other than NVRAM's?"""
    if device.config.generation == device.unmodified_generation:
        return False
    kept = device.files.startup_config
    return kept is None or without_comments(kept) != nvgen.kept(device.config)


def without_comments(text: str) -> str:
    """A kept configuration without what says when it was changed."""
    stripped = _COMMENT.sub("", text)
    return stripped if stripped == text else stripped.removeprefix("!\n")


def save(device: Device, write: Callable[[str], object], user: str = "") -> None:
    """`write memory`: keep the running configuration, and tell `write` so; raises Refused where that cannot be."""
    write("Building configuration...\n")
    before, device.config_saved = device.config_saved, _now(device, user)
    try:
        keep(device, config_text(device))
    except Refused:
        device.config_saved = before
        raise
    device.unmodified_generation = device.config.generation
    write("[OK]\n")


def keep(device: Device, text: str) -> None:
    """Put a startup-config into NVRAM; raises Refused where it has no room, and what it had stays."""
    size, room = len(text.encode()), nvram_room(device)
    if size > room:
        raise Refused(f"[buffer overflow - {size}/{room} bytes]")
    try:
        device.files.save_startup_config(text)
        private_config.save(device)
    except OSError as error:
        raise Refused(f"%Error opening nvram:/startup-config ({error.strerror or error})") from None


@dataclass(frozen=True, slots=True)
class Configured:
    """Somebody has changed the running configuration by commands."""


def note_configured(session: Session[Device], source: str = "console") -> None:
    """The configuration was changed on this line: log it, and remember when and by whom."""
    device = session.device
    device.pasting.discard(session)
    device.config_changed = _now(device, session.user)
    device.bus.publish(Configured())
    device.log.event("SYS", 5, "CONFIG_I", f"Configured from {source} by {_who(session)}")


def _who(session: Session[Device]) -> str:
    """`console`, `vty0 (10.0.0.1)`, `tom on vty0 (10.0.0.1)`."""
    line = session.line.replace(" ", "")
    if line.startswith("con"):
        return session.user or "console"
    place = f"{line} ({getattr(session.terminal, 'peer', '')})"
    return f"{session.user} on {place}" if session.user else place


def _now(device: Device, user: str) -> str:
    return router_time.moment_text(device) + (f" by {user}" if user else "")
