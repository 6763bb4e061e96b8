"""`alias exec` and `show aliases`: words that stand for whole EXEC lines.

Rule: an alias is taken only as it is written, never abbreviated; those that every router brings may be replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def aliases(device: Device) -> dict[str, str]:
    """EXEC lines by alias, the router's own first."""
    lines = device.config.root.all("alias exec")
    return {**DEFAULTS, **{str(line.values["name"]): str(line.values["command"]) for line in lines}}


def aliases_text(device: Device) -> str:
    """The text of `show aliases`."""
    rows = (f"  {name:<22}{line}\n" for name, line in aliases(device).items())
    return f"Exec mode aliases:\n{''.join(rows)}\n"


@handlers.register("show_aliases")
def _show(call: Invocation[Device]) -> None:
    call.write(aliases_text(call.device))
