"""Mails of any form, and servers and clients of mail that say anything.

Rule: real sockets on one loop, a lab whose clock jumps. Whatever a client says, and wherever it leaves, no recipient
stays counted and no call stays up; whatever a server says, the gateway's client comes to an outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

from iosemu.clock import ManualClock
from iosemu.fax.document import DocumentError
from iosemu.lab.run import Lab
from iosemu.mail.client import ClientTimeouts, MtaClient
from iosemu.mail.envelope import Envelope, Outcome, Recipient
from iosemu.mail.mime import MimeError
from iosemu.mail.settings import SendSettings
from iosemu.voice.mail_pages import document_of
from iosemu.voice.settings import FaxSettings
from tests.mail.loopback import Loopback
from tests.soak.ledger import numbered_mail
from tests.voice.conftest import mail_to
from tests.waiting import until

from .surface import WORDS, Surface, framed, fuzzed_lab, on_loop, pieces_of, reader, shout

_PLAIN = b"From: Tom <tom@example.org>\r\nSubject: =?utf-8?q?a_fax?=\r\n\r\nHello\r\nworld\r\n"
_PARTS = b"""\
Content-Type: multipart/mixed; boundary="b"\r
MIME-Version: 1.0\r
\r
--b\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
H=E9llo\r
--b\r
Content-Type: multipart/alternative; boundary=c\r
\r
--c\r
Content-Type: text/enriched\r
\r
<bold>bold</bold> <<\r
--c\r
Content-Type: text/html\r
\r
<p>x\r
--c--\r
--b\r
Content-Type: message/rfc822\r
\r
Subject: inner\r
\r
inner text\r
--b--\r
"""
_UUENCODED = b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n"
MAILS = (_PLAIN, _PARTS, _UUENCODED, numbered_mail(4711))
_SETTINGS: Any = SimpleNamespace(fax=FaxSettings(cover_page=True, cover_page_detail=True, left_header="$s$ $p$"))


def _printed(octets: bytes) -> None:
    """The first pages of the fax that a mail makes."""
    mail = mail_to("9-5551234", octets)
    document = document_of(mail, _SETTINGS, "9-5551234", mail.arrived)
    for at in range(2):
        page_format = document.format(at)
        if page_format is not None:
            document.t4(at, page_format)


# Clients that mean ill, at the servers of a gateway and of the lab.

OFF_RAMP, SERVER = "vdtl-5350-8a", "testlab-smtp"
_RECIPIENT = b"RCPT TO:<FAX=9-555-8354@15.80.7.107> NOTIFY=FAILURE ORCPT=rfc822;x@y\r\n"
_HELLO = b"EHLO me\r\nMAIL FROM:<a@b> BODY=8BITMIME\r\n"
_DIALOGUES = (
    b"EHLO me\r\nMAIL FROM:<tom@testlab-t37.com> SIZE=100 RET=HDRS ENVID=x\r\n" + _RECIPIENT + b"RSET\r\nQUIT\r\n",
    b"HELO me\r\nMAIL FROM:<>\r\n" + _RECIPIENT[:40] + b"\r\nDATA\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n",
    _HELLO + b"RCPT TO:<tom@testlab-t37.com>\r\nDATA\r\nSubject: x\r\n\r\n..hello\r\n.\r\nNOOP\r\n",
    b"EHLO me\r\nVRFY <FAX=9-555-8354@15.80.7.107>\r\nEXPN x\r\nHELP MAIL\r\nX-SESSION\r\nTURN\r\n",
    b"EHLO me\r\nAUTH PLAIN AAAA\r\nSTARTTLS\r\nSEND FROM:<a@b>\r\n",
    _HELLO + _RECIPIENT + b"DATA\r\n\xff\xfe\r\n\r\n\x00\x1a\r\n.\r\n",
)


def _at_rest(lab: Lab) -> bool:
    devices = [node.router.device for node in lab.routers.values()]
    used = any(device.chassis.dsp.in_use or device.voice.control.active for device in devices)
    server = lab.routers[OFF_RAMP].router.mail._server
    assert server is not None
    return not used and not lab.exchange.calls and not server.recipients_in_flight and not server._dialogues


async def _said(endpoint: tuple[str, int], *lines: str) -> list[str]:
    """A right dialogue: the first line of each reply."""
    reader, writer = await asyncio.open_connection(*endpoint)
    replies = []
    try:
        for line in ("", *lines):
            writer.write(f"{line}\r\n".encode() if line else b"")
            while (reply := (await reader.readline()).decode())[3:4] == "-":
                pass
            replies.append(reply)
    finally:
        writer.close()
    return replies


def _mail_server(endpoint: Callable[[Lab], tuple[str, int]], recipient: str) -> Any:
    @asynccontextmanager
    async def place() -> AsyncIterator[Callable[[bytes], Awaitable[None]]]:
        async with fuzzed_lab() as lab:

            async def take(octets: bytes) -> None:
                await shout(endpoint(lab), octets)
                await until(lambda: _at_rest(lab))
                replies = await _said(endpoint(lab), "HELO me", "MAIL FROM:<a@b.c>", f"RCPT TO:<{recipient}>", "QUIT")
                assert [reply[0] for reply in replies] == ["2"] * 5, replies
                await until(lambda: _at_rest(lab))

            yield take

    return lambda: on_loop(place)


# A server that means ill, at the client of a gateway. Each piece of an input is one reply.

_QUICK = ClientTimeouts(greeting=0.2, reply=0.2, message=0.2, farewell=0.05)
_EAGER_S = 0.01
"""So long the server waits for its client before it says the next thing unasked."""
_GOOD = (b"220 x ESMTP", b"250-x\r\n250-SIZE 1000\r\n250-DSN\r\n250 8BITMIME", b"250 ok", b"250 ok")
_SWIFT = b"250-x\r\n250 PIPELINING"
_REPLIES = (
    framed((*_GOOD, b"354 go", b"250 2.6.0 queued", b"221 bye")),
    framed((_GOOD[0], _SWIFT, b"250 ok", b"452 too many", b"250 ok", b"354 go", b"250 queued")),
    framed((b"220-x\r\n220 y", b"500 what", b"250 x", b"250 ok", b"550 5.1.1 no", b"421 gone")),
    framed((b"554 no service",)),
)


@asynccontextmanager
async def _client() -> AsyncIterator[Callable[[bytes], Awaitable[None]]]:
    script: list[bytes] = []
    patience_s = _EAGER_S

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for reply in script.copy():
                writer.write(reply + b"\r\n")
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience_s):
                        await reader.read(65536)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    client = MtaClient(Loopback(server.sockets[0].getsockname()[1]), ManualClock(), lambda event: None, _QUICK)
    settings = SendSettings(servers=("10.0.0.25",))
    envelope = Envelope("FAX=1@gw.example.com", (Recipient("john@example.com"),))

    async def deliver() -> Outcome:
        return await client.deliver(settings, envelope, b"Subject: fax\r\n\r\n.x\r\n", source="10.0.0.1", hello="gw")

    async def take(octets: bytes) -> None:
        script[:] = pieces_of(octets)
        assert isinstance(await deliver(), Outcome)

    yield take
    script[:], patience_s = pieces_of(_REPLIES[0]), 10.0
    assert (await deliver()).ok
    server.close()


MAIL = (
    reader("mime", _printed, (MimeError, DocumentError), MAILS, 1, WORDS),
    Surface(
        "smtp-gateway",
        _mail_server(lambda lab: lab.routers[OFF_RAMP].smtp, "FAX=9-555-8354@15.80.7.107"),
        lambda: _DIALOGUES,
        tokens=WORDS,
    ),
    Surface(
        "smtp-server",
        _mail_server(lambda lab: lab.mail[SERVER].endpoint, "tom@testlab-t37.com"),
        lambda: _DIALOGUES,
        tokens=WORDS,
    ),
    Surface("smtp-client", lambda: on_loop(_client), lambda: _REPLIES, tokens=WORDS),
)
