"""SSH at the edge: the vtys of a router behind an SSH port, with the same `Vty`, editor and shell as telnet.

Rule: without RSA keys, or without a free line that lets SSH in, a connection is closed before a byte is sent. A
connection holds one line from its first moment and carries one session; its end frees both, whichever side ended it.
asyncssh is loaded, beside the loop, when the first client is let in.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from iosemu.terminal.clients import LINGER_S, AttachLog, address_of, no_log, nothing
from iosemu.terminal.line_pool import LinePool
from iosemu.terminal.line_settings import LineSettings, Login, NotAuthorized, Transport
from iosemu.terminal.login import SSH_PORT, watched
from iosemu.terminal.scp import ScpFiles, ScpServer, is_scp
from iosemu.terminal.shell import OpenSession, run_line
from iosemu.terminal.vty import Interrupted, Vty

if TYPE_CHECKING:
    from types import ModuleType

# Before accepting goes on after the machine had no room for one more connection.
ACCEPT_AGAIN_S = 0.5
# How long the commands of a client that has nothing more to say may go on; that it is gone would be known at once.
INPUT_ENDED_S = 30.0


def available() -> bool:
    """Is the library there that speaks the protocol?"""
    return find_spec("asyncssh") is not None


@dataclass(frozen=True, slots=True)
class LoginLimits:
    """`ip ssh time-out` and `ip ssh authentication-retries`: how long and how often a client may try."""

    timeout_s: float = 120.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class SshSession:
    """One open session: its line, who it is, and (cipher, integrity check) of each direction."""

    line: int
    user: str
    inward: tuple[str, str]
    outward: tuple[str, str]


class Wire(Protocol):
    """The SSH connection below a line, once it stands (`asyncssh.SSHServerConnection`)."""

    def get_extra_info(self, name: str, default: object = None) -> object: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class WireChannel(Protocol):
    """The session channel on it (`asyncssh.SSHServerChannel`)."""

    def write(self, data: bytes) -> None: ...
    def exit(self, status: int) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class SshServer:
    """The SSH port of one router.

    `settings(n)` is what the configuration says of vty n, None where there is no such line; `pool` numbers the lines,
    with telnet's. `host_key()` gives the private key in OpenSSH's format, None while there is none; `files(privilege)`
    is what an SCP client of that level copies to and from; without it SCP is a command like any other. The rest is as
    for `TelnetServer`.
    """

    def __init__(
        self,
        open_session: OpenSession,
        settings: Callable[[int], LineSettings | None],
        host_key: Callable[[], bytes | None],
        *,
        pool: LinePool | None = None,
        attach_log: AttachLog = no_log,
        source_of: Callable[[object], str | None] = lambda peername: None,
        limits: Callable[[], LoginLimits] = LoginLimits,
        files: Callable[[int], ScpFiles] | None = None,
    ) -> None:
        self.open_session = open_session
        self.attach_log = attach_log
        self.limits = limits
        self.files = files
        self.lines: dict[int, SshLine] = {}
        self._settings = settings
        self._host_key = host_key
        self._pool = pool if pool is not None else LinePool()
        self._source_of = source_of
        self._listeners: list[tuple[socket.socket, asyncio.Task[None]]] = []

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Listen; gives the address and port in use. OSError where that cannot be had."""
        loop = asyncio.get_running_loop()
        family, *_, address = (await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))[0]
        listener = socket.create_server(address[:2], family=family, backlog=100)
        listener.setblocking(False)
        self._listeners.append((listener, loop.create_task(self._accept(listener))))
        bound = listener.getsockname()
        return bound[0], bound[1]

    async def close(self) -> None:
        """Stop listening and end every connection."""
        for listener, accepting in self._listeners:
            accepting.cancel()
            with suppress(asyncio.CancelledError):
                await accepting
            listener.close()
        self._listeners.clear()
        ends = [line.ended for line in self.lines.values()]
        self.restart()
        if ends:
            await asyncio.wait(ends)

    def restart(self) -> None:
        """The router starts again: every connection is cut."""
        for line in list(self.lines.values()):
            line.abort()

    def sessions(self) -> list[SshSession]:
        """The sessions that are open, by line."""
        found = (line.session for _, line in sorted(self.lines.items()))
        return [session for session in found if session is not None]

    def free_line(self, number: int) -> None:
        """Its connection has ended."""
        if self.lines.pop(number, None) is not None:
            self._pool.free(number)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, peername = await loop.sock_accept(listener)
            except OSError:
                await asyncio.sleep(ACCEPT_AGAIN_S)
                continue
            self._admit(client, peername)

    def _admit(self, client: socket.socket, peername: object) -> None:
        peer = address_of(peername, self._source_of)
        key = self._host_key()
        taken = self._pool.take(self._settings, Transport.SSH, peer) if key is not None else None
        if key is None or taken is None:
            client.close()
            return
        number, settings = taken
        self.lines[number] = SshLine(self, number, settings, peer)
        self.lines[number].serve(client, key)


