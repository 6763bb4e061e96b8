"""SSH version 2 itself, by asyncssh (RFC 4251 to 4254): what its callbacks say is passed on to the `SshLine`.

Rule: only passwords open the door, and one session follows; no forwarding, no file transfer, no line editing here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from functools import lru_cache

import asyncssh

from iosemu.terminal.line_settings import ESCAPE
from iosemu.terminal.ssh import SshLine

# What routers call themselves. They speak it with keys of 768 bits and more.
VERSION = "Cisco-1.25"
# Those of routers that a client of today still offers.
CIPHERS = "aes128-ctr,aes192-ctr,aes256-ctr,aes128-cbc,aes192-cbc,aes256-cbc"
MACS = "hmac-sha2-256,hmac-sha2-512,hmac-sha1,hmac-sha1-96"
# No client shows a key here; but what is offered is kept with each connection.
SIGNATURES = "rsa-sha2-256,rsa-sha2-512,ssh-rsa"

# Keys of a protocol signal's meaning.
_BREAK = ESCAPE.encode()
_SIGNALS = {"INT": b"\x03", "TERM": _BREAK}


@lru_cache(maxsize=8)
def _options(private: bytes, login_timeout_s: float) -> asyncssh.SSHServerConnectionOptions:
    """How a router with this key speaks, for all of its connections."""
    return asyncssh.SSHServerConnectionOptions(
        server_factory=_Server,
        server_host_keys=[asyncssh.import_private_key(private)],
        server_version=VERSION,
        encryption_algs=CIPHERS,
        mac_algs=MACS,
        compression_algs=None,
        signature_algs=SIGNATURES,
        login_timeout=login_timeout_s,
        encoding=None,
        line_editor=False,
        public_key_auth=False,
        host_based_auth=False,
        gss_host=None,
        agent_forwarding=False,
        x11_forwarding=False,
    )


async def greet(client: socket.socket, private: bytes, line: SshLine) -> None:
    """Begin to serve a client; its mistakes are its own affair, and `line` is told when it is gone."""
    loop = asyncio.get_running_loop()
    connection = _Connection(loop, _options(private, line.limits.timeout_s))
    connection.set_extra_info(line=line)
    await loop.connect_accepted_socket(lambda: connection, client)


class _Connection(asyncssh.SSHServerConnection):
    """One client, made as `asyncssh.listen` makes it for a client that it accepts itself: all of them share their
    options, where `asyncssh.run_server` makes new ones (6 KB) for each."""

    async def reload_config(self) -> None:
        """Once the user is known: no file is read here that says more of some than of others."""


class _Server(asyncssh.SSHServer):
    """Who is there, and what for."""

    _line: SshLine

    def __init__(self) -> None:
        self._failed = 0
        self._had_session = False

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._line = conn.get_extra_info("line")
        self._line.connected(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.disconnected()

    def begin_auth(self, username: str) -> bool:
        if self._line.banner:
            self._connection.send_auth_banner(f"\n{self._line.banner}\n")
        return True

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        if await self._line.check(username, password):
            return True
        self._failed += 1
        if self._failed >= self._line.limits.tries:
            raise asyncssh.PermissionDenied("Too many authentication failures")
        return False

    def session_requested(self) -> asyncssh.SSHServerSession[bytes] | bool:
        if self._had_session:
            return False
        self._had_session = True
        return _Session(self._line, self._connection)


class _Session(asyncssh.SSHServerSession[bytes]):
    """The one session of a connection."""

    def __init__(self, line: SshLine, connection: asyncssh.SSHServerConnection) -> None:
        self._line = line
        self._connection = connection
        self._command: str | None = None
        self._terminal_type = ""
        self._size = 0, 0

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        self._terminal_type, self._size = term_type, term_size[:2]
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._command = command
        return True

    def session_started(self) -> None:
        width, length = self._size
        self._line.open(
            self._channel, command=self._command, terminal_type=self._terminal_type, width=width, length=length
        )

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self._line.received(data)

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._line.resized(width, height)

    def break_received(self, msec: int) -> bool:
        self._line.received(_BREAK)
        return True

    def signal_received(self, signal: str) -> None:
        self._line.received(_SIGNALS.get(signal, b""))

    def pause_writing(self) -> None:
        self._line.writable(False)

    def resume_writing(self) -> None:
        self._line.writable(True)

    def eof_received(self) -> bool:
        self._line.input_ended()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.channel_lost()
        self._connection.close()
