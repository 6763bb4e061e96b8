"""Method lists of `aaa`: the spelling that releases without server groups had, `login default radius local`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.match import Match
from iosemu.commands.config_values import check, rewritten

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@check("aaa_server_group")
def _server_group(call: Invocation[Device]) -> Match:
    rest = " ".join(
        f"group {word}" if word in ("radius", "tacacs+") else word for word in str(call.values.get("rest", "")).split()
    )
    return rewritten(call, f"{call.command.id} {call.values['list']} group {call.values['server']} {rest}")
