"""The ladder of a call as text: what crossed its line and its mail dialogue, in one drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.fax.render import load_octets
from iosemu.lab.errors import LabError
from iosemu.lab.operations import operations
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab
from tests.lab.test_lab import SOURCE, mail, three_pages, until

Run = Callable[..., None]


def in_order(text: str, *parts: str) -> None:
    at = 0
    for part in parts:
        assert part in text[at:], f"{part!r} is missing, or out of order:\n{text}"
        at = text.index(part, at) + len(part)


def test_a_fax_up_and_a_mail_down_are_drawn_each_with_its_own_dialogue(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            assert (await fax(lab, load_octets(three_pages()[0], "a.tif"), "555-0199")).ok
            await mail(lab, "FAX=9-555-8354@15.80.7.107")
            await until(lab.tray.jobs)
            await until(lambda: not list(lab.routers["vdtl-5350-8a"].router.device.tcp))
            desk = operations(lab)
            names = [name for name, _ in await desk["call.list"]({}, lambda progress: None)]
            up = await desk["call.ladder"]({"call": "vdtl-5300-7a:1"}, lambda progress: None)
            down = await desk["call.ladder"]({"call": "VDTL-5350-8A:1"}, lambda progress: None)
            with pytest.raises(LabError, match="of several routers"):
                lab.ladders.find("1")
        assert names == ["vdtl-5300-7a:1", "vdtl-5350-8a:1"]
        assert up.startswith("vdtl-5300-7a:1  555-0100 to tom@testlab-t37.com\n")
        in_order(
            up, "dials: 555-0199", "SETUP -->", "<-- CONNECT", "<-- DIS", "DCS -->", "<-- CFR", "page 1 -->",
            "MPS -->", "<-- MCF", "EOP -->", "<-- 220 ", "<-- 250-SIZE ", "MAIL FROM:", "RCPT TO:", "DATA -->",
            "<-- 354 ", " octets -->", "mail for tom: ", "<-- 250 2.6.0", "<-- MCF", "DCN -->", "RELEASE_COMP -->",
            "sent 3 pages", "T.38 datagrams: ",
        )  # fmt: skip
        in_order(
            down, "220 ", "RCPT TO:<FAX=9-555-8354", "<-- message ", "<-- SETUP", "CONNECT -->", "DIS -->", "<-- DCS",
            "CFR -->", "<-- page 1", "<-- EOP", "MCF -->", "<-- DCN", "250 ",
        )  # fmt: skip

    run(scenario())
