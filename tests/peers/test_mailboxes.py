"""Mail of a lab's users read by IMAP4 and POP3, from outside and from a router's command line: Dovecot over its
mailboxes."""

from __future__ import annotations

import asyncio
import imaplib
import json
import os
import poplib
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import msgspec
import pytest

from iosemu.fax.render import load_octets
from iosemu.lab.errors import LabError
from iosemu.lab.mail_server import MailServer
from iosemu.lab.run import Lab
from iosemu.lab.topology import Topology, load
from tests.lab.labs import fax, running_lab

pytestmark = pytest.mark.peer

SOURCE = Path(__file__).parents[2] / "examples" / "t37-lab" / "lab.toml"
WAIT_S = 20.0
USERS = {"tom": "tom", "John": "with spaces: and a colon"}


def topology(**settings: object) -> Topology:
    lab, change = load(SOURCE), msgspec.structs.replace
    return change(lab, mail=[change(node, users=USERS, **settings) for node in lab.mail])


@pytest.fixture
def dovecot(need: Callable[[str], str]) -> None:
    """There is one, and it can be had."""
    need("dovecot")
    if os.geteuid() == 0 and subprocess.run(["unshare", "--user", "true"], check=False).returncode:
        pytest.skip("this root may not make the name space of users that Dovecot needs")


@pytest.fixture
def lab(dovecot: None, tmp_path: Path) -> Callable[[Callable[[Lab], Awaitable[None]]], None]:
    """Runs a case in the lab, whose mail is read."""

    def run(case: Callable[[Lab], Awaitable[None]]) -> None:
        async def main() -> None:
            async with running_lab(tmp_path, topology(), SOURCE) as lab:
                await asyncio.wait_for(case(lab), 60)

        asyncio.run(main())

    return run


