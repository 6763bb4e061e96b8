"""The lab's mail server over real sockets: its words, its mailboxes, its relay."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP

from iosemu.clock import ManualClock
from iosemu.lab.errors import LabError, NoSuchMailbox
from iosemu.lab.events import MailStored, RelayTried
from iosemu.lab.mail_server import MailServer
from iosemu.lab.network import Host, VirtualNetwork
from iosemu.lab.topology import MailNode

Run = Callable[..., None]
ZONE = {"vdtl-5350-8a.testlab-t37.com": ["15.80.7.107"]}
FAX = "FAX=9-555-8354@15.80.7.107"
MESSAGE = b"Subject: hello\r\n\r\nbody\r\n"


class Lab:
    """A mail server on a manual clock, and a router's SMTP port that answers as it is told."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        users = {"tom": "tom", "john": "john"}
        settings |= {"name": "testlab-smtp", "address": "172.18.106.36", "domain": "testlab-t37.com", "users": users}
        self.node = MailNode(**settings)
        self.clock = ManualClock(datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC))
        self.network = VirtualNetwork(ZONE)
        self.events: list[object] = []
        self.server = MailServer(self.node, folder, clock=self.clock, network=self.network, emit=self.events.append)
        self.answers: list[str] = []
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 OK"
        if answer.startswith("250"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer

    async def settle(self) -> None:
        """Let the relay finish what is due now."""
        self.clock.run(self.clock.now())
        await asyncio.gather(*self.server.queue._tasks)

    def box(self, user: str = "tom") -> list[bytes]:
        accounts = self.server.accounts
        return [accounts.message(user, summary.number) for summary in accounts.contents(user)]


@contextlib.asynccontextmanager
async def running(folder: Path, *, router: bool = True, **settings: Any) -> AsyncIterator[Lab]:
    lab = Lab(folder, **settings)
    await lab.server.start()
    lab.server.relay()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: SMTP(lab, hostname="router", loop=loop), "127.0.0.1", 0)
    if router:
        lab.network.add(Host("r", lambda: ("15.80.7.107",), {25: listener.sockets[0].getsockname()}))
    try:
        yield lab
    finally:
        listener.close()
        await lab.server.stop()


async def submit(lab: Lab, sender: str, to: list[str], content: bytes = MESSAGE) -> None:
    host, port = lab.server.endpoint
    client = aiosmtplib.SMTP(hostname=host, port=port, local_hostname="client.example.com", start_tls=False)
    async with client:
        await client.sendmail(sender, to, content)


