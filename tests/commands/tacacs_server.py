"""A TACACS+ server for the tests of a router's commands: it knows some users and keeps what it was asked.

It reads packets by the layout of RFC 8907 itself; only the pad is the client's, which has a vector of its own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from iosemu.cli.session import run_now
from iosemu.commands.aaa.servers import AaaServers
from iosemu.commands.context import Device
from iosemu.management.tacacs import _obscured
from iosemu.management.tacacs_client import Server

LINES = (
    "aaa new-model",
    "tacacs-server host 10.9.9.9 key k",
    "interface FastEthernet0",
    "ip address 10.1.1.1 255.0.0.0",
)
PASS, FAIL, GETUSER, GETPASS = 1, 2, 4, 5


@dataclass(frozen=True)
class Question:
    """A request as the server has read it."""

    kind: int
    user: str
    port: str = ""
    address: str = ""
    level: int = 0
    service: int = 0
    flag: int = 0
    arguments: tuple[str, ...] = ()


@dataclass
class TacacsServer:
    """What it answers: by user a password and the arguments of a shell; commands that begin with a word of `forbidden`
    are refused. It cannot be reached while `silent`."""

    users: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    silent: bool = False
    key: str = "k"
    """Of its answers; it reads those of the router."""
    asks_name: bool = False
    questions: list[Question] = field(default_factory=list)
    connections: list[Server] = field(default_factory=list)

    async def connect(self, server: Server) -> Conversation:
        self.connections.append(server)
        if self.silent:
            raise ConnectionError("silent")
        return Conversation(self)

    def serve(self, router: Device) -> Device:
        """Have this router's conversations come here, those that nobody waits for at once."""
        router.aaa = AaaServers(router, connect=self.connect)
        router.spawn = run_now
        return router

    def told(self, kind: int) -> list[Question]:
        return [question for question in self.questions if question.kind == kind]


class Conversation:
    """One connection, which carries one session."""

    def __init__(self, server: TacacsServer) -> None:
        self._server = server
        self._user = ""
        self.closed = False

    async def exchange(self, octets: bytes) -> bytes:
        head, body = octets[:12], octets[12:]
        version, kind, sequence, flags, session, length = struct.unpack("!BBBBII", head)
        assert (version, flags, length) == (0xC0, 0, len(body))
        answer = self._answer(kind, sequence, _obscured(body, head, "k"))
        head = struct.pack("!BBBBII", 0xC0, kind, sequence + 1, 0, session, len(answer))
        return head + _obscured(answer, head, self._server.key)

    def close(self) -> None:
        self.closed = True

    def _answer(self, kind: int, sequence: int, body: bytes) -> bytes:
        if kind == 1:
            return self._authenticate(sequence, body)
        return self._authorize(body) if kind == 2 else self._account(body)

    def _authenticate(self, sequence: int, body: bytes) -> bytes:
        if sequence == 1:
            action, level, _, service = body[:4]
            user, port, address, _ = _split(body[8:], body[4:8])
            assert action == 1
            self._server.questions.append(Question(1, user, port, address, level, service))
            self._user = "" if self._server.asks_name else user
            return struct.pack("!BBHH", GETUSER if self._server.asks_name else GETPASS, 0, 0, 0)
        (size,) = struct.unpack_from("!H", body)
        said = body[5 : 5 + size].decode()
        if not self._user:
            self._user = said
            return struct.pack("!BBHH", GETPASS, 0, 10, 0) + b"Password: "
        known = self._server.users.get(self._user)
        good = known is not None and known[0] == said
        return struct.pack("!BBHH", PASS if good else FAIL, 0, 0, 0)

    def _authorize(self, body: bytes) -> bytes:
        asked = self._described(2, body)
        command = next((one.partition("=")[2] for one in asked.arguments if one.startswith("cmd=")), "")
        known = self._server.users.get(asked.user)
        if known is None or (command and command in self._server.forbidden):
            return struct.pack("!BBHH", 0x10, 0, 0, 0)
        given = [] if command else [one.encode() for one in known[1]]
        return struct.pack("!BBHH", 1, len(given), 0, 0) + bytes(map(len, given)) + b"".join(given)

    def _account(self, body: bytes) -> bytes:
        self._described(3, body[1:], body[0])
        return struct.pack("!HHB", 0, 0, 1)

    def _described(self, kind: int, body: bytes, flag: int = 0) -> Question:
        count = body[7]
        sizes = (*body[4:7], *body[8 : 8 + count])
        user, port, address, *arguments = _split(body[8 + count :], sizes)
        question = Question(kind, user, port, address, body[1], body[3], flag, tuple(arguments))
        self._server.questions.append(question)
        return question


def _split(octets: bytes, sizes: bytes | tuple[int, ...]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(octets[at : at + size].decode())
        at += size
    assert at == len(octets)
    return found
