"""`copy` over rcp: at the far end is the rcp that OpenSSH's scp still is, behind a server of remote commands."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.peers.copying import SERVER, typed

pytestmark = pytest.mark.peer


class Served(NamedTuple):
    """A running server: where it is, its directory, and who came (by the names here and there)."""

    endpoint: tuple[str, int]
    directory: Path
    came: list[tuple[str, str]]


@pytest.fixture
def served(need: Callable[[str], str], tmp_path: Path) -> Iterator[Served]:
    scp, came = need("scp"), list[tuple[str, str]]()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                wire, _ = listening.accept()
            except OSError:
                return
            with wire:
                said = [read_name(wire) for _ in range(4)]
                came.append((said[1], said[2]))
                wire.sendall(b"\0")
                program, way, path = said[3].split()
                assert program == "rcp"
                subprocess.run(
                    [scp, way, path], stdin=wire, stdout=wire, stderr=subprocess.DEVNULL, cwd=tmp_path, check=False
                )

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Served(listening.getsockname()[:2], tmp_path, came)
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


def read_name(wire: socket.socket) -> str:
    """What stands before the next octet of 0."""
    said = b""
    while (octet := wire.recv(1)) != b"\0":
        assert octet
        said += octet
    return said.decode()


def test_files_go_to_the_server_and_come_back(served: Served) -> None:
    (served.directory / "next-confg").write_text("hostname Next\nend\n")
    (served.directory / "big.bin").write_bytes(bytes(range(256)) * 400)
    put, got, big, back, name, missing = typed(
        {514: served.endpoint},
        ("ip rcmd remote-username backup",),
        f"copy running-config rcp://{SERVER}/lab1-confg",
        f"copy rcp://{SERVER}/next-confg running-config",
        f"copy rcp://{SERVER}/big.bin flash:",
        f"copy flash:big.bin rcp://{SERVER}/again.bin",
        "show running-config | include hostname",
        f"copy rcp://{SERVER}/nothing null:",
    )
    kept = (served.directory / "lab1-confg").read_text()
    assert "\nhostname Lab1\n" in kept
    assert f"{len(kept)} bytes copied in " in put
    assert "18 bytes copied in " in got
    assert "102400 bytes copied in " in big
    assert "102400 bytes copied in " in back
    assert (served.directory / "again.bin").read_bytes() == (served.directory / "big.bin").read_bytes()
    assert name == "hostname Next\n"
    assert missing.endswith(f"%Error opening rcp://{SERVER}/nothing (No such file or directory)\n")
    assert set(served.came) == {("Lab1", "backup"), ("Next", "backup")}


def test_who_asks_is_said_in_the_url_or_is_who_logged_in(served: Served) -> None:
    (served.directory / "x").write_text("end\n")
    typed({514: served.endpoint}, (), f"copy rcp://tom@{SERVER}/x null:", f"copy rcp://{SERVER}/x null:")
    assert served.came == [("Lab1", "tom"), ("Lab1", "eve")]


def test_nobody_there() -> None:
    (refused,) = typed({}, (), f"copy rcp://{SERVER}/x null:")
    assert refused.endswith(f"%Error opening rcp://{SERVER}/x (Connection refused by remote host)\n")
