"""Two labs joined by a SIP trunk: a fax each way, page equal; and calls that find nobody, or no fax."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.errors import LabError, TopologyError
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import Topology, load, parse
from iosemu.lab.tray import FaxJob
from iosemu.lab.trunk_nodes import SipAddress, TrunkNode
from tests.fax_documents.samples import page
from tests.lab.fast_loop import run_fast
from tests.lab.labs import fax, running_lab
from tests.lab.test_examples import mail_to
from tests.lab.test_t38_line import waited
from tests.ports import free_port

FORMAT = PageFormat(coding=Coding.MH)
PAGE = page(20)
DOCUMENT = PagedDocument([StoredPage(t4.encode(PAGE, FORMAT))])


def topology(folder: Path, listen: int, peer: int, *, exchange: str, trunk: str = "", more: str = "") -> Topology:
    """A lab whose fax machine has the exchange's digits and 0100; all other numbers are behind the trunk."""
    text = f"""
name = "lab{exchange}"
[[router]]
name = "r1"
platform = "as5300"
address = "15.80.7.11"
[[fax]]
number = "{exchange}-0100"
[[fax]]
number = "{exchange}-0101"
busy = true
[[pstn.trunk]]
name = "other"
sip = {{ listen = "127.0.0.1:{listen}", peer = "127.0.0.1:{peer}" }}
prefixes = ["4", "5", "6"]
{trunk}
{more}
"""
    return parse(text.encode(), folder / "lab.toml")


async def two_labs(stack: AsyncExitStack, folder: Path, near_trunk: str = "", far_trunk: str = "") -> tuple[Lab, Lab]:
    ports = free_port(), free_port()
    labs = []
    for exchange, trunk, (listen, peer) in (("555", near_trunk, ports), ("444", far_trunk, ports[::-1])):
        own = folder / exchange
        own.mkdir()
        lab = topology(own, listen, peer, exchange=exchange, trunk=trunk)
        labs.append(await stack.enter_async_context(running_lab(own, lab, own / "lab.toml")))
    return labs[0], labs[1]


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("", ""),
        ("t38_version = 3", "t38_version = 3\nfec = true"),
        ("t38_version = 2\nfec = true", 'codecs = ["g711alaw"]'),
    ],
)
def test_a_fax_between_two_labs(tmp_path: Path, near: str, far: str) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            here, there = await two_labs(stack, tmp_path, near, far)
            assert await asyncio.wait_for(fax(here, DOCUMENT, "444-0100"), 120) == SendResult(1, "")
            (job,) = there.tray.jobs()
            assert (job.machine, job.calling, job.remote_id, job.cause) == ("4440100", "5550100", "5550100", "")
            (got,) = read_tiff(there.tray.document(job.job).read_bytes())
            assert got.coded(FORMAT).bitmap() == PAGE
            await asyncio.sleep(1.0)
            assert (here.exchange.calls, there.exchange.calls) == (0, 0)

    run_fast(work())


def test_a_ramp_behind_a_trunk(tmp_path: Path) -> None:
    """What is faxed over the trunk becomes mail at the other lab's on-ramp, and mail to its off-ramp comes back so."""

    async def work() -> None:
        ports = free_port(), free_port()
        for name in ("ramps", "machine"):
            (tmp_path / name).mkdir()
        sip = SipAddress(listen=f"127.0.0.1:{ports[0]}", peer=f"127.0.0.1:{ports[1]}")
        ramps = load(packaged_lab())
        trunk = TrunkNode(name="other", sip=sip, prefixes=["444"])
        ramps = msgspec.structs.replace(ramps, pstn=msgspec.structs.replace(ramps.pstn, trunk=[trunk]))
        machine = topology(tmp_path / "machine", ports[1], ports[0], exchange="444")
        async with AsyncExitStack() as stack:
            here = await stack.enter_async_context(running_lab(tmp_path / "ramps", ramps, packaged_lab()))
            there = await stack.enter_async_context(
                running_lab(tmp_path / "machine", machine, tmp_path / "machine" / "lab.toml")
            )
            assert await asyncio.wait_for(fax(there, DOCUMENT, "555-0199", "444-0100"), 120) == SendResult(1, "")
            mailbox = here.mail["testlab-smtp"].accounts
            await waited(lambda: mailbox.contents("tom"))
            await asyncio.sleep(2.0)
            await mail_to(here, "FAX=9-444-0100@15.80.7.107")
            (job,) = await asyncio.wait_for(arrived(there), 240)
            assert (job.machine, job.pages, job.cause, job.remote_id) == ("4440100", 1, "", "+1 408 555 0107")

    run_fast(work())


