"""Tables of IP: `show ip aliases`, `cache`, `cef`, `masks`, `policy`, `nat statistics` and their kind.

Rule: every row follows from an interface, a route or a line of the configuration; the fast switching cache is empty,
since packets of this router are few and all switched by the processor. Forms: published output of 12.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.interfaces.state import short_name, states
from iosemu.commands.registry import handlers
from iosemu.commands.routing.table import NULL, Network, Route, table_of

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_ALL = 0xFFFFFFFF


def _text(network: Network) -> str:
    return f"{internet4.text(network.address)}/{network.length}"


@handlers.register("show_ip_aliases")
def _aliases(call: Invocation[Device]) -> None:
    rows = [f"{'Interface':<25}{state.address}\n" for state in states(call.device) if state.address]
    call.write("Address Type             IP Address      Port\n" + "".join(rows))


# Switching.


@handlers.register("show_ip_cache")
def _cache(call: Invocation[Device]) -> None:
    call.write(
        "IP routing cache 0 entries, 0 bytes\n"
        "   0 adds, 0 invalidates, 0 refcounts\n"
        "Minimum invalidation interval 2 seconds, maximum interval 5 seconds,\n"
        "   quiet interval 3 seconds, threshold 0 requests\n"
        "Invalidation rate 0 in last second, 0 in last 3 seconds\n\n"
        "Prefix/Length       Age       Interface       Next Hop\n"
    )


@handlers.register("show_ip_cache_flow")
def _flow(call: Invocation[Device]) -> None:
    call.write(
        "IP packet size distribution (0 total packets):\n"
        "   1-32   64   96  128  160  192  224  256  288  320  352  384  416  448  480\n"
        f"   {' '.join(['.000'] * 15)}\n\n"
        "    512  544  576 1024 1536 2048 2560 3072 3584 4096 4608\n"
        f"   {' '.join(['.000'] * 11)}\n\n"
        "IP Flow Switching Cache, 0 bytes\n"
        "  0 active, 0 inactive, 0 added\n"
        "  0 ager polls, 0 flow alloc failures\n"
        "  Last clearing of statistics never\n"
        "Protocol         Total    Flows   Packets Bytes  Packets Active(Sec) Idle(Sec)\n"
        "--------         Flows     /Sec     /Flow  /Pkt     /Sec     /Flow     /Flow\n\n"
        "SrcIf         SrcIPaddress    DstIf         DstIPaddress    Pr SrcP DstP  Pkts\n"
    )


_Row = tuple[Network, str, str]


def forwarding(device: Device) -> list[_Row]:
    """The forwarding table of CEF: prefix, next hop or what becomes of the packet, interface."""
    table = table_of(device)
    rows: dict[Network, tuple[str, str]] = {
        Network(0, 32): ("receive", ""),
        Network(internet4.number("224.0.0.0"), 4): ("drop", ""),
        Network(internet4.number("224.0.0.0"), 24): ("receive", ""),
        Network(_ALL, 32): ("receive", ""),
    }
    for one in table.interfaces.values():
        for network, address in zip(one.networks, one.addresses, strict=True):
            rows[network] = ("attached", one.state.name)
            if network.length < 31:
                broadcast = network.address | _ALL >> network.length
                rows[Network(network.address, 32)] = rows[Network(broadcast, 32)] = ("receive", "")
            rows[Network(address, 32)] = ("receive", "")
    for route in table.routes():
        if not route.connected:
            rows[route.network] = _next_hop(device, route)
    rows.setdefault(Network(0, 0), ("0.0.0.0", NULL))
    return [(network, *way) for network, way in sorted(rows.items())]


def _next_hop(device: Device, route: Route) -> tuple[str, str]:
    if not route.gateway:
        return "attached", route.interface
    way = table_of(device).way(route.gateway)
    return internet4.text(route.gateway), way.interface if way is not None else route.interface


@handlers.register("show_ip_cef")
def _cef(call: Invocation[Device]) -> None:
    """`show ip cef [summary | A.B.C.D [mask]]`."""
    device = call.device
    if not device.config.root.flag("ip cef"):
        call.write("%CEF not running\n")
        return
    rows = forwarding(device)
    if call.values.get("summary"):
        call.write(
            f"IP CEF with switching (Table Version {len(rows)}), flags=0x0\n"
            f"  {len(rows)} routes, 0 reresolve, 0 unresolved (0 old, 0 new), peak 0\n"
        )
        return
    wanted = call.values.get("address")
    if wanted is not None:
        number = internet4.number(str(wanted))
        rows = [max((row for row in rows if row[0].has(number)), key=lambda row: row[0].length)]
    call.write(f"{'Prefix':<20}{'Next Hop':<21}Interface\n")
    for network, hop, interface in rows:
        name = "0.0.0.0/0" if network == Network(0, 0) else _text(network)
        call.write(f"{name:<20}{hop:<21}{interface}".rstrip() + "\n")


@handlers.register("show_cef_interface")
def _cef_interface(call: Invocation[Device]) -> None:
    running = call.device.config.root.flag("ip cef")
    wanted = call.values.get("interface")
    for number, state in enumerate(states(call.device), 1):
        if wanted is not None and str(wanted) != state.name:
            continue
        call.write(f"{state.name} is {state.status} (if_number {number})\n")
        if state.address:
            call.write(f"  Internet address is {state.address}/{Network.of(state.address, state.mask).length}\n")
        else:
            call.write("  Interface is not enabled for IP\n")
        call.write(f"  IP CEF switching {'enabled' if running else 'disabled'}\n")


@handlers.register("show_adjacency")
def _adjacency(call: Invocation[Device]) -> None:
    """The neighbours of the ARP table, while CEF runs."""
    device = call.device
    if not device.config.root.flag("ip cef"):
        return
    call.write("Protocol Interface                 Address\n")
    for address, neighbour in sorted(device.neighbours.items()):
        if neighbour.hardware:
            call.write(f"IP       {neighbour.interface:<26}{internet4.text(address)}(5)\n")


# What is known of addresses and routes.


@handlers.register("show_ip_masks")
def _masks(call: Invocation[Device]) -> None:
    from iosemu.commands.routing.routing_config import natural_mask

    asked = internet4.number(str(call.values["address"]))
    mask = natural_mask(asked)
    counts: dict[int, int] = {}
    for route in table_of(call.device).routes():
        if route.network.address & mask == asked & mask and route.network.length:
            counts[route.network.length] = counts.get(route.network.length, 0) + 1
    call.write("Mask             Reference count\n")
    for length, count in sorted(counts.items(), reverse=True):
        call.write(f"{internet4.text(_ALL << 32 - length & _ALL):<17}{count}\n")


@handlers.register("show_ip_policy")
def _policy(call: Invocation[Device]) -> None:
    call.write("Interface      Route map\n")
    local = call.device.config.root.value("ip local policy route-map", "name")
    if local:
        call.write(f"{'local':<15}{local}\n")
    for state in states(call.device):
        name = state.block.value("ip policy route-map", "name")
        if name:
            call.write(f"{state.name:<15}{name}\n")


@handlers.register("show_ip_local_policy")
def _local_policy(call: Invocation[Device]) -> None:
    local = call.device.config.root.value("ip local policy route-map", "name")
    if local:
        call.write(f"Local policy routing is enabled, using route map {local}\n")
    else:
        call.write("Local policy routing is disabled\n")  # inferred


@handlers.register("show_ip_local_pool")
def _local_pool(call: Invocation[Device]) -> None:
    call.write(f" {'Pool':<25}{'Begin':<16}{'End':<16}Free  In use\n")
    wanted = call.values.get("name")
    for line in call.device.config.root.all("ip local pool"):
        values = line.values
        if "low" not in values or wanted not in (None, values["name"]):
            continue
        low, high = str(values["low"]), str(values.get("high") or values["low"])
        free = internet4.number(high) - internet4.number(low) + 1
        call.write(f" {values['name']!s:<25}{low:<16}{high:<16}{free:>4}{0:>8}\n")


@handlers.register("show_ip_accounting")
def _accounting(call: Invocation[Device]) -> None:
    age = int(call.device.uptime_s) // 60
    call.write("   Source           Destination              Packets               Bytes\n\n")
    call.write(f"Accounting data age is {age}\n")


@handlers.register("show_ip_vrf")
def _vrf(call: Invocation[Device]) -> None:
    call.write(f"  {'Name':<33}{'Default RD':<20}Interfaces\n")
    for block in call.device.config.root.children("ip vrf"):
        assert block.header is not None
        name = str(block.header.values["name"])
        distinguisher = block.get("rd")
        rd = " ".join(distinguisher.tokens[1:]) if distinguisher is not None else "<not set>"
        of_it = [s.name for s in states(call.device) if s.block.value("ip vrf forwarding", "name") == name]
        first = f"  {name:<33}{rd:<20}{of_it[0] if of_it else ''}".rstrip()
        call.write("\n".join([first, *(f"{'':<55}{other}" for other in of_it[1:])]) + "\n")


@handlers.register("show_ip_irdp")
def _irdp(call: Invocation[Device]) -> None:
    for state in states(call.device):
        on = state.block.flag("ip irdp")
        call.write(f"{state.name} has router discovery {'enabled' if on else 'disabled'}\n")


@handlers.register("show_ip_nat_statistics")
def _nat(call: Invocation[Device]) -> None:
    root = call.device.config.root
    static = [line for line in root.all("ip nat inside source static") if "local" in line.values]
    extended = sum(1 for line in static if {"tcp", "udp"} & set(line.tokens))

    def on(side: str) -> str:
        lines = ((state.name, state.block.get("ip nat")) for state in states(call.device))
        return ", ".join(name for name, line in lines if line is not None and side in line.tokens)

    call.write(
        f"Total active translations: {len(static)} ({len(static)} static, 0 dynamic; {extended} extended)\n"
        f"Outside interfaces:\n  {on('outside')}\nInside interfaces: \n  {on('inside')}\n"
        "Hits: 0  Misses: 0\nExpired translations: 0\nDynamic mappings:\n"
    )
    for line in root.all("ip nat inside source"):
        what, name = ("pool", line.values.get("pool")) if "pool" in line.values else ("interface", None)
        by = line.tokens[line.tokens.index("source") + 1 :]
        call.write(f"-- Inside Source\naccess-list {by[1]} {what} {name or line.values.get('interface')} refcount 0\n")
        pool = next((one.values for one in root.all("ip nat pool") if one.values.get("name") == name), None)
        if pool is not None and "low" in pool:
            low, high = str(pool["low"]), str(pool["high"])
            total = internet4.number(high) - internet4.number(low) + 1
            mask = pool.get("mask") or internet4.text(_ALL << 32 - int(str(pool.get("length", 32))) & _ALL)
            call.write(
                f" pool {name}: netmask {mask}\n        start {low} end {high}\n"
                f"        type generic, total addresses {total}, allocated 0 (0%), misses 0\n"
            )


@handlers.register("show_ip_header_compression")
def _header_compression(call: Invocation[Device]) -> None:
    """`show ip rtp|tcp header-compression`: the interfaces that do it."""
    kind = "RTP/UDP/IP" if call.match.tokens[2] == "rtp" else "TCP/IP"
    command = f"ip {call.match.tokens[2]} header-compression"
    call.write(f"{kind} header compression statistics:\n")
    for state in states(call.device):
        if state.block.flag(command):
            call.write(
                f"  Interface {state.name}:\n    Rcvd:    0 total, 0 compressed, 0 errors\n"
                "             0 dropped, 0 buffer copies, 0 buffer failures\n"
                "    Sent:    0 total, 0 compressed,\n             0 bytes saved, 0 bytes sent\n"
                "    Connect: 16 rx slots, 16 tx slots,\n             0 long searches, 0 misses\n"
            )


@handlers.register("show_ip_http")
def _http(call: Invocation[Device]) -> None:
    root = call.device.config.root
    method = root.value("ip http authentication", "method", "enable")
    call.write(
        f"HTTP server status: {'Enabled' if root.flag('ip http server') else 'Disabled'}\n"
        f"HTTP server port: {root.value('ip http port', 'port', 80)}\n"
        f"HTTP server authentication method: {method}\n"
        f"HTTP server access class: {root.value('ip http access-class', 'list', 0)}\n"
        f"HTTP server base path: {root.value('ip http path', 'url', '')}\n"
        "Maximum number of concurrent server connections allowed: "
        f"{root.value('ip http max-connections', 'connections', 5)}\n"
        f"Server idle time-out: {root.value('ip http timeout-policy', 'idle', 180)} seconds\n"
        f"Server life time-out: {root.value('ip http timeout-policy', 'life', 180)} seconds\n"
        "Maximum number of requests allowed on a connection: "
        f"{root.value('ip http timeout-policy', 'requests', 1)}\n"
        "HTTP secure server capability: Not present\n"
    )


@handlers.register("show_ip_rsvp_interface")
def _rsvp(call: Invocation[Device]) -> None:
    call.write("interface    allocated  i/f max  flow max sub max\n")
    for state in states(call.device):
        line = state.block.get("ip rsvp bandwidth")
        if line is not None and not line.negated:
            most = int(str(line.values.get("total", 0)))
            flow, pool = int(str(line.values.get("flow", most))), int(str(line.values.get("pool", 0)))
            call.write(f"{short_name(state.name):<13}{'0M':<11}{_bits(most):<9}{_bits(flow):<9}{_bits(pool)}\n")


def _bits(kilobits: int) -> str:
    return f"{kilobits}K" if kilobits % 1000 else f"{kilobits // 1000}M"


@handlers.register("show_ip_rpf")
def _reverse(call: Invocation[Device]) -> None:
    address = internet4.number(str(call.values["address"]))
    way = table_of(call.device).way(address)
    said = internet4.text(address)
    if way is None:
        call.write(f"RPF information for ? ({said}) failed, no route exists\n")
        return
    kind = "connected" if way.route.connected else "static"
    call.write(
        f"RPF information for ? ({said})\n  RPF interface: {way.interface}\n"
        f"  RPF neighbor: ? ({internet4.text(way.next_hop)}){' - directly connected' if way.route.connected else ''}\n"
        f"  RPF route/mask: {_text(way.route.network)}\n  RPF type: unicast ({kind})\n"
        "  RPF recursion count: 0\n  Doing distance-preferred lookups across tables\n"
    )
