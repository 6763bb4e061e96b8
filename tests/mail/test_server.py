"""The MTA server as a mail client on a real socket meets it."""

from __future__ import annotations

import asyncio
import re
import smtplib
import socket
import struct
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.mail.envelope import FaxMail, Notify, PartKind, Verdict
from iosemu.mail.events import ServerClosed, ServerFault, ServerReceived, ServerSent, ServerVerdict
from iosemu.mail.server import MtaServer, ServerLimits
from iosemu.mail.settings import Identity, ReceiveSettings
from tests.waiting import until

HOST = "vdtl-5350-8a.testlab-t37.com"
ALIASES = (HOST, "[15.80.7.107]")
SENT = Verdict(250, "2.0.0", "Message delivered")
RCPT = "RCPT TO:<FAX=9-555-8354@15.80.7.107>"
TEXT = ["Subject: x", "", "hello", "."]


class Lab:
    """An off-ramp server on a loopback port; `verdict` is what the fax side says, at once or when `gate` opens."""

    def __init__(self, maximum: int = 5, limits: ServerLimits | None = None) -> None:
        self.settings = ReceiveSettings(aliases=ALIASES, maximum_recipients=maximum)
        self.events: list[Any] = []
        self.clients: list[Client] = []
        self.mails: list[FaxMail] = []
        self.done: list[FaxMail] = []
        self.verdicts: dict[str, Verdict | Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.server = MtaServer(
            lambda: self.settings,
            lambda: Identity("vdtl-5350-8a", "testlab-t37.com"),
            self.deliver,
            now=lambda: datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC),
            emit=self.events.append,
            limits=limits or ServerLimits(),
        )

    async def deliver(self, mail: FaxMail) -> Verdict:
        self.mails.append(mail)
        await self.gate.wait()
        self.done.append(mail)
        verdict = self.verdicts.get(mail.recipient.address.number, SENT)
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    async def start(self) -> int:
        self.listener = await asyncio.get_running_loop().create_server(self.server.factory, "127.0.0.1", 0)
        port: int = self.listener.sockets[0].getsockname()[1]
        self.port = port
        return port

    async def client(self) -> Client:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        self.banner = await client.reply()
        return client

    async def stop(self) -> None:
        self.listener.close()
        await self.server.close()
        for client in self.clients:
            client.writer.close()
        await asyncio.sleep(0)