@pytest.fixture
def short() -> Iterator[str]:
    """A folder with a short name, as sockets want it."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


def server_of(lab: Lab) -> MailServer:
    return lab.mail["testlab-smtp"]


@contextmanager
def inbox(server: MailServer, user: str, password: str) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(*server.endpoints["imap"], timeout=WAIT_S) as mailbox:
        mailbox.login(user, password)
        mailbox.select("INBOX")
        yield mailbox


@contextmanager
def post_office(server: MailServer, user: str, password: str) -> Iterator[poplib.POP3]:
    reader = poplib.POP3(*server.endpoints["pop3"], timeout=WAIT_S)
    try:
        reader.user(user)
        reader.pass_(password)
        yield reader
    finally:
        reader.quit()


def test_a_fax_is_read_and_what_is_deleted_is_gone(lab: Callable[[Callable[[Lab], Awaitable[None]]], None]) -> None:
    async def case(lab: Lab) -> None:
        assert (await fax(lab, load_octets(b"one\n", "a.txt"), "555-0199")).ok
        server = server_of(lab)

        def read() -> bytes:
            with inbox(server, "tom", "tom") as mailbox:
                return bytes(mailbox.fetch("1", "(RFC822)")[1][0][1])

        message = message_from_bytes(await asyncio.to_thread(read))
        assert message["X-Mailer"].startswith("IOS (tm) 5300 Software")
        assert message.get_payload(0).get_content_type() == "image/tiff"
        assert server.accounts.contents("tom")[0].subject == message["Subject"]  # read, and still there

        def fetch_and_delete() -> bytes:
            with post_office(server, "tom@testlab-t37.com", "tom") as reader:
                assert reader.stat()[0] == 1
                lines = reader.retr(1)[1]
                reader.dele(1)
            return b"\n".join(lines)

        assert message["Message-ID"].encode() in await asyncio.to_thread(fetch_and_delete)
        assert server.accounts.count("tom") == 0

    lab(case)


def test_one_that_dies_is_woken_again_by_the_next_visitor(
    lab: Callable[[Callable[[Lab], Awaitable[None]]], None], short: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", short)

    async def case(lab: Lab) -> None:
        def visited() -> Path:
            with inbox(server_of(lab), "tom", "tom"):
                (folder,) = Path(short).glob("dovecot-*")
                return folder

        def killed(folder: Path) -> None:
            pid = int((folder / "run" / "master.pid").read_text())
            os.kill(pid, signal.SIGKILL)
            while Path(f"/proc/{pid}").exists():
                time.sleep(0.02)

        first = await asyncio.to_thread(visited)
        await asyncio.to_thread(killed, first)
        assert await asyncio.to_thread(visited) != first

    lab(case)


def test_many_read_at_a_time(lab: Callable[[Callable[[Lab], Awaitable[None]]], None]) -> None:
    async def case(lab: Lab) -> None:
        server = server_of(lab)

        def visit(number: int) -> int:
            with inbox(server, "tom", "tom") as mailbox:
                mailbox.append("INBOX", "", None, b"Subject: %d\r\n\r\n" % number)
            with post_office(server, "tom", "tom") as reader:
                return int(reader.stat()[0])

        counts = await asyncio.gather(*(asyncio.to_thread(visit, number) for number in range(12)))
        assert max(counts) == server.accounts.count("tom") == 12
        subjects = sorted(int(each.subject) for each in server.accounts.contents("tom"))
        assert subjects == list(range(12))

    lab(case)


def test_users_log_in_by_name_or_address_and_nobody_else_does(
    lab: Callable[[Callable[[Lab], Awaitable[None]]], None],
) -> None:
    async def case(lab: Lab) -> None:
        server = server_of(lab)

        def visit() -> None:
            host, port = server.endpoint
            with smtplib.SMTP(host, port, "pc", timeout=WAIT_S) as smtp:
                smtp.sendmail("tom@testlab-t37.com", "john@testlab-t37.com", "Subject: hello\r\n\r\nbody\r\n")
            for name in ("John", "john", "JOHN@testlab-t37.com"):
                with inbox(server, name, USERS["John"]) as mailbox:
                    assert b"Subject: hello" in mailbox.fetch("1", "(RFC822)")[1][0][1]
                with post_office(server, name, USERS["John"]) as reader:
                    assert reader.stat()[0] == 1
            for name, password in (("John", "john"), ("nobody", ""), ("postmaster", "postmaster")):
                with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), inbox(server, name, password):
                    pass

        await asyncio.to_thread(visit)

    lab(case)


def test_a_router_reaches_it_at_the_mail_servers_address(
    lab: Callable[[Callable[[Lab], Awaitable[None]]], None],
) -> None:
    async def case(lab: Lab) -> None:
        for port, greeting in ((143, b"* OK"), (110, b"+OK")):
            wire = await lab.network.connect("15.80.7.11", "172.18.106.36", port)
            reader, writer = await asyncio.open_connection(sock=wire)
            assert (await reader.readline()).startswith(greeting)
            writer.close()

    lab(case)


def test_a_port_in_use_is_told(dovecot: None, tmp_path: Path) -> None:
    async def main() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            imap = f"127.0.0.1:{taken.getsockname()[1]}"
            with pytest.raises(LabError, match=r"testlab-smtp: cannot listen on .*: address already in use"):
                async with running_lab(tmp_path, topology(imap=imap), SOURCE):
                    pass

    asyncio.run(main())


def test_it_dies_with_a_lab_that_is_killed(
    dovecot: None, need: Callable[[str], str], tmp_path: Path, short: str
) -> None:
    need("setpriv")
    state = str(tmp_path / "state")
    command = [sys.executable, "-m", "iosemu", "lab", str(SOURCE), "--headless", "--json", "--dir", state]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "TMPDIR": short}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        host, _, port = json.loads(process.stdout.readline())["mail"]["testlab-smtp"]["imap"].rpartition(":")
        imaplib.IMAP4(host, int(port), timeout=WAIT_S).shutdown()
        (pid,) = (int(file.read_text()) for file in Path(short).glob("dovecot-*/run/master.pid"))
        assert Path(f"/proc/{pid}").exists()
        process.send_signal(signal.SIGKILL)
    until = time.monotonic() + WAIT_S
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < until, "Dovecot lives on"
        time.sleep(0.1)
