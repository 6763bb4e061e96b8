"""An AS5850 at its documented limit (Cisco document 47421), at line pace on one core: 192 faxes by mail and 558 calls.

With them, in the same process, are the exchange, the fax machines and the mail server. It runs until every fax has
ended, and tells the share of the core that all of it took while every session was up, and how long the process worked
at most without a pause: a timer is late by that, and by what others on the machine take.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
from PIL import Image

from bench.bench_lab import draw_page
from bench.figures import QUICK, tell
from iosemu.chassis.dsp import Use
from iosemu.fax import render
from iosemu.fax.document import Document
from iosemu.garbage import keep_all
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import parse
from iosemu.voice.circuit import CallSetup, End

FAXES, VOICE = (8, 20) if QUICK else (192, 558)
TRUNKS = 40  # T1s with 23 B channels each
START_S = 2.0 if QUICK else 20.0  # the calls come in within this time
PROBE_S = 0.01
LINES_OF_TEXT = 5 if QUICK else 54 * 4  # of four pages: a fax lasts as long as it takes for all to be up together
SHARE, PAUSE_MS = 100, 1000  # of a core, %; T.30's shortest time-out is 3 s
ON_RAMP, OFF_RAMP, TALK = "555", "666", "777"


class Talker:
    """A telephone that answers each call and talks until it is over."""

    def ring(self, end: End) -> None:
        end.alert()
        end.answer()


def lab_text(faxes: int) -> str:
    """A lab with one AS5850, a fax machine for each fax, and a mail server."""
    lines = [
        'name = "limit"',
        '[[router]]\nname = "gate"\nplatform = "as5850"\naddress = "10.0.0.1"\nconfig = "gate.cfg"',
        '[[mail]]\nname = "mail"\naddress = "10.0.0.2"\ndomain = "example.com"\nusers = { tom = "tom" }',
        '[zone]\n"gate.example.com" = "10.0.0.1"',
    ]
    for at in range(TRUNKS):
        numbers = f'\nnumbers = ["{ON_RAMP}....", "888...."]' if not at else ""
        lines.append(f'[[trunk]]\nrouter = "gate"\ncontroller = "{controller(at)}"{numbers}')
    lines += [f'[[fax]]\nnumber = "{OFF_RAMP}{at:04}"' for at in range(faxes)]
    return "\n".join(lines)


def controller(at: int) -> str:
    return f"T1 {at // 24}/{at % 24}"


def configuration() -> str:
    """On-ramp, off-ramp, and voice from one trunk to another."""
    lines = ["hostname gate", "ip domain name example.com", "isdn switch-type primary-ni", "trunk group 1"]
    for at in range(TRUNKS):
        lines += [f"controller {controller(at)}", " pri-group timeslots 1-24"]
        lines += [f"interface Serial{at // 24}/{at % 24}:23", " trunk-group 1"]
    return "\n".join(lines) + (
        "\nmta send server 10.0.0.2\nmta send mail-from hostname gate.example.com\nmta send mail-from username fax\n"
        "mta receive aliases [10.0.0.1]\nmta receive maximum-recipients 200\n"
        "call application voice onramp flash:onramp.tcl\ncall application voice offramp flash:offramp.tcl\n"
        f"dial-peer voice 1 pots\n application onramp\n incoming called-number {ON_RAMP}....\n direct-inward-dial\n"
        "dial-peer voice 2 mmoip\n application fax_on_vfc_onramp_app out-bound\n"
        f" destination-pattern {ON_RAMP}....\n session target mailto:tom@example.com\n"
        f"dial-peer voice 3 mmoip\n application offramp\n incoming called-number {OFF_RAMP}....\n"
        f"dial-peer voice 4 pots\n trunkgroup 1\n destination-pattern {OFF_RAMP}....\n no digit-strip\n"
        "dial-peer voice 5 pots\n incoming called-number 888....\n direct-inward-dial\n"
        f"dial-peer voice 6 pots\n trunkgroup 1\n destination-pattern 888....\n prefix {TALK}\n"
    )


class Lag:
    """How late a timer of the lab's clock was at most, and the longest that this process worked without a pause: the
    rest of the lag is what others on the machine took."""

    def __init__(self, lab: Lab) -> None:
        self.worst_s = self.own_s = 0.0
        self._cpu_s = time.process_time()
        self._lab = lab
        self._due = lab.clock.now() + PROBE_S
        lab.clock.call_at(self._due, self._probe)

    def _probe(self) -> None:
        self.worst_s = max(self.worst_s, self._lab.clock.now() - self._due)
        cpu_s = time.process_time()
        self.own_s, self._cpu_s = max(self.own_s, cpu_s - self._cpu_s), cpu_s
        self._due = self._lab.clock.now() + PROBE_S
        self._lab.clock.call_at(self._due, self._probe)


class Load:
    """The calls of one run."""

    def __init__(self, lab: Lab, document: Document, tiff: bytes, faxes: int, voice: int) -> None:
        self.lab, self._document, self._tiff = lab, document, tiff
        self._faxes, self._voice = faxes, voice
        self.results: list[str] = []
        self._mails: set[asyncio.Task[None]] = set()
        self.jack = 0

    async def start(self) -> None:
        """Place every call, evenly within START_S; half the faxes go each way."""
        for at in range(self._voice // 2):
            self._later(at, self._voice // 2, self._talk)
        for at in range(self._faxes):
            self._later(at, self._faxes, self._send if at % 2 else self._mail)

    def _later(self, at: int, of: int, action: object) -> None:
        self.lab.clock.call_later(START_S * at / of, lambda: action(at))  # type: ignore[operator]

    def _offer(self, end: End) -> None:
        """Calls come in over all trunks by turns."""
        self.jack = (self.jack + 1) % TRUNKS
        self.lab.routers["gate"].router.offer(controller(self.jack), end)

    def ring(self, end: End) -> None:
        self._offer(end)

    def _talk(self, at: int) -> None:
        self.lab.exchange.place(CallSetup(f"888{at:04}", "5550000"))

    def _send(self, at: int) -> None:
        def watch(event: object) -> None:
            if isinstance(event, SendResult):
                self.results.append("sent" if event.ok else f"not sent: {event}")

        self.lab.machine(f"{OFF_RAMP}{at:04}").send(self._document, f"{ON_RAMP}{at:04}", watch)

    def _mail(self, at: int) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(at))
        self._mails.add(task)

    async def _deliver(self, at: int) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "tom@example.com", "fax", "Pages"
        message.add_attachment(self._tiff, maintype="image", subtype="tiff", filename="page.tif")
        host, port = self.lab.routers["gate"].smtp
        try:
            await aiosmtplib.send(
                message,
                sender="tom@example.com",
                recipients=[f"FAX={OFF_RAMP}{at:04}@[10.0.0.1]"],
                hostname=host,
                port=port,
                start_tls=False,
                timeout=600,
            )
        except aiosmtplib.SMTPException as error:
            self.results.append(f"not delivered: {error}")
        else:
            self.results.append("delivered")

    @property
    def over(self) -> bool:
        return len(self.results) == self._faxes


@dataclass
class Figures:
    """What a run took."""

    results: list[str]
    most: tuple[int, int] = (0, 0)
    """Faxes and sessions of voice that were up together."""
    used_s: float = 0
    passed_s: float = 0
    """CPU time, and time, while all were."""
    late_ms: float = 0
    pause_ms: float = 0


async def run(folder: Path) -> Figures:
    file = folder / "lab.toml"
    (folder / "gate.cfg").write_text(configuration())
    state = StateFolder(folder / "state")
    lab = Lab(parse(lab_text(FAXES).encode(), file), file, state, pace="line")
    await lab.start()
    keep_all()
    assert lab.refused == []
    document = render.load_octets(b"The quick brown fox jumps over the lazy dog.\n" * LINES_OF_TEXT, "page.txt")
    load = Load(lab, document, tiff_of(folder), FAXES, VOICE)
    for number in (f"{ON_RAMP}....", "888...."):
        lab.exchange._lines[number] = load  # in place of one trunk, all of them
    lab.exchange.attach(f"{TALK}....", Talker())
    await load.start()
    pool, lag, found = lab.routers["gate"].router.device.chassis.dsp, Lag(lab), Figures(load.results)
    while not load.over:
        wall, cpu = time.monotonic(), time.process_time()
        await asyncio.sleep(1)
        now = uses(pool)
        found.most = max(found.most, now)
        if now == (FAXES, VOICE):
            found.used_s += time.process_time() - cpu
            found.passed_s += time.monotonic() - wall
    found.late_ms, found.pause_ms = lag.worst_s * 1000, lag.own_s * 1000
    await lab.stop()
    state.release()
    return found


def test_an_as5850_at_its_limit(benchmark: Any, tmp_path: Path) -> None:
    found = benchmark.pedantic(lambda: asyncio.run(run(tmp_path)), rounds=1)
    assert Counter(found.results) == {"sent": FAXES // 2, "delivered": FAXES // 2}
    sessions = f"{FAXES} faxes and {VOICE} of voice"
    tell(benchmark, f"sessions together, of {FAXES + VOICE}", "sessions", [sum(found.most)], at_least=FAXES + VOICE)
    if found.passed_s:
        tell(benchmark, f"of a core, {sessions}", "% CPU", [100 * found.used_s / found.passed_s], at_most=SHARE)
    tell(benchmark, "work without a pause at most, CPU time", "ms", [found.pause_ms], at_most=PAUSE_MS)
    tell(benchmark, "a timer late at most, by the clock", "ms", [found.late_ms])


def uses(pool: object) -> tuple[int, int]:
    """Store-and-forward sessions and others."""
    taken = [channel.use for channel in pool.in_use]  # type: ignore[attr-defined]
    return taken.count(Use.FAX_MAIL), len(taken) - taken.count(Use.FAX_MAIL)


def tiff_of(folder: Path) -> bytes:
    """Four pages of text as a TIFF-F file."""
    page = Image.new("1", (1728, 500), 1) if QUICK else draw_page()
    file = folder / "pages.tif"
    page.save(file, compression="group3", dpi=(204, 196), save_all=True, append_images=[page])
    return file.read_bytes()
