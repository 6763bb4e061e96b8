"""One message to several recipients: all or none, in one piece where the server can take that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from iosemu.mail.envelope import Envelope, Failure, Notify, Recipient
from iosemu.mail.events import ClientOpened
from tests.mail.test_client import MESSAGE, Box, aiosmtpd_factory, listening, run, send

THREE = Envelope(
    "a@b", (Recipient("one@x", Notify.SUCCESS), Recipient("two@x"), Recipient("three@x", Notify.FAILURE)), "7@gw"
)
OK = b"250 ok\r\n"


@asynccontextmanager
async def answering(*replies: bytes | None, heard: list[bytes]) -> AsyncIterator[int]:
    """A server that greets with the first reply and answers each segment with the next; None hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for index, reply in enumerate(replies):
            if index:
                heard.append(await reader.read(65536))
            if reply is None:
                break
            writer.write(reply)
        else:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


class Full(Box):
    """Takes two recipients in a transaction, of those that it knows."""

    def __init__(self, at_once: int = 2, unknown: str = "") -> None:
        super().__init__()
        self.at_once, self.unknown = at_once, unknown

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address == self.unknown:
            return "550 5.1.1 no such user"
        if len(envelope.rcpt_tos) >= self.at_once:
            return "452 4.5.3 Too many recipients"
        return await super().handle_RCPT(server, session, envelope, address, options)


def pipelining(box: Box) -> Callable[[], SMTP]:
    class Offering(SMTP):
        async def push(self, status: Any) -> None:
            await super().push(status.replace("250 HELP", "250-PIPELINING\r\n250 HELP"))

    return lambda: Offering(box, hostname="mx")


def test_with_pipelining_the_envelope_is_one_piece_and_data_waits_for_all_replies() -> None:
    async def case() -> None:
        heard: list[bytes] = []
        offers = b"250-x\r\n250-PIPELINING\r\n250 DSN\r\n"
        replies = (b"220 x\r\n", offers, OK + b"250-2\r\n250 ok\r\n" + OK * 2, b"354 go\r\n", OK, b"221 bye\r\n")
        async with answering(*replies, heard=heard) as port:
            outcome = await send({"10.0.0.9": port}, envelope=THREE)
        assert outcome.ok
        assert heard[1] == (
            b"MAIL FROM:<a@b> RET=HDRS ENVID=7@gw\r\n"
            b"RCPT TO:<one@x> NOTIFY=SUCCESS ORCPT=rfc822;one@x\r\n"
            b"RCPT TO:<two@x>\r\n"
            b"RCPT TO:<three@x> NOTIFY=FAILURE ORCPT=rfc822;three@x\r\n"
        )
        assert heard[2:] == [b"DATA\r\n", MESSAGE.replace(b"\r\n.", b"\r\n..") + b".\r\n", b"QUIT\r\n"]

    run(case)


@pytest.mark.parametrize("factory", [aiosmtpd_factory, pipelining])
def test_all_recipients_have_one_copy_of_the_message(factory: Callable[[Box], Callable[[], SMTP]]) -> None:
    async def case() -> None:
        box, events = Box(), []
        async with listening(factory(box)) as port:
            outcome = await send({"10.0.0.9": port}, envelope=THREE, events=events)
        assert outcome.ok
        assert box.taken == [("a@b", ["one@x", "two@x", "three@x"], MESSAGE)]
        assert ClientOpened(0, "a@b", ("one@x", "two@x", "three@x"), "") in events

    run(case)


@pytest.mark.parametrize("factory", [aiosmtpd_factory, pipelining])
@pytest.mark.parametrize("unknown", ["one@x", "two@x", "three@x"])
def test_when_one_is_refused_nobody_gets_it(factory: Callable[[Box], Callable[[], SMTP]], unknown: str) -> None:
    async def case() -> None:
        box, spare = Full(3, unknown), Box()
        async with listening(factory(box)) as port, listening(factory(spare)) as second:
            outcome = await send({"10.0.0.8": port, "10.0.0.9": second}, envelope=THREE)
        assert (outcome.code, outcome.text, outcome.failure) == (550, "5.1.1 no such user", Failure.REFUSED)
        assert not box.taken
        assert not spare.taken

    run(case)


@pytest.mark.parametrize("factory", [aiosmtpd_factory, pipelining])
@pytest.mark.parametrize("at_once", [1, 2])
def test_a_server_that_takes_few_at_once_gets_one_transaction_after_another(
    factory: Callable[[Box], Callable[[], SMTP]], at_once: int
) -> None:
    async def case() -> None:
        box = Full(at_once)
        async with listening(factory(box)) as port:
            outcome = await send({"10.0.0.9": port}, envelope=THREE)
        assert outcome.ok
        assert [address for _, to, _ in box.taken for address in to] == ["one@x", "two@x", "three@x"]
        assert max(len(to) for _, to, _ in box.taken) == at_once

    run(case)


def test_the_next_server_gets_only_what_the_first_one_left() -> None:
    async def case() -> None:
        box, heard = Box(), list[bytes]()
        later = b"452 4.5.3 too many\r\n"
        replies = (b"220 x\r\n", OK, OK, OK, later, later, b"354 go\r\n", OK, b"421 closing\r\n", None)
        async with answering(*replies, heard=heard) as port, listening(aiosmtpd_factory(box)) as second:
            outcome = await send({"10.0.0.8": port, "10.0.0.9": second}, envelope=THREE)
        assert outcome.ok
        assert box.taken == [("a@b", ["two@x", "three@x"], MESSAGE)]

    run(case)


@pytest.mark.parametrize("answers", [b"", OK, OK * 3, b"421 4.3.2 closing\r\n", b"2x0 what\r\n", OK + b"250-"])
@pytest.mark.parametrize("end", [None, b""])
def test_a_server_that_fails_amid_the_piece_passes_the_message_on(answers: bytes, end: bytes | None) -> None:
    async def case() -> None:
        box = Box()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 x\r\n")
            await reader.readline()
            writer.write(b"250-x\r\n250 PIPELINING\r\n")
            await reader.read(65536)
            writer.write(answers)
            if end is not None:
                await reader.read()  # silent from here
            writer.close()

        async with await asyncio.start_server(talk, "127.0.0.1", 0) as server, listening(pipelining(box)) as second:
            port = server.sockets[0].getsockname()[1]
            outcome = await send({"10.0.0.8": port, "10.0.0.9": second}, envelope=THREE)
        assert outcome.ok
        assert [to for _, to, _ in box.taken] == [["one@x", "two@x", "three@x"]]

    run(case)
