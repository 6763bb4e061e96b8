"""`enable [LEVEL]`: to another privilege level, past the enable secret or password of that level.

Rule: a secret goes before a password; without either the console is let in to the highest level, and nobody else is
let in anywhere. Three tries. With AAA the methods of `aaa authentication enable` decide, in words of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

TRIES = 3
PRIVILEGED = 15


@handlers.register("enable")
async def _enable(call: Invocation[Device]) -> None:
    level = int(str(call.values.get("level", PRIVILEGED)))
    if level <= call.session.privilege:
        call.session.privilege = level
    elif call.device.config.root.flag("aaa new-model"):
        from iosemu.commands.aaa import enable_list

        if await enable_list.ask(call, level, TRIES):
            call.session.privilege = level
    else:
        await _ask_password(call, level)


async def _ask_password(call: Invocation[Device], level: int) -> None:
    from iosemu.commands.aaa.users import enable_values, opens

    kept = enable_values(call.device.config, level)
    if kept is None and not (call.session.line.startswith("con") and level == PRIVILEGED):
        call.write("% No password set\n")
        return
    if kept is not None:
        for _ in range(TRIES):
            if opens(kept, await call.terminal.read_line("Password: ", secret=True)):
                break
        else:
            call.write("% Bad secrets\n\n" if "hash" in kept else "% Bad passwords\n\n")
            return
    call.session.privilege = level
