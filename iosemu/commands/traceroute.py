"""EXEC `traceroute`: the way to a host of the router's network, which is one hop long.

Rule: the host itself answers the first probe; whoever is not there answers none, up to the greatest time to live.
Probes that nobody answers are not waited for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.echo_replies import answers
from iosemu.commands.ping import address_of, source_address
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_MSEC = (4, 0, 4)
"""What a probe takes, in turn, by a clock of 4 ms."""


@dataclass(slots=True)
class Plan:
    """What is probed."""

    host: str
    address: str
    probes: int = 3
    first: int = 1
    last: int = 30
    numeric: bool = False
    source: str = ""


@handlers.register("traceroute")
def _traceroute(call: Invocation[Device]) -> None:
    host = str(call.values["host"])
    plan = Plan(host, address_of(call, host))
    call.write("\n")
    _trace(call, plan)


@handlers.register("traceroute_extended")
async def _extended(call: Invocation[Device]) -> None:
    from iosemu.commands import prompts

    if "ip" not in call.tokens:
        await prompts.protocol(call, "traceroute")
    host = await prompts.asked(call, "Target IP address")
    plan = Plan(host, address_of(call, host))
    plan.source = await source_address(call, "Source address")
    plan.numeric = await prompts.agreed(call, "Numeric display")
    await prompts.number(call, "Timeout in seconds", 3, 0, 3600)
    plan.probes = await prompts.number(call, "Probe count", 3, 1, 65535)
    plan.first = await prompts.number(call, "Minimum Time to Live", 1, 1, 255)
    plan.last = await prompts.number(call, "Maximum Time to Live", 30, plan.first, 255)
    await prompts.number(call, "Port Number", 33434, 0, 65535)
    await prompts.ip_options(call)
    _trace(call, plan)


def _trace(call: Invocation[Device], plan: Plan) -> None:
    named = plan.host != plan.address and not plan.numeric
    target = f"{plan.host} ({plan.address})" if named else plan.address
    call.write(f"Type escape sequence to abort.\nTracing the route to {target}\n\n")
    if answers(call.device, plan.address, plan.source):
        times = (f"{_MSEC[probe % len(_MSEC)]} msec" for probe in range(plan.probes))
        call.write(f"{plan.first:>3} {target} {' '.join(times)}\n")
        return
    silent = " * " * plan.probes
    call.write("".join(f"{hop:>3} {silent}\n" for hop in range(plan.first, plan.last + 1)))
