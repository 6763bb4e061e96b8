"""Postfix takes what the on-ramp mails, and relays mail for fax numbers to the off-ramp, both with notifications."""

from __future__ import annotations

import asyncio
import os
import smtplib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.message import Message

import pytest

from iosemu.clock import ManualClock
from iosemu.mail.client import MtaClient
from iosemu.mail.envelope import Envelope, Failure, FaxMail, Notify, PartKind, Recipient, Verdict
from iosemu.mail.events import ServerFault
from iosemu.mail.ids import IdSource
from iosemu.mail.message import FaxCall, MessageIds, compose
from iosemu.mail.server import MtaServer
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings
from tests.mail.loopback import Loopback
from tests.peers.postfix import WAIT_S, Postfix, await_port, running
from tests.ports import free_port

pytestmark = pytest.mark.peer

NOW = datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC)
IDENTITY = Identity("gw", "fax.example.com", "IOS (tm) 5300 Software (C5300-IS-M), Version 12.2(15)T9")
SENT = Verdict(250, "2.6.0", "Message sent")
BUSY = Verdict(450, "4.4.1", "Line is busy")
GONE = Verdict(554, "5.3.0", "An unknown error occurred")


class OffRamp:
    """The MTA server of a gateway; `verdicts` are the answers to the tries of a number, in their order, then 250."""

    def __init__(self) -> None:
        self.verdicts: dict[str, list[Verdict]] = {}
        self.mails: list[FaxMail] = []
        self.sent: list[str] = []
        self.faults: list[object] = []
        self.settings = ReceiveSettings(("fax.example.com",), 50)
        self.server = MtaServer(lambda: self.settings, lambda: IDENTITY, self.deliver, now=lambda: NOW, emit=self.heard)

    def heard(self, event: object) -> None:
        if isinstance(event, ServerFault):
            self.faults.append(event)

    async def deliver(self, mail: FaxMail) -> Verdict:
        self.mails.append(mail)
        number = mail.recipient.address.number
        waiting = self.verdicts.get(number, [])
        verdict = waiting.pop(0) if waiting else SENT
        if verdict.ok:
            self.sent.append(number)
        return verdict

    async def until_sent(self, count: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while len(self.sent) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def lab(need: Callable[[str], str], case: Callable[[OffRamp, Postfix], Awaitable[None]]) -> None:
    """Run a case with an off-ramp and a Postfix that knows it."""

    async def main() -> None:
        off_ramp = OffRamp()
        listener = await asyncio.get_running_loop().create_server(off_ramp.server.factory, "127.0.0.1", 0)
        try:
            with running(need("postfix"), listener.sockets[0].getsockname()[1]) as postfix:
                await case(off_ramp, postfix)
        finally:
            listener.close()
            await off_ramp.server.close()
        assert not off_ramp.faults

    asyncio.run(main())


async def mail(postfix: Postfix, text: bytes, *numbers: str, notify: str = "") -> None:
    """Tom sends a mail to fax numbers."""

    def talk() -> None:
        with smtplib.SMTP("127.0.0.1", postfix.port, "pc.example.com", timeout=WAIT_S) as smtp:
            recipients = [f"FAX={number}@fax.example.com" for number in numbers]
            options = [f"NOTIFY={notify}"] if notify else []
            refused = smtp.sendmail("tom@example.com", recipients, text, ["ENVID=QQ314"] if notify else [], options)
            assert not refused

    await asyncio.to_thread(talk)


async def run(*command: str) -> None:
    """Run a program to its end, which must be a good one."""
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    _, told = await asyncio.wait_for(process.communicate(), WAIT_S)
    assert process.returncode == 0, told.decode()


def status(report: Message) -> list[tuple[str, str]]:
    """The fields of a delivery notification."""
    part = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    return [pair for block in part.get_payload() for pair in block.items()]


def test_a_fax_is_taken_and_its_delivery_is_told(need: Callable[[str], str]) -> None:
    async def case(off_ramp: OffRamp, postfix: Postfix) -> None:
        call = FaxCall("5550100", "5550199", "+1 408 555 0100")
        ids = MessageIds.take(IdSource(), NOW, NOW, NOW)
        image = bytes(range(256)) * 300
        settings = SendSettings(("172.18.106.36",), mail_from_username="fax", mail_from_hostname="example.com")
        message = compose(settings, IDENTITY, call, ["tom@example.com"], image, ids, NOW)
        events: list[object] = []
        client = MtaClient(Loopback(postfix.port), ManualClock(), events.append)
        envelope = Envelope(
            "fax@example.com", (Recipient("tom@example.com", Notify.SUCCESS | Notify.FAILURE),), "0002@gw"
        )
        outcome = await client.deliver(settings, envelope, message, source="10.0.0.1", hello=IDENTITY.name)
        assert outcome.ok, outcome
        mails = await asyncio.to_thread(postfix.mails, 2)
        (fax,) = (one for one in mails if one.get_content_type() == "multipart/fax-message")
        (report,) = (one for one in mails if one.get_content_type() == "multipart/report")
        (page,) = fax.get_payload()
        assert (page.get_content_type(), page.get_filename("Cisco_fax.tif")) == ("image/tiff", "Cisco_fax.tif")
        assert page.get_payload(decode=True) == image
        assert (fax["Message-ID"], fax["Delivered-To"]) == (f"<{ids.message}@gw.fax.example.com>", "tom@example.com")
        fields = dict(status(report))
        assert (fields["Original-Envelope-Id"], fields["Action"]) == ("0002@gw", "delivered")
        assert fields["Original-Recipient"] == "rfc822;tom@example.com"

    lab(need, case)


def test_mail_for_a_number_arrives_with_what_was_asked_for(need: Callable[[str], str]) -> None:
    async def case(off_ramp: OffRamp, postfix: Postfix) -> None:
        text = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n.dot\r\ncafé\r\n".encode()
        await mail(postfix, text, "+1-408-555-0134/T33S=12/cover=yes", notify="SUCCESS,DELAY")
        await off_ramp.until_sent(1)
        (fax,) = off_ramp.mails
        address = fax.recipient.address
        assert (address.number, address.international, address.subaddress) == ("14085550134", True, "12")
        assert address.cover is True
        assert fax.recipient.notify == Notify.SUCCESS | Notify.DELAY
        assert fax.recipient.original == "rfc822;FAX=+1-408-555-0134/T33S=12/cover=yes@fax.example.com"
        assert (fax.envelope_id, fax.sender) == ("QQ314", "tom@example.com")
        assert [(part.kind, part.text) for part in fax.content.parts] == [(PartKind.TEXT, ".dot\ncafé\n")]

    lab(need, case)


def test_a_busy_line_is_tried_again_until_it_answers_and_then_no_more(need: Callable[[str], str]) -> None:
    async def case(off_ramp: OffRamp, postfix: Postfix) -> None:
        off_ramp.verdicts["1"] = [BUSY, BUSY]
        await mail(postfix, b"Subject: x\r\n\r\nhello\r\n", "1")
        await off_ramp.until_sent(1)
        await asyncio.sleep(2)
        assert (len(off_ramp.mails), off_ramp.sent, postfix.queued) == (3, ["1"], 0)

    lab(need, case)


def test_what_cannot_be_faxed_comes_back_with_our_own_words(need: Callable[[str], str]) -> None:
    async def case(off_ramp: OffRamp, postfix: Postfix) -> None:
        off_ramp.verdicts["1"] = [GONE]
        await mail(postfix, b"Subject: x\r\n\r\nhello\r\n", "1")
        await mail(postfix, b"Subject: x\r\n\r\nhello\r\n", "none")
        reports = await asyncio.to_thread(postfix.mails, 2)
        told = [(fields["Status"], fields["Diagnostic-Code"]) for fields in map(dict, map(status, reports))]
        assert sorted(told) == [
            ("5.1.3", "smtp; 553 5.1.3 Mailbox name is not a fax number"),
            ("5.3.0", "smtp; 554 5.3.0 An unknown error occurred"),
        ]
        assert len(off_ramp.mails) == 1

    lab(need, case)


def test_a_mail_to_ten_numbers_becomes_ten_faxes_each_once(need: Callable[[str], str]) -> None:
    async def case(off_ramp: OffRamp, postfix: Postfix) -> None:
        numbers = [str(number) for number in range(1, 11)]
        await mail(postfix, b"Subject: x\r\n\r\nhello\r\n", *numbers)
        await off_ramp.until_sent(10)
        await asyncio.sleep(1)
        assert sorted(off_ramp.sent, key=int) == numbers
        assert (postfix.queued, off_ramp.server.recipients_in_flight) == (0, 0)

    lab(need, case)


def test_a_crowd_of_clients_is_served_and_every_mail_faxed_once(need: Callable[[str], str]) -> None:
    source = need("smtp-source")

    async def case() -> None:
        off_ramp = OffRamp()
        listener = await asyncio.get_running_loop().create_server(off_ramp.server.factory, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        try:
            options = ["-s", "20", "-m", "200", "-l", "20000", "-f", "tom@example.com", "-t", "FAX=1@fax.example.com"]
            await run(source, *options, f"127.0.0.1:{port}")
        finally:
            listener.close()
            await off_ramp.server.close()
        assert (len(off_ramp.sent), off_ramp.server.recipients_in_flight, off_ramp.faults) == (200, 0, [])
        assert all(fax.size > 20000 for fax in off_ramp.mails)

    asyncio.run(case())


@pytest.mark.parametrize(
    ("options", "failure", "code"),
    [
        ("", Failure.NONE, 250),
        ("-e", Failure.NONE, 250),
        ("-r rcpt", Failure.REFUSED, 450),
        ("-f mail", Failure.REFUSED, 500),
        ("-f .", Failure.REFUSED, 500),
        ("-r .", Failure.REFUSED, 450),
        ("-q ehlo", Failure.NONE, 250),
        ("-q ehlo,helo", Failure.LOST, 220),
        ("-q rcpt", Failure.LOST, 250),
        ("-q data", Failure.LOST, 250),
        ("-q .", Failure.LOST, 354),
    ],
)
def test_a_server_that_fails_by_order_is_believed(
    need: Callable[[str], str], options: str, failure: Failure, code: int
) -> None:
    """smtp-sink refuses (`-f`, `-r`) or hangs up (`-q`) at the command that it is told; `-e` leaves out EHLO."""
    sink = need("smtp-sink")

    async def case() -> None:
        port = free_port()
        user = [] if os.geteuid() else ["-u", "nobody"]
        process = await asyncio.create_subprocess_exec(sink, *user, *options.split(), f"127.0.0.1:{port}", "10")
        try:
            await asyncio.to_thread(await_port, port)
            client = MtaClient(Loopback(port), ManualClock(), lambda event: None)
            settings = SendSettings(("10.0.0.9",))
            envelope = Envelope("fax@example.com", (Recipient("tom@example.com", Notify.FAILURE),))
            outcome = await client.deliver(settings, envelope, b"\r\nhello\r\n", source="10.0.0.1", hello="gw")
        finally:
            process.terminate()
            await process.wait()
        assert (outcome.failure, outcome.code) == (failure, code)
        assert outcome.ok is (failure is Failure.NONE)

    asyncio.run(case())
