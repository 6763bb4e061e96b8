"""What routing processes say of themselves: `show ip ospf`, `show ip bgp`, `show ip eigrp`, `show ip rip`.

Rule: a process is as configured, runs on the interfaces that its networks cover, and has learnt nothing from anybody.
Forms: published output of 12.2; what is in no capture is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.interface_state import InterfaceState, short_name
from iosemu.commands.interface_text import delay_us, speed_and_mtu
from iosemu.commands.registry import handlers
from iosemu.commands.routing_config import natural_mask
from iosemu.commands.routing_process import covered, is_passive, router_id
from iosemu.commands.routing_table import Network, table_of

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line


def _processes(call: Invocation[Device], command: str, name: str) -> list[tuple[int, Block]]:
    """The processes of a protocol by their numbers; the one that was asked for, where one was."""
    wanted = call.values.get("process")
    found = []
    for block in call.device.config.root.children(command):
        assert block.header is not None
        number = int(str(block.header.values.get(name, 0)))
        if wanted in (None, number):
            found.append((number, block))
    return found


def _prefix(state: InterfaceState) -> Network:
    return Network.of(state.address, state.mask)


def _text(network: Network) -> str:
    return f"{internet4.text(network.address)}/{network.length}"


# OSPF.


def _area(line: Line) -> int:
    values = line.values
    return int(str(values["number"])) if "number" in values else internet4.number(str(values["dotted"]))


def _areas(device: Device, block: Block) -> dict[int, list[InterfaceState]]:
    """By area: its interfaces."""
    areas: dict[int, list[InterfaceState]] = {}
    for line in block.all("network"):
        areas.setdefault(_area(line), [])
    for state, line in covered(device, block):
        areas[_area(line)].append(state)
    return areas


def ospf_text(device: Device, number: int, block: Block) -> str:
    """One process of `show ip ospf`."""
    areas = _areas(device, block)
    lines = [
        f' Routing Process "ospf {number}" with ID {router_id(device, block)}',
        " Supports only single TOS(TOS0) routes",
        " Supports opaque LSA",
        " SPF schedule delay 5 secs, Hold time between two SPFs 10 secs",
        " Minimum LSA interval 5 secs. Minimum LSA arrival 1 secs",
        " Number of external LSA 0. Checksum Sum 0x0",
        " Number of opaque AS LSA 0. Checksum Sum 0x0",
        " Number of DCbitless external and opaque AS LSA 0",
        " Number of DoNotAge external and opaque AS LSA 0",
        f" Number of areas in this router is {len(areas)}. {len(areas)} normal 0 stub 0 nssa",
        " External flood list length 0",
    ]
    for area, interfaces in sorted(areas.items()):
        lines += [
            f"    Area {'BACKBONE(0)' if area == 0 else area}" + ("" if interfaces else " (Inactive)"),
            f"        Number of interfaces in this area is {len(interfaces)}",
            "        Area has no authentication",
            "        Area ranges are",
        ]
    return "\n".join([*lines, ""]) + "\n"


# By type of network: seconds between two hellos, and until a neighbour counts as dead.
_FAST, _SLOW = (10, 40), (30, 120)
_TIMERS = {
    "broadcast": _FAST,
    "point-to-point": _FAST,
    "non-broadcast": _SLOW,
    "point-to-multipoint": _SLOW,
}


def _ospf_interface(device: Device, number: int, block: Block, state: InterfaceState, line: Line) -> Iterator[str]:
    identity = router_id(device, block)
    said = state.block
    yield f"{state.name} is {state.status}, line protocol is {state.protocol} "
    yield f"  Internet Address {state.address}/{_prefix(state).length}, Area {_area(line)} "
    if state.kind == "Loopback":
        yield f"  Process ID {number}, Router ID {identity}, Network Type LOOPBACK, Cost: 1"
        yield "  Loopback interface is treated as a stub Host"
        return
    natural = "point-to-point" if state.kind in ("Serial", "Tunnel", "Dialer") else "broadcast"
    kind = str(said.value("ip ospf network", "type", natural))
    hello, dead = _TIMERS[kind]
    hello = int(str(said.value("ip ospf hello-interval", "seconds", hello)))
    dead = int(str(said.value("ip ospf dead-interval", "seconds", dead if hello in (10, 30) else 4 * hello)))
    wide = kind in ("broadcast", "non-broadcast")
    priority = said.value("ip ospf priority", "priority", 1)
    named = kind.upper().replace("-", "_")
    yield f"  Process ID {number}, Router ID {identity}, Network Type {named}, Cost: {_cost(state)}"
    delay = said.value("ip ospf transmit-delay", "seconds", 1)
    if wide:
        yield f"  Transmit Delay is {delay} sec, State DR, Priority {priority} "
        yield f"  Designated Router (ID) {identity}, Interface address {state.address}"
        yield "  No backup designated router on this network"
    else:
        yield f"  Transmit Delay is {delay} sec, State {named},"
    again = said.value("ip ospf retransmit-interval", "seconds", 5)
    yield f"  Timer intervals configured, Hello {hello}, Dead {dead}, Wait {dead}, Retransmit {again}"
    if is_passive(block, state.name):
        yield "    No Hellos (Passive interface) "
    else:
        yield f"    Hello due in 00:00:{hello - int(device.uptime_s) % hello:02}"
    yield "  Neighbor Count is 0, Adjacent neighbor count is 0 "
    yield "  Suppress hello for 0 neighbor(s)"


@handlers.register("show_ip_ospf_interface_brief")
def _ospf_brief(call: Invocation[Device]) -> None:
    call.write("Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C\n")
    for number, block in _processes(call, "router ospf", "process"):
        for state, line in covered(call.device, block):
            loopback = state.kind == "Loopback"
            wide = state.kind.endswith("Ethernet")
            what = "LOOP" if loopback else "DR" if wide else "P2P"
            place = f"{state.address}/{_prefix(state).length}"
            call.write(
                f"{short_name(state.name):<13}{number:<6}{_area(line):<16}{place:<19}{_cost(state):<6}{what:<6}0/0\n"
            )


def _cost(state: InterfaceState) -> int:
    """Of a reference of 100 Mbit/s, as without `auto-cost`."""
    if state.kind == "Loopback":
        return 1
    said = state.block.value("ip ospf cost", "cost")
    return int(str(said)) if said else max(100_000_000 // max(speed_and_mtu(state)[0], 1), 1)


@handlers.register("show_ip_ospf")
def _ospf(call: Invocation[Device]) -> None:
    for number, block in _processes(call, "router ospf", "process"):
        call.write(ospf_text(call.device, number, block))


@handlers.register("show_ip_ospf_interface")
def _ospf_interfaces(call: Invocation[Device]) -> None:
    wanted = call.values.get("interface")
    for number, block in _processes(call, "router ospf", "process"):
        for state, line in covered(call.device, block):
            if wanted is None or str(wanted) == state.name:
                call.write("\n".join(_ospf_interface(call.device, number, block, state, line)) + "\n")


# BGP.


def _neighbours(block: Block) -> dict[str, int]:
    """By address: the system of each neighbour."""
    found = {}
    for line in block.all("neighbor"):
        if not line.negated and "remote-as" in line.tokens and "system" in line.values and line.tokens[1][0].isdigit():
            found[line.tokens[1]] = int(str(line.values["system"]))
    return dict(sorted(found.items(), key=lambda item: internet4.number(item[0])))


def _announced(device: Device, block: Block) -> list[Network]:
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


def bgp_summary_text(device: Device, system: int, block: Block) -> str:
    """The text of `show ip bgp summary`."""
    own = _announced(device, block)
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


_BGP_LEGEND = """\
Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,
              r RIB-failure
