"""A network for mail agents that speak to a program of this machine."""

from __future__ import annotations

import asyncio
import socket


class Loopback:
    """A network where every address is one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        sock = socket.socket()
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self._port))
        return sock

    def resolve(self, name: str) -> list[str]:
        return [name]
