"""The connections of one EXEC session to other hosts: one in front at most, the others suspended and still read.

Rule: what a suspended connection sends is kept, up to a bound behind which the other host has to wait. A connection
ends when either end closes it, or with the session that it belongs to.
"""

from __future__ import annotations

import asyncio
import codecs
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from iosemu.commands.lines.telnet_keys import SUSPEND

if TYPE_CHECKING:
    from iosemu.cli.terminal import Output
    from iosemu.terminal.line_settings import LineSettings

# Characters that a suspended connection keeps; behind them the other host is not read.
KEPT = 65536


class Left(Enum):
    """Why a connection is no longer in front."""

    SUSPENDED = auto()
    CLOSED = auto()
    """By the other host."""
    IDLE = auto()
    """`session-timeout` ran out."""


class Connection(ABC):
    """One open connection. `number` is what the user knows it by, `host` what he called, `name` what he named it."""

    def __init__(self, host: str, address: str) -> None:
        self._loop = asyncio.get_running_loop()
        self.number = 0
        self.host = host
        self.name = host
        self.address = address
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._held = ""
        self._arrived = asyncio.Event()
        self.closed = False
        """By the other host; what it said last may still wait to be shown."""
        self.at_end: list[Callable[[], object]] = []
        """Called when its session has it no longer."""
        self.last_input = self.last_output = self._loop.time()

    @property
    def unread(self) -> int:
        """Octets that came and were not shown yet."""
        return len(self._pending)

    @property
    def idle_s(self) -> float:
        """Seconds since the user last typed to it."""
        return self._loop.time() - self.last_input

    @abstractmethod
    def close(self) -> None:
        """End it from this side."""

    @abstractmethod
    async def _send(self, terminal: Output, key: str) -> None:
        """One key of the user's; raises OSError where it cannot be sent any more."""

    @abstractmethod
    async def _escaped(self, terminal: Output, key: str) -> bool:
        """The key behind the escape character: has it a meaning of its own? Raises OSError."""

    @abstractmethod
    def _has_room(self) -> None:
        """What came has been taken: more may come."""

    async def attend(
        self, terminal: Output, settings: LineSettings, drain: Callable[[], Awaitable[object]] | None
    ) -> Left:
        """Have it in front until it closes, is suspended, or was idle too long; EOFError where the user is gone."""
        self.last_input = self.last_output = self._loop.time()
        typing = self._loop.create_task(self._type(terminal, settings.escape))
        showing = self._loop.create_task(self._show(terminal, drain))
        try:
            while not (typing.done() or showing.done()):
                left = self._time_left(settings)
                if left is not None and left <= 0:
                    return Left.IDLE
                await asyncio.wait({typing, showing}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if typing.done():
                typing.result()
                return Left.CLOSED if self.closed else Left.SUSPENDED
            showing.result()
            return Left.CLOSED
        finally:
            for task in (typing, showing):
                task.cancel()
            await asyncio.wait({typing, showing})

    def _time_left(self, settings: LineSettings) -> float | None:
        """Seconds until the session-timeout; None for never."""
        if not settings.session_timeout_s:
            return None
        last = max(self.last_input, self.last_output) if settings.session_timeout_output else self.last_input
        return last + settings.session_timeout_s - self._loop.time()

    # From the other host

    def _take(self, octets: bytes) -> None:
        text = self._held + self._decoder.decode(octets).replace("\0", "")
        # A line end may be cut between two packets.
        self._held = "\r" if text.endswith("\r") else ""
        self._pending += text[: len(text) - len(self._held)].replace("\r\n", "\n")
        self._arrived.set()

    def _ended(self) -> None:
        """The other host has closed it."""
        self.closed = True
        self._arrived.set()

    async def _show(self, terminal: Output, drain: Callable[[], Awaitable[object]] | None) -> None:
        """To the terminal; returns when the other host has closed and all of it is shown."""
        while True:
            text, self._pending = self._pending, ""
            self._arrived.clear()
            self._has_room()
            if text:
                self.last_output = self._loop.time()
                terminal.write(text)
                if drain is not None:
                    await drain()
            elif self.closed:
                return
            else:
                await self._arrived.wait()

    # From the user

    async def _type(self, terminal: Output, escape_key: str) -> None:
        """To the other host; returns when the user suspends it, or it cannot be sent any more."""
        try:
            while True:
                key = await terminal.read_key()
                self.last_input = self._loop.time()
                if escape_key and key == escape_key:
                    key = await terminal.read_key()
                    if key.lower() == SUSPEND:
                        return
                    if await self._escaped(terminal, key):
                        continue
                await self._send(terminal, key)
        except OSError:
            self.closed = True


class Connections:
    """Those of one session, by number."""

    def __init__(self) -> None:
        self.open: list[Connection] = []
        self.current: Connection | None = None
        """The one that was last in front."""

    def add(self, connection: Connection) -> None:
        """Give it the lowest free number."""
        taken = {other.number for other in self.open}
        connection.number = next(number for number in range(1, len(taken) + 2) if number not in taken)
        self.open.append(connection)
        self.open.sort(key=lambda other: other.number)
        self.current = connection

    def find(self, said: str) -> Connection | None:
        """The one of that number or name."""
        return next((one for one in self.open if said == str(one.number) or said.lower() == one.name.lower()), None)

    def remove(self, connection: Connection) -> None:
        """Close it; the one before becomes the current one."""
        connection.close()
        self.open.remove(connection)
        for call in connection.at_end:
            call()
        if self.current is connection:
            self.current = max(self.open, key=lambda other: other.last_input, default=None)

    def close(self) -> None:
        """Close all."""
        for connection in list(self.open):
            self.remove(connection)
