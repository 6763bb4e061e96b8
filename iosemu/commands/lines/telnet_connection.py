"""A telnet connection out of a router.

Rule: where the other end echoes, keys go to it one by one; where it does not (a mail server on port 25), lines are
edited and echoed here and sent whole.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.lines.connections import KEPT, Connection
from iosemu.commands.lines.telnet_keys import HELP, SENDS, LocalLine
from iosemu.terminal.telnet_options import CLIENT, Data, Option, TelnetOptions, escape

if TYPE_CHECKING:
    import socket

    from iosemu.cli.terminal import Output

# A refusal by a host of the lab is a connection that closes at once; a host that says something answers within this.
FIRST_WORD_S = 0.05


@dataclass(frozen=True, slots=True)
class Way:
    """How a user speaks to a host: `/line` by line, `/noecho` without seeing what he types where the host does not
    echo, `/stream` without telnet's own octets."""

    line: bool = False
    noecho: bool = False
    stream: bool = False


class TelnetConnection(Connection):
    """One that is open on a connected socket; `window` is columns and rows."""

    def __init__(
        self, host: str, address: str, connected: socket.socket, window: tuple[int, int], way: Way | None = None
    ) -> None:
        super().__init__(host, address)
        self._way = way if way is not None else Way()
        self._socket = connected
        self._options = TelnetOptions(CLIENT)
        self._options.window = window
        self._room = asyncio.Event()
        self._line = LocalLine()
        self._said = False
        self._reading = self._loop.create_task(self._read())
        self._reading.add_done_callback(lambda task: connected.close())

    async def refused(self) -> bool:
        """Did the other end close it before it said a word?"""
        try:
            async with asyncio.timeout(FIRST_WORD_S):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return self.closed and not self._said

    def close(self) -> None:
        self._reading.cancel()

    async def _read(self) -> None:
        try:
            while octets := await self._loop.sock_recv(self._socket, 4096):
                self._said = True
                if self._way.stream:
                    self._take(octets)
                for event in () if self._way.stream else self._options.receive(octets):
                    if isinstance(event, Data):
                        self._take(event.octets)
                answer = self._options.take_output()
                if answer:
                    await self._loop.sock_sendall(self._socket, answer)
                self._arrived.set()
                while len(self._pending) > KEPT:
                    self._room.clear()
                    await self._room.wait()
        except OSError:
            pass
        self._ended()

    def _has_room(self) -> None:
        self._room.set()

    @property
    def _echoed(self) -> bool:
        return self._options.takes_part(Option.ECHO, ours=False)

    async def _escaped(self, terminal: Output, key: str) -> bool:
        if key == "?":
            terminal.write(HELP)
            return True
        if command := SENDS.get(key.lower()):
            await self._loop.sock_sendall(self._socket, command)
            return True
        return False

    async def _send(self, terminal: Output, key: str) -> None:
        """One key: at once where the other host echoes it, else with its line."""
        if self._echoed and not self._way.line:
            text = self._line.take() + ("\r\0" if key == "\r" else key)
        else:
            echo, text = self._line.key(key)
            if echo and not self._way.noecho:
                terminal.write(echo)
        if text:
            octets = text.encode()
            await self._loop.sock_sendall(self._socket, octets if self._way.stream else escape(octets))
