"""The virtual network of a lab: emulated addresses and names outside, loopback endpoints of this process inside.

Rule: only what a node announced can be reached, and only where a packet finds its way there and another its way back.
A connection is made from a loopback port that was noted beforehand under the emulated source address, so the far side
can ask who is calling (`source_of`). Words of failure are those of IOS. Where no links are laid, everybody is next to
everybody.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from iosemu.cli import internet4
from iosemu.clock import Clock
from iosemu.lab.callers import REFUSED, TIMED_OUT, Callers
from iosemu.lab.conversation import Address, Conversation
from iosemu.lab.endpoints import is_address
from iosemu.lab.hosts import ANYWHERE, Host, made_up_hardware
from iosemu.lab.links import PERFECT, Links, Lost, Plug, Quality
from iosemu.lab.open_ports import OpenPort, OpenPorts, Way
from iosemu.network import (
    HOST,
    PORT,
    TCP,
    UDP,
    UNREACHABLE,
    Answer,
    Delivered,
    Departure,
    Endpoint,
    Packet,
    Step,
    Unreachable,
)

__all__ = ["Endpoint", "Host", "HostNetwork", "VirtualNetwork"]

NO_ROUTE = "Destination unreachable; gateway or host down"
_HOPS = 600
"""More than a time to live lasts, there and back."""
_TRIES, _SILENT_TRIES = 8, 3
"""A segment or a question is sent again while address resolution on its way takes the packets, or nothing answers."""
_AGAIN_S = 2.0
_DOMAIN = 53
_EPHEMERAL = 11000
_EVERYBODY = "255.255.255.255"
_SYN = frozenset({"syn"})


class _End(NamedTuple):
    """Where a packet came to its end: `arrived` there, or `lost` there, for want of a way where that is None."""

    host: Host
    arrived: Delivered | None
    delay_s: float
    lost: Lost | None = None
    quality: Quality = PERFECT
    """That of the links on the way."""


class VirtualNetwork:
    """Carries packets, connections and questions between emulated addresses.

    As a `Network` it is that of somebody outside, who stands next to every node.
    """

    def __init__(
        self,
        zone: Mapping[str, Sequence[str]] | None = None,
        *,
        flat: bool = True,
        now: Callable[[], float] = lambda: 0.0,
        clock: Clock | None = None,
    ) -> None:
        """`zone` has addresses by name; a network that is not flat has the links that are laid; `now` is in seconds,
        `clock` is one that has to wait for datagrams under way."""
        self.flat = flat
        self._now = now
        self.links = Links()
        self.name_service: Callable[[bytes], bytes | None] | None = self._answer_for_all
        """Answers questions for names wherever they are sent; None in a lab where a node does."""
        self._hosts: list[Host] = []
        self._zone = {_fold(name): list(addresses) for name, addresses in (zone or {}).items()}
        self._callers = Callers()
        self._open_ports = OpenPorts(now, clock)
        self._outside = Host("outside", tuple)
        self.tap: Callable[[str, Address, str, Address], Conversation | None] = lambda *ends: None
        """What listens to a connection between two nodes, told by name and address before it is made."""
        self._ports = count(_EPHEMERAL)

    def add(self, host: Host) -> None:
        self._hosts.append(host)

    def host(self, name: str) -> Host | None:
        """The node of that name."""
        return next((host for host in self._hosts if host.name == name), None)

    def at(self, host: Host, resolve: Callable[[str], list[str]] | None = None) -> HostNetwork:
        """The network as a node sees it; `resolve` is how the node itself looks up names."""
        return HostNetwork(self, host, resolve or self.resolve)

    def owner(self, address: str) -> Host | None:
        """The node that has this address now."""
        return next((host for host in self._hosts if address in host.addresses()), None)

    def resolve(self, name: str) -> list[str]:
        """A records of the lab's zone; an address is its own answer."""
        literal = name.strip("[]")
        if is_address(literal):
            return [literal]
        return list(self._zone.get(_fold(name), ()))

    def _answer_for_all(self, datagram: bytes) -> bytes | None:
        from iosemu.lab.name_server import NameServer  # most labs never ask

        return NameServer(self._zone).answer(datagram)

    def carrier(self, interface: str) -> bool | None:
        return None

    def source_of(self, peer: object) -> str | None:
        """The emulated address behind an accepted socket's `peername`; None: it comes from outside. Ask once."""
        return self._callers.source_of(peer)

    def exchange(self, packet: Packet, at: float) -> Answer | None:
        return self.exchange_from(self._outside, packet, at)

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> Endpoint:
        """Where datagrams to that port of an emulated address go; raises Unreachable with the words of IOS."""
        return self.datagrams_from(self._outside, source, destination, port, answered=answered)

    def open(self, port: int, receive: Callable[[bytes, Endpoint], object]) -> OpenPort:
        return self.open_at(self._outside, port, receive)

    def ask(self, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        return self.ask_from(self._outside, source, destination, port, datagram)

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        """A connected, non-blocking socket to an emulated address; raises Unreachable with the words of IOS."""
        return await self.connect_from(self._outside, source, destination, port)

    # What a node does.

    def exchange_from(self, origin: Host, packet: Packet, at: float) -> Answer | None:
        """A packet of a node, and what comes back to it."""
        return self._answer(origin, *self._exchange(origin, packet, at))

    def datagrams_from(
        self, origin: Host, source: str, destination: str, port: int, *, answered: bool = True
    ) -> Endpoint:
        packet = self._packet(origin, source, destination, UDP, port)
        end, answer = self._settled(origin, packet)
        endpoint = end.host.datagrams.get(port) if end.arrived is not None else None
        back = answer is not None and answer.packet.protocol == UDP
        if end.arrived is None or endpoint is None or (answered and not back):
            raise Unreachable(NO_ROUTE if _is_nowhere(origin, end, answer) else TIMED_OUT)
        return endpoint

    def open_at(self, origin: Host, port: int, receive: Callable[[bytes, Endpoint], object]) -> OpenPort:
        """Open a UDP port of a node; raises OSError."""

        def way(source: str, destination: str, to: int) -> Way:
            return self._one_way(origin, self._packet(origin, source, destination, UDP, to, port))

        return self._open_ports.open(origin, port, receive, way)

    def _one_way(self, origin: Host, packet: Packet) -> Way:
        """How datagrams like that packet go, whatever becomes of answers."""
        end = self._delivered(origin, packet)
        endpoint = end.host.datagrams.get(packet.destination_port)
        if end.arrived is None or end.arrived.packet.protocol != UDP or endpoint is None:
            raise Unreachable(NO_ROUTE)
        arrived = end.arrived.packet
        own = internet4.text(arrived.source) if arrived.source else next(iter(origin.addresses()), "0.0.0.0")
        back = replace(
            arrived,
            source=arrived.destination,
            destination=arrived.source,
            source_port=arrived.destination_port,
            destination_port=arrived.source_port,
            ttl=255,
        )
        return Way(endpoint, own, end.quality, lambda: self._delivered(end.host, back).arrived is not None)

    def ask_from(self, origin: Host, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        if port == _DOMAIN and self.name_service is not None:
            return self.name_service(datagram)
        if destination == _EVERYBODY:
            near = self._hosts if self.flat else self.links.neighbours(origin)
            serving = next((host for host in near if port in host.services), None)
            return serving.services[port](datagram) if serving is not None else None
        if not is_address(destination):
            return None
        end, answer = self._settled(origin, self._packet(origin, source, destination, UDP, port))
        if end.arrived is None or answer is None or port not in end.host.services:
            return None
        return end.host.services[port](datagram)

    async def connect_from(self, origin: Host, source: str, destination: str, port: int) -> socket.socket:
        packet = self._packet(origin, source, destination, TCP, port)
        end, answer = self._settled(origin, packet)
        if answer is None or answer.packet.protocol != TCP:
            raise Unreachable(NO_ROUTE if _is_nowhere(origin, end, answer) else TIMED_OUT)
        if "rst" in answer.packet.flags:
            raise Unreachable(REFUSED)
        seen = source if origin is self._outside else internet4.text(answer.packet.destination)
        tap = self.tap(origin.name, (seen, packet.source_port), end.host.name, (destination, port))
        return await self._callers.connect(end.host.ports[port], seen, tap)

    def _packet(
        self, origin: Host, source: str, destination: str, protocol: int, port: int, source_port: int | None = None
    ) -> Packet:
        """The first packet of a dialogue; a source that is not the node's own is left to the node.

        Raises Unreachable for a destination that is no address.
        """
        if not is_address(destination):
            raise Unreachable(NO_ROUTE)
        number = internet4.number(source) if is_address(source) else 0
        if origin is not self._outside and origin.stack.owns(number) is None:
            own = list(origin.addresses())
            # The lab file's address serves a node that has no other, where that is enough to be reached.
            stands_in = self.flat and own and not any(origin.stack.owns(internet4.number(one)) for one in own)
            number = internet4.number(own[0]) if stands_in else 0
        flags = _SYN if protocol == TCP else frozenset[str]()
        return Packet(
            number,
            internet4.number(destination),
            protocol,
            source_port=source_port if source_port is not None else next(self._ports) % 50_000 + _EPHEMERAL,
            destination_port=port,
            flags=flags,
            octets=44,
        )

    # How a packet travels.

    def _settled(self, origin: Host, packet: Packet) -> tuple[_End, Answer | None]:
        """A packet that is sent again, as the protocols above IP do, until something comes back or patience ends."""
        at, silent = self._now(), 0
        for _ in range(_TRIES):
            there, back = self._exchange(origin, packet, at)
            answer = self._answer(origin, there, back)
            silent += Lost.RESOLVING not in (there.lost, back.lost if back is not None else None)
            if answer is not None or silent == _SILENT_TRIES:
                break
            at += _AGAIN_S
        return there, answer

    def _delivered(self, origin: Host, packet: Packet) -> _End:
        """Where a packet ends that nothing is awaited for, sent again while addresses are resolved on its way."""
        at = self._now()
        for _ in range(_TRIES):
            end = self._carry(origin, packet, at)
            if end.lost is not Lost.RESOLVING:
                break
            at += _AGAIN_S
        return end

    def _exchange(self, origin: Host, packet: Packet, at: float) -> tuple[_End, _End | None]:
        """Where a packet ended, and where what was answered did."""
        there = self._carry(origin, packet, at)
        if there.arrived is None or (there.host is origin and there.arrived.packet.is_error):
            return there, None
        reply = there.host.reply(there.arrived, at + there.delay_s)
        if reply is None:
            return there, None
        if origin is self._outside:
            return there, _End(origin, Delivered("", reply), 0.0)
        return there, self._carry(there.host, reply, at + there.delay_s)

    def _answer(self, origin: Host, there: _End, back: _End | None) -> Answer | None:
        """What came back to the sender."""
        last = back if back is not None else there
        if last.arrived is None or last.host is not origin or (back is None and not last.arrived.packet.is_error):
            return None
        return Answer(last.arrived.packet, there.delay_s + (back.delay_s if back is not None else 0.0))

    def _carry(self, origin: Host, packet: Packet, at: float) -> _End:
        """Take a packet, or what is said of it on its way, to its end."""
        if origin is self._outside:
            return self._enter(packet)
        host, came_by, delay, quality = origin, "", 0.0, PERFECT
        step = self._departing(host, packet)
        for _ in range(_HOPS):
            if isinstance(step, Packet):
                step = self._departing(host, step)
            if isinstance(step, Delivered):
                return _End(host, step, delay, quality=quality)
            if not isinstance(step, Departure):
                break
            link = PERFECT if self.flat else self.links.quality(host, step.interface)
            delay, quality = delay + step.delay_s + link.delay_s, quality.then(link)
            met = self._anywhere(host, step) if self.flat else self.links.across(host, step)
            if isinstance(met, Plug):
                host.stack.left(step)
                host, came_by = met.host, met.port
                arrives = host.stack.arrive(came_by, step.packet, at + delay) if came_by else None
                step = arrives if came_by else Delivered("", step.packet)
            elif met is Lost.NOBODY and came_by:
                step = host.stack.error((UNREACHABLE, HOST), step.packet, came_by, at + delay)
            else:
                return _End(host, None, delay, met)
        return _End(host, None, delay)

    def _departing(self, host: Host, packet: Packet) -> Step:
        step = host.stack.depart(packet)
        if step is None and self.flat and packet.source and internet4.text(packet.source) in host.addresses():
            # The lab file's own address of a node, which its configuration does not know.
            return Departure("", 0, packet)
        return step

    def _enter(self, packet: Packet) -> _End:
        """A packet from outside comes up at the node that has its destination."""
        host = self.owner(internet4.text(packet.destination))
        if host is None:
            return _End(self._outside, None, 0.0)
        interface = host.stack.owns(packet.destination)
        step = host.stack.arrive(interface, packet, 0.0) if interface is not None else Delivered("", packet)
        if isinstance(step, Packet):
            return _End(self._outside, Delivered("", step), 0.0)
        return _End(host, step if isinstance(step, Delivered) else None, 0.0, Lost.GONE)

    def _anywhere(self, host: Host, leaving: Departure) -> Plug | None:
        """Without links: the node that has the destination, by the interface that has it, "" where none has."""
        address = leaving.packet.destination
        owner = self.owner(internet4.text(address))
        if owner is None:
            return None
        interface = owner.stack.owns(address) or ""
        on_link = leaving.next_hop == address and interface
        if on_link and host.stack.neighbour(leaving.interface, address) is None:
            known = "" if interface == ANYWHERE else owner.stack.hardware(interface)
            host.stack.met(leaving.interface, address, known or made_up_hardware(address))
        return Plug(owner, interface)


class HostNetwork:
    """The network as one node sees it."""

    def __init__(self, network: VirtualNetwork, host: Host, resolve: Callable[[str], list[str]]) -> None:
        self._network, self._host = network, host
        self.resolve = resolve

    @property
    def flat(self) -> bool:
        return self._network.flat

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        return await self._network.connect_from(self._host, source, destination, port)

    def datagrams(self, source: str, destination: str, port: int, *, answered: bool = True) -> Endpoint:
        return self._network.datagrams_from(self._host, source, destination, port, answered=answered)

    def open(self, port: int, receive: Callable[[bytes, Endpoint], object]) -> OpenPort:
        return self._network.open_at(self._host, port, receive)

    def ask(self, source: str, destination: str, port: int, datagram: bytes) -> bytes | None:
        return self._network.ask_from(self._host, source, destination, port, datagram)

    def exchange(self, packet: Packet, at: float) -> Answer | None:
        return self._network.exchange_from(self._host, packet, at)

    def carrier(self, interface: str) -> bool | None:
        return None if self.flat else self._network.links.carrier(self._host, interface)

    def source_of(self, peer: object) -> str | None:
        return self._network.source_of(peer)


def _is_nowhere(origin: Host, end: _End, answer: Answer | None) -> bool:
    """Was the sender told, or did it see by itself, that there is no way?"""
    if answer is not None:
        return answer.packet.is_error and answer.packet.message != (UNREACHABLE, PORT)
    return end.arrived is None and end.host is origin and end.lost is None


def _fold(name: str) -> str:
    return name.rstrip(".").casefold()
