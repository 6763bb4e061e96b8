"""The disk is full at any moment: what was confirmed is there, nothing is there by half, and one line says so."""

from __future__ import annotations

import errno
import logging
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from iosemu.cli import catalogue
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.lab.capture import Capture
from iosemu.mail.spool import Spool
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User
from tests.full_disk import full_disk
from tests.lab.test_mail_server import FAX, running, submit
from tests.mail.test_outbox import DOWN, kept
from tests.mail.test_outbox import Router as WithOutbox
from tests.mail.test_server import RCPT
from tests.mail.test_server import Lab as Gateway
from tests.voice.conftest import ON_RAMP, Rig

Run = Callable[..., None]
LARGE = b"Subject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 300


def router(folder: Path) -> Router:
    return Router("3640", clock=ManualClock(START), network=NoNetwork(), store=FileStore(folder))


def test_a_saved_configuration_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    user = User(router(tmp_path).device)
    user.configure("hostname first", *(f"ip route 10.{number}.0.0 255.255.0.0 Null0" for number in range(30)))
    assert "[OK]" in user.type("write memory")
    kept_in = tmp_path / "nvram" / "startup-config"
    size, names = kept_in.stat().st_size, ["first"]
    outcomes = set()
    for octets in range(0, size + 200, 61):
        user.configure(f"hostname r{octets}")
        with full_disk(octets):
            printed = user.type("write memory")
        confirmed = "[OK]" in printed
        outcomes.add(confirmed)
        assert confirmed or len([line for line in printed.splitlines() if line.startswith("%")]) == 1, printed
        names += [f"r{octets}"] if confirmed else []
        text = kept_in.read_text()
        assert f"\nhostname {names[-1]}\n" in text
        assert text.endswith("\nend\n\n")
        assert not list(tmp_path.rglob("*.new"))
    assert outcomes == {False, True}
    assert router(tmp_path).device.hostname == names[-1]


def test_a_mail_that_was_taken_is_in_the_mailbox_and_in_the_queue(tmp_path: Path, run: Run) -> None:
    """Each message has a number; one that was refused may be there as a whole, none by half."""

    async def scenario() -> None:
        taken, outcomes = [], set()
        async with running(tmp_path, router=False, retry_s=3600.0, expire_s=36_000.0) as lab:
            for number, octets in enumerate(range(0, 120_000, 2_900)):
                content = b"X-Number: %d\r\n" % number + LARGE
                with full_disk(octets):
                    try:
                        lab.server.accept("", ["tom@testlab-t37.com", FAX], content, helo="me", peer="10.0.0.1")
                    except (OSError, sqlite3.Error):  # what the server makes a 452 of
                        outcomes.add(False)
                        continue
                taken.append(number)
                outcomes.add(True)
            await submit(lab, "john@testlab-t37.com", ["tom@testlab-t37.com"])
        assert outcomes == {False, True}
        async with running(tmp_path, router=False, retry_s=3600.0, expire_s=36_000.0) as again:
            box = [mail for mail in again.box() if b"X-Number" in mail]
            queued = [entry.message for entry in again.server.queue.waiting()]
            for found, end in ((box, LARGE.replace(b"\r\n", b"\n")), (queued, LARGE)):
                assert all(message.endswith(end) for message in found)
                numbers = {int(message.partition(b"X-Number: ")[2].split()[0]) for message in found}
                assert set(taken) <= numbers
            assert not list((tmp_path / "mailboxes" / "tom" / "tmp").iterdir())

    run(scenario())


def test_a_client_is_told_and_its_mail_is_read_to_the_end(run: Run) -> None:
    """What follows a message that there is no room for is a command again, not the rest of the message."""

    async def scenario() -> None:
        lab = Gateway()
        await lab.start()
        client = await lab.client()
        await client.ready()
        with full_disk(1 << 20):
            client.type("Subject: x", "", *["QUIT " + "x" * 70] * 40_000, ".")
            assert (await client.reply())[:9] == "452 4.3.1"
        assert (await client.say("NOOP"))[0] == "2"
        assert lab.server.recipients_in_flight == 0
        await client.script("MAIL FROM:<tom@testlab-t37.com>", RCPT, "DATA")
        assert (await client.say("Subject: x", "", "hello", "."))[0] == "2"
        await lab.stop()

    run(scenario())


def test_the_lab_server_says_so_too(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            import aiosmtplib

            with full_disk(4096), pytest.raises(aiosmtplib.SMTPDataError, match="Insufficient system storage"):
                await submit(lab, "tom@testlab-t37.com", ["john@testlab-t37.com"], LARGE)
            await submit(lab, "tom@testlab-t37.com", ["john@testlab-t37.com"], LARGE)
            assert len(lab.box("john")) == 1

    run(scenario())


def test_what_was_handed_on_and_cannot_be_taken_out_is_not_sent_again(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path, retry_s=60.0) as lab:
            await submit(lab, "tom@testlab-t37.com", [FAX])
            with full_disk(0):
                await lab.settle()
            assert len(lab.taken) == 1
            assert len(lab.server.queue.waiting()) == 1
            lab.clock.run(lab.clock.now() + 61)
            await lab.settle()
            assert len(lab.taken) == 1
            assert lab.server.queue.waiting() == []

    run(scenario())


def test_a_try_that_cannot_be_counted_is_made_again(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path, retry_s=60.0) as lab:
            lab.answers = ["451 4.3.2 busy"]
            await submit(lab, "tom@testlab-t37.com", [FAX])
            with full_disk(0):
                await lab.settle()
            assert lab.taken == []
            lab.clock.run(lab.clock.now() + 61)
            await lab.settle()
            assert len(lab.taken) == 1

    run(scenario())


def test_a_notice_is_sent_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "outbox"
    outcomes = set()
    for number, octets in enumerate(range(0, 60_000, 1900)):
        sender = WithOutbox(path, DOWN)
        notice = b"notice %d " % number + b"x" * 8000
        with full_disk(octets):
            sender.outbox.post("tom@example.org", notice)
        assert [message for _, _, message in sender.tried] == [notice]
        try:
            known = ("tom@example.org", notice) in kept(path)
        except sqlite3.Error:  # there was no room for a database
            known = False
        assert known or sender.events
        outcomes.add(known)
        sender.clock.run()
        assert [message for _, _, message in sender.tried] == [notice] * 2
        sender.outbox.stop()
    assert outcomes == {False, True}


def test_a_fax_for_whose_mail_there_is_no_room_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(spool: Spool, octets: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    rig = Rig(ON_RAMP, catalogue.load().for_platform("as5300"))
    with monkeypatch.context() as full:
        full.setattr(Spool, "write", write)
        machine = rig.fax()
        rig.clock.run()
    assert machine.result is not None
    assert not machine.result.ok
    assert rig.at_rest()
    assert rig.fax().result is None
    rig.clock.run()
    assert len(rig.mails) == 1


def test_a_capture_ends_with_a_whole_packet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, caplog_at = tmp_path / "calls.pcapng", logging.WARNING
    caplog.set_level(caplog_at)
    capture = Capture(path, "test")
    with full_disk(path.stat().st_size + 1000):
        for number in range(100):
            capture.packet(number, ("10.0.0.1", 16384), ("10.0.0.2", 16386), bytes(90))
    capture.close()
    octets, at = path.read_bytes(), 0
    while at < len(octets):
        (length,) = struct.unpack_from("<I", octets, at + 4)
        at += length
    assert at == len(octets)
    (record,) = caplog.records
    assert str(path) in record.getMessage()
