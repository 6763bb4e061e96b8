"""What the lab's mail server tells a sender who asks to be told (RFC 1891), by itself and through the off-ramp."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import aiosmtplib
import pytest

from iosemu.lab.mail_relay import Queued
from iosemu.lab.topology import load
from tests.lab.labs import running_lab
from tests.lab.test_mail_server import FAX, MESSAGE, Lab, running

Run = Callable[..., None]
TOM = "tom@testlab-t37.com"
SOURCE = Path(__file__).parents[2] / "examples" / "t37-lab" / "lab.toml"


async def submit(endpoint: tuple[str, int], to: str, *asked: str, mail: tuple[str, ...] = ("ENVID=QQ+2B1",)) -> None:
    """Tom sends a mail and asks for notices."""
    host, port = endpoint
    client = aiosmtplib.SMTP(hostname=host, port=port, local_hostname="client.example.com", start_tls=False)
    async with client:
        await client.sendmail(TOM, [to], MESSAGE, mail_options=list(mail), rcpt_options=list(asked))


def fields(octets: bytes) -> dict[str, str]:
    """Those of a report, and its subject."""
    report = message_from_bytes(octets)
    part = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    blocks: list[Message] = list(part.get_payload())
    return {"Subject": str(report["Subject"]), **{name: value for block in blocks for name, value in block.items()}}


def served(run: Run, folder: Path, case: Callable[[Lab], Awaitable[None]], **settings: object) -> None:
    async def main() -> None:
        async with running(folder, **settings) as lab:
            await case(lab)

    run(main())


@pytest.mark.parametrize(
    ("to", "action"), [("john@testlab-t37.com", "delivered"), ("staff@testlab-t37.com", "expanded")]
)
def test_success_is_told_of_a_mailbox_and_of_a_list(to: str, action: str, tmp_path: Path, run: Run) -> None:
    async def case(lab: Lab) -> None:
        await submit(lab.server.endpoint, to, "NOTIFY=SUCCESS", f"ORCPT=rfc822;{to}")
        (report,) = lab.box()
        told = fields(report)
        assert (told["Subject"], told["Action"]) == ("Delivery Status Notification (Success)", action)
        assert (told["Original-Envelope-Id"], told["Original-Recipient"]) == ("QQ+1", f"rfc822;{to}")
        assert (told["Final-Recipient"], told["Status"]) == (f"rfc822;{to}", "2.0.0")
        assert b"\nSubject: hello\n" in report
        assert b"\nbody\n" not in report
        assert len(lab.box("john")) == 1

    served(run, tmp_path, case, lists={"staff": ["john"]})


def test_a_host_that_cannot_tell_is_told_of_instead(tmp_path: Path, run: Run) -> None:
    async def case(lab: Lab) -> None:
        await submit(lab.server.endpoint, FAX, "NOTIFY=SUCCESS")
        await lab.settle()
        assert len(lab.taken) == 1
        told = fields(lab.box()[0])
        assert (told["Subject"], told["Action"]) == ("Delivery Status Notification (Relay)", "relayed")

    served(run, tmp_path, case)


@pytest.mark.parametrize(
    ("asked", "mail", "told", "whole"),
    [
        ([], [], True, True),
        (["NOTIFY=NEVER"], [], False, False),
        (["NOTIFY=SUCCESS"], [], False, False),
        (["NOTIFY=SUCCESS,FAILURE"], ["RET=FULL"], True, True),
        (["NOTIFY=FAILURE"], ["RET=HDRS"], True, False),
    ],
)
def test_a_failure_comes_back_as_it_was_asked_for(
    asked: list[str], mail: list[str], told: bool, whole: bool, tmp_path: Path, run: Run
) -> None:
    async def case(lab: Lab) -> None:
        lab.answers = ["554 5.3.0 An unknown error occurred"]
        await submit(lab.server.endpoint, FAX, *asked, mail=tuple(mail))
        await lab.settle()
        assert len(lab.box()) == told
        if told:
            assert fields(lab.box()[0])["Action"] == "failed"
            assert (b"\nbody\n" in lab.box()[0]) is whole
        assert not lab.server.queue.waiting()

    served(run, tmp_path, case)


def test_a_delay_is_told_once_to_whoever_wants_to_know(tmp_path: Path, run: Run) -> None:
    async def case(lab: Lab) -> None:
        lab.answers = ["450 4.4.1 Line is busy"] * 7
        await submit(lab.server.endpoint, FAX, "NOTIFY=DELAY,FAILURE")
        for when in range(0, 480, 60):
            lab.clock.run(when)
            await lab.settle()
            assert len(lab.box()) == (when >= 180)
        assert len(lab.taken) == 1
        told = fields(lab.box()[0])
        assert (told["Subject"], told["Action"], told["Status"]) == (
            "Delivery Status Notification (Delay)",
            "delayed",
            "4.4.1",
        )

    served(run, tmp_path, case, retry_s=60)


@pytest.mark.parametrize(
    "line", ["MAIL FROM:<a@b> RET=SOME", "MAIL FROM:<a@b> ENVID=", "MAIL FROM:<a@b> RET=FULL RET=HDRS"]
)
def test_what_is_malformed_is_refused(line: str, tmp_path: Path, run: Run) -> None:
    async def case(lab: Lab) -> None:
        reader, writer = await asyncio.open_connection(*lab.server.endpoint)
        writer.write(f"EHLO me\r\n{line}\r\nMAIL FROM:<tom@testlab-t37.com> RET=HDRS SIZE=10\r\n".encode())
        writer.write(b"RCPT TO:<tom> NOTIFY=LATER\r\nRCPT TO:<tom> notify=never\r\nQUIT\r\n")
        replies = (await reader.read()).decode().splitlines()
        writer.close()
        assert "250-DSN" in replies
        bad, good, late, never, _ = replies[-5:]
        assert bad == late == "501 5.5.4 Invalid arguments"
        assert (good[:3], never[:3]) == ("250", "250")

    served(run, tmp_path, case)


def test_a_queue_of_before_is_taken_over(tmp_path: Path, run: Run) -> None:
    with sqlite3.connect(tmp_path / "queue.sqlite3") as before:
        before.execute(
            "CREATE TABLE queue (id INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipient TEXT NOT NULL,"
            " message BLOB NOT NULL, arrived REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0)"
        )
        before.execute("INSERT INTO queue VALUES (1, ?, ?, ?, 0, 2)", (TOM, FAX, MESSAGE))
    before.close()

    async def case(lab: Lab) -> None:
        assert lab.server.queue.waiting() == [Queued(1, TOM, FAX, MESSAGE, 0.0, 2)]

    served(run, tmp_path, case)


def test_the_off_ramp_tells_what_was_asked_of_the_mail_server(tmp_path: Path) -> None:
    async def main() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            server = lab.mail["testlab-smtp"]
            await submit(server.endpoint, "FAX=9-555-8354@vdtl-5350-8a.testlab-t37.com", "NOTIFY=SUCCESS")
            async with asyncio.timeout(20):
                while not server.accounts.count("tom"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            report = server.accounts.message("tom", 1).decode()
            assert "X-Mailer: IOS (tm) 5350 Software" in report
            assert "\nAction: delivered\n" in report
            assert "\nOriginal-Envelope-Id: QQ+1\n" in report

    asyncio.run(main())


def test_a_gateway_is_told_of_the_delivery_of_its_fax(tmp_path: Path) -> None:
    """Its mail goes out in the name of a user."""
    from iosemu.fax.render import load_octets
    from tests.lab.labs import fax

    async def main() -> None:
        async with running_lab(tmp_path, load(SOURCE), SOURCE) as lab:
            asking = "mta send mail-from hostname testlab-t37.com\nmta send mail-from username john\n"
            assert lab.routers["vdtl-5300-7a"].configure(f"{asking}dial-peer voice 2 mmoip\n dsn success\n") == []
            assert (await fax(lab, load_octets(b"one\n", "a.txt"), "555-0199")).ok
            accounts = lab.mail["testlab-smtp"].accounts
            assert accounts.count("tom") == 1
            message_id = message_from_bytes(accounts.message("tom", 1))["Message-ID"].strip("<>")
            told = fields(accounts.message("john", 1))
            assert (told["Action"], told["Original-Envelope-Id"]) == ("delivered", message_id)

    asyncio.run(main())
