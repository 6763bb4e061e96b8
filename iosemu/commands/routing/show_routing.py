"""What routing processes say of themselves: `show ip ospf`, `show ip eigrp`, `show ip rip`.

Rule: a process is as configured, runs on the interfaces that its networks cover, and has learnt nothing from anybody.
Forms: published output of 12.2; what is in no capture is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.interfaces.state import InterfaceState, short_name
from iosemu.commands.interfaces.text import delay_us, speed_and_mtu
from iosemu.commands.registry import handlers
from iosemu.commands.routing.process import covered, is_passive, router_id
from iosemu.commands.routing.routing_config import natural_mask
from iosemu.commands.routing.table import Network

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line


def processes(call: Invocation[Device], command: str, name: str) -> list[tuple[int, Block]]:
    """The processes of a protocol by their numbers; the one that was asked for, where one was."""
    wanted = call.values.get("process")
    found = []
    for block in call.device.config.root.children(command):
        assert block.header is not None
        number = int(str(block.header.values.get(name, 0)))
        if wanted in (None, number):
            found.append((number, block))
    return found


def prefix(state: InterfaceState) -> Network:
    return Network.of(state.address, state.mask)


def text_of(network: Network) -> str:
    return f"{internet4.text(network.address)}/{network.length}"


# OSPF.


def _area(line: Line) -> int:
    values = line.values
    return int(str(values["number"])) if "number" in values else internet4.number(str(values["dotted"]))


def areas_of(device: Device, block: Block) -> dict[int, list[InterfaceState]]:
    """By area: its interfaces."""
    areas: dict[int, list[InterfaceState]] = {}
    for line in block.all("network"):
        areas.setdefault(_area(line), [])
    for state, line in covered(device, block):
        areas[_area(line)].append(state)
    return areas


def ospf_text(device: Device, number: int, block: Block) -> str:
    """One process of `show ip ospf`."""
    areas = areas_of(device, block)
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
    yield f"  Internet Address {state.address}/{prefix(state).length}, Area {_area(line)} "
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
    yield f"  Process ID {number}, Router ID {identity}, Network Type {named}, Cost: {cost_of(state)}"
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
    for number, block in processes(call, "router ospf", "process"):
        for state, line in covered(call.device, block):
            loopback = state.kind == "Loopback"
            wide = state.kind.endswith("Ethernet")
            what = "LOOP" if loopback else "DR" if wide else "P2P"
            place = f"{state.address}/{prefix(state).length}"
            call.write(
                f"{short_name(state.name):<13}{number:<6}{_area(line):<16}{place:<19}{cost_of(state):<6}{what:<6}0/0\n"
            )


def cost_of(state: InterfaceState) -> int:
    """Of a reference of 100 Mbit/s, as without `auto-cost`."""
    if state.kind == "Loopback":
        return 1
    said = state.block.value("ip ospf cost", "cost")
    return int(str(said)) if said else max(100_000_000 // max(speed_and_mtu(state)[0], 1), 1)


@handlers.register("show_ip_ospf")
def _ospf(call: Invocation[Device]) -> None:
    for number, block in processes(call, "router ospf", "process"):
        call.write(ospf_text(call.device, number, block))


@handlers.register("show_ip_ospf_interface")
def _ospf_interfaces(call: Invocation[Device]) -> None:
    wanted = call.values.get("interface")
    for number, block in processes(call, "router ospf", "process"):
        for state, line in covered(call.device, block):
            if wanted is None or str(wanted) == state.name:
                call.write("\n".join(_ospf_interface(call.device, number, block, state, line)) + "\n")


# EIGRP and RIP.

_INTERFACES = """
                        Xmit Queue   Mean   Pacing Time   Multicast    Pending
Interface        Peers  Un/Reliable  SRTT   Un/Reliable   Flow Timer   Routes
"""
_INTERFACE_DETAIL = """\
  Next xmit serial <none>
  Un/reliable mcasts: 0/0  Un/reliable ucasts: 0/0
  Mcast exceptions: 0  CR packets: 0  ACKs suppressed: 0
  Retransmissions sent: 0  Out-of-sequence rcvd: 0
"""
_TOPOLOGY = """
Codes: P - Passive, A - Active, U - Update, Q - Query, R - Reply,
       r - reply Status, s - sia Status 

"""  # noqa: W291  (device text, literal)


@handlers.register("show_ip_eigrp_interfaces")
def _eigrp_interfaces(call: Invocation[Device]) -> None:
    detail = "detail" in call.match.tokens
    for number, block in processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP interfaces for process {number}\n{_INTERFACES}")
        for state, _ in covered(call.device, block):
            if is_passive(block, state.name):
                continue
            call.write(f"{short_name(state.name):<17}{0:>3}{'0/0':>11}{0:>10}{'0/10':>11}{0:>13}{0:>13}\n")
            if detail:
                call.write(_INTERFACE_DETAIL)


@handlers.register("show_ip_eigrp_neighbors")
def _eigrp_neighbours(call: Invocation[Device]) -> None:
    for number, _ in processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP neighbors for process {number}\n")


@handlers.register("show_ip_eigrp_topology")
def _eigrp_topology(call: Invocation[Device]) -> None:
    """Every entry is passive, has its successor, and waits for nothing."""
    which = call.match.tokens[-1]
    for number, block in processes(call, "router eigrp", "system"):
        own = [state for state, _ in covered(call.device, block)]
        head = f"IP-EIGRP Topology Table for AS({number})/ID({router_id(call.device, block)})\n"
        if which == "summary":
            call.write(
                f"{head}Head serial 1, next serial {len(own) + 1}\n"
                f"{len(own)} routes, 0 pending replies, 0 dummies\n"
                f"IP-EIGRP(0) enabled on {len(own)} interfaces, neighbors present on 0 interfaces\n"
                "Quiescent interfaces:" + "".join(f" {short_name(state.name)}" for state in own) + "\n"
            )
            continue
        call.write(f"{head}{_TOPOLOGY}")
        if which in ("active", "pending", "zero-successors"):
            continue
        for serial, state in enumerate(own, 1):
            slowest = 10_000_000 // max(speed_and_mtu(state)[0] // 1000, 1)
            distance = 256 * (slowest + delay_us(state) // 10)
            more = f", serno {serial}" if which == "all-links" else ""
            call.write(f"P {text_of(prefix(state))}, 1 successors, FD is {distance}{more}\n")
            call.write(f"        via Connected, {state.name}\n")


@handlers.register("show_ip_eigrp_traffic")
def _eigrp_traffic(call: Invocation[Device]) -> None:
    counted = ("Hellos", "Updates", "Queries", "Replies", "Acks")
    for number, _ in processes(call, "router eigrp", "system"):
        call.write(f"IP-EIGRP Traffic Statistics for process {number}\n")
        call.write("".join(f"  {name} sent/received: 0/0\n" for name in counted))
        call.write("  Input queue high water mark 0, 0 drops\n\n")


@handlers.register("show_ip_rip_database")
def _rip_database(call: Invocation[Device]) -> None:
    for _, block in processes(call, "router rip", "process"):
        majors: dict[Network, list[str]] = {}
        for state, _ in covered(call.device, block):
            own = prefix(state)
            mask = natural_mask(own.address)
            major = Network(own.address & mask, mask.bit_count())
            majors.setdefault(major, []).append(f"{text_of(own)}    directly connected, {state.name}\n")
        for major, rows in sorted(majors.items()):
            call.write(f"{text_of(major)}    auto-summary\n" + "".join(rows))
