"""`show tech-support`: one command after the other, as the support engineer reads them, passwords left out."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import isawaitable
from typing import TYPE_CHECKING

from iosemu.cli.match import match
from iosemu.cli.terminal import Output
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

SECTIONS = (
    "show version",
    "show running-config",
    "show stacks",
    "show interfaces",
    "show controllers T1",
    "show controllers E1",
    "show voice port summary",
    "show dial-peer voice summary",
    "show call history fax brief",
    "show logging",
    "show ip traffic",
    "show process memory",
    "show process cpu",
    "show buffers",
)
_SECRET = re.compile(
    r"((?:password|secret|key|key-string|md5)(?: level \d+)?(?: [057])?"
    r"|snmp-server (?:community|host \S+(?: traps| informs)?(?: version (?:1|2c|3 \w+))?)) \S+"
)


@handlers.register("show_tech_support")
async def _tech_support(call: Invocation[Device]) -> None:
    for line in SECTIONS:
        call.write(f"\n------------------ {line} ------------------\n\n")
        found = match(call.mode, line)
        handler = handlers.get(found.command.run)
        assert handler is not None
        output = Output(call.session.terminal)
        waited = handler(replace(call, match=found, line=line, terminal=output))
        if isawaitable(waited):
            await waited
        text = output.collected()
        call.write(_SECRET.sub(r"\1 <removed>", text) if line == "show running-config" else text)