async def arrived(lab: Lab) -> list[FaxJob]:
    while not lab.tray.jobs():  # noqa: ASYNC110  nobody tells this test
        await asyncio.sleep(0.5)
    return lab.tray.jobs()


@pytest.mark.parametrize(
    ("number", "cause"),
    [("444-0101", "user busy"), ("666-0100", "unassigned number"), ("777-0100", "unassigned number")],
)
def test_a_call_that_finds_nobody(tmp_path: Path, number: str, cause: str) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            here, _ = await two_labs(stack, tmp_path)
            assert await asyncio.wait_for(fax(here, DOCUMENT, number), 60) == SendResult(0, cause)

    run_fast(work())


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ('fax = "sound"', 'fax = "sound"\ncodecs = ["g711alaw"]'),
        ('fax = "either"', 'fax = "sound"'),
        ('fax = "sound"', 'fax = "either"'),
        ('fax = "either"', 'fax = "either"'),
    ],
)
def test_a_fax_as_sound(tmp_path: Path, need_library: Callable[[str], object], near: str, far: str) -> None:
    """Where both have T.38, it is T.38; else modems sound over G.711."""
    need_library("libspandsp.so.2")

    async def work() -> None:
        async with AsyncExitStack() as stack:
            here, there = await two_labs(stack, tmp_path, near, far)
            assert await asyncio.wait_for(fax(here, DOCUMENT, "444-0100"), 300) == SendResult(1, "")
            (job,) = there.tray.jobs()
            (got,) = read_tiff(there.tray.document(job.job).read_bytes())
            assert got.coded(FORMAT).bitmap() == PAGE

    run_fast(work())


def test_a_peer_that_has_no_t38_gets_no_fax(tmp_path: Path, need_library: Callable[[str], object]) -> None:
    need_library("libspandsp.so.2")

    async def work() -> None:
        async with AsyncExitStack() as stack:
            here, there = await two_labs(stack, tmp_path, "", 'fax = "sound"')
            result = await asyncio.wait_for(fax(here, DOCUMENT, "444-0100"), 300)
            assert not result.ok
            assert there.tray.jobs() == []

    run_fast(work())


def test_labs_without_a_common_codec(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            trunks = 'codecs = ["g711ulaw"]', 'codecs = ["g711alaw"]'
            here, _ = await two_labs(stack, tmp_path, *trunks)
            result = await asyncio.wait_for(fax(here, DOCUMENT, "444-0100"), 60)
            assert result == SendResult(0, "interworking, unspecified")

    run_fast(work())


def test_a_peer_that_is_not_there(tmp_path: Path) -> None:
    async def work() -> None:
        lab = topology(tmp_path, free_port(), free_port(), exchange="555")
        async with running_lab(tmp_path, lab, tmp_path / "lab.toml") as here:
            result = await asyncio.wait_for(fax(here, DOCUMENT, "444-0100"), 60)
            assert result == SendResult(0, "recovery on timer expiry")

    run_fast(work())


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async def start() -> None:
        async with AsyncExitStack() as stack:
            here, _ = await two_labs(stack, tmp_path)
            listen = here.topology.pstn.trunk[0].sip.listen.rpartition(":")[2]
            lab = topology(tmp_path, int(listen), 9, exchange="333")
            with pytest.raises(
                LabError, match=r"the trunk other cannot listen on 127\.0\.0\.1:\d+: address already in use"
            ):
                await stack.enter_async_context(running_lab(tmp_path, lab, tmp_path / "lab.toml"))

    asyncio.run(start())


def test_a_lab_tells_where_its_trunks_are(tmp_path: Path) -> None:
    async def work() -> None:
        lab_file = topology(tmp_path, 0, 9, exchange="555")
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            told = lab.endpoints()["trunks"]
            assert isinstance(told, dict)
            host, _, port = told["other"].rpartition(":")
            assert (host, int(port) > 1023) == ("127.0.0.1", True)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("trunk", "problem"),
    [
        ("t38_version = 4", "t38_version"),
        ("codecs = []", "codecs"),
        ('[[pstn.trunk]]\nname = "other"\nsip = { listen = "1", peer = "2" }', "trunk 'other' is used twice"),
        (
            '[[pstn.trunk]]\nname = "more"\nsip = { listen = "1", peer = "here" }',
            r"trunk more: 'here' is not \[HOST:\]PORT",
        ),
    ],
)
def test_a_lab_file_is_checked(tmp_path: Path, trunk: str, problem: str) -> None:
    with pytest.raises(TopologyError, match=problem):
        topology(tmp_path, 1, 2, exchange="555", trunk=trunk)
