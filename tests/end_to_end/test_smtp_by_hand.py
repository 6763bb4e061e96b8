"""A mail typed by hand from a router's command line, to the mail server and to the off-ramp: the whole session, word
for word, as whoever types it sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from .running import RunningLab
from .test_consoles import Telnet

ESCAPE = b"\x1ex"  # Ctrl-Shift-6, x
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_ID = re.compile(r"<testlab-smtp\w+@")

TO_THE_MAIL_SERVER = """\
telnet 172.18.106.36 25
Trying 172.18.106.36, 25 ... Open
220 testlab-smtp.testlab-t37.com Microsoft ESMTP MAIL Service, Version: 5.0.2195.4453 ready at DATE
helo testlab-t37.com
250 testlab-smtp.testlab-t37.com Hello [15.80.7.11]
mail from:<tom@testlab-t37.com>
250 2.1.0 tom@testlab-t37.com....Sender OK
rcpt to:<john@testlab-t37.com>
250 2.1.5 john@testlab-t37.com\x20
data
354 Start mail input; end with <CRLF>.<CRLF>
subject: typed by hand

hello john
.
250 2.6.0 <testlab-smtp...@testlab-smtp.testlab-t37.com> Queued mail for delivery
quit
221 2.0.0 testlab-smtp.testlab-t37.com Service closing transmission channel

[Connection to 172.18.106.36 closed by foreign host]
vdtl-5300-7a#"""

TO_THE_OFF_RAMP = """\
telnet 15.80.7.107 25
Trying 15.80.7.107, 25 ... Open
220 vdtl-5350-8a.testlab-t37.com Cisco NetWorks ESMTP server
mail from:<tom@testlab-t37.com>
503 5.5.2 Send hello first
helo testlab-t37.com
250 vdtl-5350-8a.testlab-t37.com Hello testlab-t37.com [15.80.7.11]
mail from:<tom@testlab-t37.com>
250 2.1.0 tom@testlab-t37.com....Sender OK
rcpt to:<FAX=9-555-8354@15.80.7.107>
250 2.1.5 FAX=9-555-8354@15.80.7.107
data
354 Start mail input; end with <CRLF>.<CRLF>
subject: typed by hand

hello fax machine
.
250 2.6.0 Message sent
quit
221 2.0.0 vdtl-5350-8a.testlab-t37.com Service closing transmission channel

[Connection to 15.80.7.107 closed by foreign host]
vdtl-5300-7a#"""

_REPLIES = re.compile(r"[2-5]\d\d ")


def typed(session: str) -> list[tuple[str, list[str]]]:
    """What is typed, and what is then waited for, line by line."""
    steps: list[tuple[str, list[str]]] = []
    for line in session.splitlines()[:-1]:
        if _REPLIES.match(line) or line.startswith(("Trying", "[")):
            steps[-1][1].append(line)
        elif line or steps[-1][0].startswith("subject"):
            steps.append((line, []))
    return steps


def printed(telnet: Telnet, steps: Sequence[tuple[str, list[str]]]) -> str:
    """Type a session; all that stands on the screen then, with the prompt that comes back."""
    shown = ""
    for line, answers in steps:
        telnet.type(f"{line}\r")
        shown += telnet.expect(re.escape(line.encode()) + rb"\r*\n")
        for answer in answers:
            shown += telnet.expect(re.escape(answer[:4].encode()) + rb"[^\n]*\n")
    return shown + telnet.expect(rb"7a#$")


@pytest.mark.parametrize("session", [TO_THE_MAIL_SERVER, TO_THE_OFF_RAMP])
def test_a_whole_session_reads_as_that_of_the_source(lab: RunningLab, session: str) -> None:
    with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        shown = printed(telnet, typed(session))
    assert _ID.sub("<testlab-smtp...@", _DATE.sub("DATE", shown)) == session


@pytest.mark.parametrize("address", ["172.18.106.36", "15.80.7.107"])
def test_the_escape_sequence_leaves_the_session_and_comes_back(lab: RunningLab, address: str) -> None:
    with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        telnet.type(f"telnet {address} 25\r")
        telnet.expect(rb"\n220 [^\n]*\n")
        telnet.type(ESCAPE)
        telnet.expect(rb"7a#$")
        assert address in telnet.command("show sessions")
        telnet.type(b"\r")
        telnet.expect(rb"\[Resuming connection 1 to " + re.escape(address.encode()) + rb" \.\.\. \]\r\n")
        telnet.type(b"noop\r")
        telnet.expect(rb"250 2\.0\.0 OK\r\n")
        telnet.type(ESCAPE)
        telnet.expect(rb"7a#$")
        telnet.type(b"disconnect\r")
        telnet.expect(rb"\[confirm\]")
        telnet.type(b"\r")
        telnet.expect(rb"7a#$")
        assert "No connections open" in telnet.command("show sessions")