Origin codes: i - IGP, e - EGP, ? - incomplete

   Network          Next Hop            Metric LocPrf Weight Path
"""


def bgp_table_text(device: Device, block: Block) -> str:
    """The text of `show ip bgp`, nothing while no network is known."""
    own = _announced(device, block)
    if not own:
        return ""
    head = f"BGP table version is {len(own) + 1}, local router ID is {router_id(device, block)}\n"
    rows = []
    for network in own:
        route = next(route for route in table_of(device).routes() if route.network == network)
        rows.append(f"*> {_text(network):<16} {internet4.text(route.gateway):<19} {0:>6} {'':>6} {32768:>6} i\n")
    return head + _BGP_LEGEND + "".join(rows)


def _bgp_neighbour(device: Device, system: int, block: Block, address: str, remote: int) -> Iterator[str]:
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
    """`show ip bgp [summary | neighbors]`."""
    processes = _processes(call, "router bgp", "system")
    if not processes:
        call.write("% BGP not active\n\n")
        return
    system, block = processes[0]
    if "summary" in call.match.tokens:
        call.write(bgp_summary_text(call.device, system, block))
    elif "neighbors" in call.match.tokens:
        wanted, known = call.values.get("address"), _neighbours(block)
        if wanted is not None and str(wanted) not in known:
            call.write("% No such neighbor or address family\n")
        for address, remote in known.items():
            if wanted is None or str(wanted) == address:
                call.write("\n".join(_bgp_neighbour(call.device, system, block, address, remote)) + "\n\n")
    else:
        call.write(bgp_table_text(call.device, block))


# EIGRP and RIP.

_INTERFACES = """
                        Xmit Queue   Mean   Pacing Time   Multicast    Pending
