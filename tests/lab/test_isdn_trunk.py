"""A line that speaks one switch's ISDN, and a router that speaks another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax.render import load_octets
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab
from tests.lab.test_examples import mail_to, until

Run = Callable[..., None]
SOURCE = packaged_lab()


@pytest.mark.parametrize(
    ("spoken", "cause"), [("primary-ni", ""), ("primary-5ess", "invalid information element contents")]
)
def test_calls_stand_only_where_both_speak_the_same(spoken: str, cause: str, tmp_path: Path, run: Run) -> None:
    topology = load(SOURCE)
    trunks = [msgspec.structs.replace(trunk, switch_type=spoken) for trunk in topology.trunk]

    async def scenario() -> None:
        async with running_lab(tmp_path, msgspec.structs.replace(topology, trunk=trunks), SOURCE) as lab:
            assert (await fax(lab, load_octets(b"hello\n", "note.txt"), "555-0199")).cause == cause
            await mail_to(lab, "FAX=9-555-8354@15.80.7.107")
            mailbox = lab.mail["testlab-smtp"].accounts
            if not cause:
                await until(lab.tray.jobs)
                return
            before = mailbox.count("tom")
            await until(lambda: mailbox.count("tom") >= before + 1)
            await asyncio.sleep(0.5)
            assert any(
                f"{cause} (100)" in mailbox.message("tom", each.number).decode() for each in mailbox.contents("tom")
            )
            assert lab.tray.jobs() == []
            # It is looked at anew for every call.
            lab.routers["vdtl-5300-7a"].router.load("interface Serial0:23\n isdn switch-type primary-5ess\n")
            assert (await fax(lab, load_octets(b"hello\n", "note.txt"), "555-0199")).cause == ""

    run(scenario())
