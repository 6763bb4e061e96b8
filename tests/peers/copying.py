"""A router that copies files over the lab's virtual network, and the machine that serves them."""

from __future__ import annotations

import asyncio

from iosemu.cli.terminal import Transcript
from iosemu.config.store import FileStore
from iosemu.lab.network import Host, VirtualNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router

CONFIGURATION = """\
hostname Lab1
file prompt quiet
ip domain name example.com
interface FastEthernet0/0
 ip address 15.80.7.11 255.255.255.0
 no shutdown
"""
SERVER = "172.18.106.36"


def typed(ports: dict[int, tuple[str, int]], configuration: tuple[str, ...], *lines: str) -> list[str]:
    """What a router with these lines in its configuration prints at those; the server has these TCP ports."""
    network = VirtualNetwork()
    network.add(Host("files", lambda: (SERVER,), ports, {}))

    async def work() -> list[str]:
        router = Router("3745", clock=LoopClock(), network=network, store=FileStore(None))
        assert router.load(CONFIGURATION + "\n".join(configuration)) == []
        terminal = Transcript()
        session = router.open_session(terminal, privilege=15)
        session.user = "eve"
        printed = []
        for line in lines:
            await session.execute(line)
            printed.append(terminal.take())
        await router.stop()
        return printed

    return asyncio.run(work())