class Client:
    """A hand at the keyboard: says lines, reads replies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> str:
        lines = []
        while True:
            line = (await self.reader.readline()).decode()
            assert line == "" or line.endswith("\r\n")
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                return "\n".join(lines)

    def type(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def say(self, *lines: str) -> str:
        self.type(*lines)
        return await self.reply()

    async def script(self, *lines: str) -> str:
        """Say lines one by one, each of which must be taken; the last reply."""
        reply = ""
        for line in lines:
            reply = await self.say(line)
            assert reply[0] in "23", f"{line}: {reply}"
        return reply

    async def ready(self) -> None:
        await self.script("HELO me", "MAIL FROM:<tom@testlab-t37.com>", RCPT, "DATA")


def lab(case: Callable[[Lab], Awaitable[None]], **settings: Any) -> None:
    async def main() -> None:
        here = Lab(**settings)
        await here.start()
        try:
            await asyncio.wait_for(case(here), 10)
        finally:
            await here.stop()

    asyncio.run(main())


def test_a_session_typed_by_hand_sends_a_fax() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        assert here.banner == f"220 {HOST} Cisco NetWorks ESMTP server"
        assert await client.say("helo testlab-t37.com") == f"250 {HOST} Hello testlab-t37.com [127.0.0.1]"
        assert await client.say("mail from:<tom@testlab-t37.com>") == "250 2.1.0 tom@testlab-t37.com....Sender OK"
        assert await client.say("rcpt to:<fax=9-555-8354@15.80.7.107>") == "250 2.1.5 fax=9-555-8354@15.80.7.107"
        assert await client.say("data") == "354 Start mail input; end with <CRLF>.<CRLF>"
        assert await client.say("Subject: hello", "", "..dot", "line", ".") == "250 2.0.0 Message delivered"
        assert await client.say("quit") == f"221 2.0.0 {HOST} Service closing transmission channel"
        assert await client.reader.read() == b""
        (mail,) = here.mails
        assert (mail.sender, mail.recipient.address.number) == ("tom@testlab-t37.com", "95558354")
        assert [(part.kind, part.text) for part in mail.content.parts] == [(PartKind.TEXT, ".dot\nline\n")]
        assert mail.content.header("subject") == "hello"
        assert (mail.peer, mail.hello, mail.host) == ("127.0.0.1", "testlab-t37.com", HOST)

    lab(case)


def test_smtplib_sends_and_sees_the_extensions() -> None:
    def talk(port: int) -> tuple[dict[str, str], dict[str, Any]]:
        with smtplib.SMTP("127.0.0.1", port, "me", timeout=5) as client:
            client.ehlo()
            refused = client.sendmail("tom@testlab-t37.com", f"FAX=+1-408@{HOST}", "Subject: x\n\nhello\n")
            return client.esmtp_features, refused

    async def case(here: Lab) -> None:
        features, refused = await asyncio.to_thread(talk, here.port)
        assert {"size", "dsn", "8bitmime", "x-session", "enhancedstatuscodes"} <= features.keys()
        assert not {"starttls", "auth", "smtputf8"} & features.keys()
        assert refused == {}
        assert here.mails[0].recipient.address.international

    lab(case)


@pytest.mark.parametrize(
    ("before", "command", "reply"),
    [
        ([], "MAIL FROM:<a@b>", "503 5.5.2 Send hello first"),
        ([], RCPT, "503 5.5.2 Send hello first"),
        ([], "DATA", "503 5.5.2 Send hello first"),
        ([], "QUIT", f"221 2.0.0 {HOST} Service closing transmission channel"),
        (["HELO me"], RCPT, "503 5.5.1 Need MAIL command"),
        (["HELO me"], "DATA", "503 5.5.1 Need MAIL command"),
        (["HELO me", "MAIL FROM:<>"], "DATA", "503 5.5.1 Need RCPT command"),
        (["HELO me", "MAIL FROM:<>"], "MAIL FROM:<>", "503 5.5.1 Sender already specified"),
        (["HELO me", "MAIL FROM:<>", "RSET"], RCPT, "503 5.5.1 Need MAIL command"),
        (["HELO me", "MAIL FROM:<>", "EHLO me"], RCPT, "503 5.5.1 Need MAIL command"),
        (["HELO me"], "MAIL FROM:<a b>", "501 5.1.7 Syntax error in sender address"),
        (["HELO me"], "MAIL a@b", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me"], "MAIL FROM:<a@b> AUTH=x", "504 5.5.4 Command parameter not implemented"),
        (["HELO me"], "MAIL FROM:<a@b> SIZE=99999999999", "552 5.3.4 Message size exceeds fixed maximum message size"),
        ([], "HELO", "501 5.5.4 Syntax error in parameters or arguments"),
        ([], "STARTTLS", "500 5.5.1 Command unrecognized"),
        ([], "AUTH PLAIN x", "500 5.5.1 Command unrecognized"),
        ([], "", "500 5.5.2 Syntax error, command unrecognized"),
        ([], "HELO \xe9", "500 5.5.2 Syntax error, command unrecognized"),
        ([], "NOOP " + "x" * 2000, "500 5.5.2 Command line too long"),
        ([], "TURN", "502 5.5.1 Command not implemented"),
        ([], "EXPN staff", "502 5.5.1 Command not implemented"),
        ([], "VRFY", "501 5.5.4 Syntax error in parameters or arguments"),
        ([], "VRFY fax=9-555-8354", f"250 2.1.5 <fax=9-555-8354@{HOST}>"),
        (
            [],
            "HELP",
            f"211 2.0.0 {HOST} Cisco NetWorks ESMTP server; commands: HELO EHLO MAIL RCPT DATA RSET NOOP HELP "
            "QUIT X-SESSION SEND SOML SAML VRFY",
        ),
        ([], "help vrfy", "214 2.0.0 Syntax: VRFY <FAX=number@host>"),
        ([], "HELP TURN", "504 5.5.4 No help on that topic"),
        ([], "SEND FROM:<a@b>", "503 5.5.2 Send hello first"),
        (["HELO me"], "SEND FROM:<a@b>", "250 2.1.0 a@b....Sender OK"),
        (["HELO me", "SAML FROM:<a@b>"], "SOML FROM:<a@b>", "503 5.5.1 Sender already specified"),
        (["HELO me", "MAIL FROM:<a@b>", "VRFY FAX=1", "NOOP x", "HELP"], "DATA", "503 5.5.1 Need RCPT command"),
        (["HELO me"], "RSET now", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me", "RSET", "RSET"], "QUIT now", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me", "MAIL FROM:<>", RCPT], "DATA now", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me", "MAIL FROM:<>", RCPT, "HELO me"], "DATA", "503 5.5.1 Need MAIL command"),
        (["HELO me"], "MAIL FROM:<a@b", "501 5.1.7 Syntax error in sender address"),
        (["HELO me"], "MAIL FROM:", "501 5.1.7 Syntax error in sender address"),
        (["HELO me"], "MAIL FROM <a@b>", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me"], "MAIL FROM:<a@b> BODY=9BIT", "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me"], "MAIL FROM: <a@b> body=8bitmime", "250 2.1.0 a@b....Sender OK"),
        (["HELO me", "MAIL FROM:<>"], "RCPT FAX=1@" + HOST, "501 5.5.4 Syntax error in parameters or arguments"),
        (["HELO me", "MAIL FROM:<>"], RCPT + " NOTIFY=NOW", "501 5.5.4 Syntax error in parameters or arguments"),
        ([], "noop", "250 2.0.0 OK"),
    ],
)
def test_the_order_of_commands_is_kept(before: list[str], command: str, reply: str) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script(*before)
        assert await client.say(command) == reply

    lab(case)


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("tom@example.com", "550 5.7.1 Unable to relay for tom@example.com"),
        ("FAX=123@example.com", "550 5.7.1 Unable to relay for FAX=123@example.com"),
        ("FAX=123@15.80.7.11", "550 5.7.1 Unable to relay for FAX=123@15.80.7.11"),
        ("FAX=1%example.com@" + HOST, "550 5.7.1 Unable to relay for FAX=1@example.com"),
        (f"tom%{HOST}@[15.80.7.107]", f"550 5.1.1 tom@{HOST} User unknown"),
        (f"@a,@b:FAX=1%example.com%{HOST}@{HOST}", "550 5.7.1 Unable to relay for FAX=1@example.com"),
        (f"FAX=1%@{HOST}", "550 5.1.1 FAX=1 User unknown"),
        (f"example.com!FAX=1@{HOST}", f"550 5.1.1 example.com!FAX=1@{HOST} User unknown"),
        ("tom@" + HOST, f"550 5.1.1 tom@{HOST} User unknown"),
        ("FAX=none@" + HOST, "553 5.1.3 Mailbox name is not a fax number"),
        ("@relay:tom@example.com", "550 5.7.1 Unable to relay for tom@example.com"),
        ("postmaster", "550 5.1.1 postmaster User unknown"),
        ("", "501 5.1.3 Syntax error in recipient address"),
    ],
)
def test_only_fax_addresses_at_our_names_are_taken(address: str, reply: str) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script("HELO me", "MAIL FROM:<a@b>")
        assert await client.say(f"RCPT TO:<{address}>") == reply
        assert await client.say("DATA") == "503 5.5.1 Need RCPT command"

    lab(case)


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        (f"@relay.example.com,@other:FAX=1@{HOST}", f"250 2.1.5 FAX=1@{HOST}"),
        (f"FAX=1%{HOST}@[15.80.7.107]", f"251 2.1.5 User not local; will forward to <FAX=1@{HOST}>"),
        (f"FAX=1%{HOST}%15.80.7.107@{HOST}", f"251 2.1.5 User not local; will forward to <FAX=1@{HOST}>"),
        (f'"FAX=1/cover=yes"@{HOST}', f"250 2.1.5 FAX=1/cover=yes@{HOST}"),
    ],
)
def test_a_route_that_leads_to_us_is_followed(path: str, reply: str) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script("HELO me", "MAIL FROM:<a@b>")
        assert await client.say(f"RCPT TO:<{path}>") == reply
        await client.script("DATA")
        assert await client.say(*TEXT) == SENT.line
        assert here.mails[0].recipient.address.number == "1"

    lab(case)


def test_a_whole_session_in_one_segment_is_answered_line_by_line() -> None:
    async def case(here: Lab) -> None:
        here.gate.clear()
        client = await here.client()
        client.type("EHLO me", "MAIL FROM:<a@b>", "RCPT TO:<tom@b>", RCPT, "DATA", *TEXT, "MAIL FROM:<c@d>", "QUIT")
        replies = [await client.reply() for _ in range(5)]
        assert [reply[:3] for reply in replies] == ["250", "250", "550", "250", "354"]
        here.gate.set()
        assert [(await client.reply())[:3] for _ in range(3)] == ["250", "250", "221"]
        assert len(here.mails) == 1

    lab(case)


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r\r\n"])
def test_no_other_line_end_than_crlf_ends_a_message(end: bytes) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        client.writer.write(b"Subject: x\r\n\r\nhello" + end + b"MAIL FROM:<evil@example.com>\r\n.\r\n")
        assert await client.reply() == SENT.line
        assert await client.say("NOOP") == "250 2.0.0 OK"
        (mail,) = here.mails
        assert "evil" in mail.content.parts[0].text

    lab(case)


def test_eight_bit_text_arrives_as_it_is() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script("EHLO me", "MAIL FROM:<a@b> BODY=8BITMIME", RCPT, "DATA")
        client.writer.write("Content-Type: text/plain; charset=utf-8\r\n\r\ncafé\r\n.\r\n".encode())
        assert await client.reply() == SENT.line
        assert here.mails[0].content.parts[0].text == "café\n"

    lab(case)


@pytest.mark.parametrize(
    "verdict",
    [Verdict(554, "5.3.0", "An unknown error occurred"), Verdict(450, "4.4.2", "Modem timed out")],
)
def test_data_is_answered_with_the_verdict_of_the_fax_and_not_before_it(verdict: Verdict) -> None:
    async def case(here: Lab) -> None:
        here.verdicts["95558354"] = verdict
        here.gate.clear()
        client = await here.client()
        await client.ready()
        client.type(*TEXT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.readexactly(1), 0.05)
        here.gate.set()
        assert await client.reply() == verdict.line

    lab(case)


def test_one_connection_has_one_recipient() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script("HELO me", "MAIL FROM:<a@b>", RCPT)
        assert await client.say(RCPT) == "452 4.5.3 Too many recipients"
        await client.script("RSET", "MAIL FROM:<a@b>", RCPT, "DATA")
        assert (await client.say(*TEXT))[:3] == "250"
        await client.script("MAIL FROM:<a@b>")
        assert await client.say(RCPT) == "452 4.5.3 Too many recipients"

    lab(case)


def test_x_session_allows_several_and_one_success_takes_the_mail() -> None:
    async def case(here: Lab) -> None:
        here.verdicts["1"] = Verdict(450, "4.4.2", "Modem timed out")
        client = await here.client()
        recipients = [f"RCPT TO:<FAX={number}@{HOST}>" for number in (1, 2, 3)]
        await client.script("EHLO me", "X-SESSION", "MAIL FROM:<a@b>", *recipients, "DATA")
        assert await client.say(*TEXT) == SENT.line
        assert [mail.companions for mail in here.mails] == [2, 2, 2]
        assert [event.line[:3] for event in here.events if isinstance(event, ServerVerdict)] == ["450", "250", "250"]

    lab(case)


def test_recipients_are_counted_over_all_connections_until_their_fax_has_ended() -> None:
    async def case(here: Lab) -> None:
        here.gate.clear()
        first, second, third = [await here.client() for _ in range(3)]
        await first.ready()
        first.type(*TEXT)
        await second.script("HELO me", "MAIL FROM:<a@b>", RCPT)
        await third.script("HELO me", "MAIL FROM:<a@b>")
        assert await third.say(RCPT) == "452 4.5.3 Too many recipients"
        await second.script("RSET")
        await third.script(RCPT)
        here.gate.set()
        assert (await first.reply())[:3] == "250"
        second.writer.close()
        third.writer.close()
        await until(lambda: not here.server.recipients_in_flight)

    lab(case, maximum=2)


def test_with_no_recipients_allowed_no_connection_is_taken() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        assert here.banner == f"421 4.3.2 {HOST} Service not available, closing transmission channel"
        assert await client.reader.read() == b""

    lab(case, maximum=0)


@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_leaves_while_its_fax_is_sent_loses_nothing(reset: bool) -> None:
    async def case(here: Lab) -> None:
        here.gate.clear()
        client = await here.client()
        await client.ready()
        client.type(*TEXT)
        await until(lambda: bool(here.mails))
        if reset:
            raw = client.writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.writer.transport.abort()
        if reset:
            await until(lambda: any(isinstance(event, ServerClosed) for event in here.events))
        await asyncio.sleep(0.05)
        assert here.server.recipients_in_flight == 1
        here.gate.set()
        await until(lambda: bool(here.done) and not here.server.recipients_in_flight)
        assert [event.line for event in here.events if isinstance(event, ServerVerdict)] == [SENT.line]

    lab(case)


def test_a_client_that_only_ends_its_sending_side_gets_the_verdict() -> None:
    async def case(here: Lab) -> None:
        here.gate.clear()
        client = await here.client()
        await client.ready()
        client.type(*TEXT, "QUIT")
        client.writer.write_eof()
        await asyncio.sleep(0.05)
        here.gate.set()
        assert await client.reply() == SENT.line
        assert (await client.reply())[:3] == "221"
        assert await client.reader.read() == b""

    lab(case)


def test_half_a_message_is_no_message() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        client.type("Subject: x", "", "hello")
        client.writer.write_eof()
        assert await client.reader.read() == b""
        await until(lambda: not here.server.recipients_in_flight)
        assert not here.mails

    lab(case)


@pytest.mark.parametrize("typed", [b"", b"HE", b"HELO me\r\nMAIL FROM:<a@b>\r\n"])
def test_a_hanging_client_is_sent_away(typed: bytes) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        client.writer.write(typed)
        last = (await client.reader.read()).decode().splitlines()[-1]
        assert last == f"421 4.4.2 {HOST} Connection timed out, closing transmission channel"

    lab(case, limits=ServerLimits(command_s=0.1))


def test_a_message_must_come_in_its_time() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()

        async def drip() -> None:
            while True:
                client.type("x")
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert (await client.reply())[:9] == "421 4.4.2"
        dripping.cancel()

    lab(case, limits=ServerLimits(message_s=0.2))


def test_no_time_runs_while_the_fax_is_sent() -> None:
    async def case(here: Lab) -> None:
        here.gate.clear()
        client = await here.client()
        await client.ready()
        client.type(*TEXT)
        await asyncio.sleep(0.3)
        here.gate.set()
        assert await client.reply() == SENT.line

    lab(case, limits=ServerLimits(command_s=0.1, message_s=0.1))


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (["x" * 78] * 30, "552 5.3.4 Message size exceeds fixed maximum message size"),
        (["x" * 1500], "500 5.5.2 Line too long"),
    ],
)
def test_too_big_a_message_is_read_to_its_end_and_refused(body: list[str], reply: str) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        assert await client.say("Subject: x", "", *body, ".") == reply
        assert here.server.recipients_in_flight == 0
        await client.script("MAIL FROM:<a@b>", RCPT)
        assert not here.mails

    lab(case, limits=ServerLimits(message_octets=2000))


def test_a_long_line_that_ends_in_a_dot_does_not_end_the_message() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        client.writer.write(b"x" * 1500 + b".")
        await asyncio.sleep(0.05)
        assert await client.say("", "QUIT", ".") == "500 5.5.2 Line too long"
        assert await client.say("NOOP") == "250 2.0.0 OK"

    lab(case)


def test_only_crlf_dot_crlf_ends_a_message() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        client.writer.write(b"Subject: x\r\n\r\na\n.\nb\r\n.\nc\r.\r\n.\r\n")
        assert (await client.reply())[:3] == "250"
        assert here.mails[0].content.parts[0].text == "a\n.\nb\n\nc\n.\n"

    lab(case)


def test_a_mail_with_nothing_to_fax_is_refused() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.ready()
        assert (await client.say("Content-Type: application/pdf", "", "x", "."))[:9] == "554 5.6.1"
        assert here.server.recipients_in_flight == 0

    lab(case)


def test_a_fault_of_our_own_is_a_temporary_error_that_tells_no_secrets() -> None:
    async def case(here: Lab) -> None:
        here.verdicts["95558354"] = RuntimeError("secret")
        client = await here.client()
        await client.ready()
        assert await client.say(*TEXT) == "451 4.3.0 Requested action aborted: local error in processing"
        assert any(isinstance(event, ServerFault) and "secret" in event.reason for event in here.events)

    lab(case)


def test_notifications_asked_for_reach_the_fax_side() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        rcpt = f"{RCPT} NOTIFY=SUCCESS,DELAY ORCPT=rfc822;FAX+3D1@mfc"
        await client.script("EHLO me", "MAIL FROM:<a@b> RET=FULL ENVID=QQ+2B1", rcpt, "DATA")
        await client.say(*TEXT)
        (mail,) = here.mails
        assert mail.recipient.notify == Notify.SUCCESS | Notify.DELAY
        assert (mail.recipient.original, mail.envelope_id, mail.return_full) == ("rfc822;FAX=1@mfc", "QQ+1", True)

    lab(case)


def test_a_connected_socket_is_served_with_the_address_it_comes_from() -> None:
    async def case(here: Lab) -> None:
        ours, theirs = socket.socketpair()
        serving = asyncio.create_task(here.server.serve(ours, "172.18.106.36"))
        client = Client(*await asyncio.open_connection(sock=theirs))
        here.clients.append(client)
        assert (await client.reply())[:3] == "220"
        assert await client.say("EHLO mx") == (
            f"250-{HOST} Hello mx [172.18.106.36]\n250-SIZE 33554432\n250-ENHANCEDSTATUSCODES\n250-8BITMIME\n"
            "250-DSN\n250-X-SESSION\n250 HELP"
        )
        await client.say("QUIT")
        await asyncio.wait_for(serving, 2)

    lab(case)


def test_the_dialogue_is_told_line_by_line() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await client.script("EHLO me", "noop")
        heard = [event.line for event in here.events if isinstance(event, ServerReceived)]
        said = [event.line for event in here.events if isinstance(event, ServerSent)]
        assert heard == ["EHLO me", "NOOP"]
        assert (said[0], said[1], said[-1]) == (here.banner, f"250-{HOST} Hello me [127.0.0.1]", "250 2.0.0 OK")

    lab(case)


def test_closing_tells_the_clients() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        await here.server.close()
        assert await client.reply() == f"421 4.3.2 {HOST} Service not available, closing transmission channel"

    lab(case)


def test_connections_are_limited() -> None:
    async def case(here: Lab) -> None:
        first = await here.client()
        await here.client()
        assert here.banner[:9] == "421 4.3.2"
        await first.say("QUIT")
        await asyncio.sleep(0.05)
        await here.client()
        assert here.banner[:3] == "220"

    lab(case, limits=ServerLimits(connections=1))


def test_configuration_changes_hold_at_once() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        here.settings = ReceiveSettings(aliases=("other.example.com",), maximum_recipients=1)
        await client.script("HELO me", "MAIL FROM:<a@b>", "RCPT TO:<FAX=1@other.example.com>")

    lab(case)


def test_a_number_may_be_refused_already_at_rcpt() -> None:
    async def case(here: Lab) -> None:
        here.server.screen = partial(lambda verdict, address: verdict, Verdict(550, "5.1.2", "No route"))
        client = await here.client()
        await client.script("HELO me", "MAIL FROM:<a@b>")
        assert await client.say(RCPT) == "550 5.1.2 No route"

    lab(case)


_commands = st.sampled_from(
    [
        b"HELO me", b"EHLO me", b"EHLO", b"MAIL FROM:<a@b>", b"MAIL FROM:<>", b"SEND FROM:<a@b> RET=FULL",
        b"MAIL FROM:<a b>", RCPT.encode(), RCPT.encode() + b" NOTIFY=NEVER", b"RCPT TO:<tom@b>", b"RCPT TO:<FAX=@[",
        b"DATA", b"DATA x", b"RSET", b"NOOP", b"VRFY x", b"HELP", b"X-SESSION", b"TURN", b"", b".", b"Subject: x",
        b"Content-Type: multipart/mixed; boundary=x", b"\x00\xff", b"x" * 3000, b"..", b"\r.",
        b"\r\n".join([b"HELO me", b"MAIL FROM:<a@b>", RCPT.encode(), b"DATA"]),
        b"\r\n".join([b"Subject: x", b"", b"hello", b"."]),
    ]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(_commands, max_size=25), st.booleans())
def test_whatever_is_typed_every_fax_was_ordered_and_no_place_stays_taken(typed: list[bytes], ends: bool) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        client.writer.write(b"".join(line + b"\r\n" for line in typed) + b"\r\n.\r\nQUIT\r\n" * ends)
        client.writer.write_eof()
        said = (await client.reader.read()).decode()
        await until(lambda: not here.server.recipients_in_flight)
        assert all(re.match(r"[245]\d\d[ -]|354 ", line) for line in said.splitlines())
        begun, faxed = said.count("354 Start"), said.count(SENT.line)
        assert here.mails == here.done
        assert faxed <= begun
        assert len(here.mails) >= faxed
        assert not [event for event in here.events if isinstance(event, ServerFault)]

    lab(case)
