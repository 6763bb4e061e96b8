"""`copy` over FTP against pyftpdlib's server, through the lab's virtual network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.peers.copying import SERVER, typed

pytest.importorskip("pyftpdlib")
# The peer is of older modules of Python's own.
pytestmark = [pytest.mark.peer, pytest.mark.filterwarnings("ignore:The asyn(core|chat) module:DeprecationWarning")]

USER, PASSWORD = "backup", "s3cret"
CREDENTIALS = ("ip ftp username backup", "ip ftp password s3cret")


class Served(NamedTuple):
    """A running server: where it is, its directory, and with what password anonymous came."""

    endpoint: tuple[str, int]
    directory: Path
    guests: list[str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    guests: list[str] = []

    class Authorizer(DummyAuthorizer):  # type: ignore[misc]
        def validate_authentication(self, username: str, password: str, handler: object) -> None:
            super().validate_authentication(username, password, handler)
            if username == "anonymous":
                guests.append(password)

    class Handler(FTPHandler):  # type: ignore[misc]
        authorizer = Authorizer()

    Handler.authorizer.add_user(USER, PASSWORD, str(tmp_path), perm="elradfmw")
    Handler.authorizer.add_anonymous(str(tmp_path))
    server = FTPServer(("127.0.0.1", 0), Handler)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            server.serve_forever(timeout=0.05, blocking=False, handle_exit=False)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Served(server.address, tmp_path, guests)
    over.set()
    thread.join(10)
    server.close_all()


@pytest.mark.parametrize("way", [(), ("no ip ftp passive",)], ids=["passive", "active"])
def test_files_go_to_the_server_and_come_back(served: Served, way: tuple[str, ...]) -> None:
    (served.directory / "next-confg").write_text("hostname Next\nend\n")
    (served.directory / "big.bin").write_bytes(bytes(range(256)) * 400)
    put, got, big, back, name = typed(
        {21: served.endpoint},
        (*CREDENTIALS, *way),
        f"copy running-config ftp://{SERVER}/lab1-confg",
        f"copy ftp://{SERVER}/next-confg running-config",
        f"copy ftp://{SERVER}/big.bin flash:",
        f"copy flash:big.bin ftp://{SERVER}/again.bin",
        "show running-config | include hostname",
    )
    kept = (served.directory / "lab1-confg").read_text()
    assert "\nhostname Lab1\n" in kept
    assert put.startswith(f"Writing lab1-confg !\n{len(kept)} bytes copied in ")
    loading = (
        f"Accessing ftp://{SERVER}/next-confg...\nLoading next-confg !\n[OK - 18/4096 bytes]\n\n18 bytes copied in "
    )
    assert got.startswith(loading)
    assert "\n[OK - 102400/4096 bytes]\n" in big
    assert back.startswith("Writing again.bin !!!!")
    assert (served.directory / "again.bin").read_bytes() == (served.directory / "big.bin").read_bytes()
    assert name == "hostname Next\n"


def test_who_asks_is_said_in_the_url_or_is_nobody(served: Served) -> None:
    (served.directory / "x").write_text("end\n")
    login, guest, written, wrong = typed(
        {21: served.endpoint},
        (),
        f"copy ftp://{USER}:{PASSWORD}@{SERVER}/x null:",
        f"copy ftp://{SERVER}/x null:",
        f"copy running-config ftp://{SERVER}/y",
        f"copy ftp://{USER}:no@{SERVER}/x null:",
    )
    assert login.startswith(f"Accessing ftp://*:*@{SERVER}/x...\nLoading x !\n")
    assert "[OK - 4/4096 bytes]" in guest
    assert served.guests[0] == "eve@Lab1.example.com"
    assert written == f"%Error opening ftp://{SERVER}/y (Permission denied)\n"
    assert wrong.endswith(f"%Error opening ftp://*:*@{SERVER}/x (Incorrect Login/Password)\n")
    assert PASSWORD not in login


def test_what_cannot_be_is_told_in_the_routers_words(served: Served) -> None:
    missing, nobody, stranger = typed(
        {21: served.endpoint},
        CREDENTIALS,
        f"copy ftp://{SERVER}/none flash:",
        "copy ftp://192.0.2.9/x flash:",
        "copy ftp://nowhere/x flash:",
    )
    assert missing.endswith(f"%Error opening ftp://{SERVER}/none (No such file or directory)\n")
    assert nobody.endswith("%Error opening ftp://192.0.2.9/x (Timed out)\n")
    assert stranger.endswith("%Error opening ftp://nowhere/x (Timed out)\n")
    (refused,) = typed({}, CREDENTIALS, f"copy ftp://{SERVER}/x flash:")
    assert refused.endswith(f"%Error opening ftp://{SERVER}/x (Connection refused by remote host)\n")
    source = ("ip ftp source-interface Loopback0", "interface Loopback0")
    (silent,) = typed({21: served.endpoint}, (*CREDENTIALS, *source), f"copy ftp://{SERVER}/x flash:")
    assert silent.endswith(f"%Error opening ftp://{SERVER}/x (Timed out)\n")
