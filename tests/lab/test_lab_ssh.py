"""The SSH ports of a lab's routers: announced, reachable inside and outside, absent where the library is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.app.lab_view import LabView
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import RouterNode, Topology, load
from iosemu.network import Unreachable
from iosemu.terminal import ssh

Run = Callable[..., None]
SOURCE = packaged_lab()
NAME, ADDRESS = "vdtl-5300-7a", "15.80.7.11"


def one_router() -> Topology:
    return Topology(name="ssh", router=[RouterNode(name=NAME, platform="as5300", address=ADDRESS)])


async def heard(lab: Lab) -> bytes:
    """What a node of the lab hears at the router's emulated port 22."""
    reader, writer = await asyncio.open_connection(sock=await lab.network.connect("192.0.2.9", ADDRESS, 22))
    try:
        return await reader.readline()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_keys_open_port_22_of_the_emulated_address_and_outlive_the_lab(tmp_path: Path, run: Run) -> None:
    pytest.importorskip("asyncssh")
    said = b"SSH-2.0-Cisco-1.25\r\n"

    async def scenario(*configuration: str) -> None:
        state = StateFolder(tmp_path / "state")
        lab = Lab(one_router(), SOURCE, state, pace="instant")
        try:
            await lab.start()
            endpoint = json.loads(json.dumps(lab.endpoints()))["routers"][NAME]["ssh"]
            assert endpoint == f"127.0.0.1:{endpoint.rpartition(':')[2]}"
            if configuration:
                assert await heard(lab) == b""
                assert lab.routers[NAME].router.load("\n".join(configuration)) == []
            assert await heard(lab) == said
            assert lab.routers[NAME].router.listeners.ssh[0].lines[0]._peer == "192.0.2.9"
        finally:
            await lab.stop()
            state.release()

    run(scenario("hostname gate", "ip domain name lab.test", "crypto key generate rsa modulus 1024"))
    run(scenario())


def test_without_the_library_a_lab_runs_and_says_null(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ssh, "available", lambda: False)

    async def scenario() -> None:
        state = StateFolder(tmp_path / "state")
        lab = Lab(one_router(), SOURCE, state, pace="instant")
        try:
            await lab.start()
            routers = lab.endpoints()["routers"]
            assert isinstance(routers, dict)
            assert routers[NAME]["ssh"] is None
            with pytest.raises(Unreachable):
                await lab.network.connect("192.0.2.9", ADDRESS, 22)
            LabView(lab).show_endpoints()
        finally:
            await lab.stop()
            state.release()

    run(scenario())
    shown = capsys.readouterr().out
    assert "telnet" in shown
    assert "SSH" not in shown


def test_the_table_names_the_ssh_port(tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("asyncssh")

    async def scenario() -> None:
        state = StateFolder(tmp_path / "state")
        lab = Lab(one_router(), SOURCE, state, pace="instant")
        try:
            await lab.start()
            LabView(lab).show_endpoints()
        finally:
            await lab.stop()
            state.release()

    run(scenario())
    assert f"{ADDRESS}:22" in capsys.readouterr().out


def test_the_lab_file_may_name_the_port() -> None:
    topology = load(SOURCE)
    assert topology.router[0].ssh == "127.0.0.1:0"
    node = msgspec.convert({"name": "a", "platform": "as5300", "address": "1.2.3.4", "ssh": "2222"}, RouterNode)
    assert node.ssh == "2222"
