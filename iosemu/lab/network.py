"""The virtual network of a lab: emulated addresses and names outside, loopback endpoints of this process inside.

Rule: only what a node announced can be reached. A connection is made from a loopback port that was noted beforehand
under the emulated source address, so the far side can ask who is calling (`source_of`). Words of failure are those
of IOS.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from iosemu.network import Unreachable

NO_ROUTE = "Destination unreachable; gateway or host down"
REFUSED = "Connection refused by remote host"
TIMED_OUT = "Connection timed out; remote host not responding"

CONNECT_TIMEOUT_S = 10.0
REMEMBERED_SOURCES = 4096

Endpoint = tuple[str, int]


@dataclass(slots=True)
class Host:
    """One node: the addresses it owns now, and for each of its TCP and UDP ports where on loopback it listens."""

    name: str
    addresses: Callable[[], Collection[str]]
    ports: dict[int, Endpoint] = field(default_factory=dict)
    datagrams: dict[int, Endpoint] = field(default_factory=dict)


class VirtualNetwork:
    """Carries connections between emulated addresses; a `Network` for routers and mail servers."""

    def __init__(self, zone: Mapping[str, Sequence[str]] | None = None) -> None:
        self._hosts: list[Host] = []
        self._zone = {_fold(name): list(addresses) for name, addresses in (zone or {}).items()}
        self._sources: dict[Endpoint, str] = {}

    def add(self, host: Host) -> None:
        self._hosts.append(host)

    def owner(self, address: str) -> Host | None:
        """The node that has this address now."""
        return next((host for host in self._hosts if address in host.addresses()), None)

    def resolve(self, name: str) -> list[str]:
        """A records of the lab's zone; an address is its own answer."""
        literal = name.strip("[]")
        if literal.count(".") == 3 and literal.replace(".", "").isdigit():
            return [literal]
        return list(self._zone.get(_fold(name), ()))

    def reachable(self, source: str, destination: str) -> bool:
        """Every node that has an address answers an echo to it."""
        return self.owner(destination) is not None

    def source_of(self, peer: object) -> str | None:
        """The emulated address behind an accepted socket's `peername`; None: it comes from outside. Ask once."""
        return self._sources.pop(tuple(peer[:2]), None) if isinstance(peer, tuple) else None

    def datagrams(self, source: str, destination: str, port: int) -> Endpoint:
        """Where datagrams to that port of an emulated address go; raises Unreachable with the words of IOS."""
        host = self.owner(destination)
        endpoint = host.datagrams.get(port) if host is not None else None
        if endpoint is None:
            raise Unreachable(NO_ROUTE if host is None else TIMED_OUT)
        return endpoint

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        """A connected, non-blocking socket to an emulated address; raises Unreachable with the words of IOS."""
        host = self.owner(destination)
        if host is None:
            raise Unreachable(NO_ROUTE)
        endpoint = host.ports.get(port)
        if endpoint is None:
            raise Unreachable(REFUSED)
        family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.setblocking(False)
            if endpoint[0].startswith("127."):
                wire.bind(("127.0.0.1", 0))
                self._note(wire.getsockname()[:2], source)
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await asyncio.get_running_loop().sock_connect(wire, endpoint)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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


def _fold(name: str) -> str:
    return name.rstrip(".").casefold()
