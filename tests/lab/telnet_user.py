"""Somebody at a telnet client who reads before he types, and the router that he visits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from iosemu.config.store import FileStore
from iosemu.lab.network import VirtualNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router


class Terminal:
    """Somebody at a telnet client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ahead = ""

    async def until(self, pattern: str) -> str:
        """What is printed up to something of that pattern."""
        async with asyncio.timeout(10):
            while (found := re.search(pattern, self._ahead)) is None:
                octets = await self._reader.read(4096)
                assert octets, f"closed behind {self._ahead!r}"
                self._ahead += octets.decode("latin-1")
        text, self._ahead = self._ahead[: found.end()], self._ahead[found.end() :]
        return text

    def type(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")

    async def log_in(self, user: str, password: str, then: str = r"gw[>#]") -> str:
        await self.until("Username: ")
        self.type(user)
        await self.until("Password: ")
        self.type(password)
        return await self.until(then)


Visit = Callable[[Terminal], Awaitable[None]]


async def visited(network: VirtualNetwork, configuration: str, visit: Visit) -> Router:
    """An AS5300 in that network after somebody has visited its telnet port; it is off again."""
    router = Router("as5300", clock=LoopClock(), network=network, store=FileStore(None))
    assert router.load(configuration) == []
    services = await router.start_services(telnet=("127.0.0.1", 0))
    assert services.telnet is not None
    reader, writer = await asyncio.open_connection(*services.telnet)
    try:
        await visit(Terminal(reader, writer))
    finally:
        writer.close()
        await asyncio.sleep(0.2)
        await router.stop()
    return router
