"""`show ip route`, `show ip redirects`: the routing table as it is now.

Rule: routes stand under the class of their network: one that is divided tells into how many subnets, of one length or
of several, and its subnets are indented; one that is not divided stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.registry import handlers
from iosemu.commands.routing.routing_config import natural_mask
from iosemu.commands.routing.table import Network, Route, table_of

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_CODES = """\
Codes: C - connected, S - static, I - IGRP, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area 
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2, E - EGP
       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area
       * - candidate default, U - per-user static route, o - ODR
       P - periodic downloaded static route

"""  # noqa: W291  (device text, literal)


def route_text(device: Device) -> str:
    """The text of `show ip route`."""
    if not device.config.root.flag("ip routing"):
        return _default_gateway(device)
    routes = list(table_of(device).routes())
    default = next((route for route in routes if route.network.length == 0), None)
    gateway = internet4.text(default.gateway) if default is not None else ""
    last = f"Gateway of last resort is {gateway} to network 0.0.0.0" if gateway else "Gateway of last resort is not set"
    return _CODES + "\n".join([last, "", *_grouped(routes)]) + "\n"


def _default_gateway(device: Device) -> str:
    gateway = device.config.root.value("ip default-gateway", "address")
    said = f"Default gateway is {gateway}" if gateway else "Default gateway is not set"
    heading = "Host               Gateway           Last Use    Total Uses  Interface"
    return f"{said}\n\n{heading}\nICMP redirect cache is empty\n"


def _major(network: Network) -> Network:
    mask = natural_mask(network.address)
    return Network(network.address & mask, mask.bit_count())


def _grouped(routes: list[Route]) -> Iterator[str]:
    routes = sorted(routes, key=lambda route: route.network.length == 0)  # the default stands last
    for major, group in groupby(routes, key=lambda route: _major(route.network)):
        rows = list(group)
        subnets = [route.network for route in rows if route.network.length > major.length]
        if subnets:
            lengths = sorted({network.length for network in subnets})
            yield _heading(major, lengths, len(set(subnets)))
        for network, ways in groupby(rows, key=lambda route: route.network):
            if network.length > major.length:
                # Where all have one length, the heading has told it.
                name = internet4.text(network.address) if len(lengths) == 1 else _prefix(network)
                yield from _rows("   " + name, list(ways))
            else:
                yield from _rows(_prefix(network), list(ways))


def _heading(major: Network, lengths: list[int], count: int) -> str:
    if len(lengths) == 1:
        return f"     {_prefix(major._replace(length=lengths[0]))} is subnetted, {count} subnets"
    return f"     {_prefix(major)} is variably subnetted, {count} subnets, {len(lengths)} masks"


def _prefix(network: Network) -> str:
    return f"{internet4.text(network.address)}/{network.length}"


def _rows(name: str, ways: list[Route]) -> Iterator[str]:
    code = "C" if ways[0].connected else "S*" if ways[0].network.length == 0 else "S"
    start = f"{code:<5}{name} "
    for place, way in enumerate(ways):
        yield f"{start if place == 0 else ' ' * len(start)}{_way(way)}"


def _way(route: Route) -> str:
    if not route.gateway:
        return f"is directly connected, {route.interface}"
    said = f"[{route.distance}/0] via {internet4.text(route.gateway)}"
    return f"{said}, {route.interface}" if route.interface else said


def one_route_text(device: Device, address: str) -> str:
    """The text of `show ip route ADDRESS`."""
    way = table_of(device).way(internet4.number(address))
    if way is None:
        major = _major(Network(internet4.number(address), 32))
        known = any(_major(route.network) == major and route.network.length for route in table_of(device).routes())
        return "% Subnet not in table\n" if known else "% Network not in table\n"
    route = way.route
    known_by = "connected" if route.connected else "static"
    more = " (connected, via interface)" if route.connected else ""
    if not route.network.length:
        more = ", candidate default path"
    lines = [
        f"Routing entry for {_prefix(route.network)}",
        f'  Known via "{known_by}", distance {route.distance}, metric 0{more}',
        "  Routing Descriptor Blocks:",
        f"  * {internet4.text(route.gateway) if route.gateway else f'directly connected, via {way.interface}'}",
        "      Route metric is 0, traffic share count is 1",
    ]
    return "\n".join(lines) + "\n"


def part_text(device: Device, source: str) -> str:
    """The rows of one source, without heading: `show ip route connected`."""
    routes = [route for route in table_of(device).routes() if _source(route) == source]
    return "".join(f"{row}\n" for row in _grouped(routes))


def _source(route: Route) -> str:
    return "connected" if route.connected else "static"


# Octets that a route takes, and what is kept of each beside it: those of published output.
_OVERHEAD, _MEMORY, _INTERNAL = 64, 144, 1164


def summary_text(device: Device) -> str:
    """The text of `show ip route summary`: a row for each source of routes there is, by classes and parts of them."""
    routes = list(table_of(device).routes())
    sources = ["connected", "static"]
    for command in ("rip", "igrp", "eigrp", "ospf", "bgp"):
        for block in device.config.root.children(f"router {command}"):
            number = next(iter(block.header.values.values()), "") if block.header is not None else ""
            sources.append(f"{command} {number}".rstrip())
    rows = []
    totals = [0, 0]
    majors = set()
    for source in sources:
        of_it = {route.network for route in routes if _source(route) == source}
        whole = {network for network in of_it if network.length <= _major(network).length}
        majors |= {_major(network) for network in of_it - whole}
        totals = [totals[0] + len(whole), totals[1] + len(of_it - whole)]
        rows.append(_summary_row(source, len(whole), len(of_it - whole), len(of_it)))
    if majors:
        rows.append(f"{'internal':<16}{len(majors):<12}{'':<24}{len(majors) * _INTERNAL}")
    total = sum(totals)
    used = total * _MEMORY + len(majors) * _INTERNAL
    rows.append(f"{'Total':<16}{totals[0] + len(majors):<12}{totals[1]:<12}{total * _OVERHEAD:<12}{used}")
    heading = f"{'Route Source':<16}{'Networks':<12}{'Subnets':<12}{'Overhead':<12}Memory (bytes)"
    return "\n".join(["IP routing table name is Default-IP-Routing-Table(0)", heading, *rows]) + "\n"


def _summary_row(source: str, whole: int, parts: int, routes: int) -> str:
    return f"{source:<16}{whole:<12}{parts:<12}{routes * _OVERHEAD:<12}{routes * _MEMORY}"


def longer_text(device: Device, address: str, mask: str) -> str:
    """The text of `show ip route ADDRESS MASK longer-prefixes`: what the network holds, and itself."""
    whole = Network.of(address, mask)
    routes = [
        route
        for route in table_of(device).routes()
        if route.network.length >= whole.length and whole.has(route.network.address)
    ]
    return _CODES + "".join(f"{row}\n" for row in _grouped(routes))


def supernets_text(device: Device) -> str:
    """The text of `show ip route supernets-only`: what is wider than its class."""
    routes = [r for r in table_of(device).routes() if 0 < r.network.length < _major(r.network).length]
    return _CODES + "".join(f"{row}\n" for row in _grouped(routes))


@handlers.register("show_ip_route")
def _route(call: Invocation[Device]) -> None:
    if "mask" in call.values:
        call.write(longer_text(call.device, str(call.values["address"]), str(call.values["mask"])))
        return
    if "supernets-only" in call.match.tokens:
        call.write(supernets_text(call.device))
        return
    if "address" in call.values:
        call.write(one_route_text(call.device, str(call.values["address"])))
        return
    call.write(route_text(call.device))


@handlers.register("show_ip_route_of")
def _route_of(call: Invocation[Device]) -> None:
    """`show ip route connected`, `show ip route ospf 1`: one source of routes."""
    source = call.match.tokens[3]
    call.write(summary_text(call.device) if source == "summary" else part_text(call.device, source))


@handlers.register("show_ip_redirects")
def _redirects(call: Invocation[Device]) -> None:
    call.write(_default_gateway(call.device))
