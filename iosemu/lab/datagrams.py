"""A UDP socket of this machine on the running event loop.

Rule: whatever has come is taken in one go, so that two datagrams that were sent in a row are taken in a row; what the
network refuses is lost, as datagrams are.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from iosemu.network import Endpoint

_MAX_OCTETS = 65535


def chosen(at: Endpoint) -> Endpoint:
    """Where a socket can be opened there, now and later (port 0: any free one); raises OSError."""
    port = DatagramPort(at, lambda octets, source: None)
    port.close()
    return port.endpoint


class DatagramPort:
    """An open socket; raises OSError where it is not to be had."""

    def __init__(self, at: Endpoint, receive: Callable[[bytes, Endpoint], object]) -> None:
        family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        self._receive = receive
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind(at)
        except OSError:
            self._socket.close()
            raise
        self.endpoint: Endpoint = self._socket.getsockname()[:2]
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self.drain)

    def send(self, octets: bytes, to: Endpoint) -> None:
        if self._open:
            with suppress(OSError):
                self._socket.sendto(octets, to)

    def close(self) -> None:
        """Twice is harmless."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def drain(self) -> None:
        """Take what has come."""
        while self._open:
            try:
                octets, source = self._socket.recvfrom(_MAX_OCTETS)
            except BlockingIOError:
                return
            except OSError:  # somebody who is not there any more was sent something
                continue
            self._receive(octets, source[:2])
