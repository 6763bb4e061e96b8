"""`test aaa group NAME USER PASSWORD`: ask a group of servers once, and say what it answered.

Source: published captures of the three answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("test_aaa")
async def _test(call: Invocation[Device]) -> None:
    from iosemu.commands.aaa import tacacs
    from iosemu.commands.aaa.lines import authenticate
    from iosemu.commands.aaa.login import HandedOver, method_names
    from iosemu.commands.aaa.protocols import PROTOCOLS, TACACS
    from iosemu.management.tacacs import Subject

    group = str(call.values["name"])
    method = method_names(call.device.config, ("group", group))[0]
    if method.word not in PROTOCOLS:
        call.write(f"Tried to get sg for group {group}, but it is not defined\n")  # inferred
        return
    call.terminal.write(f"Attempting authentication test to server-group {group} using {method.word}\n")
    try:
        user, password = str(call.values["user"]), str(call.values["password"])
        if method.word == TACACS:
            granted = await tacacs.authenticate(call.device.aaa, group, Subject(user), password)
        else:
            granted = await authenticate(call.device.aaa, group, user, password, (("NAS-Port-Type", "Async"),))
    except HandedOver:
        call.write("No authoritative response from any server.\n\n")
        return
    said = (
        "was successfully authenticated." if granted is not None else "authentication request was rejected by server."
    )
    call.write(f"User {said}\n\n")
