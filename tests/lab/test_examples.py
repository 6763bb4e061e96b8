"""Every example runs as it stands: configurations taken whole, the mail server reached, a fax up and a fax down."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import msgspec
import pytest

from iosemu.cli.terminal import Transcript
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.render import load_octets
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from iosemu.voice.legs import Voip
from tests.fax_documents.samples import page as bitmap
from tests.lab.labs import fax, running_lab
from tests.waiting import until

FORMAT = PageFormat(coding=Coding.MH)
PAGE = bitmap(20)
DOCUMENT = PagedDocument([StoredPage(t4.encode(PAGE, FORMAT))])
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


def test_the_three_ways_to_fax_compare(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        source = EXAMPLES / "three-ways" / "lab.toml"
        async with running_lab(tmp_path, load(source), source) as lab:
            desk = lab.machine("555-8354")
            for number, whole in (("555-8101", True), ("555-8102", True), ("555-8103", False), ("555-8104", True)):
                before = len(lab.tray.jobs())
                result = await fax(lab, DOCUMENT, number)
                assert result == (SendResult(1, "") if whole else SendResult(0, "T30 training failed"))
                await until(lambda: not desk.busy)
                if whole:  # what is forwarded comes when the sender has long hung up
                    await until(lambda before=before: len(lab.tray.jobs()) > before)
                assert len(lab.tray.jobs()) == before + whole
            *live, forwarded = lab.tray.jobs()
            for job in live:
                assert (job.calling, job.remote_id) == ("5550100", "+1 555 0100")
                (page,) = read_tiff(lab.tray.document(job.job).read_bytes())
                assert page.coded(FORMAT).bitmap() == PAGE
            assert forwarded.remote_id == "+1 408 555 0107"  # the gateway sends it
            codecs = [
                (leg.detail.codec, leg.detail.speech)
                for entry in lab.routers["branch"].router.voice.control.history.entries(0.0)
                if isinstance((leg := entry.leg).detail, Voip)
            ]
            assert codecs == [("t38", False), ("g711ulaw", True), ("g729r8", True)]

    run(scenario())
