"""Faxes in and out over groups of time slots with channel associated signalling, by the voice port's name of each
platform; and what tells one router of a lab from its twin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiosmtplib
import pytest

from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab
from tests.lab.test_every_platform import LAB, RAMPS

Run = Callable[..., None]
TEXT = b"A line of text.\n" * 5
SERVER, ROUTER = "e&m-fgb dtmf dnis", "e&m-wink-start"
TRUNKS = [
    ("as5300", "T1 2", "2:1", SERVER),
    ("as5300", "E1 0", "0:1", "r2-digital r2-compelled ani"),
    ("as5350", "T1 3/0", "3/0:1", SERVER),
    ("as5800", "T1 1/0/0", "1/0/0:1", "fxs-loop-start dtmf dnis"),
    ("2610", "T1 1/0", "1/0:1", ROUTER),
    ("3660", "E1 1/0", "1/0:1", "r2-digital dtmf dnis"),
    ("3745", "T1 1/0", "1/0:1", "fxs-ground-start"),
]


@pytest.mark.parametrize(("name", "trunk", "port", "type_"), TRUNKS)
def test_a_fax_in_and_a_fax_out(name: str, trunk: str, port: str, type_: str, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        lines = f"controller {trunk}\n ds0-group 1 timeslots 1-12 type {type_}\nvoice-port {port}\n description line"
        (tmp_path / "gate.cfg").write_text(RAMPS.format(line=lines, port=port))
        file = tmp_path / "lab.toml"
        file.write_text(LAB.format(platform=name, jack=f'controller = "{trunk}"'))
        async with running_lab(tmp_path, load(file), file) as lab:
            assert lab.refused == []
            assert await fax(lab, load_octets(TEXT, "a.txt"), "555-0177") == SendResult(1, "")
            host, at = lab.routers["gate"].smtp
            await aiosmtplib.send(
                TEXT,
                sender="tom@example.com",
                recipients=["FAX=9-555-8354@[10.0.0.1]"],
                hostname=host,
                port=at,
                start_tls=False,
            )
            tray = lab.machine("555-8354").tray
            while not tray.jobs():  # noqa: ASYNC110  nobody tells this test when it has come
                await asyncio.sleep(0.01)
            control = lab.routers["gate"].router.voice.control
            assert control.channels.calls == {(port, 1): 2}
            assert lab.routers["gate"].router.voice.ports[port].idle_channels == 12

    run(scenario())


def test_twins_of_a_lab_have_addresses_and_serial_numbers_of_their_own(tmp_path: Path, run: Run) -> None:
    text = 'name = "two"\n'
    for at, name in enumerate(("east", "west"), 1):
        text += f'[[router]]\nname = "{name}"\nplatform = "3640"\naddress = "10.0.0.{at}"\n'
    file = tmp_path / "lab.toml"
    file.write_text(text)

    async def marks() -> list[tuple[str, str]]:
        async with running_lab(tmp_path, load(file), file) as lab:
            chassis = [lab.routers[name].router.device.chassis for name in ("east", "west")]
            return [(each.mac_address(each.interfaces[0].name), each.platform.processor[1]) for each in chassis]

    async def scenario() -> None:
        east, west = await marks()
        assert east[0] != west[0]
        assert east[1] != west[1]
        assert east[1].startswith("Processor board ID ")
        assert len(east[1]) == len(west[1])
        assert await marks() == [east, west]

    run(scenario())
