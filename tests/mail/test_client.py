"""The MTA client against real SMTP servers on loopback, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from iosemu.clock import ManualClock
from iosemu.mail.client import ClientTimeouts, MtaClient, _dotted
from iosemu.mail.envelope import Envelope, Failure, Notify, Outcome, Recipient
from iosemu.mail.events import ClientClosed, ClientConnecting, ClientReceived, ClientSent
from iosemu.mail.settings import SendSettings
from iosemu.mail.spool import Spool
from iosemu.network import Unreachable

MESSAGE = b"Subject: fax\r\n\r\n.dot\r\n..two\r\nend\r\n"
ENVELOPE = Envelope("FAX=1@gw.example.com", (Recipient("john@example.com"),))
QUICK = ClientTimeouts(greeting=0.3, reply=0.3, message=0.3, farewell=0.1)


class Wires:
    """A network whose addresses are loopback ports; an address without a port is unreachable."""

    def __init__(self, ports: dict[str, int], names: dict[str, list[str]] | None = None) -> None:
        self.ports = ports
        self.names = names or {}

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        assert port == 25
        if destination not in self.ports:
            raise Unreachable("Connection refused by remote host")
        sock = socket.socket()
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.ports[destination]))
        return sock

    def resolve(self, name: str) -> list[str]:
        return self.names.get(name, [name] if name[0].isdigit() else [])


class Box:
    """An aiosmtpd handler that keeps what it takes; `replies` answers hooks by name."""

    def __init__(self, **replies: str) -> None:
        self.replies = replies
        self.taken: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.rcpt_tos.append(address)
        return self.replies.get("RCPT", "250 2.1.5 fine")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.replies.get("DATA", "250 2.6.0 Queued mail for delivery")


@asynccontextmanager
async def listening(factory: Callable[[], Any]) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def script(*replies: bytes | None, heard: list[bytes] | None = None) -> AsyncIterator[int]:
    """A server that greets with the first reply and answers line after line; None hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for index, reply in enumerate(replies):
            if index:
                line = await reader.readline()
                if heard is not None:
                    heard.append(line)
            if reply is None:
                break
            writer.write(reply)
        else:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def send(
    ports: dict[str, int], *servers: str, envelope: Envelope = ENVELOPE, events: list[Any] | None = None, **more: Any
) -> Outcome:
    client = MtaClient(
        Wires(ports, more.get("names")), ManualClock(), (events if events is not None else []).append, QUICK
    )
    settings = SendSettings(servers=servers or tuple(ports))
    message = more.get("message", MESSAGE)
    return await client.deliver(settings, envelope, message, source="10.0.0.1", hello="gw.example.com")


def aiosmtpd_factory(box: Box) -> Callable[[], SMTP]:
    return lambda: SMTP(box, hostname="mx")


def run(case: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(case(), 10))


def test_a_message_arrives_unchanged_and_the_reply_is_the_outcome() -> None:
    async def case() -> None:
        box = Box()
        async with listening(aiosmtpd_factory(box)) as port:
            outcome = await send({"10.0.0.9": port})
        assert outcome == Outcome(True, 250, "2.6.0 Queued mail for delivery", "10.0.0.9")
        assert box.taken == [("FAX=1@gw.example.com", ["john@example.com"], MESSAGE)]

    run(case)


def test_the_dialogue_is_told_line_by_line() -> None:
    async def case() -> None:
        events: list[Any] = []
        async with listening(aiosmtpd_factory(Box())) as port:
            await send({"10.0.0.9": port}, events=events)
        said = [event.line for event in events if isinstance(event, ClientSent)]
        assert said == [
            "EHLO gw.example.com",
            "MAIL FROM:<FAX=1@gw.example.com>",
            "RCPT TO:<john@example.com>",
            "DATA",
            "QUIT",
        ]
        heard = [event.line for event in events if isinstance(event, ClientReceived)]
        assert heard[0].startswith("220 mx ")
        assert heard[1] == "250-mx"
        assert heard[-1] == "221 Bye"
        assert events[-1] == ClientClosed(0, True)

    run(case)


def test_the_next_server_is_tried_where_one_is_down_silent_or_unwilling() -> None:
    async def case() -> None:
        events: list[Any] = []
        box = Box()
        async with (
            script() as silent,
            script(b"554 no service\r\n") as closed,
            script(b"220 x\r\n", b"250 x\r\n", b"451 4.3.2 later\r\n", b"221 bye\r\n") as busy,
            listening(aiosmtpd_factory(box)) as port,
        ):
            ports = {"10.0.0.2": silent, "10.0.0.3": closed, "10.0.0.4": busy, "10.0.0.9": port}
            outcome = await send(ports, "10.0.0.1", "nowhere", *ports, events=events)
        assert outcome.ok
        tried = [event.address for event in events if isinstance(event, ClientConnecting)]
        assert tried == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.9"]
        assert len(box.taken) == 1

    run(case)


