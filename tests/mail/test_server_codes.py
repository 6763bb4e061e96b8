"""Every reply code that a gateway's mail server has is reached, by a client that does what leads there: two tables, of
what is said and of what becomes of the fax, and the ways to 421; the banner of each is 220."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from iosemu.mail.envelope import Verdict
from iosemu.mail.server import ServerLimits
from tests.mail.test_server import HOST, RCPT, Client, Lab, lab

MAIL = ["EHLO me", "MAIL FROM:<a@b>"]
FAX = [*MAIL, RCPT, "DATA"]
BUSY = Verdict(450, "4.4.1", "Line is busy")


async def _said(client: Client, lines: list[str]) -> str:
    """The reply to the last of some lines; what follows DATA is a message."""
    for line in lines[:-1]:
        await client.say(line)
    return await client.say(lines[-1])


CODES = [211, 214, 220, 221, 250, 251, 354, 421, 450, 451, 452, 500, 501, 502, 503, 504, 550, 551, 552, 553, 554]
SAID: list[tuple[list[str], str]] = [
    (["HELP"], f"211 2.0.0 {HOST}"),
    (["HELP MAIL"], "214 2.0.0 "),
    (["QUIT"], "221 2.0.0 "),
    ([*MAIL, RCPT], "250 2.1.5 "),
    ([*MAIL, f"RCPT TO:<FAX=1%{HOST}@{HOST}>"], "251 2.1.5 "),
    (FAX, "354 "),
    ([*MAIL, RCPT, RCPT], "452 4.5.3 "),
    (["BREW"], "500 5.5.1 "),
    (["EHLO"], "501 5.5.4 "),
    (["TURN"], "502 5.5.1 "),
    (["MAIL FROM:<a@b>"], "503 5.5.2 Send hello first"),
    (["EHLO me", "MAIL FROM:<a@b> AUTH=x"], "504 5.5.4 "),
    ([*MAIL, "RCPT TO:<FAX=1@example.com>"], "550 5.7.1 "),
    (["VRFY FAX=1@example.com"], "551 5.7.1 "),
    (["EHLO me", "MAIL FROM:<a@b> SIZE=99999999999"], "552 5.3.4 "),
    ([*MAIL, f"RCPT TO:<FAX=x@{HOST}>"], "553 5.1.3 "),
    ([*FAX, "Content-Type: video/mpeg\r\n\r\nx\r\n."], "554 5.6.1 "),
    ([*FAX, "Subject: x\r\n\r\nhello\r\n."], "250 2.0.0 "),
]
BECAME: list[tuple[Verdict | Exception, str]] = [(BUSY, "450 4.4.1 "), (RuntimeError("x"), "451 4.3.0 ")]


def test_the_tables_have_every_code() -> None:
    assert sorted({int(reply[:3]) for _, reply in (*SAID, *BECAME)} | {220, 421}) == CODES


@pytest.mark.parametrize(("lines", "reply"), SAID)
def test_a_command_leads_to_its_code(lines: list[str], reply: str) -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        assert here.banner.startswith("220 ")
        assert (await _said(client, lines)).startswith(reply)

    lab(case)


@pytest.mark.parametrize(("verdict", "reply"), BECAME)
def test_what_becomes_of_the_fax_leads_to_its_code(verdict: Verdict | Exception, reply: str) -> None:
    async def case(here: Lab) -> None:
        here.verdicts["95558354"] = verdict
        client = await here.client()
        assert (await _said(client, [*FAX, "Subject: x\r\n\r\nhello\r\n."])).startswith(reply)

    lab(case)


async def _too_long_idle(here: Lab) -> str:
    return await (await here.client()).reply()


async def _closing(here: Lab) -> str:
    client = await here.client()
    await here.server.close()
    return await client.reply()


async def _not_taking(here: Lab) -> str:
    await here.client()
    here.settings = type(here.settings)(maximum_recipients=0)
    await here.client()
    return here.banner


@pytest.mark.parametrize("way", [_too_long_idle, _closing, _not_taking])
def test_a_server_that_goes_away_says_421(way: Callable[[Lab], Awaitable[str]]) -> None:
    async def case(here: Lab) -> None:
        assert (await way(here)).startswith("421 4.")

    lab(case, limits=ServerLimits(command_s=0.3))


def test_the_size_that_ehlo_tells_is_the_one_that_holds() -> None:
    async def case(here: Lab) -> None:
        client = await here.client()
        assert "250-SIZE 2000" in (await client.say("EHLO me")).splitlines()
        assert (await client.say("MAIL FROM:<a@b> SIZE=2001")).startswith("552 ")
        assert (await client.say("MAIL FROM:<a@b> SIZE=2000")).startswith("250 ")
        await client.script(RCPT, "DATA")
        assert (await client.say(*(["x" * 98] * 21), ".")).startswith("552 5.3.4")
        await client.script("MAIL FROM:<a@b> SIZE=2000", RCPT, "DATA")
        assert (await client.say("", *(["x" * 98] * 19), ".")).startswith("250 ")

    lab(case, limits=ServerLimits(message_octets=2000))
