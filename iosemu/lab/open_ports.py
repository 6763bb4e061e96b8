"""The UDP ports that nodes of a lab have open: each is a socket of this machine, known by its emulated address.

Rule: a datagram goes where its packet finds its way now; the way is asked for again when a second has passed. A clock
in a hurry waits for what is under way, so that a datagram takes no time of the lab's; one that is lost on this machine
is waited for no longer than `LOST_S`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from iosemu.clock import Hold
from iosemu.lab.datagrams import DatagramPort
from iosemu.lab.hosts import Endpoint, Host
from iosemu.network import Unreachable

WAY_S: Final = 1.0
LOST_S: Final = 1.0

Receive = Callable[[bytes, Endpoint], object]
Way = Callable[[str, int], tuple[Endpoint, str]]
"""Where on this machine datagrams to an emulated address and port go, and the own address that they come from."""


class OpenPorts:
    """All of a lab, by where they are on this machine."""

    def __init__(self, now: Callable[[], float], hold: Callable[[], Hold] | None) -> None:
        self.now, self.hold = now, hold
        self.at: dict[Endpoint, OpenPort] = {}

    def open(self, host: Host, port: int, receive: Receive, way: Way) -> OpenPort:
        """A port of a node; raises OSError."""
        made = OpenPort(self, host, port, receive, way)
        self.at[made.endpoint] = made
        host.datagrams[port] = made.endpoint
        return made


class OpenPort:
    """One open port."""

    def __init__(self, ports: OpenPorts, host: Host, port: int, receive: Receive, way: Way) -> None:
        self.port = port
        self._ports, self._host, self._way = ports, host, way
        self._receive = receive
        self._socket = DatagramPort(("127.0.0.1", 0), self._read)
        self.endpoint = self._socket.endpoint
        self.address = ""
        """The emulated address that its last datagram left with."""
        self._ways: dict[Endpoint, tuple[float, Endpoint, str]] = {}
        self._awaited: deque[Hold] = deque()

    def source(self, destination: str, port: int) -> str:
        """The own address with which datagrams go there; raises Unreachable."""
        return self._find(destination, port)[1]

    def send(self, octets: bytes, destination: str, port: int) -> None:
        """Send a datagram; where there is no way it is lost."""
        try:
            endpoint, self.address = self._find(destination, port)
        except Unreachable:
            return
        target = self._ports.at.get(endpoint)
        if target is not None:
            target.expect()
        self._socket.send(octets, endpoint)

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
        if self._ports.hold is not None:
            hold = self._ports.hold()
            self._awaited.append(hold)
            asyncio.get_running_loop().call_later(LOST_S, self._give_up, hold)

    def _give_up(self, hold: Hold) -> None:
        if hold in self._awaited:
            self._awaited.remove(hold)
            hold.release()

    def _find(self, destination: str, port: int) -> tuple[Endpoint, str]:
        now = self._ports.now()
        known = self._ways.get((destination, port))
        if known is None or not known[0] <= now < known[0] + WAY_S:
            known = self._ways[destination, port] = now, *self._way(destination, port)
        return known[1:]

    def _read(self, octets: bytes, source: Endpoint) -> None:
        sender = self._ports.at.get(source)
        try:
            self._receive(octets, (sender.address, sender.port) if sender is not None else source)
        finally:
            if self._awaited:
                self._awaited.popleft().release()