def test_a_name_stands_for_all_its_addresses() -> None:
    async def case() -> None:
        box = Box()
        async with listening(aiosmtpd_factory(box)) as port:
            outcome = await send({"10.0.0.9": port}, "mx", names={"mx": ["10.0.0.8", "10.0.0.9"]})
        assert outcome.server == "10.0.0.9"

    run(case)


@pytest.mark.parametrize("replies", [{"RCPT": "550 5.1.1 no such user"}, {"DATA": "554 5.6.0 bad"}])
def test_a_permanent_refusal_is_final(replies: dict[str, str]) -> None:
    async def case() -> None:
        spare = Box()
        async with listening(aiosmtpd_factory(Box(**replies))) as first, listening(aiosmtpd_factory(spare)) as second:
            outcome = await send({"10.0.0.2": first, "10.0.0.9": second})
        (line,) = replies.values()
        assert (outcome.ok, outcome.failure) == (False, Failure.REFUSED)
        assert f"{outcome.code} {outcome.text}" == line
        assert outcome.cause_text == f"The e-mail was not sent correctly. Remote SMTP server said: {line}"
        assert not spare.taken

    run(case)


def test_helo_follows_where_ehlo_is_refused() -> None:
    async def case() -> None:
        heard: list[bytes] = []
        ok = b"250 ok\r\n"
        async with script(b"220 x\r\n", b"500 what\r\n", ok, ok, ok, b"550 no\r\n", heard=heard) as port:
            await send({"10.0.0.9": port})
        assert heard[:3] == [
            b"EHLO gw.example.com\r\n",
            b"HELO gw.example.com\r\n",
            b"MAIL FROM:<FAX=1@gw.example.com>\r\n",
        ]

    run(case)


@pytest.mark.parametrize("end", [None, b""])
def test_a_message_without_an_answer_is_not_sent_and_the_history_says_354(end: bytes | None) -> None:
    async def case() -> None:
        spare = Box()
        ok = b"250 ok\r\n"
        start = b"354 go\r\n"
        async with (
            script(b"220 x\r\n", ok, ok, ok, start, end) as port,
            listening(aiosmtpd_factory(spare)) as second,
        ):
            outcome = await send({"10.0.0.2": port, "10.0.0.9": second})
        assert not outcome.ok
        assert outcome.failure is (Failure.LOST if end is None else Failure.TIMED_OUT)
        assert outcome.cause_text == "The e-mail was not sent correctly. Remote SMTP server said: 354 "
        assert not spare.taken

    run(case)


@pytest.mark.parametrize("servers", [("0.0.0.0",), ("nowhere.example.com",)])
def test_without_a_server_nothing_is_sent(servers: tuple[str, ...]) -> None:
    async def case() -> None:
        outcome = await send({}, *servers)
        assert outcome == Outcome(False, 0, "", "", Failure.NO_SERVER)

    run(case)


def test_notifications_are_asked_for_where_dsn_is_offered() -> None:
    async def case() -> None:
        heard: list[bytes] = []
        ok = b"250 ok\r\n"
        envelope = Envelope("", (Recipient("FAX=+1@example.com", Notify.SUCCESS | Notify.FAILURE),), "0032+é@gw")
        async with script(b"220 x\r\n", b"250-x\r\n250 DSN\r\n", ok, b"550 no\r\n", ok, heard=heard) as port:
            await send({"10.0.0.9": port}, envelope=envelope)
        assert heard[1:3] == [
            b"MAIL FROM:<> RET=HDRS ENVID=0032+2B@gw\r\n",
            b"RCPT TO:<FAX=+1@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;FAX+3D+2B1@example.com\r\n",
        ]

    run(case)


def test_an_address_cannot_smuggle_a_command() -> None:
    async def case() -> None:
        heard: list[bytes] = []
        ok = b"250 ok\r\n"
        envelope = Envelope("a b@x>\r\nRCPT TO:<evil@x", (Recipient("john@example.com"),))
        async with script(b"220 x\r\n", ok, ok, b"550 no\r\n", ok, heard=heard) as port:
            await send({"10.0.0.9": port}, envelope=envelope)
        assert heard[1:3] == [b"MAIL FROM:<ab@xRCPTTO:evil@x>\r\n", b"RCPT TO:<john@example.com>\r\n"]

    run(case)


def test_the_clock_is_held_while_a_server_is_waited_for() -> None:
    async def case() -> None:
        clock = ManualClock()
        held: list[int] = []
        box = Box()
        async with listening(aiosmtpd_factory(box)) as port:
            client = MtaClient(Wires({"10.0.0.9": port}), clock, lambda event: held.append(clock._holds))
            settings = SendSettings(servers=("10.0.0.9",))
            await client.deliver(settings, ENVELOPE, MESSAGE, source="10.0.0.1", hello="gw")
        assert set(held[1:-1]) == {1}
        assert clock._holds == 0

    run(case)


