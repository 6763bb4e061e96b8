"""A whole router with a telnet, an SSH or an SNMP port, for clients that block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock
from iosemu.router import Router

SSH_LOGIN = """\
hostname gate
ip domain name lab.test
crypto key generate rsa modulus 1024
username eve password 0 oahu
username tom privilege 15 password 0 maui
enable secret cisco
line vty 0 4
 login local
 transport input telnet ssh
"""
"""A router with a key, on which Eve has to ask for privilege and Tom has it."""


@contextmanager
def served_router(
    platform: str, configuration: str, service: Literal["telnet", "ssh", "snmp"] = "ssh"
) -> Iterator[tuple[int, Router]]:
    """Its port on 127.0.0.1 and the router itself, served by a loop in another thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def power_on() -> tuple[Router, int]:
        made = Router(platform, clock=LoopClock(), network=NoNetwork(), store=FileStore(None))
        assert made.load(configuration) == []
        services = await made.start_services(**{service: ("127.0.0.1", 0)})
        endpoint = getattr(services, service)
        assert endpoint is not None
        return made, endpoint[1]

    try:
        made, port = asyncio.run_coroutine_threadsafe(power_on(), loop).result(20)
        try:
            yield port, made
        finally:
            asyncio.run_coroutine_threadsafe(made.stop(), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
