"""`show ip bgp`: the process as configured, what it announces itself, and neighbours that never answer.

Rule: no session comes up here, so that every path is this router's own. Forms: published output of 12.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.registry import handlers
from iosemu.commands.routing.process import router_id
from iosemu.commands.routing.routing_config import natural_mask
from iosemu.commands.routing.show_routing import processes, text_of
from iosemu.commands.routing.table import Network, table_of

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block


def _neighbours(block: Block) -> dict[str, int]:
    """By address: the system of each neighbour."""
    found = {}
    for line in block.all("neighbor"):
        if not line.negated and "remote-as" in line.tokens and "system" in line.values and line.tokens[1][0].isdigit():
            found[line.tokens[1]] = int(str(line.values["system"]))
    return dict(sorted(found.items(), key=lambda item: internet4.number(item[0])))


def announced(device: Device, block: Block) -> list[Network]:
    """The networks of `network` lines that the routing table has."""
    known = {route.network for route in table_of(device).routes()}
    wanted = []
    for line in block.all("network"):
        words = line.tokens
        if line.negated or not words[1][:1].isdigit() or words[1].count(".") != 3:
            continue
        if "mask" in words:
            wanted.append(Network.of(words[1], words[words.index("mask") + 1]))
        else:
            wanted.append(Network.of(words[1], internet4.text(natural_mask(internet4.number(words[1])))))
    return sorted(set(wanted) & known)


def summary_text(device: Device, system: int, block: Block) -> str:
    """The text of `show ip bgp summary`."""
    own = announced(device, block)
    version = len(own) + 1
    lines = [
        f"BGP router identifier {router_id(device, block)}, local AS number {system}",
        f"BGP table version is {version}, main routing table version {version}",
    ]
    if own:
        count = len(own)
        lines += [
            # The sizes of an entry are those of published output of 12.2.
            f"{count} network entries and {count} paths using {count * 133} bytes of memory",
            "1 BGP path attribute entries using 60 bytes of memory",
            "0 BGP route-map cache entries using 0 bytes of memory",
            "0 BGP filter-list cache entries using 0 bytes of memory",
            f"BGP activity {count}/0 prefixes, {count}/0 paths, scan interval 60 secs",
        ]
    lines += ["", "Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"]
    for neighbour, remote in _neighbours(block).items():
        down = any(line.tokens[1] == neighbour and "shutdown" in line.tokens for line in block.all("neighbor"))
        state = "Idle (Admin)" if down else "Active" if _is_reached(device, neighbour) else "Idle"
        lines.append(f"{neighbour:<15} 4 {remote:>5} {0:>7} {0:>7} {0:>8} {0:>4} {0:>4} {'never':<8} {state}")
    return "\n".join(lines) + "\n"


def _is_reached(device: Device, address: str) -> bool:
    return table_of(device).way(internet4.number(address)) is not None


_LEGEND = """\
Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,
              r RIB-failure
Origin codes: i - IGP, e - EGP, ? - incomplete

   Network          Next Hop            Metric LocPrf Weight Path
