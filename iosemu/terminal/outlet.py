"""What a terminal prints on its way to the client: gathered, sent once a turn, held where the client does not read.

Rule: nothing here waits by itself; `drain` is where whoever prints much waits until the client has room.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

# Output of one turn that is sent at once when it is longer, and the pieces of long unpaged output (characters).
SEND_AT = 32768


class Channel(Protocol):
    """What a transport does for its terminal; it calls `receive`, `resized`, `writable` and `hung_up` in return."""

    def send(self, octets: bytes) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Outlet:
    """The writing side of one terminal."""

    __slots__ = ("_channel", "_drained", "_ended", "_loop", "_parts", "_size", "blocked")

    def __init__(self, channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._loop = loop
        self._parts: list[str] = []
        self._size = 0
        self._drained: asyncio.Future[None] | None = None
        self._ended = False
        self.blocked = False
        """Is the client's side full?"""

    @property
    def waiting(self) -> bool:
        """Does somebody wait for room?"""
        return self._drained is not None

    def send(self, text: str) -> None:
        """Print `text`, whose line ends are CR LF, in this turn."""
        if not text:
            return
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(text)
        self._size += len(text)
        if self._size >= SEND_AT:
            self.flush()

    def flush(self) -> None:
        """Send what has gathered in this turn."""
        if not self._size:
            return
        octets = "".join(self._parts).encode("utf-8", "replace")
        self._parts.clear()
        self._size = 0
        if not self._ended:
            self._channel.send(octets)

    async def drain(self) -> None:
        """Wait until the client has room for more; raises what `fail` was given meanwhile."""
        if self._size >= SEND_AT or self.blocked:
            self.flush()
        if self.blocked and not self._ended:
            self._drained = self._loop.create_future()
            try:
                await self._drained
            finally:
                self._drained = None

    def room(self) -> None:
        """The client's side has room again: whoever waits goes on."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def fail(self, error: Exception) -> None:
        """Whoever waits for room gets this error."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_exception(error)

    def close(self) -> None:
        """The client is gone: what is printed from now on goes nowhere."""
        self.flush()
        self._ended = True
