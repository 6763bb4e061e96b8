"""tshark, given the key, reads the router's conversations with a TACACS+ server: users, ports, arguments."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.cli.session import run_now
from iosemu.lab.capture import Capture
from iosemu.lab.conversation import Segment
from iosemu.management.tacacs import Account, Authorize, Flag, Start, Subject
from iosemu.management.tacacs_client import Server, TacacsClient
from tests.commands.tacacs_server import Conversation, TacacsServer

ROUTER, SERVER = ("10.1.1.1", 40000), ("10.9.9.9", 49)
TOM = Subject("tom", "tty2", "10.2.2.2", 15)
PUSH_ACK = 0x18


class Recorded(Conversation):
    """A connection whose packets are in a capture."""

    def __init__(self, server: TacacsServer, capture: Capture, port: int) -> None:
        super().__init__(server)
        self._capture, self._router = capture, ("10.1.1.1", port)
        self._out = self._in = 1

    async def exchange(self, octets: bytes) -> bytes:
        self._capture.segment(1.0, self._router, SERVER, octets, Segment(self._out, self._in, PUSH_ACK))
        self._out += len(octets)
        answer = await super().exchange(octets)
        self._capture.segment(1.0, SERVER, self._router, answer, Segment(self._in, self._out, PUSH_ACK))
        self._in += len(answer)
        return answer


@pytest.mark.peer
def test_conversations_are_read(need: Callable[[str], str], tmp_path: Path) -> None:
    tshark, file = need("tshark"), tmp_path / "tacacs.pcapng"
    server, capture = TacacsServer({"tom": ("tiger", ("priv-lvl=15",))}), Capture(file, "TACACS+")
    ports = iter(range(40000, 40010))

    async def connect(_: Server) -> Conversation:
        return Recorded(server, capture, next(ports))

    client, servers = TacacsClient(connect, lambda _: None), [Server("10.9.9.9", key="k")]
    assert run_now(client.authenticate(servers, Start(TOM), "tiger"))
    assert run_now(client.authorize(servers, Authorize(TOM, ("service=shell", "cmd="))))
    assert run_now(client.account(servers, Account(TOM, Flag.STOP, ("task_id=9", "cmd=show version <cr>"))))
    capture.close()
    read = [tshark, "-r", str(file), "-o", "tacplus.key:k", "-V", "-O", "tacplus"]
    told = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    assert told.count("Decrypted Reply") == told.count("Decrypted Request") == 4
    for said in ("tom", "tty2", "10.2.2.2", "tiger", "service=shell", "priv-lvl=15", "task_id=9", "show version <cr>"):
        assert said in told, said
    assert "malformed" not in told.lower()
