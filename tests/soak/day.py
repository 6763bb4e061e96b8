"""A seeded day in a lab whose clock jumps: faxes and mails every hour, while an operator reconfigures, reloads, shuts
trunks and takes the mail server away. Is anything lost, and does anything stay behind?

    python -m tests.soak.day --hours 24 --faxes 40 --mails 40 --seed 1

Rule: an hour ends when all is quiet, and then nothing may be in use: no channel, no call leg, no task more than before
the first call, no file more than after the first hour, nothing in a queue. A fax that was confirmed must be in the
mailbox, a mail that was taken in a paper tray or back at its sender. The last line is JSON; the exit status is 1 where
something was lost or left.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gc
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

import aiosmtplib

from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from tests.lab.labs import running_lab
from tests.soak.ledger import SENDER, Ledger, lab_file, numbered_mail, table
from tests.soak.numbered_page import page

HOUR_S = 3600.0
SENDERS, ANSWERERS = 6, 8
BAD_LINES = """
[[pstn.line]]
number = "555-0101"
bit_error_rate = 2e-5

[[pstn.line]]
number = "555-0102"
hang_up = "page"

[[pstn.line]]
number = "555-8301"
bit_error_rate = 2e-5
"""
ON_RAMP, OFF_RAMP, MAIL = "vdtl-5300-7a", "vdtl-5350-8a", "testlab-smtp"
TRUNKS = {ON_RAMP: "t1 0", OFF_RAMP: "t1 3/0"}
DISTURBANCES = 3
QUIET_S = 60.0
"""In real seconds: what is not at rest then never will be."""
WARM_HOURS = 2
"""Until then at least, and for half of the time, caches and the lab's memory of its calls fill: what lives afterwards
must not grow."""
MOST_NEW_OBJECTS = 5_000


@dataclasses.dataclass
class Figures:
    """What became of it; `lost` has numbers, `left` says what was not at rest at the end of which hour."""

    hours: int
    seed: int
    faxes: int = 0
    confirmed: int = 0
    mails: int = 0
    faxed: int = 0
    returned: int = 0
    twice: int = 0
    disturbances: int = 0
    reloads: int = 0
    lost_faxes: list[int] = dataclasses.field(default_factory=list)
    lost_mails: list[int] = dataclasses.field(default_factory=list)
    left: list[str] = dataclasses.field(default_factory=list)
    new_objects: int = 0
    slowest_fax_s: float = 0.0
    """The longest from dialling to the last confirmation, in the lab's seconds."""
    slowest_mail_s: float = 0.0
    """The longest that the mail server took to take a mail, in real seconds."""
    seconds: float = 0.0


