"""EXEC `ping`: five echos to a host of the router's network, or as many as the extended form is told.

Rule: who answers is told by `echo_replies`; all echos of a command fare alike. Echos that nobody answers are not waited
for. After `MOST` echos the command stops as if the escape sequence had been typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.echo_replies import answers, dotted_quad, own_address
from iosemu.commands.host_lookup import find_addresses
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

ECHOS = 5
OCTETS = 100
TIMEOUT_S = 2
MOST = 100_000
UNKNOWN_HOST = "% Unrecognized host or address, or protocol not running."
BAD_SOURCE = "% Invalid source address- IP address not on any of our up interfaces"  # recalled
_ROW = 70
"""Marks on one row of the screen."""


@dataclass(slots=True)
class Plan:
    """What is sent."""

    address: str
    count: int = ECHOS
    sizes: str = str(OCTETS)
    """Octets of a datagram, `[36..18024]` for a sweep."""
    each: int = 1
    """Datagrams of one round: a sweep sends one of each size."""
    timeout_s: int = TIMEOUT_S
    source: str = ""
    """The own address that was asked for, "" for none."""
    pattern: str = ""


@handlers.register("ping")
def _ping(call: Invocation[Device]) -> None:
    plan = Plan(address_of(call, str(call.values["host"])))
    call.write("\n")
    _send(call, plan)


@handlers.register("ping_extended")
async def _extended(call: Invocation[Device]) -> None:
    from iosemu.commands import prompts

    if "ip" not in call.tokens:
        await prompts.protocol(call, "ping")
    plan = Plan(address_of(call, await prompts.asked(call, "Target IP address")))
    plan.count = await prompts.number(call, "Repeat count", ECHOS, 1)
    octets = await prompts.number(call, "Datagram size", OCTETS, 36, 18024)
    plan.sizes = str(octets)
    plan.timeout_s = await prompts.number(call, "Timeout in seconds", TIMEOUT_S, 0, 3600)
    if await prompts.agreed(call, "Extended commands"):
        plan.source = await source_address(call, "Source address or interface")
        await prompts.number(call, "Type of service", 0, 0, 255)
        await prompts.agreed(call, "Set DF bit in IP header?", "no")
        await prompts.agreed(call, "Validate reply data?", "no")
        pattern = await prompts.asked(call, "Data pattern", "0xABCD")
        plan.pattern = "" if pattern == "0xABCD" else pattern
        await prompts.ip_options(call)
    if await prompts.agreed(call, "Sweep range of sizes"):
        low = await prompts.number(call, "Sweep min size", 36, 36, 18024)
        high = await prompts.number(call, "Sweep max size", 18024, low, 18024)
        step = await prompts.number(call, "Sweep interval", 1, 1)
        plan.sizes, plan.each = f"[{low}..{high}]", (high - low) // step + 1
    _send(call, plan)


async def source_address(call: Invocation[Device], question: str) -> str:
    """The own address that is said at a question, "" for none; raises Refused for one that is not ours."""
    from iosemu.commands import prompts

    said = await prompts.asked(call, question)
    found = own_address(call.device, said) if said else ""
    if found is None:
        raise Refused(BAD_SOURCE)
    return found


def address_of(call: Invocation[Device], host: str) -> str:
    """The address of a host; raises Refused where there is none."""
    addresses = find_addresses(call.device, host, call.terminal.write) if host else []
    address = dotted_quad(addresses[0]) if addresses else None
    if address is None:
        raise Refused(UNKNOWN_HOST)
    return address


def _send(call: Invocation[Device], plan: Plan) -> None:
    answered = answers(call.device, plan.address, plan.source)
    sent = min(plan.count * plan.each, MOST)
    call.write(
        "Type escape sequence to abort.\n"
        f"Sending {plan.count * plan.each}, {plan.sizes}-byte ICMP Echos to {plan.address},"
        f" timeout is {plan.timeout_s} seconds:\n"
    )
    if plan.source:
        call.write(f"Packet sent with a source address of {plan.source} \n")
    if plan.pattern:
        call.write(f"Packet has data pattern {plan.pattern}\n")
    marks = ("!" if answered else ".") * sent
    call.write("".join(f"{marks[at : at + _ROW]}\n" for at in range(0, sent, _ROW)))
    if answered:
        call.write(f"Success rate is 100 percent ({sent}/{sent}), round-trip min/avg/max = 1/2/4 ms\n")
    else:
        call.write(f"Success rate is 0 percent (0/{sent})\n")