"""


def table_text(device: Device, block: Block, chosen: list[Network]) -> str:
    """The text of `show ip bgp` with the chosen networks, nothing while none is known."""
    if not chosen:
        return ""
    version = len(announced(device, block)) + 1
    head = f"BGP table version is {version}, local router ID is {router_id(device, block)}\n"
    rows = []
    for network in chosen:
        route = next(route for route in table_of(device).routes() if route.network == network)
        rows.append(f"*> {text_of(network):<16} {internet4.text(route.gateway):<19} {0:>6} {'':>6} {32768:>6} i\n")
    return head + _LEGEND + "".join(rows)


def entry_text(device: Device, block: Block, address: str) -> str:
    """The text of `show ip bgp ADDRESS`: the best entry that holds it."""
    number, known = internet4.number(address), announced(device, block)
    found = [network for network in known if network.has(number)]
    if not found:
        return "% Network not in table\n"
    network = max(found, key=lambda one: one.length)
    route = next(route for route in table_of(device).routes() if route.network == network)
    return (
        f"BGP routing table entry for {text_of(network)}, version {known.index(network) + 2}\n"
        "Paths: (1 available, best #1, table Default-IP-Routing-Table)\n  Not advertised to any peer\n  Local\n"
        f"    {internet4.text(route.gateway)} from 0.0.0.0 ({router_id(device, block)})\n"
        "      Origin IGP, metric 0, localpref 100, weight 32768, valid, sourced, local, best\n"
    )


def _neighbour(device: Device, system: int, block: Block, address: str, remote: int) -> Iterator[str]:
    kind = "internal" if remote == system else "external"
    yield f"BGP neighbor is {address},  remote AS {remote}, {kind} link"
    description = next(
        (
            " ".join(line.tokens[3:])
            for line in block.all("neighbor")
            if line.tokens[1] == address and "description" in line.tokens
        ),
        "",
    )
    if description:
        yield f" Description: {description}"
    yield "  BGP version 4, remote router ID 0.0.0.0"
    yield f"  BGP state = {'Active' if _is_reached(device, address) else 'Idle'}"
    yield "  Last read 00:00:00, hold time is 180, keepalive interval is 60 seconds"
    yield "  Received 0 messages, 0 notifications, 0 in queue"
    yield "  Sent 0 messages, 0 notifications, 0 in queue"
    yield "  Default minimum time between advertisement runs is " + ("5" if kind == "internal" else "30") + " seconds"
    yield ""
    yield " For address family: IPv4 Unicast"
    yield "  BGP table version 1, neighbor version 0"
    yield "  Index 1, Offset 0, Mask 0x2"
    yield "  Route refresh request: received 0, sent 0"
    yield "  0 accepted prefixes consume 0 bytes"
    yield "  Prefix advertised 0, suppressed 0, withdrawn 0"
    yield ""
    yield "  Connections established 0; dropped 0"
    yield "  Last reset never"
    yield "  No active TCP connection"


@handlers.register("show_ip_bgp")
def _bgp(call: Invocation[Device]) -> None:
    """`show ip bgp [summary | neighbors | ADDRESS | ...]`; every path here is this system's own, and has none in it."""
    processes_ = processes(call, "router bgp", "system")
    if not processes_:
        call.write("% BGP not active\n\n")
        return
    (system, block), words, device = processes_[0], call.match.tokens, call.device
    own = announced(device, block)
    if "summary" in words:
        call.write(summary_text(device, system, block))
    elif "neighbors" in words:
        _write_neighbours(call, system, block)
    elif "network" in call.values:
        call.write(entry_text(device, block, str(call.values["network"])))
    elif "cidr-only" in words:
        call.write(table_text(device, block, [one for one in own if one.length != _natural(one.address)]))
    elif "regexp" in words:
        call.write(table_text(device, block, own if _meets_empty(str(call.values["pattern"])) else []))
    elif "paths" in words:
        call.write("Address    Hash Refcount Metric Path\n")
        call.write(f"0x62C3A0E4    0 {len(own):>8} {0:>6} i\n" if own else "")
    elif len(words) == 3:
        call.write(table_text(device, block, own))


def _natural(address: int) -> int:
    return natural_mask(address).bit_count()


def _meets_empty(pattern: str) -> bool:
    """Does an expression meet a path without systems in it? `_` is the begin and the end of one too."""
    try:
        return re.search(pattern.replace("_", "(^|$)"), "") is not None
    except re.error:
        return False


def _write_neighbours(call: Invocation[Device], system: int, block: Block) -> None:
    wanted, known = call.values.get("address"), _neighbours(block)
    if wanted is not None and str(wanted) not in known:
        call.write("% No such neighbor or address family\n")
        return
    if call.match.tokens[-1] in ("advertised-routes", "received-routes", "routes"):
        return  # no session is up
    for address, remote in known.items():
        if wanted is None or str(wanted) == address:
            call.write("\n".join(_neighbour(call.device, system, block, address, remote)) + "\n\n")
