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

BOOT_FIELD = 0x000F
"""0 stays in the ROM monitor, 1 starts the first image in flash, more what the `boot system` lines say."""
IGNORE_NVRAM = 0x0040
"""Bit 6: start without the startup configuration."""
BREAK_DISABLED = 0x0100
"""Bit 8: Break has no effect, but in the first minute."""
_FACTORY = 0x2102
_LOCAL = ("", "flash", "rom")
"""Kinds of `boot system` lines that name something in the router; "" are those with a URL."""
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
    for kind, name, server in boot_lines(startup):
        behind = f"{server},1;" if server else "1;"
        images.append(f"{name}{',' if kind in _LOCAL else ' '}{behind}")
    return "".join(images)


def boot_lines(startup: str) -> list[tuple[str, str, str]]:
    """The `boot system` lines of a kept configuration: kind ("flash", "tftp", "rom", "" for a URL), file, server."""
    lines = []
    for found in _BOOT_LINE.finditer(startup):
        kind, words = found["kind"] or "", found["rest"].split()
        name = words[0] if ":" in words[0] or not kind else f"{kind}:{words[0]}"
        if not kind and words[0] in _LOCAL:  # without a file
            kind, name = words[0], "rom" if words[0] == "rom" else "flash:"
        lines.append((kind, name, words[1] if len(words) > 1 else ""))
    return lines


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
    call.device.files.save_config_register(int(str(call.values.get("value", _FACTORY))))  # `no` has no value


@handlers.register("show_bootvar")
def _show_bootvar(call: Invocation[Device]) -> None:
    call.write(bootvar_text(call.device))
