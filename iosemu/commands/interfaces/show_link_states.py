"""`show ip ospf database`: the link states of a router that is alone, one for each of its areas.

Rule: no neighbour is ever heard, so that the only advertisement is this router's own and each of its links goes to a
stub network; it is made anew every thirty minutes. Octets and checksum are those that would go on the wire: RFC 2328
sections 12.1 and A.4.2. Forms: published output of 12.2.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from iosemu.cli import internet4
from iosemu.commands.registry import handlers
from iosemu.commands.routing.process import router_id
from iosemu.commands.routing.show_routing import areas_of, cost_of, processes

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_REFRESH_S = 1800
_FIRST = 0x80000001
_DEMAND = 0x22  # DC, and E: external routes are taken
_ROUTER, _STUB = 1, 3
_HOST = 0xFFFFFFFF
_HEADER = struct.Struct(">HBBIIIHH")
_COUNT = struct.Struct(">HH")
_LINK = struct.Struct(">IIBBH")


class Link(NamedTuple):
    """A link to a stub network: address, mask, and cost."""

    address: int
    mask: int
    cost: int


def checksum(octets: bytes) -> int:
    """The Fletcher checksum of an advertisement without its age (RFC 905 annex B); its own field counts as nought."""
    first = second = 0
    for octet in octets:
        first = (first + octet) % 255
        second = (second + first) % 255
    place = len(octets) - 15  # behind the field, which begins 14 octets from the start
    high = (place * first - second) % 255 or 255
    low = (second - (place + 1) * first) % 255 or 255
    return high << 8 | low


class Advertisement:
    """The router's own link state in one area; `age_s` and `sequence` follow from the time that the router runs."""

    def __init__(self, identity: str, links: list[Link], uptime_s: int) -> None:
        self.identity, self.links = identity, links
        self.age_s, self.sequence = uptime_s % _REFRESH_S, _FIRST + uptime_s // _REFRESH_S
        own = internet4.number(identity)
        body = struct.pack(">HH", 0, len(links)) + b"".join(
            _LINK.pack(*link[:2], _STUB, 0, link.cost) for link in links
        )
        self.length = _HEADER.size + len(body)
        header = _HEADER.pack(0, _DEMAND, _ROUTER, own, own, self.sequence, 0, self.length)
        self.checksum = checksum((header + body)[2:])


def _advertisements(device: Device, block: Block) -> list[tuple[int, Advertisement]]:
    """By area, those in which the router has interfaces."""
    found = []
    for area, states in sorted(areas_of(device, block).items()):
        links = []
        for state in states:
            mask = _HOST if state.kind == "Loopback" else internet4.number(state.mask)
            links.append(Link(internet4.number(state.address) & mask, mask, cost_of(state)))
        if links:
            found.append((area, Advertisement(router_id(device, block), links, int(device.uptime_s))))
    return found


def _row(state: Advertisement) -> str:
    return (
        f"{state.identity:<15} {state.identity:<15} {state.age_s:<11} 0x{state.sequence:08X} 0x{state.checksum:06X} "
        f"{len(state.links)}\n"
    )


def _detail(state: Advertisement) -> str:
    lines = [
        f"  LS age: {state.age_s}",
        "  Options: (No TOS-capability, DC)",
        "  LS Type: Router Links",
        f"  Link State ID: {state.identity}",
        f"  Advertising Router: {state.identity}",
        f"  LS Seq Number: {state.sequence:08X}",
        f"  Checksum: 0x{state.checksum:X}",
        f"  Length: {state.length}",
        f"  Number of Links: {len(state.links)}",
        "",
    ]
    for link in state.links:
        lines += [
            "    Link connected to: a Stub Network",
            f"     (Link ID) Network/subnet number: {internet4.text(link.address)}",
            f"     (Link Data) Network Mask: {internet4.text(link.mask)}",
            "      Number of TOS metrics: 0",
            f"       TOS 0 Metrics: {link.cost}",
            "",
        ]
    return "\n".join(lines) + "\n"


@handlers.register("show_ip_ospf_database")
def _database(call: Invocation[Device]) -> None:
    """All kinds, or the one that was asked for; there is only one."""
    kind = call.match.tokens[-1]
    for number, block in processes(call, "router ospf", "process"):
        call.write(f"\n{'':12}OSPF Router with ID ({router_id(call.device, block)}) (Process ID {number})\n")
        if kind not in ("database", "router"):
            continue
        for area, state in _advertisements(call.device, block):
            call.write(f"\n{'':16}Router Link States (Area {area})\n\n")
            if kind == "router":
                call.write(_detail(state))
            else:
                call.write(f"Link ID         ADV Router      Age         Seq#       Checksum Link count\n{_row(state)}")
