"""Connections within a lab, made at this machine: sockets of loopback ports that are noted under emulated addresses, so
that the far side can ask who is calling.

Rule: what nobody asks about is forgotten in time; words of failure are those of IOS.
"""

from __future__ import annotations

import asyncio
import socket

from iosemu.lab.conversation import Conversation, TappedSocket
from iosemu.network import Endpoint, Unreachable

REFUSED = "Connection refused by remote host"
TIMED_OUT = "Connection timed out; remote host not responding"
CONNECT_TIMEOUT_S = 10.0
REMEMBERED_SOURCES = 4096


class Callers:
    """Who calls from which loopback port."""

    def __init__(self) -> None:
        self._sources: dict[Endpoint, str] = {}

    def source_of(self, peer: object) -> str | None:
        """The emulated address behind an accepted socket's `peername`; None: it comes from outside. Ask once."""
        return self._sources.pop(tuple(peer[:2]), None) if isinstance(peer, tuple) else None

    async def connect(self, endpoint: Endpoint, source: str, tap: Conversation | None) -> socket.socket:
        """A socket to an endpoint of this machine, noted as coming from an emulated address; raises Unreachable."""
        family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
        wire = (TappedSocket if tap is not None else socket.socket)(family, socket.SOCK_STREAM)
        try:
            wire.setblocking(False)
            if endpoint[0].startswith("127."):
                wire.bind(("127.0.0.1", 0))
                self._note(wire.getsockname()[:2], source)
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await asyncio.get_running_loop().sock_connect(wire, endpoint)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tap is not None and isinstance(wire, TappedSocket):
                wire.conversation = tap
                tap.opened()
        except ConnectionError:
            wire.close()
            raise Unreachable(REFUSED) from None
        except (TimeoutError, OSError):
            wire.close()
            raise Unreachable(TIMED_OUT) from None
        except BaseException:
            wire.close()
            raise
        return wire

    def _note(self, local: Endpoint, source: str) -> None:
        """Remember who calls from this loopback port; servers that never ask must not make the table grow."""
        while len(self._sources) >= REMEMBERED_SOURCES:
            self._sources.pop(next(iter(self._sources)))
        self._sources[local] = source
