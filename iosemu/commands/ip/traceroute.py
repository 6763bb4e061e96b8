"""EXEC `traceroute`: the way to a host of the router's network, hop by hop.

Rule: probes are datagrams to ports that nobody has, with a time to live that grows: a router on the way tells that it
ended there, the host that it has no such port. Probes that nobody answers are not waited for, but their time passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.ip.echo_replies import sent
from iosemu.commands.ip.ping import address_of, source_address
from iosemu.commands.registry import handlers
from iosemu.network import HOST, PORT, PROHIBITED, TIME_EXCEEDED, UDP, Answer, Packet

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_MSEC = (4, 0, 4)
"""What a probe takes at the least, in turn, by a clock of 4 ms."""
_REFUSALS = {HOST: "!H", PROHIBITED: "!A", 0: "!N", 2: "!P"}
"""By code of an ICMP unreachable."""
_PROBE_OCTETS = 28
_SOURCE_PORT = 49152


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
    timeout_s: int = 3
    port: int = 33434


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
    plan.timeout_s = await prompts.number(call, "Timeout in seconds", 3, 0, 3600)
    plan.probes = await prompts.number(call, "Probe count", 3, 1, 65535)
    plan.first = await prompts.number(call, "Minimum Time to Live", 1, 1, 255)
    plan.last = await prompts.number(call, "Maximum Time to Live", 30, plan.first, 255)
    plan.port = await prompts.number(call, "Port Number", 33434, 0, 65535)
    await prompts.ip_options(call)
    _trace(call, plan)


def _trace(call: Invocation[Device], plan: Plan) -> None:
    device = call.device
    names = {} if plan.numeric else _names(device)
    if plan.host != plan.address and not plan.numeric:
        names[plan.address] = plan.host
    call.write(f"Type escape sequence to abort.\nTracing the route to {_shown(plan.address, names)}\n\n")
    at, port = device.clock.now(), plan.port
    for hop in range(plan.first, plan.last + 1):
        shown, last, ended = "", "", False
        for probe in range(plan.probes):
            answer = sent(device, _probe(plan, hop, port), at)
            at, port = at + (answer.delay_s if answer is not None else plan.timeout_s), port + 1
            if answer is None:
                shown += " * "
                continue
            who = internet4.text(answer.packet.source)
            if who != last:
                shown, last = f"{shown}\n    " if last else shown, who
                shown += _shown(who, names)
            shown += _outcome(answer, probe)
            ended = ended or answer.packet.message[0] != TIME_EXCEEDED
        call.write(f"{hop:>3} {shown}\n")
        if ended:
            return


def _probe(plan: Plan, hop: int, port: int) -> Packet:
    source = internet4.number(plan.source) if plan.source else 0
    destination = internet4.number(plan.address)
    return Packet(source, destination, UDP, _SOURCE_PORT, port & 0xFFFF, ttl=hop, octets=_PROBE_OCTETS)


def _outcome(answer: Answer, probe: int) -> str:
    kind, code = answer.packet.message
    if kind == TIME_EXCEEDED or code == PORT:
        return f" {_MSEC[probe % len(_MSEC)] + round(answer.delay_s * 250) * 4} msec"
    return f" {_REFUSALS.get(code, '!H')} "


def _names(device: Device) -> dict[str, str]:
    """The names of the router's own host table, by address."""
    return {str(line.values["address"]): str(line.values["name"]) for line in device.config.root.all("ip host")}


def _shown(address: str, names: dict[str, str]) -> str:
    return f"{names[address]} ({address})" if address in names else address