@pytest.mark.parametrize("offer", [b"250 x\r\n", b"250-x\r\n250-8BITMIME\r\n250 SIZE\r\n"])
def test_where_dsn_is_not_offered_nothing_is_asked_for(offer: bytes) -> None:
    async def case() -> None:
        heard: list[bytes] = []
        ok = b"250 ok\r\n"
        envelope = Envelope("a@b", (Recipient("c@d", Notify.FAILURE),), "1@gw")
        async with script(b"220 x\r\n", offer, ok, b"550 no\r\n", ok, heard=heard) as port:
            await send({"10.0.0.9": port}, envelope=envelope)
        assert heard[1:3] == [b"MAIL FROM:<a@b>\r\n", b"RCPT TO:<c@d>\r\n"]

    run(case)


@pytest.mark.parametrize("offer", [b"250 x\r\n", b"250-x\r\n250 8BITMIME\r\n"])
def test_eight_bit_headers_are_announced_where_that_is_offered(offer: bytes) -> None:
    async def case() -> None:
        heard: list[bytes] = []
        async with script(b"220 x\r\n", offer, b"550 no\r\n", b"221 x\r\n", heard=heard) as port:
            await send({"10.0.0.9": port}, message="Subject: é\r\n\r\n".encode())
        assert heard[1] == (b"MAIL FROM:<FAX=1@gw.example.com>" + b" BODY=8BITMIME" * (b"8BIT" in offer) + b"\r\n")

    run(case)


def test_a_server_that_is_busy_at_ehlo_is_not_asked_again() -> None:
    async def case() -> None:
        heard: list[bytes] = []
        box = Box()
        async with (
            script(b"220 x\r\n", b"421 busy\r\n", None, heard=heard) as busy,
            listening(aiosmtpd_factory(box)) as port,
        ):
            outcome = await send({"10.0.0.2": busy, "10.0.0.9": port})
        assert outcome.ok
        assert b"HELO gw.example.com\r\n" not in heard

    run(case)


_STATES = [b"220-x\r\n220 x\r\n", b"250-x\r\n250 x\r\n", b"250 ok\r\n", b"251-will\r\n251 forward\r\n", b"354 go\r\n"]


@pytest.mark.parametrize("end", [None, b"421 4.3.2 closing\r\n", b"451 4.3.0 later\r\n", b"2", b"nonsense\r\n"])
@pytest.mark.parametrize("state", range(6))
def test_wherever_a_server_fails_the_message_is_taken_once_or_not_at_all(state: int, end: bytes | None) -> None:
    """Up to DATA the next server gets it, and nobody else has it; after that its fate is unknown or told."""

    async def case() -> None:
        box = Box()
        async with (
            script(*_STATES[:state], end) as failing,
            listening(aiosmtpd_factory(box)) as port,
        ):
            outcome = await send({"10.0.0.2": failing, "10.0.0.9": port})
        assert outcome.ok is (state < 5)
        assert len(box.taken) == (state < 5)

    run(case)


def test_with_all_servers_failing_nothing_counts_as_sent() -> None:
    async def case() -> None:
        later = b"450 4.2.0 later\r\n"
        async with (
            script(b"220 x\r\n", b"250 x\r\n", later, b"221 x\r\n") as first,
            script(b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", None) as second,
        ):
            outcome = await send({"10.0.0.2": first, "10.0.0.3": second})
        assert (outcome.ok, outcome.server, outcome.failure) == (False, "10.0.0.3", Failure.LOST)

    run(case)


@pytest.mark.parametrize("answer", [None, b"500 what\r\n"])
def test_a_server_that_hangs_up_on_ehlo_is_greeted_again_with_helo(answer: bytes | None) -> None:
    async def case() -> None:
        lives = iter([(b"220 x\r\n", answer, None), (b"220 x\r\n", b"250 x\r\n", b"550 no\r\n", b"221 x\r\n")])
        heard: list[bytes] = []

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for index, reply in enumerate(next(lives)):
                if index:
                    heard.append(await reader.readline())
                if reply is None:
                    break
                writer.write(reply)
            writer.close()

        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
            outcome = await send({"10.0.0.9": server.sockets[0].getsockname()[1]})
        assert (outcome.code, outcome.failure) == (550, Failure.REFUSED)
        assert [line[:4] for line in heard if line[:4] != b"QUIT"][-2:] == [b"HELO", b"MAIL"]

    run(case)


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"\r\n", b"x" * 70000]), max_size=12).map(b"".join))
def test_dots_are_doubled_at_the_beginning_of_lines_wherever_a_message_is_cut(message: bytes) -> None:
    message += b"x\r\n"
    *lines, end = b"".join(_dotted(Spool(message))).split(b"\r\n")[:-1]
    assert end == b"."
    assert lines == [b"." + line if line.startswith(b".") else line for line in message.split(b"\r\n")[:-1]]
