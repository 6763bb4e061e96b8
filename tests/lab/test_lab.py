"""The two-gateway lab as a whole: a fax becomes mail, mail becomes a fax, and what fails is told."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import aiosmtplib
import msgspec
import pytest
from PIL import Image

from iosemu.app.lab_file import packaged_lab
from iosemu.fax.render import load_octets
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.errors import LabError, NotRunning
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.letter import compose
from iosemu.lab.run import Lab
from iosemu.lab.state import find
from iosemu.lab.topology import Topology, load
from tests.lab.labs import fax, running_lab
from tests.waiting import until

Run = Callable[..., None]
SOURCE = packaged_lab()
TEXT = "A line of text.\n" * 5


def running(folder: Path, topology: Topology | None = None, **settings: Any) -> AbstractAsyncContextManager[Lab]:
    return running_lab(folder, topology or load(SOURCE), SOURCE, **settings)


def three_pages() -> tuple[bytes, list[Image.Image]]:
    """A TIFF-F file of three pages, and its pictures."""
    pictures = []
    for number in range(3):
        octets = bytes((column * (row + number + 1)) % 256 for row in range(60) for column in range(216))
        pictures.append(Image.frombytes("1", (1728, 60), octets))
    file = io.BytesIO()
    first, *rest = pictures
    first.save(file, "TIFF", compression="group3", dpi=(204, 196), save_all=True, append_images=rest)
    return file.getvalue(), pictures


async def mail(lab: Lab, to: str, text: str | None = TEXT, *files: tuple[str, bytes]) -> None:
    message = compose("tom@testlab-t37.com", [to], "Fax", text, [(Path(name), octets) for name, octets in files])
    host, port = lab.mail["testlab-smtp"].endpoint
    async with aiosmtplib.SMTP(hostname=host, port=port, start_tls=False) as client:
        await client.sendmail("tom@testlab-t37.com", [to], message.as_bytes(policy=policy.SMTP))


def box(lab: Lab) -> list[Any]:
    accounts = lab.mail["testlab-smtp"].accounts
    contents = accounts.contents("tom")
    return [message_from_bytes(accounts.message("tom", each.number), policy=policy.default) for each in contents]


def test_a_fax_of_three_pages_becomes_mail_bit_for_bit(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            tiff, pictures = three_pages()
            assert await fax(lab, load_octets(tiff, "a.tif"), "555-0199") == SendResult(3, "")
            (message,) = box(lab)
            (attachment,) = [part for part in message.walk() if part.get_content_type() == "image/tiff"]
            received = Image.open(io.BytesIO(attachment.get_payload(decode=True)))
            for number, picture in enumerate(pictures):
                received.seek(number)
                assert received.convert("1").tobytes() == picture.tobytes()
            assert received.n_frames == 3  # type: ignore[attr-defined]

    run(scenario())


@pytest.mark.parametrize("host", ["15.80.7.107", "vdtl-5350-8a.testlab-t37.com"])
def test_mail_becomes_a_fax(host: str, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await mail(lab, f"FAX=9-555-8354@{host}")
            await until(lab.tray.jobs)
            await until(lambda: not lab.machine("555-8354").busy)
            (job,) = lab.tray.jobs()
            assert (job.machine, job.pages, job.cause) == ("5558354", 1, "")

    run(scenario())


def test_a_tiff_goes_out_untouched(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            tiff, pictures = three_pages()
            await mail(lab, "FAX=9-555-8354@15.80.7.107", None, ("a.tif", tiff))
            await until(lab.tray.jobs)
            pages = read_tiff(lab.tray.document(1).read_bytes())
            bitmaps = [page.coded(page.page_format).bitmap().image() for page in pages]
            assert [bitmap.tobytes() for bitmap in bitmaps] == [picture.tobytes() for picture in pictures]

    run(scenario())


def test_a_number_that_does_not_exist_comes_back_as_a_report(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await mail(lab, "FAX=9-555-0000@15.80.7.107")
            await until(lambda: box(lab))
            assert box(lab)[0].get_content_type() == "multipart/report"
            assert not lab.tray.jobs()

    run(scenario())


def test_the_sender_is_told_when_the_mail_server_is_down(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await lab.mail["testlab-smtp"].stop()
            result = await fax(lab, load_octets(TEXT.encode(), "a.txt"), "555-0199")
            assert result.cause
            assert result.pages == 0

    run(scenario())


def test_a_capture_holds_the_datagrams_of_a_call(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path, capture=tmp_path / "t38.pcapng") as lab:
            await fax(lab, load_octets(TEXT.encode(), "a.txt"), "555-0199")

    run(scenario())
    assert (tmp_path / "t38.pcapng").read_bytes().count(bytes([15, 80, 7, 11] * 2)) > 50


def test_a_trunk_to_a_controller_that_is_not_there_is_told(tmp_path: Path, run: Run) -> None:
    topology = load(SOURCE)
    wrong = msgspec.structs.replace(topology.trunk[0], controller="T1 9")
    broken = msgspec.structs.replace(topology, trunk=[wrong])

    async def scenario() -> None:
        with pytest.raises(LabError, match="router vdtl-5300-7a: the as5300 has no controller or voice port T1 9"):
            async with running(tmp_path, broken):
                pass

    run(scenario())


def test_a_port_in_use_leaves_nothing_running(tmp_path: Path, run: Run) -> None:
    topology = load(SOURCE)

    async def scenario() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            second = msgspec.structs.replace(topology.router[1], telnet=f"127.0.0.1:{taken.getsockname()[1]}")
            clash = msgspec.structs.replace(topology, router=[topology.router[0], second])
            with pytest.raises(LabError, match="router vdtl-5350-8a: cannot listen: address already in use"):
                async with running(tmp_path, clash, capture=tmp_path / "t38.pcapng"):
                    pass
        assert not (tmp_path / "t38.pcapng").exists()
        with pytest.raises(NotRunning):
            find(None)

    run(scenario())


def test_the_command_starts_serves_and_stops(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    iosemu = [sys.executable, "-m", "iosemu"]
    starting = [*iosemu, "lab", "--json", "--pace", "instant", "--dir", str(tmp_path / "lab")]
    with subprocess.Popen(starting, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as lab:
        assert lab.stdout is not None
        endpoints = json.loads(lab.stdout.readline())
        assert set(endpoints["routers"]["vdtl-5300-7a"]) >= {"console", "telnet", "smtp"}
        host, _, port = endpoints["mail"]["testlab-smtp"]["smtp"].rpartition(":")
        with socket.create_connection((host, int(port)), 5) as wire:
            assert wire.recv(100).startswith(b"220 testlab-smtp.testlab-t37.com Microsoft ESMTP MAIL Service")
        (tmp_path / "a.txt").write_text(TEXT)
        sending = [*iosemu, "fax", "send", "--from", "5550100", "--to", "5558354", str(tmp_path / "a.txt")]
        sent = subprocess.run(sending, capture_output=True, text=True, env=environment, timeout=20, check=False)
        assert (sent.returncode, sent.stdout, sent.stderr) == (0, "1 page sent to 5558354\n", "")
        lab.send_signal(signal.SIGTERM)
        out, err = lab.communicate(timeout=10)
        assert (lab.returncode, out, err) == (0, "", "")
