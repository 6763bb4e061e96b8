"""Every example runs as it stands: configurations taken whole, the mail server reached, a fax up and a fax down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import msgspec
import pytest

from iosemu.cli.terminal import Transcript
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab

EXAMPLES = Path(__file__).parents[2] / "examples"
Run = Callable[..., None]
example = pytest.mark.parametrize("source", sorted(EXAMPLES.glob("*/lab.toml")), ids=lambda path: path.parent.name)


def off_ramp(lab: Lab) -> str:
    """The name of the router that mail becomes a fax at."""
    return f"{lab.topology.router[-1].name}.{lab.topology.mail[0].domain}"


async def mail_to(lab: Lab, recipient: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tom@testlab-t37.com", recipient, "a fax"
    message.set_content("hello\n")
    host, port = lab.mail["testlab-smtp"].endpoint
    await aiosmtplib.send(message, hostname=host, port=port)


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110  nobody tells this test when the relay is done
        await asyncio.sleep(0.01)


@example
def test_an_example_runs_and_its_routers_reach_its_mail(run: Run, tmp_path: Path, source: Path) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(source), source) as lab:
            assert lab.refused == []
            for router in lab.routers.values():
                terminal = Transcript(())
                session = router.router.open_session(terminal, privilege=15)
                for mail in lab.mail.values():
                    await session.execute(f"ping {mail.node.address}")
                    await session.execute(f"ping {mail.node.hostname}")
                    assert terminal.take().endswith("(5/5), round-trip min/avg/max = 1/2/4 ms\n")

    run(scenario())


@example
def test_a_fax_goes_up_and_a_mail_down(run: Run, tmp_path: Path, source: Path) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(source), source) as lab:
            assert await fax(lab, load_octets(b"hello\n", "note.txt"), "555-0199") == SendResult(1, "")
            assert len(lab.mail["testlab-smtp"].accounts.contents("tom")) == 1
            await mail_to(lab, f"FAX=9-555-8354@{off_ramp(lab)}")
            await until(lab.tray.jobs)
            await until(lambda: not lab.machine("555-8354").busy)

    run(scenario())


@example
def test_a_fax_by_name_needs_the_entry_of_the_name_service(run: Run, tmp_path: Path, source: Path) -> None:
    async def scenario() -> None:
        topology = msgspec.structs.replace(load(source), zone={})
        async with running_lab(tmp_path, topology, source) as lab:
            await mail_to(lab, f"FAX=9-555-8354@{off_ramp(lab)}")
            await until(lambda: lab.mail["testlab-smtp"].accounts.contents("tom"))
            assert lab.tray.jobs() == []

    run(scenario())
