"""libspandsp as a fax machine of a lab, on a T.38 line over UDP: faxes become mail, mail becomes faxes, bit for bit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ctypes import CDLL
from pathlib import Path
from typing import Any

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.lab.topology import PstnLine, T38Address, Topology, load
from tests.fax_documents.samples import page
from tests.lab.fast_loop import run_fast
from tests.lab.labs import running_lab
from tests.lab.test_lab import box, mail
from tests.lab.test_t38_line import waited
from tests.ports import free_port

from .spandsp import COMPLETED, SAMPLES_PER_S, SONAME, Compressions, Settings, SpandspTerminal
from .spandsp_call import read, tiff

pytestmark = pytest.mark.peer

# What `fax send` and a mail carry untouched: MH at fine density.
FORMAT = PageFormat(coding=Coding.MH)
PAGES = (page(60, seed=1), page(45, seed=2))
TIFF = tiff([t4.encode(bitmap, FORMAT) for bitmap in PAGES])
STEP_S = 0.02


@pytest.fixture
def library(need_library: Callable[[str], CDLL]) -> CDLL:
    return need_library(SONAME)


def with_line(listen: int, peer: int, version: int) -> Topology:
    """The two-gateway lab, with one fax machine more, whose line ends in T.38."""
    topology = load(packaged_lab())
    address = T38Address(listen=f"127.0.0.1:{listen}", peer=f"127.0.0.1:{peer}", version=version)
    line = PstnLine(number="555-0777", calls="555-0199", t38=address)
    return msgspec.structs.replace(topology, pstn=msgspec.structs.replace(topology.pstn, line=[line]))


class Machine(asyncio.DatagramProtocol):
    """The library's terminal on a socket, in the loop's time, from the first datagram that it hears if it is called."""

    def __init__(self, library: CDLL, settings: Settings, lab_port: int) -> None:
        self._lab = ("127.0.0.1", lab_port)
        self._terminal = SpandspTerminal(library, settings, self._send)
        self._called = asyncio.Event()
        if settings.calling:
            self._called.set()

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.DatagramTransport = transport

    def _send(self, datagram: bytes) -> None:
        self._transport.sendto(datagram, self._lab)

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._called.set()
        self._terminal.datagram(data)

    async def run(self) -> int:
        """One call; how the library says that it ended."""
        await self._called.wait()
        loop = asyncio.get_running_loop()
        begun, steps = loop.time(), 0
        while self._terminal.completion is None:
            await asyncio.sleep(STEP_S)
            while begun + steps * STEP_S < loop.time():
                self._terminal.step(round(STEP_S * SAMPLES_PER_S))
                steps += 1
        self._transport.close()
        return self._terminal.completion


async def call(library: CDLL, settings: Settings, own: int, lab_port: int, also: Callable[[], Any]) -> int:
    loop = asyncio.get_running_loop()
    _, machine = await loop.create_datagram_endpoint(
        lambda: Machine(library, settings, lab_port), local_addr=("127.0.0.1", own)
    )
    running = asyncio.ensure_future(asyncio.wait_for(machine.run(), 120))
    await also()
    return await running


@pytest.mark.parametrize("version", [0, 3])
def test_faxes_become_mail_and_mail_becomes_faxes(
    library: CDLL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    sent, got = tmp_path / "sent.tif", tmp_path / "got.tif"
    sent.write_bytes(TIFF)
    compressions = Compressions.MH

    async def scenario() -> None:
        listen, own = free_port(), free_port()
        async with running_lab(tmp_path, with_line(listen, own, version), packaged_lab()) as lab:
            settings = Settings(sent, calling=True, sends=True, version=version, compressions=compressions)
            assert await call(library, settings, own, listen, nothing) == COMPLETED
            (message,) = await waited(lambda: box(lab))
            attachment = next(part for part in message.walk() if part.get_content_type() == "image/tiff")
            (tmp_path / "mail.tif").write_bytes(attachment.get_payload(decode=True))
            assert read(tmp_path / "mail.tif") == list(PAGES)

            await asyncio.sleep(8.0)  # the line rests
            settings = Settings(got, calling=False, sends=False, version=version, compressions=compressions)
            send = lambda: mail(lab, "FAX=9-555-0777@15.80.7.107", None, ("a.tif", TIFF))  # noqa: E731
            assert await call(library, settings, own, listen, send) == COMPLETED
            assert read(got) == list(PAGES)

    run_fast(scenario())


async def nothing() -> None:
    pass
