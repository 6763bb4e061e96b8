"""`enable`: to privileged EXEC, past the enable secret or password.

Rule: a secret goes before a password; without either the console is let in and a vty is not. Three tries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

TRIES = 3
PRIVILEGED = 15


def opens(device: Device, typed: str) -> bool | None:
    """Does this password open privileged EXEC? None where none is configured."""
    from iosemu.commands import passwords

    secret = device.config.root.get("enable secret")
    if secret is not None:
        return passwords.matches(typed, str(secret.values["hash"]))
    password = device.config.root.get("enable password")
    if password is not None:
        return typed == passwords.clear_text(password.values)
    return None


@handlers.register("enable")
async def _enable(call: Invocation[Device]) -> None:
    level = int(str(call.values.get("level", PRIVILEGED)))
    if level > call.session.privilege and opens(call.device, "") is None:
        if not call.session.line.startswith("con"):
            call.write("% No password set\n")
            return
    elif level > call.session.privilege:
        for _ in range(TRIES):
            if opens(call.device, await call.terminal.read_line("Password: ", secret=True)):
                break
        else:
            secret = call.device.config.root.get("enable secret") is not None
            call.write("% Bad secrets\n\n" if secret else "% Bad passwords\n\n")
            return
    call.session.privilege = level
