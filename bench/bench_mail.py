"""The mail parts by themselves: how many messages a second they take and send, and what a large one costs in memory.

The off-ramp's server by turns with bare aiosmtpd, the on-ramp's client into Postfix's smtp-sink, and the memory that a
message of 200 pages takes above an idle server, in a process of its own.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from PIL import Image, ImageDraw

from bench.figures import QUICK, cpu_s, tell, tell_rate
from iosemu.clock import ManualClock
from iosemu.fax.dmsp import DocToFax, TiffFile
from iosemu.fax.header_line import HeaderValues
from iosemu.mail.client import MtaClient
from iosemu.mail.envelope import Envelope, FaxMail, Recipient, Verdict
from iosemu.mail.server import MtaServer
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings
from tests.mail.loopback import Loopback

PAGES = 200
MESSAGES, ROUNDS = (40, 1) if QUICK else (300, 7)
AT_ONCE = 4
NOW = datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC)
SENT = Verdict(250, "2.6.0", "Message sent")
TEXT = b"Subject: x\r\nFrom: tom@example.com\r\n\r\n" + b"a line of a letter that is sent as a fax\r\n" * 50
SESSION = (b"HELO me", b"MAIL FROM:<a@b>", b"RCPT TO:<FAX=1@gw.example.com>", b"DATA", TEXT + b".", b"QUIT")
LIMIT_MB = 30.0
SHARE = 0.8


def off_ramp(deliver: Callable[[FaxMail], Any]) -> MtaServer:
    settings = ReceiveSettings(("gw.example.com",), 100)
    identity = Identity("gw", "example.com")
    return MtaServer(lambda: settings, lambda: identity, deliver, now=lambda: NOW, emit=lambda event: None)


class Sink:
    """A handler of bare aiosmtpd that takes everything."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 2.6.0 Message sent"


async def accepted_a_second(factory: Callable[[], Any]) -> float:
    """Messages that a server takes, each in a connection of its own, from a few clients at once."""

    async def client(port: int) -> None:
        for _ in range(MESSAGES // AT_ONCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.readline()
            for line in SESSION:
                writer.write(line + b"\r\n")
                assert (await reader.readline())[:1] in b"23"
            writer.close()

    listener = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    began = cpu_s()
    await asyncio.gather(*(client(listener.sockets[0].getsockname()[1]) for _ in range(AT_ONCE)))
    seconds = cpu_s() - began
    listener.close()
    return MESSAGES / seconds


def test_messages_taken_beside_bare_aiosmtpd(benchmark: Any) -> None:
    async def taken(mail: FaxMail) -> Verdict:
        return SENT

    ours: list[float] = []
    bare: list[float] = []

    async def turns() -> None:
        for _ in range(ROUNDS):
            ours.append(await accepted_a_second(off_ramp(taken).factory))
            bare.append(await accepted_a_second(lambda: SMTP(Sink(), hostname="gw", loop=asyncio.get_running_loop())))

    benchmark.pedantic(lambda: asyncio.run(turns()), rounds=1)
    what = "messages taken by the off-ramp, with their client"
    tell(benchmark, what, "messages/s", ours)
    tell(benchmark, what, "messages/s", bare, "aiosmtpd alone", times=SHARE)


def test_messages_sent_into_smtp_sink(benchmark: Any) -> None:
    sink = shutil.which("smtp-sink")
    if sink is None:
        pytest.skip("needs smtp-sink (Debian: postfix)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = [] if os.geteuid() else ["-u", "nobody"]
    process = subprocess.Popen([sink, *user, f"127.0.0.1:{port}", "50"])
    message = b"Subject: fax\r\n\r\n" + (b"A" * 76 + b"\r\n") * 500

    async def case() -> None:
        client = MtaClient(Loopback(port), ManualClock(), lambda event: None)
        envelope = Envelope("gw@example.com", (Recipient("tom@example.com"),))

        async def some() -> None:
            for _ in range(MESSAGES // AT_ONCE):
                outcome = await client.deliver(SendSettings(("10.0.0.9",)), envelope, message, source="", hello="gw")
                assert outcome.ok, outcome

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    try:
        time.sleep(0.5)
        benchmark.pedantic(lambda: asyncio.run(case()), rounds=ROUNDS, warmup_rounds=1)
    finally:
        process.terminate()
        process.wait()
    tell_rate(benchmark, f"messages of {len(message):,} octets from the on-ramp into smtp-sink", "messages/s", MESSAGES)


def letters(pages: int) -> bytes:
    """A mail with a TIFF of letter pages, MH, fine: 45 lines of 80 characters."""
    page = Image.new("1", (1728, 2200), 1)
    pen = ImageDraw.Draw(page)
    for row in range(45):
        pen.text(
            (150, 150 + row * 44),
            f"{row:02} The quick brown fox jumps over the lazy dog, and back again, for the dog".ljust(80),
            fill=0,
            font_size=24,
        )
    tiff = io.BytesIO()
    page.save(tiff, "TIFF", compression="group3", dpi=(204, 196), save_all=True, append_images=[page] * (pages - 1))
    mail = EmailMessage()
    mail["Subject"] = "letters"
    mail.add_attachment(tiff.getvalue(), maintype="image", subtype="tiff", filename="letters.tif")
    return mail.as_bytes(policy=WIRE)


def resident(field: str) -> float:
    """Of this process, MB: `VmRSS` now, `VmHWM` at most."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024


def forget_the_most() -> float:
    """Begin a new `VmHWM`; what is resident now, MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return resident("VmRSS")


async def serve_and_measure() -> None:
    """An off-ramp that makes the pages of each mail, as for a line; tells its port, then what each mail cost."""

    async def faxed(mail: FaxMail) -> Verdict:
        sheets = [TiffFile(part.data) for part in mail.content.parts]
        document = DocToFax(sheets, HeaderValues(sender="", destination="1", when=NOW)).document
        for index in range(len(document)):
            page_format = document.format(index)
            assert page_format is not None
            document.t4(index, page_format)
            await asyncio.sleep(0)
        return SENT

    listener = await asyncio.get_running_loop().create_server(off_ramp(faxed).factory, "127.0.0.1", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        idle = forget_the_most()
        print("idle", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(resident("VmHWM") - idle, flush=True)


def test_memory_of_a_long_message(benchmark: Any) -> None:
    above = benchmark.pedantic(above_idle_mb, rounds=1)
    tell(benchmark, f"memory of a mail of {PAGES} pages at most, above idle", "MB", [above], at_most=LIMIT_MB)


def above_idle_mb() -> float:
    """What a mail takes at most of a server in a process of its own, above what it has when it is idle."""
    mail = letters(PAGES)
    command = [sys.executable, "-m", "bench.bench_mail"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def ask() -> str:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write("\n")
            server.stdin.flush()
            return server.stdout.readline()

        port = int(server.stdout.readline())

        def send(message: bytes) -> None:
            with smtplib.SMTP("127.0.0.1", port, "me", timeout=600) as smtp:
                smtp.sendmail("tom@example.com", ["FAX=1@gw.example.com"], message)

        send(letters(1))  # so that what every mail needs is loaded
        ask()
        send(mail)
        above = float(ask())
        server.stdin.close()
    return above


if __name__ == "__main__":
    asyncio.run(serve_and_measure())
