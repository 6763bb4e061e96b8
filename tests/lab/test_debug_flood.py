"""A client that asks for all debug text and then does not read: calls go on, and little is held for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iosemu.commands.debug.switches import SWITCHES
from iosemu.fax.render import load_octets
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab
from tests.lab.test_lab import SOURCE, three_pages, until

Run = Callable[..., None]
FAXES = 3
MOST_HELD = 256 * 1024
"""What a transport may hold for one client (octets): far less than the flood."""


def test_a_flood_for_a_client_that_does_not_read_holds_up_nothing(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            node = lab.routers["vdtl-5300-7a"]
            device = node.router.device
            reader, writer = await asyncio.open_connection(*node.telnet, limit=1024)
            await _typed(writer, "cisco", "enable", "cisco", "terminal monitor")
            device.debugs.update(SWITCHES)
            told = [0]
            log_debug = device.log.debug

            def debug(text: str) -> None:
                told[0] += len(text) * 20  # as if each line were a page of them
                for _ in range(20):
                    log_debug(text)

            device.log.debug = debug  # type: ignore[method-assign]
            document = load_octets(three_pages()[0], "a.tif")
            await until(lambda: any(vty.monitor for vty in device.lines.open))
            for _ in range(FAXES):  # nobody reads
                assert (await fax(lab, document, "555-0199")).ok
            (vty,) = (vty for vty in device.lines.open if vty.monitor)
            assert told[0] > 2 * MOST_HELD
            assert _held(vty) < MOST_HELD
            assert vty._notices.dropped > 0
            writer.transport.abort()
            with contextlib.suppress(ConnectionError):
                await reader.read()

    run(scenario())


async def _typed(writer: asyncio.StreamWriter, *lines: str) -> None:
    for line in lines:
        await asyncio.sleep(0.2)  # a password prompt throws away what was typed before it
        writer.write(line.encode() + b"\r")
    await writer.drain()


def _held(vty: Any) -> int:
    transport = vty._channel._transport
    waiting = sum(map(len, vty._notices._waiting))
    return int(transport.get_write_buffer_size()) + waiting
