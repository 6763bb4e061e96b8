"""The two gateways of the lab with Postfix as their mail server: faxes, mails and notices go the whole way."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from email.message import Message
from pathlib import Path

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax.document import Document
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import FaxNode, Topology, load
from tests.peers.postfix import WAIT_S, Postfix, running
from tests.ports import free_port

pytestmark = pytest.mark.peer

DOMAIN = "testlab-t37.com"
ON_RAMP, OFF_RAMP = "vdtl-5300-7a", "vdtl-5350-8a"
MAIL_SERVER = "172.18.106.36"
ASKING = """\
mta send mail-from hostname testlab-t37.com
mta send mail-from username fax
mta send return-receipt-to hostname testlab-t37.com
mta send return-receipt-to username fax
dial-peer voice 2 mmoip
 dsn success
 mdn
"""


async def fax(lab: Lab, document: Document) -> SendResult:
    ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()

    def watch(event: object) -> None:
        if isinstance(event, SendResult):
            ended.set_result(event)

    lab.machine("555-0100").send(document, "555-0199", watch)
    return await asyncio.wait_for(ended, WAIT_S)


def send(port: int, number: str, notify: str, *, to: str = "") -> None:
    """Tom sends a mail to a fax number, or `to` somebody else, and wants to know of its disposition."""
    text = f"Message-ID: <1@{DOMAIN}>\r\nDisposition-Notification-To: tom@{DOMAIN}\r\nSubject: x\r\n\r\nhello\r\n"
    with smtplib.SMTP("127.0.0.1", port, f"pc.{DOMAIN}", timeout=WAIT_S) as smtp:
        recipient = to or f"FAX={number}@{OFF_RAMP}.{DOMAIN}"
        smtp.sendmail(f"tom@{DOMAIN}", recipient, text, ["ENVID=QQ1"], [notify])


def with_server(source: Path, server: int, *, off_ramp: int = 0, machines: Sequence[FaxNode] = ()) -> Topology:
    """The lab with the mail server at a port of 127.0.0.1 in the place of its own, the off-ramp's SMTP at another."""
    lab, change = load(source), msgspec.structs.replace
    return change(
        lab,
        mail=[change(node, external=f"127.0.0.1:{server}") for node in lab.mail],
        router=[change(node, smtp=f"127.0.0.1:{off_ramp if node.name == OFF_RAMP else 0}") for node in lab.router],
        fax=[*lab.fax, *machines],
    )


def whole_lab(
    need: Callable[[str], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: Callable[[Lab, Postfix], Awaitable[None]],
    *,
    lists: Mapping[str, Sequence[str]] | None = None,
    machines: Sequence[FaxNode] = (),
) -> None:
    """Run a case in the lab, whose own mail server Postfix takes the place of, with its distribution `lists`; there
    are more fax `machines` than the lab has by itself."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    source, postfix = packaged_lab(), need("postfix")

    async def main() -> None:
        state, off_ramp = StateFolder(folder / "state"), free_port()
        with running(postfix, off_ramp, domain=DOMAIN, fax=f"{OFF_RAMP}.{DOMAIN}", lists=lists) as server:
            topology = with_server(source, server.port, off_ramp=off_ramp, machines=machines)
            lab = Lab(topology, source, state, pace="instant")
            try:
                await lab.start()
                await case(lab, server)
            finally:
                await lab.stop()
                state.release()

    asyncio.run(main())


def kinds(mails: list[Message[str, str]]) -> dict[str, Message[str, str]]:
    """Mails by their type, a report by its report-type."""
    return {str(mail.get_param("report-type") or mail.get_content_type()): mail for mail in mails}


def test_a_fax_is_mailed_and_the_gateway_is_told_of_its_delivery(
    need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(lab: Lab, postfix: Postfix) -> None:
        assert lab.routers[ON_RAMP].configure(ASKING) == []
        assert await fax(lab, load_octets(b"one\n", "a.txt")) == SendResult(1, "")
        mails = kinds(await asyncio.to_thread(postfix.mails, 2))
        assert mails.keys() == {"multipart/fax-message", "delivery-status"}
        message = mails["multipart/fax-message"]
        assert message["Disposition-Notification-To"] == "<fax@testlab-t37.com>"
        assert message["Return-Path"] == "<fax@testlab-t37.com>"
        envelope_id = message["Message-ID"].strip("<>")
        assert f"Original-Envelope-Id: {envelope_id}" in mails["delivery-status"].as_string()

    whole_lab(need, tmp_path, monkeypatch, case)


def test_a_mail_is_faxed_and_its_sender_told_of_delivery_and_disposition(
    need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(lab: Lab, postfix: Postfix) -> None:
        assert lab.routers[OFF_RAMP].configure("mta receive generate-mdn\n") == []
        await asyncio.to_thread(send, postfix.port, "9-555-8354", "NOTIFY=SUCCESS")
        mails = kinds(await asyncio.to_thread(postfix.mails, 2))
        (job,) = lab.tray.jobs()
        assert (job.machine, job.pages, job.cause) == ("5558354", 1, "")
        delivery, disposition = mails["delivery-status"].as_string(), mails["disposition-notification"].as_string()
        assert "Original-Envelope-Id: QQ1" in delivery
        assert "Action: delivered" in delivery
        assert f"Original-Message-ID: <1@{DOMAIN}>" in disposition
        assert "Disposition: automatic-action/MDN-sent-automatically; dispatched" in disposition

    whole_lab(need, tmp_path, monkeypatch, case)


def test_without_a_mail_server_the_fax_is_not_confirmed_and_with_it_again_it_is(
    need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case(lab: Lab, postfix: Postfix) -> None:
        host = lab.network.owner(MAIL_SERVER)
        assert host is not None
        ports, host.ports = host.ports, {}
        refused = await fax(lab, load_octets(b"one\n", "a.txt"))
        assert not refused.ok
        host.ports = ports
        assert (await fax(lab, load_octets(b"one\n", "a.txt"))).ok
        assert len(await asyncio.to_thread(postfix.mails, 1)) == 1

    whole_lab(need, tmp_path, monkeypatch, case)


def test_a_notice_that_nobody_took_is_sent_in_the_next_life_of_the_router(
    need: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    source, postfix = packaged_lab(), need("postfix")

    async def life(case: Callable[[Lab], Awaitable[None]], port: int) -> None:
        state = StateFolder(tmp_path / "state")
        lab = Lab(with_server(source, port), source, state)  # at the line's pace: the next try is five minutes away
        try:
            await lab.start()
            await case(lab)
        finally:
            await lab.stop()
            state.release()

    async def refused(lab: Lab) -> None:
        port = lab.routers[OFF_RAMP].smtp[1]
        with pytest.raises(smtplib.SMTPDataError, match="Line is busy"):
            await asyncio.to_thread(send, port, "9-555-8355", "NOTIFY=FAILURE")

    async def main() -> None:
        await life(refused, free_port())
        with running(postfix, 9, domain=DOMAIN, fax=f"{OFF_RAMP}.{DOMAIN}") as server:

            async def told(lab: Lab) -> None:
                (notice,) = await asyncio.to_thread(server.mails, 1)
                assert "Status: 450 4.4.1 Line is busy" in notice.as_string()

            await life(told, server.port)

    asyncio.run(main())
