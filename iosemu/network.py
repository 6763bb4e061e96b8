"""The IP network as a router sees it: addresses go in, connected sockets come out.

A router never opens a socket by itself: it is given a `Network`, which in a lab is the virtual network (emulated
addresses mapped to loopback endpoints) and for a lone router is one where nothing answers.
"""

from __future__ import annotations

import socket
from typing import Protocol


class Unreachable(Exception):
    """No such host, no route, or refused; the text is what IOS prints after `% `."""


class Network(Protocol):
    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        """A connected, non-blocking TCP socket from address `source` to `destination`; raises Unreachable."""
        ...

    def datagrams(self, source: str, destination: str, port: int) -> tuple[str, int]:
        """Where on this machine datagrams from `source` to that port of `destination` go; raises Unreachable."""
        ...

    def resolve(self, name: str) -> list[str]:
        """The A records of a name (empty where unknown); an address is its own answer."""
        ...

    def reachable(self, source: str, destination: str) -> bool:
        """Would an echo from address `source` to `destination` be answered now?"""
        ...

    def source_of(self, peer: object) -> str | None:
        """The emulated address behind an accepted socket's `peername`; None where it comes from outside the lab.

        Ask once a connection: the answer is forgotten with it.
        """
        ...


class NoNetwork:
    """The network of a router with no cable in it."""

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        raise Unreachable("Destination unreachable; gateway or host down")

    def datagrams(self, source: str, destination: str, port: int) -> tuple[str, int]:
        raise Unreachable("Destination unreachable; gateway or host down")

    def resolve(self, name: str) -> list[str]:
        return [name] if name.count(".") == 3 and name.replace(".", "").isdigit() else []

    def reachable(self, source: str, destination: str) -> bool:
        return False

    def source_of(self, peer: object) -> str | None:
        return None