class Day:
    """One lab and what happens in it."""

    def __init__(self, lab: Lab, ledger: Ledger, seed: int) -> None:
        self.lab, self.ledger = lab, ledger
        self.chance = random.Random(seed)
        self.figures = Figures(0, seed)
        self._confirmed: set[int] = set()
        self._taken: set[int] = set()
        self._next = 0
        self._tasks = self._files = 0
        self._objects = 0

    async def live(self, hours: int, faxes: int, mails: int) -> Figures:
        """`faxes` and `mails` are those of an hour."""
        self._tasks = len(asyncio.all_tasks())
        for hour in range(1, hours + 1):
            await self._hour(faxes, mails)
            await self._quiet(hour)
            if hour == 1:  # what is opened when it is first needed stays open
                self._files = _open_files()
            await self._pass(max(0.0, hour * HOUR_S - self.lab.clock.now()))
            self.figures.hours = hour
            if hour == min(max(WARM_HOURS, hours // 2), hours):
                self._objects = _objects()
        self.figures.new_objects = _objects() - self._objects
        self._count()
        return self.figures

    async def _hour(self, faxes: int, mails: int) -> None:
        papers = self._numbers(faxes)
        work: list[Awaitable[None]] = [self._operate()]
        work += [self._fax_all(f"555-01{machine:02}", papers) for machine in range(SENDERS)]
        work.append(self._mail_all(self._numbers(mails)))
        await asyncio.gather(*work)

    def _numbers(self, count: int) -> list[int]:
        self._next += count
        return list(range(self._next - count, self._next))

    async def _fax_all(self, sender: str, papers: list[int]) -> None:
        while papers:
            identity = papers.pop()
            self.figures.faxes += 1
            ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()

            def watch(event: object, ended: asyncio.Future[SendResult] = ended) -> None:
                if isinstance(event, SendResult):
                    ended.set_result(event)

            document = load_octets(page(identity), "page.tif")
            began = self.lab.clock.now()
            self.lab.machine(sender).send(document, "555-0199", watch)
            if (await ended).ok:
                self._confirmed.add(identity)
                took = round(self.lab.clock.now() - began, 1)
                self.figures.slowest_fax_s = max(self.figures.slowest_fax_s, took)

    async def _mail_all(self, letters: list[int]) -> None:
        host, port = self.lab.mail[MAIL].endpoint
        for identity in letters:
            self.figures.mails += 1
            to = f"FAX=9-555-83{identity % ANSWERERS:02}@vdtl-5350-8a.testlab-t37.com"
            began = time.monotonic()
            await aiosmtplib.send(
                numbered_mail(identity), sender=SENDER, recipients=[to], hostname=host, port=port, start_tls=False
            )
            self.figures.slowest_mail_s = max(self.figures.slowest_mail_s, round(time.monotonic() - began, 3))
            self._taken.add(identity)

    async def _operate(self) -> None:
        for _ in range(DISTURBANCES):
            await self._pass(self.chance.uniform(10, 300))
            disturb = self.chance.choice(
                [self._shut_trunk, self._shut_ethernet, self._outage, self._change, self._reload]
            )
            self.figures.disturbances += 1
            await disturb(self.chance.choice([ON_RAMP, OFF_RAMP]))

    async def _shut_trunk(self, router: str) -> None:
        self._type(router, f"controller {TRUNKS[router]}", "shutdown")
        await self._pass(self.chance.uniform(1, 120))
        self._type(router, f"controller {TRUNKS[router]}", "no shutdown")

    async def _shut_ethernet(self, router: str) -> None:
        port = {ON_RAMP: "fastethernet 0", OFF_RAMP: "fastethernet 0/0"}[router]
        self._type(router, f"interface {port}", "shutdown")
        await self._pass(self.chance.uniform(1, 120))
        self._type(router, f"interface {port}", "no shutdown")

    async def _outage(self, _: str) -> None:
        host = self.lab.mail[MAIL].host
        host.up = False
        await self._pass(self.chance.uniform(1, 120))
        host.up = True

    async def _change(self, router: str) -> None:
        self._type(
            router, "dial-peer voice 999 pots", "destination-pattern 9T", f"preference {self.chance.randint(1, 9)}"
        )
        await self._pass(self.chance.uniform(1, 60))
        self._type(router, "no dial-peer voice 999 pots", "mta receive maximum-recipients 0")
        await self._pass(self.chance.uniform(1, 30))
        self._type(router, "mta receive maximum-recipients 200")

    async def _reload(self, router: str) -> None:
        self.figures.reloads += 1
        self._type(router, "do write memory")
        self.lab.routers[router].router.reload()
        await self._pass(60)

    def _type(self, router: str, *lines: str) -> None:
        session = self.lab.routers[router].router.open_session(Transcript(), 15)
        for line in ("configure terminal", *lines, "end", "exit"):
            run_now(session.execute(line))

    async def _pass(self, seconds: float) -> None:
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lab.clock.call_later(seconds, lambda: passed.set_result(None))
        await passed

    async def _quiet(self, hour: int) -> None:
        """Wait until all is at rest; what is not is noted."""
        until = time.monotonic() + QUIET_S
        while (left := self._at_work()) and time.monotonic() < until:  # noqa: ASYNC110 - many things are watched
            await asyncio.sleep(0.05)
        self.figures.left += [f"hour {hour}: {what}" for what in left]

    def _at_work(self) -> list[str]:
        left = {
            "calls of the exchange": self.lab.exchange.calls,
            "mails queued": len(self.lab.mail[MAIL].queue.waiting()),
        }
        for name, node in self.lab.routers.items():
            device = node.router.device
            left[f"{name} channels"] = len(device.chassis.dsp.in_use)
            left[f"{name} legs"] = len(device.voice.control.active)
        left["tasks"] = len(asyncio.all_tasks()) - self._tasks
        left["files"] = _open_files() - self._files if self._files else 0
        return [f"{what} {count}" for what, count in left.items() if count > 0]

    def _count(self) -> None:
        figures = self.figures
        trays, mailed, returned = self.ledger.trays(), self.ledger.mailed("tom"), self.ledger.returned()
        figures.confirmed, figures.faxed, figures.returned = len(self._confirmed), len(trays), len(returned)
        figures.twice = sum(count - 1 for found in (trays, mailed) for count in found.values())
        figures.lost_faxes = sorted(self._confirmed - set(mailed))
        figures.lost_mails = sorted(self._taken - set(trays) - returned)


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def _lab_file(folder: Path) -> Path:
    machines = [f"555-01{at:02}" for at in range(1, SENDERS)] + [f"555-83{at:02}" for at in range(ANSWERERS)]
    return lab_file(folder, machines, expire_s=6 * HOUR_S, further=BAD_LINES)


async def run(hours: int, faxes: int, mails: int, seed: int, folder: Path) -> Figures:
    """The whole of it; see the module's rule."""
    began = time.monotonic()
    file = _lab_file(folder)
    async with running_lab(folder, load(file), file) as lab:
        day = Day(lab, Ledger(folder / "state"), seed)
        figures = await day.live(hours, faxes, mails)
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


def failed(figures: Figures) -> bool:
    """Was something lost or left?"""
    return bool(figures.lost_faxes or figures.lost_mails or figures.left or figures.new_objects > MOST_NEW_OBJECTS)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.day", description=__doc__)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--faxes", type=int, default=40, help="of an hour")
    parser.add_argument("--mails", type=int, default=40, help="of an hour")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="day-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        figures = asyncio.run(run(options.hours, options.faxes, options.mails, options.seed, Path(folder)))
    print(
        table(
            hours=figures.hours,
            faxes_passed=figures.confirmed,
            mails_passed=figures.faxed + figures.returned,
            disturbances=figures.disturbances,
            reloads=figures.reloads,
            losses=len(figures.lost_faxes) + len(figures.lost_mails),
            leaks=len(figures.left),
            objects_more=figures.new_objects,
            slowest_fax_s=figures.slowest_fax_s,
            slowest_mail_s=figures.slowest_mail_s,
            seconds=figures.seconds,
        )
    )
    print(json.dumps(dataclasses.asdict(figures)))
    return 1 if failed(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
