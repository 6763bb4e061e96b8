"""The whole way of fax and mail with servers that others wrote: Postfix carries the mail, Dovecot shows the mailbox."""

from __future__ import annotations

import asyncio
import io
import poplib
from collections.abc import Awaitable, Callable
from email.message import Message
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.topology import FaxNode
from tests.peers.dovecot import PASSWORD, Dovecot, serving
from tests.peers.postfix import WAIT_S, Postfix
from tests.peers.test_postfix_lab import DOMAIN, OFF_RAMP, ON_RAMP, fax, send, whole_lab
from tests.waiting import until

pytestmark = pytest.mark.peer

Case = Callable[[Lab, Postfix, Dovecot], Awaitable[None]]
RARELY_S = 0.1
"""How often the queue and the log of Postfix are looked at, which are files: the lab is to run between."""
GROUP = [FaxNode(number=f"555-90{place:02}", name=f"branch {place}") for place in range(10)]


@pytest.fixture
def lab(need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Case], None]:
    """Runs a case in the lab with Postfix and Dovecot; `staff` and `branches` are distribution lists."""
    dovecot = need("dovecot")
    lists = {
        "staff": [f"tom@{DOMAIN}", f"john@{DOMAIN}"],
        "branches": [f"FAX=9{node.number}@{OFF_RAMP}.{DOMAIN}" for node in GROUP],
    }

    def run(case: Case) -> None:
        async def whole(lab: Lab, postfix: Postfix) -> None:
            with serving(dovecot, postfix.maildir) as mailbox:
                await case(lab, postfix, mailbox)

        whole_lab(need, tmp_path, monkeypatch, whole, lists=lists, machines=GROUP)

    return run


def status(report: Message[str, str]) -> str:
    return next(part for part in report.walk() if part.get_content_type() == "message/delivery-status").as_string()


def test_a_fax_is_read_by_imap_and_by_pop(lab: Callable[[Case], None]) -> None:
    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        assert await fax(lab, load_octets(b"line\n" * 60, "a.txt")) == SendResult(2, "")
        (mail,) = await asyncio.to_thread(mailbox.mails, 1)
        assert (mail["To"], mail["Subject"]) == ('"tom" <tom@testlab-t37.com>', "Fax from the PSTN")
        with Image.open(io.BytesIO(mail.get_payload(0).get_payload(decode=True))) as pages:
            assert getattr(pages, "n_frames", 1) == 2

        def popped() -> bytes:
            reader = poplib.POP3("127.0.0.1", mailbox.pop3, timeout=WAIT_S)
            reader.user("tom")
            reader.pass_(PASSWORD)
            assert reader.stat()[0] == 1
            text = b"\n".join(reader.retr(1)[1])
            reader.quit()
            return text

        assert mail["Message-ID"].encode() in await asyncio.to_thread(popped)

    lab(case)


def test_one_fax_to_a_list_and_another_peer_reaches_every_mailbox(lab: Callable[[Case], None]) -> None:
    second = f"""\
dial-peer voice 2 mmoip
 session target mailto:staff@{DOMAIN}
dial-peer voice 22 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 5550199
 session target mailto:ann@{DOMAIN}
dial-peer voice 2 mmoip
 destination-pattern 5550199
"""

    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        assert lab.routers[ON_RAMP].configure(second) == []
        assert await fax(lab, load_octets(b"one\n", "a.txt")) == SendResult(1, "")
        mails = await asyncio.to_thread(mailbox.mails, 3)
        assert sorted(str(mail["Delivered-To"]).partition("@")[0] for mail in mails) == ["ann", "john", "tom"]
        assert len({mail["Message-ID"] for mail in mails}) == 1
        assert postfix.log.count("PIPELINING") == 0  # it would tell of commands that came too early
        assert postfix.log.count("nrcpt=3") == 1

    lab(case)


def test_a_mail_becomes_a_fax_and_the_notice_is_in_the_mailbox(lab: Callable[[Case], None]) -> None:
    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        await asyncio.to_thread(send, postfix.port, "9-555-8354", "NOTIFY=SUCCESS")
        (notice,) = await asyncio.to_thread(mailbox.mails, 1)
        (job,) = lab.tray.jobs()
        assert (job.machine, job.pages, job.cause) == ("5558354", 1, "")
        assert "Action: delivered" in status(notice)
        assert "Original-Envelope-Id: QQ1" in status(notice)

    lab(case)


def test_a_number_that_cannot_be_dialled_comes_back_to_the_mailbox(lab: Callable[[Case], None]) -> None:
    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        await asyncio.to_thread(send, postfix.port, "9-555-0000", "NOTIFY=FAILURE")
        notices = await asyncio.to_thread(mailbox.mails, 2)  # the gateway's own, and that of Postfix
        assert all("Action: failed" in status(notice) for notice in notices)
        assert any("The cause code is: unassigned number (1)" in notice.as_string() for notice in notices)

    lab(case)


def test_a_busy_machine_is_retried_until_it_answers(lab: Callable[[Case], None]) -> None:
    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        busy = lab.machine("555-8355")
        await asyncio.to_thread(send, postfix.port, "9-555-8355", "NOTIFY=NEVER")
        await until(lambda: postfix.log.count("450 4.4.1 Line is busy") >= 2, WAIT_S, RARELY_S)
        assert not lab.tray.jobs()
        busy.node = msgspec.structs.replace(busy.node, busy=False)
        await until(lambda: bool(lab.tray.jobs()) and not postfix.queued, WAIT_S, RARELY_S)
        assert [(job.machine, job.pages) for job in lab.tray.jobs()] == [("5558355", 1)]

    lab(case)


def test_a_list_fans_out_to_ten_fax_machines(lab: Callable[[Case], None]) -> None:
    async def case(lab: Lab, postfix: Postfix, mailbox: Dovecot) -> None:
        await asyncio.to_thread(send, postfix.port, "", "NOTIFY=NEVER", to=f"branches@{DOMAIN}")
        await until(lambda: len(lab.tray.jobs()) >= 10 and not postfix.queued, WAIT_S, RARELY_S)
        jobs = lab.tray.jobs()
        assert sorted(job.machine for job in jobs) == [node.number.replace("-", "") for node in GROUP]
        assert {(job.pages, job.cause) for job in jobs} == {(1, "")}

    lab(case)
