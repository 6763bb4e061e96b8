"""The SNMP ports of a lab's routers: open while an agent is configured, the same number each time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.lab.run import Lab
from iosemu.lab.topology import RouterNode, Topology
from iosemu.management import snmp
from iosemu.router import Router
from tests.lab.labs import running_lab

pytest.importorskip("pysnmp")

from tests.management.snmp_messages import read, request

Run = Callable[..., None]
SOURCE = packaged_lab()
NAME, ADDRESS, COMMUNITY = "vdtl-5300-7a", "15.80.7.11", "snmp-server community public RO"
SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)


def one_router() -> Topology:
    return Topology(name="snmp", router=[RouterNode(name=NAME, platform="as5300", address=ADDRESS)])


def router_of(lab: Lab) -> Router:
    return lab.routers[NAME].router


async def asked(lab: Lab, wait_s: float = 5.0) -> str | None:
    """The router's sysName, asked for at its port; None where the port is closed."""
    endpoint = lab.routers[NAME].snmp
    assert endpoint is not None
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setblocking(False)
        wire.connect(endpoint)
        await loop.sock_sendall(wire, request("Get", SYS_NAME))
        try:
            async with asyncio.timeout(wait_s):
                return str(read(await loop.sock_recv(wire, 4096))[1][0][1])
        except ConnectionRefusedError:
            return None


def test_the_port_opens_and_closes_with_the_configuration(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, one_router(), SOURCE) as lab:
            assert await asked(lab) is None
            router_of(lab).load(COMMUNITY)
            assert await asked(lab) == "Router"
            assert lab.network.datagrams("192.0.2.9", ADDRESS, 161, answered=False) == lab.routers[NAME].snmp
            router_of(lab).load(f"no {COMMUNITY}")
            assert await asked(lab) is None
            router_of(lab).load("snmp-server user bob ops v3\n" + COMMUNITY)
            assert await asked(lab) == "Router"

    run(scenario())


def test_a_reload_gives_the_agent_of_what_nvram_keeps(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, one_router(), SOURCE) as lab:
            router = router_of(lab)
            router.load(f"{COMMUNITY}\nhostname gone")
            assert await asked(lab) == "gone"
            router.reload()
            assert await asked(lab) is None
            router.device.files.save_startup_config(f"hostname kept\n{COMMUNITY}\nend\n")
            router.reload()
            assert await asked(lab) == "kept"

    run(scenario())


def test_without_the_library_there_is_no_port(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp, "available", lambda: False)

    async def scenario() -> None:
        async with running_lab(tmp_path, one_router(), SOURCE) as lab:
            assert lab.endpoints()["routers"][NAME]["snmp"] is None  # type: ignore[index]
            router_of(lab).load(f"{COMMUNITY}\nsnmp-server enable traps\nsnmp-server host 192.0.2.9 lab")

    run(scenario())
