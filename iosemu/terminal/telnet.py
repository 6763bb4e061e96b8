"""Telnet at the edge: asyncio transports behind the sans-IO option engine and a `Vty`, any number of them.

Rule: the greeting goes out at once and no answer to it is waited for; a connection owns one task, and its end frees the
line, the session and the running command, whichever side ended it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from itertools import count

from iosemu.terminal.clients import HALF_CLOSED_S, LINGER_S, AttachLog, address_of, no_log, nothing
from iosemu.terminal.line_pool import LinePool
from iosemu.terminal.line_settings import ESCAPE, LineSettings, Transport
from iosemu.terminal.shell import Attend, OpenSession, run_console, run_line
from iosemu.terminal.telnet_options import (
    Command,
    Data,
    Signal,
    TelnetEvent,
    TelnetOptions,
    TerminalType,
    WindowSize,
    escape,
)
from iosemu.terminal.vty import Vty

# Commands of the protocol that have a key of the same meaning.
_KEYS = {
    Command.INTERRUPT: b"\x03",
    Command.BREAK: ESCAPE.encode(),
    Command.ERASE_CHARACTER: b"\x7f",
    Command.ERASE_LINE: b"\x15",
}


class TelnetServer:
    """The telnet lines of one router, or its console as a TCP endpoint.

    `settings(n)` is what the configuration says of line n, None where there is no such line (the client is refused); a
    console is one line, 0, however many look at it. `attach_log(vty)` subscribes a terminal to the router's log and
    gives back what ends that. `source_of(peername)` gives the address by which the router knows a client, None where
    that is the one of its socket. `pool` is given where another transport shares the lines. `attend` has a
    console first; `broken_off()` is told of its Break, and says whether that had an effect of its own.
    """

    def __init__(
        self,
        open_session: OpenSession,
        settings: Callable[[int], LineSettings | None],
        *,
        attach_log: AttachLog = no_log,
        console: bool = False,
        hostname: Callable[[], str] = lambda: "Router",
        source_of: Callable[[object], str | None] = lambda peername: None,
        pool: LinePool | None = None,
        attend: Attend | None = None,
        broken_off: Callable[[], bool] = lambda: False,
    ) -> None:
        self.open_session = open_session
        self.settings = settings
        self.attach_log = attach_log
        self.console = console
        self.hostname = hostname
        self.source_of = source_of
        self.attend = attend
        self.broken_off = broken_off
        self.lines: dict[int, TelnetConnection] = {}
        self._pool = pool if pool is not None else LinePool()
        self._servers: list[asyncio.Server] = []

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Listen; gives the address and port in use. OSError where that cannot be had."""
        server = await asyncio.get_running_loop().create_server(lambda: TelnetConnection(self), host, port)
        self._servers.append(server)
        address, bound, *_ = server.sockets[0].getsockname()
        return address, bound

    async def serve(self, connected: socket.socket, peer: str) -> None:
        """One connection that somebody else accepted, coming from address `peer`; returns when it has ended."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.connect_accepted_socket(lambda: TelnetConnection(self, peer), connected)
        await asyncio.wait([connection.ended])

    async def close(self) -> None:
        """Stop listening and end every connection."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        connections = list(self.lines.values())
        for connection in connections:
            connection.abort()
        if connections:
            await asyncio.wait([connection.ended for connection in connections])

    def restart(self) -> None:
        """The router starts again: vtys are cut, consoles stay connected and greet anew."""
        for connection in list(self.lines.values()):
            connection.end(again=self.console)

    def take_line(self, connection: TelnetConnection, peer: str) -> tuple[int, LineSettings] | None:
        """A line for a new connection from `peer`; None where all are taken, or none lets it in."""
        if self.console:
            line = self.settings(0)
            taken = (next(number for number in count() if number not in self.lines), line) if line is not None else None
        else:
            taken = self._pool.take(self.settings, Transport.TELNET, peer)
        if taken is not None:
            self.lines[taken[0]] = connection
        return taken

    def refusal(self, peer: str) -> str:
        """What a client from `peer` is told for whom there is no line; "" for nothing."""
        return "" if self.console else self._pool.refusal(self.settings, Transport.TELNET, peer)

    def free_line(self, number: int) -> None:
        """Its connection has ended."""
        if self.lines.pop(number, None) is not None and not self.console:
            self._pool.free(number)


