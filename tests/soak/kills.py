"""Mails and faxes through a lab whose process is killed (-9) at seeded moments: is anything lost?

    python -m tests.soak.kills --mails 1000 --faxes 1000 --seed 1

Rule: a sender does what senders do. A mail is tried until the mail server has taken it, a fax until its last page was
confirmed or it was refused so often that a person would give up. What was taken or confirmed must then be in a paper
tray or a mailbox, or have come back to its sender; what is there twice is counted. Each page tells its number in its
pixels. The last line is JSON; the exit status is 1 where something was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import dataclasses
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiosmtplib

from tests.soak.ledger import SENDER, Ledger, lab_file, numbered_mail, table
from tests.soak.numbered_page import page

SENDERS, ANSWERERS = 8, 23
LETTERS_AT_ONCE = 4
TRIES = 50
PAUSE_S = 0.1
LIFE_S = (0.2, 2.5)
REST_S = 120.0
"""Without anything new for so long, what has not arrived is lost."""
NEVER_S = 864_000.0


@dataclasses.dataclass
class Figures:
    """What became of it all; `lost` has the numbers of what was taken and is nowhere."""

    mails: int
    faxes: int
    seed: int
    kills: int = 0
    mails_faxed: int = 0
    mails_returned: int = 0
    mails_refused: int = 0
    mails_twice: int = 0
    faxes_mailed: int = 0
    faxes_refused: int = 0
    faxes_twice: int = 0
    mail_tries: int = 0
    fax_tries: int = 0
    lost_mails: list[int] = dataclasses.field(default_factory=list)
    lost_faxes: list[int] = dataclasses.field(default_factory=list)
    seconds: float = 0.0


class MortalLab:
    """A lab in a process that dies now and then; `alive` is set while it can be spoken to."""

    def __init__(self, folder: Path, chance: random.Random, kills: int) -> None:
        self.folder = folder
        self.alive = asyncio.Event()
        self.kills = 0
        numbers = [f"555-01{at:02}" for at in range(1, SENDERS)] + [f"555-83{at:02}" for at in range(ANSWERERS)]
        self._file = lab_file(folder, numbers, expire_s=NEVER_S)
        self.ledger = Ledger(folder / "state")
        self._chance, self._planned = chance, kills
        self._process: asyncio.subprocess.Process | None = None
        self._letters: set[int] = set()
        self.smtp = ("", 0)
        self.over = False

    async def live(self) -> None:
        """Live, die and live again, as often as planned; then just live."""
        while not self.over:
            await self._start()
            if self.kills >= self._planned:
                return
            await asyncio.sleep(self._chance.uniform(*LIFE_S))
            if self.over:
                return
            self.alive.clear()
            await self._end(signal.SIGKILL)
            self.kills += 1

    async def stop(self) -> None:
        self.over = True
        await self._end(signal.SIGTERM)

    async def _start(self) -> None:
        command = [sys.executable, "-m", "iosemu", "lab", str(self._file), "--headless", "--json"]
        self._process = await asyncio.create_subprocess_exec(
            *command, "--pace", "instant", "--dir", str(self.folder / "state"),
            stdout=asyncio.subprocess.PIPE, env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)},
        )  # fmt: skip
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the lab does not start")
        endpoints = json.loads(line)
        host, _, port = endpoints["mail"]["testlab-smtp"]["smtp"].rpartition(":")
        self.smtp = (host, int(port))
        self.alive.set()

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()

    async def send_mail(self, identity: int) -> bool:
        """Try a mail once; whether the mail server took it. Not many more than the fax machines can take at a time: a
        busy line makes a notice each try."""
        while len(self._letters) - len(self.ledger.trays().keys() & self._letters) > ANSWERERS:  # noqa: ASYNC110
            await asyncio.sleep(1)
        to = f"FAX=9-555-83{identity % ANSWERERS:02}@vdtl-5350-8a.testlab-t37.com"
        host, port = self.smtp
        try:
            await aiosmtplib.send(
                numbered_mail(identity), sender=SENDER, recipients=[to], hostname=host, port=port,
                start_tls=False, timeout=60,
            )  # fmt: skip
        except (aiosmtplib.SMTPException, OSError):
            return False
        self._letters.add(identity)
        return True

    async def send_fax(self, machine: int, identity: int) -> bool:
        """Try a fax once; whether its last page was confirmed."""
        values = {"from": f"555-01{machine:02}", "to": "555-0199", "name": "page.tif"}
        request = {"op": "fax.send", **values, "data": base64.b64encode(page(identity)).decode()}
        answer: dict[str, Any] = {}
        with suppress(OSError, ValueError, KeyError):
            control = json.loads((self.folder / "state" / "running.json").read_text())["control"]
            reader, writer = await asyncio.open_unix_connection(control)
            writer.write(json.dumps(request).encode() + b"\n")
            while not answer.keys() & {"result", "error"} and (line := await reader.readline()):
                answer = json.loads(line)
            writer.close()
        return "result" in answer and not answer["result"]["cause"]


async def _send_all(lab: MortalLab, waiting: list[int], send: Callable[[int], Awaitable[bool]]) -> tuple[set[int], int]:
    """Send one after the other, each until it is taken or given up; what was taken, and the tries."""
    taken, tries = set(), 0
    while waiting:
        identity = waiting.pop()
        for _ in range(TRIES):
            await lab.alive.wait()
            tries += 1
            if await send(identity):
                taken.add(identity)
                break
            await asyncio.sleep(PAUSE_S)
    return taken, tries


async def run(mails: int, faxes: int, seed: int, kills: int, folder: Path, rest_s: float = REST_S) -> Figures:
    """The whole of it; see the module's rule. Mails have the numbers from 0 on, faxes go on after them."""
    began = time.monotonic()
    figures = Figures(mails, faxes, seed)
    lab = MortalLab(folder, random.Random(seed), kills)
    life = asyncio.create_task(lab.live())
    try:
        letters, papers = list(range(mails)), list(range(mails, mails + faxes))
        work = [_send_all(lab, letters, lab.send_mail) for _ in range(LETTERS_AT_ONCE)]
        for machine in range(SENDERS):
            work.append(_send_all(lab, papers, partial(lab.send_fax, machine)))
        *done, _ = await asyncio.gather(*work, life)
        sent = set().union(*(taken for taken, _ in done[:LETTERS_AT_ONCE]))
        confirmed = set().union(*(taken for taken, _ in done[LETTERS_AT_ONCE:]))
        figures.mail_tries = sum(tries for _, tries in done[:LETTERS_AT_ONCE])
        figures.fax_tries = sum(tries for _, tries in done[LETTERS_AT_ONCE:])
        await _settled(lab, sent, rest_s)
        figures.kills = lab.kills
        _count(figures, lab, sent, confirmed)
    finally:
        life.cancel()
        await lab.stop()
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


