"""The configuration register, the `boot` variables, and what shows them.

Rule: the register is a word of the hardware, not a line of the configuration: it is kept beside NVRAM, outlives `write
erase`, and a change counts from the next start. The BOOT variable is what the kept configuration says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

IGNORE_NVRAM = 0x0040
"""Bit 6: start without the startup configuration."""
_LARGEST = 0xFFFF
_BOOT_LINE = re.compile(r"^boot system (?:(?P<kind>flash|tftp|rcp|mop|ftp) )?(?P<rest>.+)$", re.MULTILINE)


def at_next_start(device: Device) -> int:
    """The register as it is set for the next start."""
    kept = device.files.config_register
    return kept if kept is not None else device.register


def text(device: Device) -> str:
    """The line that `show version` and `show bootvar` end with."""
    after = at_next_start(device)
    told = "" if after == device.register else f" (will be 0x{after:X} at next reload)"
    return f"Configuration register is 0x{device.register:X}{told}"


def boot_variable(startup: str) -> str:
    """The BOOT variable that a kept configuration makes: `flash:c3660-js-mz,1;`, "" where it names no image."""
    images = []
    for found in _BOOT_LINE.finditer(startup):
        kind, words = found["kind"], found["rest"].split()
        named = words[0] if ":" in words[0] or kind is None else f"{kind}:{words[0]}"
        server = f"{words[1]}," if len(words) > 1 else ""
        images.append(f"{named},{server}1;" if kind in (None, "flash") else f"{named} {server}1;")
    return "".join(images)


def bootvar_text(device: Device) -> str:
    """The text of `show bootvar`."""
    images = boot_variable(device.files.startup_config or "")
    return "\n".join(
        [
            f"BOOT variable = {images}" if images else "BOOT variable does not exist",
            "CONFIG_FILE variable does not exist",
            "BOOTLDR variable does not exist",
            text(device),
            "",
        ]
    )


@handlers.register("config_register")
def _config_register(call: Invocation[Device]) -> None:
    value = _number(str(call.values["value"]))
    if value is None:
        raise call.invalid("value")
    call.device.files.save_config_register(value)


def _number(typed: str) -> int | None:
    """`0x2142`; a number without `0x` is decimal, as everywhere on the router."""
    try:
        value = int(typed, 16) if typed.lower().startswith("0x") else int(typed)
    except ValueError:
        return None
    return value if 0 <= value <= _LARGEST else None


@handlers.register("show_bootvar")
def _show_bootvar(call: Invocation[Device]) -> None:
    call.write(bootvar_text(call.device))