Interface        Peers  Un/Reliable  SRTT   Un/Reliable   Flow Timer   Routes
"""
_TOPOLOGY = """
Codes: P - Passive, A - Active, U - Update, Q - Query, R - Reply,
       r - reply Status, s - sia Status 

"""  # noqa: W291  (device text, literal)


@handlers.register("show_ip_eigrp_interfaces")
def _eigrp_interfaces(call: Invocation[Device]) -> None:
    for number, block in _processes(call, "router eigrp", "system"):
        rows = [
            f"{short_name(state.name):<17}{0:>3}{'0/0':>11}{0:>10}{'0/10':>11}{0:>13}{0:>13}\n"
            for state, _ in covered(call.device, block)
            if not is_passive(block, state.name)
        ]
        call.write(f"IP-EIGRP interfaces for process {number}\n{_INTERFACES}{''.join(rows)}")


@handlers.register("show_ip_eigrp_neighbors")
def _eigrp_neighbours(call: Invocation[Device]) -> None:
    for number, _ in _processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP neighbors for process {number}\n")


@handlers.register("show_ip_eigrp_topology")
def _eigrp_topology(call: Invocation[Device]) -> None:
    for number, block in _processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP Topology Table for AS({number})/ID({router_id(call.device, block)})\n{_TOPOLOGY}")
        for state, _ in covered(call.device, block):
            slowest = 10_000_000 // max(speed_and_mtu(state)[0] // 1000, 1)
            distance = 256 * (slowest + delay_us(state) // 10)
            call.write(f"P {_text(_prefix(state))}, 1 successors, FD is {distance}\n")
            call.write(f"        via Connected, {state.name}\n")


@handlers.register("show_ip_eigrp_traffic")
def _eigrp_traffic(call: Invocation[Device]) -> None:
    counted = ("Hellos", "Updates", "Queries", "Replies", "Acks")
    for number, _ in _processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP Traffic Statistics for process {number}\n")
        call.write("".join(f"  {name} sent/received: 0/0\n" for name in counted))
        call.write("  Input queue high water mark 0, 0 drops\n\n")


@handlers.register("show_ip_rip_database")
def _rip_database(call: Invocation[Device]) -> None:
    for _, block in _processes(call, "router rip", "process"):
        majors: dict[Network, list[str]] = {}
        for state, _ in covered(call.device, block):
            own = _prefix(state)
            mask = natural_mask(own.address)
            major = Network(own.address & mask, mask.bit_count())
            majors.setdefault(major, []).append(f"{_text(own)}    directly connected, {state.name}\n")
        for major, rows in sorted(majors.items()):
            call.write(f"{_text(major)}    auto-summary\n" + "".join(rows))