class SshLine:
    """One client on its line: the channel of its terminal, and the life of connection, session and command."""

    __slots__ = (
        "_channel",
        "_detach_log",
        "_greeting",
        "_peer",
        "_privilege",
        "_running",
        "_scp",
        "_server",
        "_settings",
        "_user",
        "_vty",
        "_wire",
        "banner",
        "ended",
        "limits",
        "number",
    )

    def __init__(self, server: SshServer, number: int, settings: LineSettings, peer: str) -> None:
        self.number = number
        self.limits = server.limits()
        self.banner = settings.login_banner
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._server = server
        self._settings = settings
        self._peer = peer
        self._privilege: int | None = None
        self._user = ""
        self._wire: Wire | None = None
        self._channel: WireChannel | None = None
        self._vty: Vty | None = None
        self._scp: ScpServer | None = None
        self._greeting: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._detach_log: Callable[[], None] = nothing

    @property
    def _level(self) -> int:
        return self._privilege if self._privilege is not None else self._settings.privilege

    @property
    def session(self) -> SshSession | None:
        """What `show ssh` tells, while a session is open."""
        wire = self._wire
        if self._vty is None or wire is None:
            return None
        inward, outward = (
            (str(wire.get_extra_info(f"{way}_cipher")), str(wire.get_extra_info(f"{way}_mac")))
            for way in ("recv", "send")
        )
        return SshSession(self.number, self._user, inward, outward)

    # The connection

    def serve(self, client: socket.socket, key: bytes) -> None:
        """Speak SSH on an accepted socket; whoever it is has the line until the connection ends."""
        self._greeting = asyncio.get_running_loop().create_task(self._greet(client, key))
        self._greeting.add_done_callback(lambda task: self._greeted(task, client))

    async def _greet(self, client: socket.socket, key: bytes) -> None:
        protocol: ModuleType = await asyncio.to_thread(import_module, "iosemu.terminal.ssh_protocol")
        await protocol.greet(client, key, self)

    def _greeted(self, task: asyncio.Task[None], client: socket.socket) -> None:
        """Nobody waits for the end of a connection that stands: it is told (`disconnected`)."""
        self._greeting = None
        if not task.cancelled() and (error := task.exception()) is not None:
            told = {"message": "an SSH connection failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)
        elif not task.cancelled() and self._wire is not None:
            return
        if self._wire is not None:
            self._wire.abort()
        else:
            client.close()
        self.disconnected()

    def abort(self) -> None:
        """Drop the client now."""
        if self._wire is not None:
            self._wire.abort()
        if self._greeting is not None:
            self._greeting.cancel()

    # Called by the protocol

    def connected(self, wire: Wire) -> None:
        self._wire = wire

    def disconnected(self) -> None:
        """The connection has ended, and with it everything on it."""
        if not self.ended.done():
            self.channel_lost()
            self._server.free_line(self.number)
            self.ended.set_result(None)

    async def check(self, user: str, password: str) -> bool:
        """May this user come in? Where the line asks for no user names nobody may, as SSH needs one."""
        line = self._settings
        if line.users is None:
            return False
        try:
            level = await watched(line.watch, line.users, user, password, self._peer, SSH_PORT)
        except NotAuthorized:
            return False
        if level is None:
            return False
        self._user, self._privilege = user, max(level, self._settings.privilege)
        return True

    def open(self, channel: WireChannel, *, command: str | None, terminal_type: str, width: int, length: int) -> None:
        """The client asked for its shell, or to have one `command` run; sizes are 0 where it has no window."""
        self._channel = channel
        if command is not None and self._server.files is not None and is_scp(command):
            self._scp = ScpServer(command, self._server.files(self._level))
            self._answer(self._scp.start())
            return
        self._vty = vty = Vty(self, name=f"vty {self.number}", peer=self._peer)
        vty.resized(width, length)
        vty.terminal_type = terminal_type
        vty.user = self._user
        self._detach_log = self._server.attach_log(vty)
        self._running = asyncio.get_running_loop().create_task(self._run(vty, command))
        self._running.add_done_callback(self._run_ended)

    def _answer(self, octets: bytes) -> None:
        """Say this to an SCP client, and take leave where it is the last."""
        if octets:
            self.send(octets)
        if self._scp is not None and self._scp.done:
            self._take_leave()

    def received(self, octets: bytes) -> None:
        if self._scp is not None and not self._scp.done:
            self._answer(self._scp.receive(octets))
        if self._vty is not None:
            self._vty.receive(octets)

    def resized(self, width: int, length: int) -> None:
        if self._vty is not None:
            self._vty.resized(width, length)

    def writable(self, writable: bool) -> None:
        if self._vty is not None:
            self._vty.writable(writable)

    def input_ended(self) -> None:
        """Half closed: what was typed is still answered, for a while."""
        if self._scp is not None:
            self._take_leave()
        if self._vty is not None:
            self._vty.input_ended()
            asyncio.get_running_loop().call_later(INPUT_ENDED_S, self._hang_up)

    def channel_lost(self) -> None:
        """The session's channel is gone, and with it the session."""
        self._channel = None
        if self._vty is not None:
            self._vty.hung_up()
        if self._running is not None:
            self._running.cancel()

    # vty.Channel

    def send(self, octets: bytes) -> None:
        if self._channel is not None:
            with suppress(OSError):  # the client has closed what we are about to hear of
                self._channel.write(octets)

    def pause_reading(self) -> None:
        if self._channel is not None:
            self._channel.pause_reading()

    def resume_reading(self) -> None:
        if self._channel is not None:
            self._channel.resume_reading()

    # The session

    async def _run(self, vty: Vty, command: str | None) -> None:
        server = self._server
        privilege = self._level
        # Who it is has been told to the protocol.
        settings = replace(self._settings, login=Login.NONE, check=None, privilege=privilege)
        with suppress(EOFError, Interrupted):
            if command is None:
                await run_line(vty, settings, server.open_session)
                return
            vty.privilege, vty.length = privilege, 0
            vty.begin_command()
            session = server.open_session(vty)
            for line in command.splitlines():
                if not session.closed:
                    await session.execute(line)
                    await vty.drain()

    def _run_ended(self, task: asyncio.Task[None]) -> None:
        """The session is over: deliver what output is left and take leave."""
        loop = asyncio.get_running_loop()
        if not task.cancelled() and (error := task.exception()) is not None:
            loop.call_exception_handler({"message": "a terminal line failed", "exception": error})
        self._detach_log()
        if self._vty is not None:
            self._vty.hung_up()
        self._take_leave()

    def _take_leave(self) -> None:
        if self._channel is not None:
            with suppress(OSError):
                self._channel.exit(0)
        asyncio.get_running_loop().call_later(LINGER_S, self._hang_up)

    def _hang_up(self) -> None:
        if self._wire is not None and not self.ended.done():
            self._wire.abort()
