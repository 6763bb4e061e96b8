"""What the router says of its IP routing: `show protocols`, `show ip protocols`, `show ip nat translations`.

Rule: routing processes are configured and listed; in this network no neighbour speaks to them, so they have learnt
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers
from iosemu.commands.routing.process import router_id

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

# By command: the distance of its routes as the last line of the process tells it.
_DISTANCE = {
    "router rip": "(default is 120)",
    "router ospf": "(default is 110)",
    "router eigrp": "internal 90 external 170",
    "router bgp": "external 20 internal 200 local 200",
}
_FILTERS = (
    "Outgoing update filter list for all interfaces is not set",
    "Incoming update filter list for all interfaces is not set",
)


def protocols_text(device: Device) -> str:
    """The text of `show protocols`."""
    said = device.config.root.get("ip routing")
    routing = "disabled" if said is not None and said.negated else "enabled"
    lines = ["Global values:", f"  Internet Protocol routing is {routing}"]
    for state in states(device):
        lines.append(f"{state.name} is {state.status}, line protocol is {state.protocol}")
        if state.address:
            prefix = IPv4Interface(f"{state.address}/{state.mask}").with_prefixlen
            lines.append(f"  Internet address is {prefix}")
    return "\n".join(lines) + "\n"


def routing_text(device: Device) -> str:
    """The text of `show ip protocols`: one paragraph a routing process, nothing without any."""
    paragraphs = []
    for command in _DISTANCE:
        for block in device.config.root.children(command):
            paragraphs.append("\n".join(_process(device, command, block)) + "\n\n")
    return "".join(paragraphs)


def _process(device: Device, command: str, block: Block) -> Iterator[str]:
    assert block.header is not None
    name = " ".join([command.split()[1], *(str(value) for value in block.header.values.values())][:2])
    yield f'Routing Protocol is "{name}"'
    if command == "router rip":
        yield "  Sending updates every 30 seconds, next due in 30 seconds"
        yield "  Invalid after 180 seconds, hold down 180, flushed after 240"
    for text in _FILTERS:
        yield f"  {text}"
    yield from _settings(device, command, block, name)
    yield "  Maximum path: 4" if command != "router bgp" else "  Maximum path: 1"
    yield "  Routing for Networks:"
    for line in block.all("network"):
        yield f"    {_network(line)}"
    passive = [line for line in block.all("passive-interface") if not line.negated]
    if passive:
        yield "  Passive Interface(s):"
        for line in passive:
            yield f"    {line.values['interface']}"
    yield "  Routing Information Sources:"
    yield "    Gateway         Distance      Last Update"
    yield f"  Distance: {_DISTANCE[command]}"


def _network(line: Line) -> str:
    return " ".join(line.tokens[1:])


def _settings(device: Device, command: str, block: Block, name: str) -> Iterator[str]:
    if command == "router ospf":
        areas = {line.tokens[-1] for line in block.all("network")}
        yield f"  Router ID {router_id(device, block)}"
        yield f"  Number of areas in this router is {len(areas)}. {len(areas)} normal 0 stub 0 nssa"
        return
    if command == "router bgp":
        yield "  IGP synchronization is disabled"
        yield "  Automatic route summarization is disabled"
        return
    yield f"  Redistributing: {name}"
    if command == "router rip":
        version = block.value("version", "number")
        sent = f"version {version}" if version else "version 1"
        received = f"version {version}" if version else "any version"
        yield f"  Default version control: send {sent}, receive {received}"
    yield "  Automatic network summarization is in effect"


def translations_text(device: Device) -> str:
    """The text of `show ip nat translations`: the static ones, since no traffic makes others; nothing without any."""
    rows = []
    for line in device.config.root.all("ip nat inside source static"):
        values = line.values
        if "local" not in values or "global" not in values:
            continue
        inside, outside = str(values["local"]), str(values["global"])
        kind = next((word for word in ("tcp", "udp") if word in line.tokens), "---")
        if kind != "---":
            inside, outside = f"{inside}:{values['local_port']}", f"{outside}:{values['global_port']}"
        rows.append(f"{kind} {outside:<18} {inside:<18} {'---':<18} ---\n")
    heading = "Pro Inside global      Inside local       Outside local      Outside global\n"
    return heading + "".join(rows) if rows else ""


@handlers.register("show_protocols")
def _protocols(call: Invocation[Device]) -> None:
    call.write(protocols_text(call.device))


@handlers.register("show_ip_protocols")
def _ip_protocols(call: Invocation[Device]) -> None:
    call.write(routing_text(call.device))


@handlers.register("show_ip_nat_translations")
def _translations(call: Invocation[Device]) -> None:
    call.write(translations_text(call.device))
