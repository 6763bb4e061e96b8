"""EXEC `ping`: five echos to a host of the router's network, or as many as the extended form is told.

Rule: each echo travels, and its mark says what came back. Echos that nobody answers are not waited for, but their time
passes for whoever limits how often it complains. After `MOST` echos the command stops as if the escape sequence had
been typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.cli.session import Refused
from iosemu.commands.ip.echo_replies import dotted_quad, own_address, sent
from iosemu.commands.ip.host_lookup import find_addresses
from iosemu.commands.registry import handlers
from iosemu.network import ECHO_REPLY, TIME_EXCEEDED, Answer, Packet

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
_MTU = 1500
_SETTLED = 10
"""After so many echos that fared alike at last, the others of a long ping fare as these do."""
_TICKS_MS = (1, 1, 4, 1, 4)
"""What an echo takes at the least, in turn, by a clock of 4 ms."""


@dataclass(slots=True)
class Plan:
    """What is sent."""

    address: str
    count: int = ECHOS
    sizes: str = str(OCTETS)
    """Octets of a datagram, `[36..18024]` for a sweep."""
    timeout_s: int = TIMEOUT_S
    source: str = ""
    """The own address that was asked for, "" for none."""
    pattern: str = ""
    whole: bool = False
    """It must not be fragmented."""
    octets: tuple[int, ...] = (OCTETS,)
    """The sizes of one round."""


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
    plan.sizes, plan.octets = str(octets), (octets,)
    plan.timeout_s = await prompts.number(call, "Timeout in seconds", TIMEOUT_S, 0, 3600)
    if await prompts.agreed(call, "Extended commands"):
        plan.source = await source_address(call, "Source address or interface")
        await prompts.number(call, "Type of service", 0, 0, 255)
        plan.whole = await prompts.agreed(call, "Set DF bit in IP header?", "no")
        await prompts.agreed(call, "Validate reply data?", "no")
        pattern = await prompts.asked(call, "Data pattern", "0xABCD")
        plan.pattern = "" if pattern == "0xABCD" else pattern
        await prompts.ip_options(call)
    if await prompts.agreed(call, "Sweep range of sizes"):
        low = await prompts.number(call, "Sweep min size", 36, 36, 18024)
        high = await prompts.number(call, "Sweep max size", 18024, low, 18024)
        step = await prompts.number(call, "Sweep interval", 1, 1)
        plan.sizes, plan.octets = f"[{low}..{high}]", tuple(range(low, high + 1, step))
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
    wanted = plan.count * len(plan.octets)
    call.write(
        "Type escape sequence to abort.\n"
        f"Sending {wanted}, {plan.sizes}-byte ICMP Echos to {plan.address},"
        f" timeout is {plan.timeout_s} seconds:\n"
    )
    if plan.source:
        call.write(f"Packet sent with a source address of {plan.source} \n")
    if plan.pattern:
        call.write(f"Packet has data pattern {plan.pattern}\n")
    if plan.whole:
        call.write("Packet sent with the DF bit set\n")
    marks, times = _marks(call.device, plan, min(wanted, MOST))
    call.write("".join(f"{marks[at : at + _ROW]}\n" for at in range(0, len(marks), _ROW)))
    answered = marks.count("!")
    rate = f"Success rate is {answered * 100 // len(marks)} percent ({answered}/{len(marks)})"
    if times:
        trip = f"{min(times)}/{sum(times) // len(times)}/{max(times)}"
        call.write(f"{rate}, round-trip min/avg/max = {trip} ms\n")
    else:
        call.write(f"{rate}\n")


def _marks(device: Device, plan: Plan, echos: int) -> tuple[str, list[int]]:
    """What came of each echo, a mark each, and the milliseconds of those that were answered."""
    at, marks, times = device.clock.now(), "", list[int]()
    source = internet4.number(plan.source) if plan.source else 0
    destination = internet4.number(plan.address)
    while len(marks) < echos:
        settled = len(marks) >= _SETTLED and marks[-1] == marks[-2] and marks[-1] in "!."
        copies = echos - len(marks) if settled else 1
        octets = plan.octets[len(marks) % len(plan.octets)]
        if plan.whole and octets > _MTU:
            answer, mark = None, "M" if len(marks) % 2 == 0 else "."
        else:
            answer = sent(device, Packet(source, destination, octets=octets, copies=copies), at)
            mark = _mark(answer)
        if answer is not None and mark == "!":
            ticks = (_TICKS_MS[(len(times) + one) % len(_TICKS_MS)] for one in range(copies))
            times += [tick + round(answer.delay_s * 1000) for tick in ticks]
        at += answer.delay_s if answer is not None else plan.timeout_s
        marks += mark * copies
    return marks, times


def _mark(answer: Answer | None) -> str:
    if answer is None:
        return "."
    kind = answer.packet.message[0]
    return {ECHO_REPLY: "!", TIME_EXCEEDED: "&"}.get(kind, "U")
