"""The IP layer of a router: what becomes of a packet that it sends, is given to forward, or is addressed with.

Rule: RFC 1812 as far as a packet of this network has it: filter, route, time to live, filter, neighbour. Own packets
are not filtered on their way out. Every packet is counted in `Device.ip_counters`, and by interface in
`Device.traffic`. Unreachables are sent at most once in 500 ms, as IOS does by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.interfaces.counters import Traffic
from iosemu.commands.ip import arp_table, packet_filter
from iosemu.commands.ip.events import IcmpHandled, NeighbourAnswered, NeighbourAsked, PacketHandled
from iosemu.commands.routing.table import NULL, Addressed, RoutingTable, Way, table_of
from iosemu.network import HOST, ICMP, PROHIBITED, TIME_EXCEEDED, UNREACHABLE, Delivered, Departure, Packet, Step

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_RATE_LIMIT_MS = 500
_HEADERS = {True: 14, False: 4}
"""Octets around a packet on an Ethernet, and on a line with HDLC or PPP."""
_BANDWIDTHS_BPS = {"Ethernet": 10_000_000, "FastEthernet": 100_000_000, "GigabitEthernet": 1_000_000_000}
_SERIAL_BPS = 1_544_000
_BROADCAST = 0xFFFFFFFF


class IpLayer:
    """The `Stack` of the router that is there now; a reload gives it another `Device`."""

    def __init__(self, device: Callable[[], Device]) -> None:
        self._device = device
        self._last_unreachable: float | None = None

    @property
    def _table(self) -> RoutingTable:
        return table_of(self._device())

    # Packets.

    def depart(self, packet: Packet) -> Step:
        device, table = self._device(), self._table
        device.ip_counters.packets["generated"] += packet.copies
        self._count_own(packet, "out")
        own = table.owner(packet.destination)
        if own is not None:
            return Delivered(own, replace(packet, source=packet.source or packet.destination))
        way = table.way(packet.destination)
        if way is None and device.network.flat:
            way = self._any_way(packet.destination)
        if way is None or way.interface == NULL:
            device.ip_counters.packets["no route"] += packet.copies
            device.bus.publish(PacketHandled("unroutable", packet))
            return None
        packet = replace(packet, source=packet.source or self._address(way.interface))
        device.bus.publish(PacketHandled("sending", packet, "", way.interface))
        if packet.protocol == ICMP:
            device.bus.publish(IcmpHandled(True, packet))
        return self._leave(way, packet)

    def arrive(self, interface: str, packet: Packet, at: float) -> Step:
        device, table = self._device(), self._table
        self._count(interface, packet, incoming=True)
        device.ip_counters.packets["received"] += packet.copies
        if not self._passes(interface, "in", packet):
            device.bus.publish(PacketHandled("access denied", packet, interface))
            return self._refuse((UNREACHABLE, PROHIBITED), packet, interface, at)
        if table.owner(packet.destination) is not None or packet.destination == _BROADCAST:
            device.ip_counters.packets["local"] += packet.copies
            self._count_own(packet, "in")
            device.bus.publish(PacketHandled("rcvd", packet, interface, interface))
            if packet.protocol == ICMP:
                device.bus.publish(IcmpHandled(False, packet))
            return Delivered(interface, packet)
        if not device.config.root.flag("ip routing"):
            return None
        if packet.ttl <= 1:
            device.ip_counters.packets["bad hop count"] += packet.copies
            return self._refuse((TIME_EXCEEDED, 0), packet, interface, at)
        way = table.way(packet.destination)
        if way is None or way.interface == NULL:
            device.ip_counters.packets["no route"] += packet.copies
            device.bus.publish(PacketHandled("unroutable", packet, interface))
            return self._refuse((UNREACHABLE, HOST), packet, interface, at)
        if not self._passes(way.interface, "out", packet):
            device.bus.publish(PacketHandled("access denied", packet, interface, way.interface))
            return self._refuse((UNREACHABLE, PROHIBITED), packet, interface, at)
        device.ip_counters.packets["forwarded"] += packet.copies
        gateway = way.next_hop if way.route.gateway else 0
        device.bus.publish(PacketHandled("forward", packet, interface, way.interface, gateway))
        return self._leave(way, replace(packet, ttl=packet.ttl - 1))

    def left(self, leaving: Departure) -> None:
        self._count(leaving.interface, leaving.packet, incoming=False)

    def error(self, message: tuple[int, int], about: Packet, interface: str, at: float) -> Packet | None:
        block = self._block(interface)
        if about.is_error or (block is not None and not block.flag("ip unreachables")):
            return None
        if message[0] == UNREACHABLE and self._is_too_soon(at):
            return None
        told = Packet(self._address(interface), about.source, ICMP, message=message, octets=56)
        self._device().bus.publish(IcmpHandled(True, told, about.destination))
        return told

    def _refuse(self, message: tuple[int, int], about: Packet, interface: str, at: float) -> Packet | None:
        told = self.error(message, about, interface, at)
        if told is not None:
            self._device().ip_counters.packets["generated"] += 1
            self._count_own(told, "out")
        return told

    def _is_too_soon(self, at: float) -> bool:
        root = self._device().config.root
        if not root.flag("ip icmp rate-limit unreachable"):
            return False
        lines = root.all("ip icmp rate-limit unreachable")
        said = next((line.values["milliseconds"] for line in lines if "milliseconds" in line.values), _RATE_LIMIT_MS)
        last = self._last_unreachable
        if last is not None and 0 <= at - last < int(str(said)) / 1000:
            return True
        self._last_unreachable = at
        return False

    def _any_way(self, destination: int) -> Way | None:
        """Where everybody reaches everybody, a packet that no route is for leaves by the first interface."""
        from iosemu.commands.routing.table import Network, Route

        first = next((name for name, one in self._table.interfaces.items() if one.address), None)
        if first is None:
            return None
        return Way(first, 0, Route(Network(0, 0), 0, 0, first, False))

    def _leave(self, way: Way, packet: Packet) -> Departure:
        next_hop = way.next_hop if arp_table.is_ethernet(way.interface) else 0
        return Departure(way.interface, next_hop, packet, packet.octets * 8 / self._bandwidth_bps(way.interface))

    def _bandwidth_bps(self, interface: str) -> int:
        block = self._block(interface)
        said = block.value("bandwidth", "kilobits") if block is not None else None
        kind = interface.rstrip("0123456789/:.")
        return int(str(said)) * 1000 if said is not None else _BANDWIDTHS_BPS.get(kind, _SERIAL_BPS)

    def _passes(self, interface: str, way: str, packet: Packet) -> bool:
        block = self._block(interface)
        if block is None:
            return True
        device = self._device()
        for line in block.all("ip access-group"):
            name = line.values.get("list", line.values.get("expanded", line.values.get("name")))
            if line.values["way"] == way and not packet_filter.passes(device, name, packet):
                device.ip_counters.packets["filtered"] += packet.copies
                return False
        return True

    # Counters.

    def _count(self, interface: str, packet: Packet, *, incoming: bool) -> None:
        device = self._device()
        traffic = device.traffic.setdefault(interface, Traffic())
        way = traffic.input if incoming else traffic.output
        way.count(packet.octets + _HEADERS[arp_table.is_ethernet(interface)], device.clock.now(), packet.copies)

    def _count_own(self, packet: Packet, way: str) -> None:
        counters = self._device().ip_counters
        counters.protocols[way, packet.protocol] += packet.copies
        if packet.protocol == ICMP:
            counters.messages[(way, *packet.message)] += packet.copies

    # Addresses and neighbours.

    def owns(self, address: int) -> str | None:
        return self._table.owner(address)

    def address_on(self, interface: str) -> int:
        return self._address(interface)

    def hardware(self, interface: str) -> str:
        port = interface.partition(".")[0]
        return self._device().chassis.mac_address(port) if arp_table.is_ethernet(port) else ""

    def neighbour(self, interface: str, address: int) -> str | None:
        return arp_table.known(self._device(), interface, address)

    def learn(self, interface: str, address: int, hardware: str) -> None:
        device = self._device()
        arp_table.learn(device, interface, address, hardware)
        device.ip_counters.arp["requests out"] += 1
        device.ip_counters.arp["replies in"] += bool(hardware)
        # Whoever is asked for, the packet at hand is given up.
        device.ip_counters.packets["encapsulation failed"] += 1
        device.bus.publish(NeighbourAsked(interface, address, hardware))

    def asked(self, interface: str, address: int, asking: int) -> bool:
        """For an own address there, and by proxy for what lies behind another interface; a stranger gets no answer."""
        device, one = self._device(), self._table.interfaces.get(interface)
        if one is None or not any(network.has(asking) for network in one.networks):
            return False
        device.ip_counters.arp["requests in"] += 1
        if address not in one.addresses:
            if not self._is_proxy(one, address):
                return False
            device.ip_counters.arp["by proxy"] += 1
        device.ip_counters.arp["replies out"] += 1
        device.bus.publish(NeighbourAnswered(interface, address, asking))
        return True

    def met(self, interface: str, address: int, hardware: str) -> None:
        """A request came from that neighbour."""
        arp_table.learn(self._device(), interface, address, hardware)

    def is_open(self, interface: str) -> bool:
        block = self._block(interface)
        return block is not None and not block.flag("shutdown")

    def encapsulation(self, interface: str) -> str:
        """How frames are wrapped there: a VLAN's number of a sub-interface, the protocol of a line, else ""."""
        block = self._block(interface)
        line = block.get("encapsulation") if block is not None else None
        if line is None:
            return ""
        usual = "native" in line.tokens or line.tokens[1:] == ("hdlc",)
        return "" if usual else " ".join(line.tokens[1:])

    def interfaces(self, port: str) -> list[str]:
        """The interfaces that are up on a port: itself and its sub-interfaces."""
        return [name for name in self._table.interfaces if name.partition(".")[0] == port]

    def _is_proxy(self, one: Addressed, address: int) -> bool:
        way = self._table.way(address)
        return one.state.block.flag("ip proxy-arp") and way is not None and way.interface not in (one.state.name, NULL)

    def _address(self, interface: str) -> int:
        one = self._table.interfaces.get(interface)
        return one.address if one is not None else 0

    def _block(self, interface: str) -> Block | None:
        return self._device().config.root.block("interface", name=interface)


def source_towards(device: Device, destination: str) -> str:
    """The address that the router has on the way to a destination, "" where it has no way."""
    table = table_of(device)
    way = table.way(internet4.number(destination))
    one = table.interfaces.get(way.interface) if way is not None else None
    if one is None and device.network.flat:
        one = next(iter(table.interfaces.values()), None)
    return internet4.text(one.address) if one is not None and one.address else ""
