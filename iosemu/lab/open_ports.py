"""The UDP ports that nodes of a lab have open: each is a socket of this machine, known by its emulated address.

Rule: a datagram goes where its packet finds its way now; the way is asked for again when a second has passed. What the
links on the way do to it is done before it reaches its socket. One of a host whose services are on this machine has
to find its way back too. A clock in a hurry waits for what is under way, so that a datagram takes no time of the lab's
but that of its links; one that is lost on this machine is waited for no longer than `LOST_S`.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from iosemu.clock import Clock, Hold
from iosemu.lab.datagrams import DatagramPort
from iosemu.lab.hosts import Host
from iosemu.lab.links import PERFECT, Quality
from iosemu.network import Endpoint, Unreachable

WAY_S: Final = 1.0
LOST_S: Final = 1.0
_OUTSIDE = 64

Receive = Callable[[bytes, Endpoint], object]


class Way(NamedTuple):
    """Where on this machine datagrams go, the own address that they come from, and what becomes of them."""

    endpoint: Endpoint
    source: str
    quality: Quality = PERFECT
    returns: Callable[[], bool] = lambda: True
    """Does a datagram come back by it?"""


FindWay = Callable[[str, str, int], Way]
"""How datagrams go from an own address ("": whichever the node takes) to a port of an emulated address."""


class OpenPorts:
    """All of a lab, by where they are on this machine."""

    def __init__(self, now: Callable[[], float], clock: Clock | None) -> None:
        """`clock` waits for datagrams, and lets them wait on slow links; without one both are left out."""
        self.now, self.clock = now, clock
        self.at: dict[Endpoint, OpenPort] = {}

    def open(self, host: Host, port: int, receive: Receive, way: FindWay) -> OpenPort:
        """A port of a node; raises OSError."""
        made = OpenPort(self, host, port, receive, way)
        self.at[made.endpoint] = made
        host.datagrams[port] = made.endpoint
        return made


class OpenPort:
    """One open port."""

    def __init__(self, ports: OpenPorts, host: Host, port: int, receive: Receive, way: FindWay) -> None:
        self.port = port
        self._ports, self._host, self._way = ports, host, way
        self._receive = receive
        self._socket = DatagramPort(host.listens.get(port, ("127.0.0.1", 0)), self._read)
        address, number = self._socket.endpoint
        self.endpoint = ("127.0.0.1" if address == "0.0.0.0" else address, number)
        self._addresses: dict[Endpoint, str] = {}
        """The emulated addresses that datagrams left with, by where on this machine they went."""
        self._ways: dict[tuple[str, str, int], tuple[float, Way]] = {}
        self._outside: deque[Endpoint] = deque(maxlen=_OUTSIDE)
        """Who sent something from outside the lab: what goes back there goes straight."""
        self._chances: dict[Endpoint, random.Random] = {}
        self._awaited: deque[Hold] = deque()

    def source(self, destination: str, port: int) -> str:
        """The own address with which datagrams go there; raises Unreachable."""
        return self._find("", destination, port).source

    def send(self, octets: bytes, destination: str, port: int, source: str = "") -> None:
        """Send a datagram, from an own address where one is told; where there is no way it is lost."""
        if (destination, port) in self._outside:
            self._socket.send(octets, (destination, port))
            return
        try:
            way = self._find(source, destination, port)
        except Unreachable:
            return
        self._addresses[way.endpoint] = way.source
        quality, clock = way.quality, self._ports.clock
        if quality.perfect or clock is None:
            self._put(octets, way.endpoint)
            return
        key = destination, port
        chance = self._chances.setdefault(key, random.Random(f"{quality.seed} {self._host.name} {self.port} {key}"))
        if chance.random() < quality.loss:
            return
        delay_s = quality.delay_s + quality.jitter_s * chance.random()
        if delay_s:
            clock.call_later(delay_s, lambda: self._put(octets, way.endpoint))
        else:
            self._put(octets, way.endpoint)

    def drain(self) -> None:
        self._socket.drain()

    def close(self) -> None:
        self._socket.close()
        self._ports.at.pop(self.endpoint, None)
        if self._host.datagrams.get(self.port) == self.endpoint:
            del self._host.datagrams[self.port]
        while self._awaited:
            self._awaited.popleft().release()

    def expect(self) -> None:
        """A datagram is under way to this port."""
        if self._ports.clock is not None:
            hold = self._ports.clock.hold()
            self._awaited.append(hold)
            asyncio.get_running_loop().call_later(LOST_S, self._give_up, hold)

    def _put(self, octets: bytes, endpoint: Endpoint) -> None:
        target = self._ports.at.get(endpoint)
        if target is not None:
            target.expect()
        self._socket.send(octets, endpoint)

    def _give_up(self, hold: Hold) -> None:
        if hold in self._awaited:
            self._awaited.remove(hold)
            hold.release()

    def _find(self, source: str, destination: str, port: int) -> Way:
        now = self._ports.now()
        key = source, destination, port
        known = self._ways.get(key)
        if known is None or not known[0] <= now < known[0] + WAY_S:
            known = self._ways[key] = now, self._way(*key)
        return known[1]

    def _read(self, octets: bytes, source: Endpoint) -> None:
        try:
            sender = self._sender(source)
            if sender is not None:
                self._receive(octets, sender)
        finally:
            if self._awaited:
                self._awaited.popleft().release()

    def _sender(self, source: Endpoint) -> Endpoint | None:
        """Who sent a datagram: a port of the lab, else of this machine; None where none comes through."""
        sender = self._ports.at.get(source)
        if sender is not None:
            return sender._addresses.get(self.endpoint, ""), sender.port
        for (_, destination, port), (_, way) in self._ways.items():
            if way.endpoint == source:
                return (destination, port) if way.returns() else None
        if source not in self._outside:
            self._outside.append(source)
        return source