def _refuse(transport: asyncio.Transport, told: str) -> None:
    """Tell the client why and close; without a word reset the connection, so that to its client it is refused."""
    if told:
        transport.write(escape(told.replace("\n", "\r\n").encode()))
        transport.close()
        return
    wire = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class TelnetConnection(asyncio.Protocol):
    """One client."""

    __slots__ = (
        "_again",
        "_detach_log",
        "_options",
        "_peer",
        "_server",
        "_task",
        "_transport",
        "_vty",
        "ended",
        "number",
    )

    def __init__(self, server: TelnetServer, peer: str = "") -> None:
        self._server = server
        self._peer = peer
        self._options = TelnetOptions()
        self._transport: asyncio.Transport | None = None
        self._vty: Vty | None = None
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._detach_log: Callable[[], None] = nothing
        self.number = -1
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def vty(self) -> Vty | None:
        """The terminal, for `show users`."""
        return self._vty

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = self._peer or address_of(transport.get_extra_info("peername"), self._server.source_of)
        line = self._server.take_line(self, peer)
        if line is None:
            _refuse(transport, self._server.refusal(peer))
            return
        self.number, settings = line
        transport.write(self._options.greeting())
        name = "con 0" if self._server.console else f"vty {self.number}"
        self._vty = Vty(self, name=name, peer=peer)
        self._start(self._vty, settings)

    def data_received(self, data: bytes) -> None:
        vty, options = self._vty, self._options
        if vty is None:
            return
        for event in options.receive(data):
            if isinstance(event, Data):
                vty.receive(event.octets)
            else:
                self._told(vty, event)
        answer = options.take_output()
        if answer and self._transport is not None:
            self._transport.write(answer)

    def pause_writing(self) -> None:
        if self._vty is not None:
            self._vty.writable(False)

    def resume_writing(self) -> None:
        if self._vty is not None:
            self._vty.writable(True)

    def eof_received(self) -> bool:
        # Half closed: what was typed is still answered, but a client that is gone altogether looks the same.
        if self._vty is not None and self._transport is not None:
            self._vty.input_ended()
            asyncio.get_running_loop().call_later(HALF_CLOSED_S, self._transport.abort)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._vty is not None:
            self._vty.hung_up()
        if self._task is None:
            self.ended.set_result(None)
        else:
            self._task.cancel()

    # vty.Channel

    def send(self, octets: bytes) -> None:
        if self._transport is not None:
            self._transport.write(escape(octets))

    def pause_reading(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def abort(self) -> None:
        """Drop the client now."""
        if self._transport is not None:
            self._transport.abort()

    def end(self, *, again: bool = False) -> None:
        """End the session and close the connection; with `again`, keep it and begin as if it had just been made."""
        self._again = again
        if self._task is not None:
            self._task.cancel()

    # The life of the connection

    def _start(self, vty: Vty, settings: LineSettings) -> None:
        self._again = False
        self._detach_log = self._server.attach_log(vty)
        self._task = asyncio.get_running_loop().create_task(self._live(vty, settings))
        self._task.add_done_callback(self._finished)

    async def _live(self, vty: Vty, settings: LineSettings) -> None:
        server = self._server
        try:
            if server.console:
                await run_console(
                    vty, lambda: server.settings(0) or settings, server.open_session, server.hostname, server.attend
                )
            else:
                await run_line(vty, settings, server.open_session)
        except EOFError:
            pass

    def _finished(self, task: asyncio.Task[None]) -> None:
        """Free everything, even where the task was cancelled before it began; deliver what output is left."""
        loop = asyncio.get_running_loop()
        if not task.cancelled() and (error := task.exception()) is not None:
            loop.call_exception_handler({"message": "a terminal line failed", "exception": error})
        self._detach_log()
        if self._again and self._vty is not None and self._transport is not None:
            self._start(self._vty, self._server.settings(0) or LineSettings())
            return
        self._server.free_line(self.number)
        if self._vty is not None:
            self._vty.hung_up()
        transport = self._transport
        if transport is not None:
            transport.close()
            loop.call_later(LINGER_S, transport.abort)
        self.ended.set_result(None)

    def _told(self, vty: Vty, event: TelnetEvent) -> None:
        if isinstance(event, WindowSize):
            vty.resized(event.width, event.height)
        elif isinstance(event, TerminalType):
            vty.terminal_type = event.name
        elif isinstance(event, Signal) and event.command is Command.BREAK and self._server.broken_off():
            return
        elif isinstance(event, Signal) and (key := _KEYS.get(event.command)):
            vty.receive(key)