async def _settled(lab: MortalLab, sent: set[int], rest_s: float) -> None:
    """Wait until all that was taken has arrived, or nothing more comes."""
    arrived, quiet_since = -1, time.monotonic()
    while time.monotonic() - quiet_since < rest_s:
        found = set(lab.ledger.trays()) | lab.ledger.returned()
        if sent <= found:
            return
        if len(found) > arrived:
            arrived, quiet_since = len(found), time.monotonic()
        await asyncio.sleep(1)


def _count(figures: Figures, lab: MortalLab, sent: set[int], confirmed: set[int]) -> None:
    faxed, returned, mailed = lab.ledger.trays(), lab.ledger.returned(), lab.ledger.mailed("tom")
    figures.mails_faxed, figures.faxes_mailed = len(faxed), len(mailed)
    figures.mails_returned = len(returned)
    figures.faxes_refused = figures.faxes - len(confirmed)
    figures.mails_twice = sum(count - 1 for count in faxed.values())
    figures.faxes_twice = sum(count - 1 for count in mailed.values())
    figures.mails_refused = figures.mails - len(sent)
    figures.lost_mails = sorted(sent - set(faxed) - returned)
    figures.lost_faxes = sorted(confirmed - set(mailed))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.kills", description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--faxes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        figures = asyncio.run(run(options.mails, options.faxes, options.seed, options.kills, Path(folder)))
    lost = len(figures.lost_mails) + len(figures.lost_faxes)
    print(
        table(
            kills_survived=figures.kills,
            faxes_passed=figures.faxes_mailed,
            mails_passed=figures.mails_faxed + figures.mails_returned,
            passed_twice=figures.faxes_twice + figures.mails_twice,
            losses=lost,
            seconds=figures.seconds,
        )
    )
    print(json.dumps(dataclasses.asdict(figures)))
    return 1 if figures.lost_mails or figures.lost_faxes else 0


if __name__ == "__main__":
    raise SystemExit(main())
