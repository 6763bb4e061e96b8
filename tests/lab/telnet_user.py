"""Somebody at a telnet client who reads before he types."""

from __future__ import annotations

import asyncio
import re


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
