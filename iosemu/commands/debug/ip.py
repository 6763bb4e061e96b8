"""The text of `debug ip packet|icmp|udp|routing` and `debug arp`, made from what the IP layer handles.

Rule: a line is written only while its switch is on; `debug ip packet LIST` tells of what the access list lets through.
Changes of the routing table are found by comparing it before and after an interface or the configuration changed.
Forms: published captures of 12.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.debug.switches import Switched
from iosemu.commands.ip.events import IcmpHandled, NeighbourAnswered, NeighbourAsked, PacketHandled
from iosemu.network import ECHO, ECHO_REPLY, HOST, ICMP, PORT, PROHIBITED, TCP, TIME_EXCEEDED, UDP, UNREACHABLE

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.routing.table import Route
    from iosemu.network import Packet

PACKET, IP_ICMP, IP_UDP, ROUTING, ARP = "ip packet", "ip icmp", "ip udp", "ip routing", "arp"
_UNREACHABLE = {HOST: "host", PORT: "port", PROHIBITED: "administratively prohibited"}
_UDP_WAYS = {"sending": "sent", "rcvd": "rcvd"}
_IP_HEADER = 20
_NOBODY = "0000.0000.0000"


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    def write(lines: Iterator[str]) -> None:
        for line in lines:
            device.log.debug(line)

    def packet(event: PacketHandled) -> None:
        if not device.debugs:
            return
        if IP_UDP in device.debugs and event.packet.protocol == UDP and event.what in _UDP_WAYS:
            write(udp_lines(event))
        for flag in sorted(device.debugs):
            if flag.split()[:2] == PACKET.split() and _wanted(device, flag, event.packet):
                write(packet_lines(event, detail=flag.endswith(" detail")))
                return

    def icmp(event: IcmpHandled) -> None:
        if IP_ICMP in device.debugs:
            write(icmp_lines(event))

    def asked(event: NeighbourAsked) -> None:
        if ARP in device.debugs:
            write(_asked(device, event))

    def answered(event: NeighbourAnswered) -> None:
        if ARP in device.debugs:
            write(_answered(device, event))

    device.bus.subscribe(PacketHandled, packet)
    device.bus.subscribe(IcmpHandled, icmp)
    device.bus.subscribe(NeighbourAsked, asked)
    device.bus.subscribe(NeighbourAnswered, answered)
    _follow_routes(device)


def _wanted(device: Device, flag: str, packet: Packet) -> bool:
    from iosemu.commands.ip import packet_filter

    words = flag.removeprefix(PACKET).removesuffix("detail").split()
    return not words or packet_filter.passes(device, words[0], packet)


def packet_lines(event: PacketHandled, *, detail: bool) -> Iterator[str]:
    """`debug ip packet [detail]`."""
    packet = event.packet
    source = f"s={internet4.text(packet.source)} ({event.came_by or 'local'})"
    leaves = f" ({event.leaves_by})" if event.leaves_by else ""
    gateway = f", g={internet4.text(event.gateway)}" if event.gateway else ""
    what = "rcvd 3" if event.what == "rcvd" else event.what
    yield f"IP: {source}, d={internet4.text(packet.destination)}{leaves}{gateway}, len {packet.octets}, {what}"
    if not detail:
        return
    if packet.protocol == ICMP:
        yield f"    ICMP type={packet.message[0]}, code={packet.message[1]}"
        return
    name = "TCP" if packet.protocol == TCP else "UDP"
    flags = " ".join(flag.upper() for flag in sorted(packet.flags))
    yield f"    {name} src={packet.source_port}, dst={packet.destination_port} {flags}".rstrip()


def udp_lines(event: PacketHandled) -> Iterator[str]:
    """`debug ip udp`: own datagrams, by ports; the length is that of the datagram with its header."""
    packet = event.packet
    source = f"{internet4.text(packet.source)}({packet.source_port})"
    destination = f"{internet4.text(packet.destination)}({packet.destination_port})"
    length = packet.octets - _IP_HEADER
    yield f"UDP: {_UDP_WAYS[event.what]} src={source}, dst={destination}, length={length}"


def icmp_lines(event: IcmpHandled) -> Iterator[str]:
    """`debug ip icmp`: replies and errors; a request is told of by its reply."""
    kind, code = event.packet.message
    source, destination = internet4.text(event.packet.source), internet4.text(event.packet.destination)
    if kind == ECHO_REPLY:
        yield f"ICMP: echo reply {'sent' if event.sent else 'rcvd'}, src {source}, dst {destination}"
    elif kind == TIME_EXCEEDED and event.sent:
        yield f"ICMP: time exceeded (time to live) sent to {destination} (dest was {internet4.text(event.about)})"
    elif kind == TIME_EXCEEDED:
        yield f"ICMP: time exceeded rcvd from {source}"
    elif kind == UNREACHABLE:
        why = _UNREACHABLE.get(code, "net")
        if event.sent:
            yield f"ICMP: dst ({internet4.text(event.about)}) {why} unreachable sent to {destination}"
        else:
            yield f"ICMP: dst ({destination}) {why} unreachable rcv from {source}"
    elif kind == ECHO and not event.sent:
        return


def _own(device: Device, interface: str) -> tuple[str, str]:
    """Address and hardware address of an own interface."""
    from iosemu.commands.routing.table import table_of

    one = table_of(device).interfaces.get(interface)
    address = internet4.text(one.address) if one is not None else "0.0.0.0"
    return address, device.chassis.mac_address(interface.partition(".")[0])


def _asked(device: Device, event: NeighbourAsked) -> Iterator[str]:
    address, hardware = _own(device, event.interface)
    wanted = internet4.text(event.address)
    yield f"IP ARP: creating incomplete entry for IP address: {wanted} interface {event.interface}"
    yield f"IP ARP: sent req src {address} {hardware},\n                 dst {wanted} {_NOBODY} {event.interface}"
    if event.hardware:
        yield f"IP ARP: rcvd rep src {wanted} {event.hardware}, dst {address} {event.interface}"


def _answered(device: Device, event: NeighbourAnswered) -> Iterator[str]:
    _, hardware = _own(device, event.interface)
    known = device.neighbours.get(event.asking)
    theirs = known.hardware if known is not None and known.hardware else _NOBODY
    address, asking = internet4.text(event.address), internet4.text(event.asking)
    yield f"IP ARP: rcvd req src {asking} {theirs}, dst {address} {event.interface}"
    yield f"IP ARP: sent rep src {address} {hardware},\n                 dst {asking} {theirs} {event.interface}"


def _follow_routes(device: Device) -> None:
    """Compare the routing table with what it was, while somebody wants to know."""
    from iosemu.commands.interfaces.link_messages import LinkChanged

    before: list[set[Route]] = []

    def now() -> set[Route]:
        from iosemu.commands.routing.table import table_of

        return set(table_of(device).routes())

    def switched(event: Switched) -> None:
        if event.flag == ROUTING:
            before[:] = [now()] if event.on else []

    def changed(_: object) -> None:
        if ROUTING not in device.debugs or not before:
            return
        after = now()
        for line in route_lines(before[0], after):
            device.log.debug(line)
        before[0] = after

    device.bus.subscribe(Switched, switched)
    device.bus.subscribe(LinkChanged, changed)
    device.config.follow(changed)


def route_lines(before: set[Route], after: set[Route]) -> Iterator[str]:
    """`debug ip routing`: what has gone, then what has come."""
    for route in sorted(before - after):
        if route.connected:
            yield f"RT: interface {route.interface} removed from routing table"
        yield f"RT: del {_route(route)}"
        yield f"RT: delete network route to {internet4.text(route.network.address)}"
    for route in sorted(after - before):
        yield f"RT: add {_route(route)}"
        if route.connected:
            yield f"RT: interface {route.interface} added to routing table"
        elif not route.network.length:
            yield "RT: default path is now 0.0.0.0 via " + internet4.text(route.gateway)


def _route(route: Route) -> str:
    kind = "connected" if route.connected else "static"
    network = f"{internet4.text(route.network.address)}/{route.network.length}"
    return f"{network} via {internet4.text(route.gateway)}, {kind} metric [{route.distance}/0]"
