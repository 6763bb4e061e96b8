"""`copy` over TFTP against tftpy's server, through the lab's virtual network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from iosemu.cli.terminal import Transcript
from iosemu.config.store import FileStore
from iosemu.lab.network import Host, VirtualNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router
from tests.ports import free_port

tftpy = pytest.importorskip("tftpy")
pytestmark = pytest.mark.peer

CONFIGURATION = """\
hostname Lab1
file prompt quiet
interface FastEthernet0/0
 ip address 15.80.7.11 255.255.255.0
 no shutdown
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A TFTP server of the directory."""
    endpoint = ("127.0.0.1", free_port())
    serving = tftpy.TftpServer(str(tmp_path), dyn_file_func=None)
    thread = threading.Thread(target=serving.listen, args=endpoint, kwargs={"timeout": 1}, daemon=True)
    thread.start()
    assert serving.is_running.wait(5)
    yield endpoint
    serving.stop(now=True)
    thread.join(10)


def typed(server: tuple[str, int], *lines: str) -> list[str]:
    """What a router prints at each of these lines."""
    network = VirtualNetwork()
    network.add(Host("files", lambda: ("172.18.106.36",), {}, {69: server}))

    async def work() -> list[str]:
        router = Router("3745", clock=LoopClock(), network=network, store=FileStore(None))
        assert router.load(CONFIGURATION) == []
        terminal = Transcript()
        session = router.open_session(terminal, privilege=15)
        printed = []
        for line in lines:
            await session.execute(line)
            printed.append(terminal.take())
        await router.stop()
        return printed

    return asyncio.run(work())


def test_a_configuration_goes_to_the_server_and_comes_back(server: tuple[str, int], tmp_path: Path) -> None:
    (tmp_path / "next-confg").write_text("hostname Next\nfoo bar\nend\n")
    (tmp_path / "big.bin").write_bytes(bytes(range(256)) * 400)
    put, got, big, digest, missing, name = typed(
        server,
        "copy running-config tftp://172.18.106.36/lab1-confg",
        "copy tftp://172.18.106.36/next-confg running-config",
        "copy tftp://172.18.106.36/big.bin flash:",
        "dir flash:big.bin",
        "copy tftp://172.18.106.36/none flash:",
        "show running-config | include hostname",
    )
    assert "\nhostname Lab1\n" in (tmp_path / "lab1-confg").read_text()
    assert put.startswith("!!\n")
    assert got.startswith(
        "Accessing tftp://172.18.106.36/next-confg...\n"
        "Loading next-confg from 172.18.106.36 (via FastEthernet0/0): !\n[OK - 26 bytes]\n\nfoo bar\n"
    )
    assert "% Invalid input detected" in got
    assert "[OK - 102400 bytes]" in big
    assert " 102400 " in digest
    assert missing.endswith("%Error opening tftp://172.18.106.36/none (No such file or directory)\n")
    assert name == "hostname Next\n"
