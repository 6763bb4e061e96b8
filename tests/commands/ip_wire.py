"""Routers that hear each other's datagrams on a manual clock, without sockets."""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import ManualClock
from iosemu.network import Datagrams, NoNetwork, Unreachable

Receive = Callable[[bytes, tuple[str, int]], object]


class Wire:
    """What is open at the addresses on it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.open: dict[tuple[str, int], Receive] = {}


class OnWire(NoNetwork):
    """The place of one router on a wire."""

    def __init__(self, wire: Wire, address: str) -> None:
        self._wire, self._address = wire, address

    def open(self, port: int, receive: Receive) -> Datagrams:
        self._wire.open[self._address, port] = receive
        return _Port(self._wire, self._address, port)


class _Port:
    def __init__(self, wire: Wire, address: str, port: int) -> None:
        self._wire, self._address = wire, address
        self.port = port

    def source(self, destination: str, port: int) -> str:
        if not any(address == destination for address, _ in self._wire.open):
            raise Unreachable("nobody")
        return self._address

    def send(self, octets: bytes, destination: str, port: int) -> None:
        receive = self._wire.open.get((destination, port))
        if receive is not None:
            self._wire.clock.call_later(0.001, lambda: receive(octets, (self._address, self.port)))

    def drain(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self._wire.open.pop((self._address, self.port), None)
