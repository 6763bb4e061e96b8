"""SSH out of a router, by asyncssh: a login by password over a connected socket, then one session.

Rule: the host's key is taken as it comes, as routers of that time do; no key of a user, no agent, no configuration file
of this machine is looked at.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import asyncssh

from iosemu.terminal.ssh_protocol import VERSION

HOST_KEYS = "rsa-sha2-256,rsa-sha2-512,ssh-rsa,ecdsa-sha2-nistp256,ssh-ed25519"


class LoginFailed(Exception):
    """The host let nobody in."""


class Broken(Exception):
    """The host does not speak SSH, or has closed before the login was over."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who comes; `password` asks him for it, None when it is not asked for any more."""

    user: str
    password: Callable[[], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The session that is asked for: a shell, or one `command`, on a terminal of that type and size."""

    command: str | None
    terminal_type: str
    width: int
    length: int


class Receiver(Protocol):
    """Whom a session tells."""

    def received(self, octets: bytes) -> None:
        """The host says something."""
        ...

    def ended(self) -> None:
        """The session is over."""
        ...


class SshChannel:
    """An open session."""

    def __init__(self, connection: asyncssh.SSHClientConnection, channel: asyncssh.SSHClientChannel[bytes]) -> None:
        self._connection, self._channel = connection, channel

    def write(self, octets: bytes) -> None:
        """Raises OSError where the session is over."""
        self._channel.write(octets)

    def pause_reading(self) -> None:
        self._channel.pause_reading()

    def resume_reading(self) -> None:
        self._channel.resume_reading()

    def close(self) -> None:
        self._connection.abort()


async def connect(wire: socket.socket, login: Login, wanted: Wanted, receiver: Receiver) -> SshChannel:
    """Log in over a connected socket and open a session; raises LoginFailed, Broken, and what `password` raises."""
    refusal: list[BaseException] = []
    options = asyncssh.SSHClientConnectionOptions(
        client_factory=lambda: _Client(login, refusal),
        client_version=VERSION,
        username=login.user,
        known_hosts=None,
        server_host_key_algs=HOST_KEYS,
        config=None,
        client_keys=None,
        agent_path=None,
        preferred_auth="password,keyboard-interactive",
        encoding=None,
    )
    try:
        connection = await asyncssh.connect("", sock=wire, options=options)
        channel, _ = await connection.create_session(
            lambda: _Session(receiver),
            command=wanted.command,
            term_type=wanted.terminal_type,
            term_size=(wanted.width, wanted.length),
            encoding=None,
        )
    except asyncssh.PermissionDenied:
        wire.close()
        if refusal:
            raise refusal[0] from None
        raise LoginFailed from None
    except (asyncssh.Error, OSError, EOFError) as error:
        wire.close()
        if refusal:
            raise refusal[0] from None
        raise Broken from error
    return SshChannel(connection, channel)


class _Client(asyncssh.SSHClient):
    """Answers the host's questions."""

    def __init__(self, login: Login, refusal: list[BaseException]) -> None:
        self._login, self._refusal = login, refusal

    async def password_auth_requested(self) -> str | None:
        try:
            return await self._login.password()
        except BaseException as error:  # the user is gone: told to who asked for the login
            self._refusal.append(error)
            return None

    def kbdint_auth_requested(self) -> str:
        return ""

    async def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Sequence[tuple[str, bool]]
    ) -> list[str] | None:
        answers = [await self.password_auth_requested() for _ in prompts]
        return None if None in answers else [answer for answer in answers if answer is not None]


class _Session(asyncssh.SSHClientSession[bytes]):
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self._receiver.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._receiver.ended()
