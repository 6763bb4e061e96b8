"""A SIP trunk with sipp at its other end, and libspandsp as the fax machine behind that: pages bit for bit."""

from __future__ import annotations

import asyncio
import ctypes
from array import array
from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path
from typing import Any

import pytest

from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.voice import rtp
from iosemu.voice.g711 import Law
from tests.fax_documents.samples import page
from tests.lab.fast_loop import run_fast
from tests.lab.labs import fax, running_lab
from tests.lab.test_sip_trunk import topology
from tests.lab.test_t38_line import waited
from tests.ports import free_port

from .sipp_run import Sipp
from .spandsp import COMPLETED, SONAME, Compressions, Settings
from .spandsp_call import read, tiff
from .spandsp_fax import SpandspFax
from .test_spandsp_line import Machine

pytestmark = pytest.mark.peer

FORMAT = PageFormat(coding=Coding.MH)
PAGES = (page(60, seed=1), page(45, seed=2))
CODED = [t4.encode(bitmap, FORMAT) for bitmap in PAGES]
DOCUMENT = PagedDocument([StoredPage(coded) for coded in CODED])
Scenario = Callable[[Lab, Sipp, int], Any]


class FaxBehindSipp(Machine):
    """The library's terminal, which learns where the lab's T.38 is from what it hears."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._lab = addr
        super().datagram_received(data, addr)

    def _send(self, datagram: bytes) -> None:
        if self._lab[1]:
            super()._send(datagram)


@pytest.fixture
def library(need_library: Callable[[str], CDLL]) -> CDLL:
    return need_library(SONAME)


@pytest.fixture
def play(need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    program = need("sipp")

    def run(scenario: Scenario, version: int = 0, trunk: str = "") -> None:
        async def work() -> None:
            listen, own = free_port(), free_port()
            lab_file = topology(tmp_path, listen, own, exchange="555", trunk=f"t38_version = {version}\n{trunk}")
            sipp = Sipp(program, tmp_path, own, free_port(), free_port(), version)
            async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
                async with asyncio.timeout(400):
                    await scenario(lab, sipp, listen)
                await waited(lambda: not lab.exchange.calls)

        run_fast(work())

    return run


async def terminal(library: CDLL, sipp: Sipp, settings: Settings) -> asyncio.Task[int]:
    """The fax machine at sipp's image port, until its call is over."""
    loop = asyncio.get_running_loop()
    at = "127.0.0.1", sipp.image_port
    _, machine = await loop.create_datagram_endpoint(lambda: FaxBehindSipp(library, settings, 0), local_addr=at)
    return asyncio.ensure_future(machine.run())


@pytest.mark.parametrize(
    ("scenario", "version"),
    [("calls", 0), ("calls", 3), ("calls_and_asks", 0), ("calls_and_asks_later", 0), ("calls_with_t38", 0)],
)
def test_a_fax_comes_in(library: CDLL, tmp_path: Path, play: Any, scenario: str, version: int) -> None:
    sent = tmp_path / "sent.tif"
    sent.write_bytes(tiff(CODED))

    async def call(lab: Lab, sipp: Sipp, lab_port: int) -> None:
        settings = Settings(sent, calling=True, sends=True, version=version, compressions=Compressions.MH)
        machine = await terminal(library, sipp, settings)
        await sipp.run(scenario, "5550100", lab_port)
        assert await machine == COMPLETED
        (job,) = await waited(lab.tray.jobs)
        assert (job.calling, job.pages, job.cause) == ("4445566", 2, "")
        got = read_tiff(lab.tray.document(job.job).read_bytes())
        assert [image.coded(FORMAT).bitmap() for image in got] == list(PAGES)

    play(call, version, "asks = false" if scenario == "calls_and_asks_later" else "")


class SoundBehindSipp(asyncio.DatagramProtocol):
    """The library's fax machine with its own modems, in RTP of mu-law, in the loop's time."""

    def __init__(self, library: CDLL, settings: Settings) -> None:
        self._fax = SpandspFax(library, settings)
        self._heard: list[array[int]] = []
        self._lab: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        packet = rtp.decode(data)
        assert packet is not None
        self._lab = addr
        self._heard.append(Law.MU.decode(packet.payload))

    async def run(self) -> None:
        """Speak and listen until cancelled."""
        number = 0
        while True:
            await asyncio.sleep(0.005)
            while self._heard:  # as much as comes is said: the lab's clock is the call's
                samples = self._heard.pop(0)
                said = self._fax.exchange((ctypes.c_int16 * len(samples)).from_buffer(samples))
                packet = rtp.Packet(0, number, number * len(samples), 1, Law.MU.encode(said))
                self._transport.sendto(packet.encode(), self._lab)
                number += 1


def test_a_fax_comes_in_as_sound(library: CDLL, tmp_path: Path, play: Any) -> None:
    """The peer refuses T.38."""
    sent = tmp_path / "sent.tif"
    sent.write_bytes(tiff(CODED))

    async def call(lab: Lab, sipp: Sipp, lab_port: int) -> None:
        settings = Settings(sent, calling=True, sends=True, compressions=Compressions.MH)
        loop = asyncio.get_running_loop()
        at = "127.0.0.1", sipp.image_port  # sipp itself sits at the media port
        _, machine = await loop.create_datagram_endpoint(lambda: SoundBehindSipp(library, settings), local_addr=at)
        running = asyncio.ensure_future(machine.run())
        await sipp.run("calls_without_t38", "5550100", lab_port)
        running.cancel()  # it hears nothing any more, not even its own end
        (job,) = await waited(lab.tray.jobs)
        assert (job.pages, job.cause) == (2, "")
        got = read_tiff(lab.tray.document(job.job).read_bytes())
        assert [image.coded(FORMAT).bitmap() for image in got] == list(PAGES)

    play(call, trunk='fax = "either"')


@pytest.mark.parametrize("version", [0, 2])
def test_a_fax_goes_out(library: CDLL, tmp_path: Path, play: Any, version: int) -> None:
    got = tmp_path / "got.tif"

    async def call(lab: Lab, sipp: Sipp, lab_port: int) -> None:
        settings = Settings(got, calling=False, sends=False, version=version, compressions=Compressions.MH)
        machine = await terminal(library, sipp, settings)
        signalling = asyncio.ensure_future(sipp.run("is_called", "-", lab_port))
        await asyncio.sleep(4.0)  # until sipp listens
        assert await fax(lab, DOCUMENT, "666-1234") == SendResult(2, "")
        await signalling
        assert await machine == COMPLETED
        assert read(got) == list(PAGES)

    play(call, version)


@pytest.mark.parametrize(("scenario", "result"), [("is_busy", "user busy"), ("hangs_up", "T30 remote hang-up")])
def test_a_call_that_comes_to_nothing(play: Any, scenario: str, result: str) -> None:
    async def call(lab: Lab, sipp: Sipp, lab_port: int) -> None:
        signalling = asyncio.ensure_future(sipp.run(scenario, "-", lab_port))
        await asyncio.sleep(4.0)
        assert await fax(lab, DOCUMENT, "666-1234") == SendResult(0, result)
        await signalling

    play(call)


@pytest.mark.parametrize("scenario", ["calls_without_t38", "gives_up", "asks_who_is_there", "uac"])
def test_signalling_alone(play: Any, scenario: str) -> None:
    async def call(lab: Lab, sipp: Sipp, lab_port: int) -> None:
        await sipp.run(scenario, "5550100", lab_port)
        assert lab.tray.jobs() == []

    play(call)
