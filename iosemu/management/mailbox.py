"""Datagrams that somebody reads one after the other.

Rule: what comes in waits its turn; a flood is dropped.
"""

from __future__ import annotations

import asyncio


class Mailbox(asyncio.DatagramProtocol):
    """The receiving side of a UDP socket; at most so many datagrams wait."""

    def __init__(self, most: int) -> None:
        self._packets: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue(most)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._packets.full():
            self._packets.put_nowait((data, addr))

    async def get(self) -> tuple[bytes, tuple[str, int]]:
        """The next datagram and who sent it."""
        return await self._packets.get()
