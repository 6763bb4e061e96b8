"""What a router owes to the senders of faxes is sent, whoever is down and however often it dies."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.mail.envelope import Envelope, Failure, Outcome, Recipient
from iosemu.mail.events import NoticeUnsent
from iosemu.mail.outbox import RETRIES_S, Outbox

TAKEN = Outcome(True, 250, "2.6.0 Queued", "10.0.0.25")
DOWN = Outcome(False, 0, "", "", Failure.UNREACHABLE)
BUSY = Outcome(False, 451, "4.3.2 later", "10.0.0.25", Failure.REFUSED)
LOST = Outcome(False, 354, "", "10.0.0.25", Failure.LOST)
NEVER = Outcome(False, 550, "5.1.1 no such user", "10.0.0.25", Failure.REFUSED)
NOWHERE = Outcome(False, 0, "", "", Failure.NO_SERVER)


class Router:
    """A router with an outbox; `answers` are what servers say, in their order, then `TAKEN`."""

    def __init__(self, path: Path | None, *answers: Outcome) -> None:
        self.clock = ManualClock()
        self.answers = list(answers)
        self.tried: list[tuple[float, Envelope, bytes]] = []
        self.events: list[Any] = []
        self.outbox = Outbox(path, clock=self.clock, send=self.send, spawn=self.spawn, emit=self.events.append)

    async def send(self, envelope: Envelope, message: bytes) -> Outcome:
        self.tried.append((self.clock.now(), envelope, message))
        return self.answers.pop(0) if self.answers else TAKEN

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        with pytest.raises(StopIteration):
            work.send(None)


def kept(path: Path) -> list[tuple[str, bytes]]:
    with sqlite3.connect(path) as database:
        return database.execute("SELECT recipient, message FROM notice").fetchall()


def test_what_is_taken_at_once_is_not_kept(tmp_path: Path) -> None:
    router = Router(tmp_path / "outbox")
    router.outbox.post("tom@example.org", b"notice")
    assert router.tried == [(0, Envelope("", (Recipient("tom@example.org"),)), b"notice")]
    assert kept(tmp_path / "outbox") == []
    router.clock.run()
    assert len(router.tried) == 1
    assert router.events == []


@pytest.mark.parametrize("answers", [(DOWN,), (BUSY, LOST), (DOWN, DOWN, BUSY, BUSY, DOWN)])
def test_what_may_pass_is_tried_again_until_it_is_taken(tmp_path: Path, answers: tuple[Outcome, ...]) -> None:
    router = Router(tmp_path / "outbox", *answers)
    router.outbox.post("tom@example.org", b"notice")
    assert kept(tmp_path / "outbox") == [("tom@example.org", b"notice")]
    router.clock.run()
    assert [at for at, _, _ in router.tried] == [sum(RETRIES_S[:number]) for number in range(len(answers) + 1)]
    assert kept(tmp_path / "outbox") == []
    assert [event.again for event in router.events] == [True] * len(answers)


@pytest.mark.parametrize("answer", [NEVER, NOWHERE])
def test_what_is_refused_for_good_is_given_up(tmp_path: Path, answer: Outcome) -> None:
    router = Router(tmp_path / "outbox", answer)
    router.outbox.post("tom@example.org", b"notice")
    router.clock.run()
    assert len(router.tried) == 1
    assert kept(tmp_path / "outbox") == []
    assert [event.again for event in router.events] == [False]


def test_after_a_day_it_is_given_up(tmp_path: Path) -> None:
    router = Router(tmp_path / "outbox", *[DOWN] * 20)
    router.outbox.post("tom@example.org", b"notice")
    router.clock.run()
    assert len(router.tried) == len(RETRIES_S) + 1
    assert 86400 <= router.clock.now() < 2 * 86400
    assert kept(tmp_path / "outbox") == []
    assert not router.events[-1].again


def test_another_life_sends_what_the_last_one_owed(tmp_path: Path) -> None:
    path = tmp_path / "state" / "outbox"
    dying = Router(path, DOWN, DOWN)
    dying.outbox.post("tom@example.org", b"one")
    dying.outbox.post("john@example.org", b"two")
    dying.outbox.stop()
    dying.clock.run()
    assert len(dying.tried) == 2
    router = Router(path)
    router.outbox.resume()
    assert [(envelope.recipients[0].address, message) for _, envelope, message in router.tried] == [
        ("tom@example.org", b"one"),
        ("john@example.org", b"two"),
    ]
    assert kept(path) == []


def test_it_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys, tests.mail.test_outbox as here\n"
        "from pathlib import Path\n"
        "here.Router.send = lambda self, envelope, message: os.kill(os.getpid(), 9)\n"
        "here.Router(Path(sys.argv[1])).outbox.post('tom@example.org', b'notice')\n"
    )
    path = tmp_path / "outbox"
    killed = subprocess.run([sys.executable, "-c", script, path], timeout=60, check=False)
    assert killed.returncode == -9
    router = Router(path)
    router.outbox.resume()
    assert [message for _, _, message in router.tried] == [b"notice"]


def test_a_router_without_debts_or_without_a_disk_makes_no_file(tmp_path: Path) -> None:
    Router(tmp_path / "outbox").outbox.resume()
    assert not (tmp_path / "outbox").exists()
    router = Router(None, DOWN)
    router.outbox.resume()
    router.outbox.post("tom@example.org", b"notice")
    router.clock.run()
    assert len(router.tried) == 2


@pytest.mark.parametrize("damage", ["folder", "garbage"])
def test_a_disk_that_fails_costs_no_notice_its_first_tries(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "outbox"
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"no database" * 100)
    router = Router(path, DOWN)
    router.outbox.resume()
    router.outbox.post("tom@example.org", b"notice")
    router.clock.run()
    assert len(router.tried) == 2
    told = [event for event in router.events if isinstance(event, NoticeUnsent) and not event.recipient]
    assert told
    router.outbox.stop()
