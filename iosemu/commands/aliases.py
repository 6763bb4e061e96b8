"""`alias` and `show aliases`: words that stand for whole lines of a mode.

Rule: an alias is taken only as it is written, never abbreviated; those that every router brings may be replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iosemu.cli.declaration import EXEC
from iosemu.commands.parser_modes import catalogue_modes
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# What a router with nothing configured has.
DEFAULTS = {
    "h": "help",
    "lo": "logout",
    "p": "ping",
    "r": "resume",
    "s": "show",
    "u": "undebug",
    "un": "undebug",
    "w": "where",
}


def aliases(device: Device, mode: str) -> dict[str, str]:
    """The lines of a mode of the catalogue by their aliases; the router's own come first."""
    own = DEFAULTS if mode == EXEC else {}
    return {**own, **_configured(device, lambda name: mode in catalogue_modes(device.catalogue, name))}


def _configured(device: Device, wanted: Callable[[str], bool]) -> dict[str, str]:
    lines = [line.values for line in device.config.root.all("alias")]
    return {str(values["name"]): str(values["command"]) for values in lines if wanted(str(values["mode"]))}


def aliases_text(device: Device, only: str = "") -> str:
    """The text of `show aliases`, of one mode of the parser or of all that have any."""
    modes = dict.fromkeys([EXEC, *(str(line.values["mode"]) for line in device.config.root.all("alias"))])
    parts = []
    for mode in modes:
        if only in ("", mode):
            known = {**(DEFAULTS if mode == EXEC else {}), **_configured(device, mode.__eq__)}
            rows = (f"  {name:<22}{line}\n" for name, line in known.items())
            parts.append(f"{mode.capitalize()} mode aliases:\n{''.join(rows)}\n")
    return "".join(parts)


@handlers.register("show_aliases")
def _show(call: Invocation[Device]) -> None:
    call.write(aliases_text(call.device, str(call.values.get("mode", ""))))
