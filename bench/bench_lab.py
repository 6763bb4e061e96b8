"""Whole faxes through the two-gateway lab at instant pace, in one process on one core, and where their time goes.

A one-page fax goes up the on-ramp (fax machine to mailbox) and down the off-ramp (SMTP client to paper tray);
`python -m bench.bench_lab` profiles both and prints the split by part.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from PIL import Image, ImageDraw

from bench.figures import QUICK, tell_rate
from iosemu.app.lab_file import packaged_lab
from iosemu.commands.debug.switches import SWITCHES
from iosemu.fax import render
from iosemu.fax.document import Document
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import load

PARTS = ("cli", "config", "commands", "voice", "fax", "mail", "lab", "management", "terminal")


FAXES_A_SECOND = 5

Journey = Callable[[], Awaitable[None]]


class LabUnderTest:
    """A running lab and one page in the two forms that it travels in."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.state = StateFolder(folder)
        self.page = folder / "page.tif"
        draw_page().save(self.page, compression="group3", dpi=(204, 196))
        self.document: Document = render.load_octets(self.page.read_bytes(), "page.tif")
        self.lab = self.loop.run_until_complete(self._start())

    async def _start(self) -> Lab:
        source = packaged_lab()
        lab = Lab(load(source), source, self.state, pace="instant")
        await lab.start()
        return lab

    def close(self) -> None:
        self.loop.run_until_complete(self.lab.stop())
        self.loop.close()
        self.state.release()

    async def fax(self) -> None:
        """A page from the branch office to tom's mailbox."""
        ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()
        self.lab.machine("555-0100").send(
            self.document, "5550199", lambda event: ended.set_result(event) if isinstance(event, SendResult) else None
        )
        result = await ended
        assert result.ok, result

    async def mail(self) -> None:
        """A page from a mail program to the front desk's paper tray."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "tom@testlab-t37.com", "front desk", "A page"
        message.add_attachment(self.page.read_bytes(), maintype="image", subtype="tiff", filename="page.tif")
        host, port = self.lab.routers["vdtl-5350-8a"].smtp
        await aiosmtplib.send(
            message,
            sender="tom@testlab-t37.com",
            recipients=["FAX=9-555-8354@15.80.7.107"],
            hostname=host,
            port=port,
            start_tls=False,
        )


def draw_page() -> Image.Image:
    """A full A4 page at fine resolution: a letter's worth of lines and a drawing."""
    page = Image.new("1", (1728, 2200), 1)
    pen = ImageDraw.Draw(page)
    for row in range(60):
        pen.text((150, 150 + row * 22), f"{row:02} " + "The quick brown fox jumps over the lazy dog. " * 4, fill=0)
    for x in range(0, 1400, 25):
        pen.line((150 + x, 1600, 1550 - x, 2100), fill=0)
    return page


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabUnderTest]:
    under_test = LabUnderTest(tmp_path_factory.mktemp("lab"))
    yield under_test
    under_test.close()


def faxes(benchmark: Any, lab: LabUnderTest, what: str, *journeys: Journey, **target: float) -> None:
    """Measure whole journeys of a page, one after the other."""

    async def all_of_them() -> None:
        for journey in journeys:
            await journey()

    rounds, warm = (3, 1) if QUICK else (30, 3)
    benchmark.pedantic(lambda: lab.loop.run_until_complete(all_of_them()), rounds=rounds, warmup_rounds=warm)
    tell_rate(benchmark, what, "faxes/s", len(journeys), **target)


def test_one_page_up_the_on_ramp(benchmark: Any, lab: LabUnderTest) -> None:
    faxes(benchmark, lab, "a page from a fax machine to a mailbox", lab.fax, at_least=FAXES_A_SECOND)


def test_one_page_up_the_on_ramp_with_every_debug_on(benchmark: Any, lab: LabUnderTest) -> None:
    device = lab.lab.routers["vdtl-5300-7a"].router.device
    device.debugs.update(SWITCHES)
    faxes(benchmark, lab, "the same with every debug on", lab.fax)
    device.debugs.clear()


def test_one_page_down_the_off_ramp(benchmark: Any, lab: LabUnderTest) -> None:
    faxes(benchmark, lab, "a page from a mail program to a fax machine", lab.mail, at_least=FAXES_A_SECOND)


def test_one_page_through_both(benchmark: Any, lab: LabUnderTest) -> None:
    faxes(benchmark, lab, "both, one after the other", lab.fax, lab.mail, at_least=FAXES_A_SECOND)


def part_of(file: str) -> str:
    """The part of the program that a profiled function belongs to."""
    parts = Path(file).parts
    if "iosemu" in parts and "site-packages" not in parts:
        below = parts[len(parts) - parts[::-1].index("iosemu")]
        return f"iosemu.{below}" if below in PARTS else "iosemu (base)"
    for library in ("PIL", "aiosmtplib", "aiosmtpd", "asyncio", "email"):
        if library in parts:
            return library
    return "built-in and other"


def split(under_test: LabUnderTest, faxes: int) -> None:
    """Profile `faxes` faxes each way and print the share of each part."""
    for name, journey in (("on-ramp", under_test.fax), ("off-ramp", under_test.mail)):

        async def journeys(one: object = journey) -> None:
            for _ in range(faxes):
                await one()  # type: ignore[operator]

        under_test.loop.run_until_complete(journeys())
        profile = cProfile.Profile()
        profile.enable()
        under_test.loop.run_until_complete(journeys())
        profile.disable()
        shares: Counter[str] = Counter()
        for (file, _, _), (_, _, own_s, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
            shares[part_of(file)] += own_s
        total = sum(shares.values())
        print(f"\n{name}: {total / faxes * 1000:.0f} ms a page under the profiler")
        for part, seconds in shares.most_common(10):
            print(f"  {seconds / total:6.1%}  {part}")
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(12)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        measured = LabUnderTest(Path(scratch))
        try:
            split(measured, 20)
        finally:
            measured.close()
