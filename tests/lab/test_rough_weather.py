"""A lab in bad company: ten thousand who knock at every port, and a clock of the machine that jumps."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from tests.lab.fast_loop import run_fast
from tests.lab.labs import fax, running_lab
from tests.lab.test_examples import mail_to

ATTEMPTS, AT_ONCE = 10_000, 100
ON_RAMP, OFF_RAMP, SERVER = "vdtl-5300-7a", "vdtl-5350-8a", "testlab-smtp"
NOTE = load_octets(b"a line\n" * 20, "a.txt")
YEAR_S = 366 * 86_400.0


async def knock(endpoint: tuple[str, int], number: int) -> None:
    """Come and go: at once, with a reset, with half a word, or after the first word of the other side."""
    reader, writer = await asyncio.open_connection(*endpoint)
    if number % 4 == 1:
        wire = writer.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif number % 4 == 2:
        writer.write(b"EHLO")
    elif number % 4 == 3:
        with suppress(ConnectionError):  # there is no line for it
            async with asyncio.timeout(240):
                await reader.read(100)
    writer.transport.abort()


def files() -> int:
    return len(os.listdir("/proc/self/fd"))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - many things are watched
            await asyncio.sleep(0.01)


def at_rest(lab: Lab) -> bool:
    for router in lab.routers.values():
        lines = [*router.router.listeners.telnet, *router.router.listeners.ssh]
        if any(server.lines for server in lines) or router.router.device.voice.control.active:
            return False
    gateway = lab.routers[OFF_RAMP].router.mail._server
    return gateway is not None and not gateway._dialogues and not lab.exchange.calls


def test_ten_thousand_connections_leave_nothing_behind(tmp_path: Path) -> None:
    async def work() -> None:
        source = packaged_lab()
        async with running_lab(tmp_path, load(source), source) as lab:
            assert (await fax(lab, NOTE, "555-0199")).ok
            router = lab.routers[OFF_RAMP]
            ports = [router.telnet, router.console, router.smtp, lab.mail[SERVER].endpoint]
            ports += [router.ssh] if router.ssh is not None else []
            await until(lambda: at_rest(lab))
            before, tasks = files(), len(asyncio.all_tasks())
            for wave in range(0, ATTEMPTS, AT_ONCE):
                numbers = range(wave, wave + AT_ONCE)
                await asyncio.gather(*(knock(ports[number % len(ports)], number // 2) for number in numbers))
            await until(lambda: at_rest(lab))
            await until(lambda: files() <= before and len(asyncio.all_tasks()) <= tasks)
            assert (await fax(lab, NOTE, "555-0199")).ok
            await mail_to(lab, "FAX=9-555-8354@15.80.7.107")
            await until(lambda: any(job.machine == "5558354" for job in lab.tray.jobs()))

    run_fast(work())


@pytest.mark.parametrize("jump_s", [YEAR_S, -YEAR_S], ids=["forward", "back"])
def test_the_clock_of_the_machine_jumps(tmp_path: Path, jump_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a fax is on the line and a mail in the queue; a lab has a clock of its own."""

    async def work() -> None:
        source, real = packaged_lab(), time.time
        async with running_lab(tmp_path, load(source), source) as lab:
            first, before = asyncio.ensure_future(fax(lab, NOTE, "555-0199")), lab.clock.wall()
            await until(lambda: lab.routers[ON_RAMP].router.device.voice.control.active)
            with monkeypatch.context() as machine:
                machine.setattr(time, "time", lambda: real() + jump_s)
                assert await first == SendResult(1, "")
                await mail_to(lab, "FAX=9-555-8354@15.80.7.107")
                assert await fax(lab, NOTE, "555-0199") == SendResult(1, "")
                await until(lambda: any(job.machine == "5558354" for job in lab.tray.jobs()))
            assert 0 <= (lab.clock.wall() - before).total_seconds() < 86_400
            assert len(lab.mail[SERVER].accounts.contents("tom")) >= 2
            await until(lambda: not lab.mail[SERVER].queue.waiting())
            await until(lambda: at_rest(lab))

    run_fast(work())
