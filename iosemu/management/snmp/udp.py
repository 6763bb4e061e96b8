"""The UDP port of an agent, on a socket of this machine.

Rule: the port is open only while the agent is on; its number is chosen once, and stays.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from iosemu.network import Endpoint

_LARGEST = 65535


class Port:
    """`answer` is given a datagram and the address it came from."""

    def __init__(self, endpoint: Endpoint, answer: Callable[[bytes, Endpoint], bytes | None]) -> None:
        """Choose the address (port 0: any free one); raises OSError where it is not to be had."""
        self._answer = answer
        family, kind, protocol, _, address = socket.getaddrinfo(*endpoint, type=socket.SOCK_DGRAM)[0]
        self._family = family, kind, protocol
        with socket.socket(*self._family) as wire:
            wire.bind(address)
            self._address = wire.getsockname()
        self._wire: socket.socket | None = None

    @property
    def endpoint(self) -> Endpoint:
        return self._address[0], self._address[1]

    @property
    def open(self) -> bool:
        return self._wire is not None

    def switch(self, on: bool) -> None:
        """Open or close it; a port that somebody else has taken meanwhile stays closed."""
        if on and self._wire is None:
            wire = socket.socket(*self._family)
            try:
                wire.setblocking(False)
                wire.bind(self._address)
            except OSError:
                wire.close()
                return
            self._wire = wire
            asyncio.get_running_loop().add_reader(wire, self._read, wire)
        elif not on and self._wire is not None:
            asyncio.get_running_loop().remove_reader(self._wire)
            self._wire.close()
            self._wire = None

    def _read(self, wire: socket.socket) -> None:
        try:
            octets, peer = wire.recvfrom(_LARGEST)
            reply = self._answer(octets, (peer[0], peer[1]))
            if reply is not None:
                wire.sendto(reply, peer)
        except OSError:  # a queue that is full, or a host that has no such port: the datagram is lost
            return
