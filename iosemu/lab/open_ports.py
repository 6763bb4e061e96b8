"""The UDP ports that nodes of a lab have open: each is a socket of this machine, known by its emulated address.

Rule: a datagram goes where its packet finds its way now; the way is asked for again when a second has passed. What the
links on the way do to it is done before it reaches its socket. A clock in a hurry waits for what is under way, so that
a datagram takes no time of the lab's but that of its links; one that is lost on this machine is waited for no longer
than `LOST_S`.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from iosemu.clock import Clock, Hold
from iosemu.lab.datagrams import DatagramPort
from iosemu.lab.hosts import Endpoint, Host
from iosemu.lab.links import PERFECT, Quality
from iosemu.network import Unreachable

WAY_S: Final = 1.0
LOST_S: Final = 1.0

Receive = Callable[[bytes, Endpoint], object]


class Way(NamedTuple):
    """Where on this machine datagrams go, the own address that they come from, and what becomes of them."""

    endpoint: Endpoint
    source: str
    quality: Quality = PERFECT


class OpenPorts:
    """All of a lab, by where they are on this machine."""

    def __init__(self, now: Callable[[], float], clock: Clock | None) -> None:
        """`clock` waits for datagrams, and lets them wait on slow links; without one both are left out."""
        self.now, self.clock = now, clock
        self.at: dict[Endpoint, OpenPort] = {}

    def open(self, host: Host, port: int, receive: Receive, way: Callable[[str, int], Way]) -> OpenPort:
        """A port of a node; raises OSError."""
        made = OpenPort(self, host, port, receive, way)
        self.at[made.endpoint] = made
        host.datagrams[port] = made.endpoint
        return made


class OpenPort:
    """One open port; `way` finds how datagrams go to an emulated address and port."""

    def __init__(
        self, ports: OpenPorts, host: Host, port: int, receive: Receive, way: Callable[[str, int], Way]
    ) -> None:
        self.port = port
        self._ports, self._host, self._way = ports, host, way
        self._receive = receive
        self._socket = DatagramPort(("127.0.0.1", 0), self._read)
        self.endpoint = self._socket.endpoint
        self.address = ""
        """The emulated address that its last datagram left with."""
        self._ways: dict[Endpoint, tuple[float, Way]] = {}
        self._chances: dict[Endpoint, random.Random] = {}
        self._awaited: deque[Hold] = deque()

    def source(self, destination: str, port: int) -> str:
        """The own address with which datagrams go there; raises Unreachable."""
        return self._find(destination, port).source

    def send(self, octets: bytes, destination: str, port: int) -> None:
        """Send a datagram; where there is no way it is lost."""
        try:
            way = self._find(destination, port)
        except Unreachable:
            return
        self.address = way.source
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

    def _find(self, destination: str, port: int) -> Way:
        now = self._ports.now()
        known = self._ways.get((destination, port))
        if known is None or not known[0] <= now < known[0] + WAY_S:
            known = self._ways[destination, port] = now, self._way(destination, port)
        return known[1]

    def _read(self, octets: bytes, source: Endpoint) -> None:
        sender = self._ports.at.get(source)
        try:
            self._receive(octets, (sender.address, sender.port) if sender is not None else source)
        finally:
            if self._awaited:
                self._awaited.popleft().release()