def test_a_session_reads_as_the_servers_own(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            wire = await lab.network.connect("15.80.7.11", "172.18.106.36", 25)
            reader, writer = await asyncio.open_connection(sock=wire)

            async def say(line: str) -> str:
                writer.write(f"{line}\r\n".encode())
                return (await reader.readline()).decode().rstrip("\r\n")

            banner = (await reader.readline()).decode()
            assert banner == (
                "220 testlab-smtp.testlab-t37.com Microsoft ESMTP MAIL Service, Version: 5.0.2195.4453 ready at "
                "Tue, 5 Mar 2002 17:10:01 +0000\r\n"
            )
            assert await say("MAIL FROM:<tom@testlab-t37.com>") == "503 5.5.2 Send hello first"
            assert await say("helo testlab-t37.com") == "250 testlab-smtp.testlab-t37.com Hello [15.80.7.11]"
            assert await say("wizard") == "500 5.3.3 Unrecognized command"
            assert await say("starttls") == "554 5.7.3 Unable to initialize security subsystem"
            assert await say("mail from:<tom@testlab-t37.com>") == "250 2.1.0 tom@testlab-t37.com....Sender OK"
            assert (await say("rcpt to:<john@testlab-t37.com>")).rstrip() == "250 2.1.5 john@testlab-t37.com"
            assert await say("data") == "354 Start mail input; end with <CRLF>.<CRLF>"
            queued = await say("typed by hand\r\n.")
            assert re.fullmatch(
                r"250 2\.6\.0 <testlab-smtp\w+@testlab-smtp\.testlab-t37\.com> Queued mail for delivery", queued
            )
            bye = "221 2.0.0 testlab-smtp.testlab-t37.com Service closing transmission channel"
            assert await say("quit") == bye
            writer.close()
            (message,) = lab.box("john")
            assert message.endswith(b"\n\ntyped by hand\n")
            assert b"Received: from testlab-t37.com ([15.80.7.11])" in message

    run(scenario())


def test_the_null_sender_is_taken(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await submit(lab, "", ["tom@testlab-t37.com"])
            assert lab.box()[0].startswith(b"Return-Path: <>\n")

    run(scenario())


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nobody@testlab-t37.com", "550 5.1.1 User unknown"),
        ("someone@example.com", "550 5.7.1 Unable to relay"),
        ("FAX=123@testlab-t37.com", "550 5.1.1 User unknown"),
    ],
)
def test_a_recipient_that_is_not_ours_is_refused(address: str, told: str, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
                await submit(lab, "tom@testlab-t37.com", [address])
            refused = caught.value.recipients[0]
            assert f"{refused.code} {refused.message}".startswith(told)
            assert not lab.server.queue.waiting()

    run(scenario())


def test_mailboxes_keep_order_and_refuse_strangers(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            for number in range(3):
                await submit(lab, "john@testlab-t37.com", ["TOM@testlab-t37.com"], b"Subject: %d\r\n\r\n" % number)
            assert [summary.subject for summary in lab.server.accounts.contents("tom")] == ["0", "1", "2"]
            assert [event.subject for event in lab.events if isinstance(event, MailStored)] == ["0", "1", "2"]
            with pytest.raises(NoSuchMailbox, match="no mailbox 'harry'; the users are tom, john"):
                lab.server.accounts.contents("harry")
            with pytest.raises(NoSuchMailbox):
                lab.server.accounts.contents("../tom")

    run(scenario())


def test_a_list_goes_to_its_members_users_lists_and_fax_machines_each_once(tmp_path: Path, run: Run) -> None:
    lists = {"staff": ["tom", "John@testlab-t37.com", "STAFF"], "All": ["staff", "tom", FAX, "branches", "nobody"],
             "branches": [FAX.replace("8354", "8355"), FAX]}  # fmt: skip

    async def case() -> None:
        async with running(tmp_path, lists=lists) as lab:
            await submit(lab, "tom@testlab-t37.com", ["all@testlab-t37.com", "john@testlab-t37.com"])
            await lab.settle()
            assert (len(lab.box("tom")), len(lab.box("john"))) == (1, 1)
            assert sorted(to for _, tos, _ in lab.taken for to in tos) == [FAX, FAX.replace("8354", "8355")]
            assert b"Subject: hello" in lab.box("postmaster")[0]  # a member that nobody is

    run(case())


def test_a_real_server_may_stand_in_the_labs_place(tmp_path: Path, run: Run) -> None:
    async def case() -> None:
        loop = asyncio.get_running_loop()
        box = Lab(tmp_path / "real")
        real = await loop.create_server(lambda: SMTP(box, hostname="real", loop=loop), "127.0.0.1", 0)
        port = real.sockets[0].getsockname()[1]
        try:
            async with running(tmp_path, external=f"127.0.0.1:{port}") as lab:
                assert lab.server.endpoint == ("127.0.0.1", port)
                wire = await lab.network.connect("15.80.7.11", "172.18.106.36", 25)
                async with aiosmtplib.SMTP(sock=wire, start_tls=False) as client:  # type: ignore[arg-type]
                    await client.sendmail("a@b", ["tom@testlab-t37.com"], MESSAGE)
        finally:
            real.close()
            await box.server.queue.stop()
        assert [to for _, to, _ in box.taken] == [["tom@testlab-t37.com"]]

    run(case())


def test_fax_mail_goes_to_the_router_by_address_and_by_name(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            by_name = "FAX=9-555-8354@vdtl-5350-8a.testlab-t37.com"
            await submit(lab, "tom@testlab-t37.com", [FAX, by_name])
            assert len(lab.server.queue.waiting()) == 2
            await lab.settle()
            assert sorted(to for _, (to,), _ in lab.taken) == sorted([FAX, by_name])
            assert lab.taken[0][2].endswith(MESSAGE)
            assert not lab.server.queue.waiting()
            assert not lab.box()

    run(scenario())


def test_a_temporary_refusal_is_tried_again_after_the_interval(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path, retry_s=60) as lab:
            lab.answers = ["451 4.4.2 busy", "451 4.4.2 busy"]
            await submit(lab, "tom@testlab-t37.com", [FAX])
            await lab.settle()
            assert lab.answers == ["451 4.4.2 busy"]
            lab.clock.run(59)
            await lab.settle()
            assert lab.answers == ["451 4.4.2 busy"]
            for when in (60, 120):
                lab.clock.run(when)
                await lab.settle()
            assert [event.code for event in lab.events if isinstance(event, RelayTried)] == [451, 451, 250]
            assert len(lab.taken) == 1

    run(scenario())


def bounce(lab: Lab) -> tuple[str, dict[str, str], str]:
    """The only report in tom's mailbox: its words, the recipient's status fields, the original's subject."""
    (octets,) = lab.box()
    assert octets.startswith(b"Return-Path: <>")
    report = message_from_bytes(octets)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    _, words, _, _, fields, _, original = report.walk()
    assert words.get_content_type() == "text/plain"
    return str(words.get_payload()), dict(fields.items()), str(original["Subject"])


def test_a_permanent_refusal_comes_back_as_a_report(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            lab.answers = ["554 5.3.0 An unknown error occurred"]
            await submit(lab, "tom@testlab-t37.com", [FAX])
            await lab.settle()
            words, fields, subject = bounce(lab)
            assert FAX in words
            assert fields["Final-Recipient"] == f"rfc822;{FAX}"
            assert fields["Status"] == "5.3.0"
            assert fields["Diagnostic-Code"] == "smtp;554 5.3.0 An unknown error occurred"
            assert subject == "hello"
            assert not lab.server.queue.waiting()

    run(scenario())


def test_a_host_without_a_dns_entry_comes_back_as_a_report(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await submit(lab, "tom@testlab-t37.com", ["FAX=1@missing.testlab-t37.com"])
            await lab.settle()
            assert bounce(lab)[1]["Status"] == "5.1.2"

    run(scenario())


def test_a_router_that_stays_away_is_reported_at_expiry(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path, router=False, retry_s=60, expire_s=150) as lab:
            await submit(lab, "tom@testlab-t37.com", [FAX])
            for when in (0, 60):
                lab.clock.run(when)
                await lab.settle()
                assert not lab.box()
            lab.clock.run(120)
            await lab.settle()
            words, fields, _ = bounce(lab)
            assert "Destination unreachable; gateway or host down" in words
            assert fields["Status"] == "4.4.7"

    run(scenario())


def test_the_queue_survives_the_servers_death(tmp_path: Path, run: Run) -> None:
    async def first() -> None:
        async with running(tmp_path, router=False) as lab:
            await submit(lab, "tom@testlab-t37.com", [FAX])

    async def second() -> None:
        async with running(tmp_path) as lab:
            await lab.settle()
            assert [to for _, (to,), _ in lab.taken] == [FAX]

    run(first())
    run(second())


def test_a_port_in_use_is_told(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as lab:
            with pytest.raises(LabError, match=r"testlab-smtp: cannot listen on .*: address already in use"):
                async with running(tmp_path / "other", smtp=f"127.0.0.1:{lab.server.endpoint[1]}"):
                    pass

    run(scenario())
