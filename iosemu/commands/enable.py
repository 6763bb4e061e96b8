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
        await _ask_methods(call, level)
    else:
        await _ask_password(call, level)


async def _ask_password(call: Invocation[Device], level: int) -> None:
    from iosemu.commands.users import enable_values, opens

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


async def _ask_methods(call: Invocation[Device], level: int) -> None:
    from iosemu.commands import aaa_login
    from iosemu.commands.line_config import line_block
    from iosemu.commands.users import enable_values

    config, kind, number = call.device.config, *call.session.line.split()
    entry = next(iter(config.root.all("aaa authentication enable default")), None)
    names = aaa_login.method_names(config, entry.tokens[4:]) if entry is not None else ("enable",)
    if entry is None and kind == "con" and enable_values(config, level) is None:
        names = ("none",)
    line = aaa_login.line_password(line_block(config, kind, int(number)))
    methods = [aaa_login.method_called(config, name, line, level) for name in names]
    prompt = aaa_login.wording_of(config, asks_name=False).password_prompt
    for _ in range(TRIES):
        typed = await call.terminal.read_line(prompt, secret=True) if names[0] != "none" else ""
        try:
            if aaa_login.answer(methods, call.session.user, typed) is not None:
                call.session.privilege = level
                return
        except aaa_login.HandedOver:
            call.write("% Error in authentication.\n\n")  # recalled
            return
    call.write("% Access denied\n\n")  # recalled
