"""A router's mail agent: its settings hold at once, its notices leave by its client, its server faxes."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iosemu.clock import ManualClock
from iosemu.mail.agent import MailAgent
from iosemu.mail.envelope import Envelope, FaxMail, Recipient, Verdict
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings

FAXED = Verdict(250, "2.6.0", "Message sent")


@dataclass
class Settings:
    send: SendSettings = field(default_factory=SendSettings)
    receive: ReceiveSettings = field(default_factory=ReceiveSettings)
    identity: Identity = field(default_factory=lambda: Identity("gw", "example.com"))


class Loop:
    """A network on which the router reaches its own off-ramp."""

    def __init__(self) -> None:
        self.port = 0
        self.sources: list[str] = []

    async def connect(self, source: str, destination: str, port: int) -> socket.socket:
        self.sources.append(source)
        sock = socket.socket()
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        except OSError:
            sock.close()
            raise
        return sock

    def resolve(self, name: str) -> list[str]:
        return [name]

    def reachable(self, source: str, destination: str) -> bool:
        return True

    def source_of(self, peer: object) -> str | None:
        return "10.0.0.1"


class House:
    """An agent with what it needs."""

    def __init__(self, outbox: Path | None = None) -> None:
        self.settings = Settings()
        self.network = Loop()
        self.mails: list[FaxMail] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.agent = MailAgent(
            lambda: self.settings,
            network=self.network,  # type: ignore[arg-type]
            clock=ManualClock(),
            emit=lambda event: None,
            source=lambda: "10.0.0.1",
            deliver=self.deliver,
            now=lambda: datetime(2002, 3, 5, tzinfo=UTC),
            spawn=self.spawn,
            outbox=outbox,
        )

    async def deliver(self, mail: FaxMail) -> Verdict:
        self.mails.append(mail)
        return FAXED

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.add(asyncio.get_running_loop().create_task(work))

    async def listen(self) -> asyncio.Server:
        server = await self.agent.listen("127.0.0.1", 0)
        self.network.port = server.sockets[0].getsockname()[1]
        return server


def banner(port: int) -> tuple[int, bytes]:
    with smtplib.SMTP(timeout=5) as client:
        return client.connect("127.0.0.1", port)


def test_the_server_follows_the_configuration_and_hangs_up() -> None:
    async def case() -> None:
        house = House()
        server = await house.listen()
        assert (await asyncio.to_thread(banner, house.network.port))[0] == 421
        house.settings.receive = ReceiveSettings(("fax.example.com",), 1)
        code, text = await asyncio.to_thread(banner, house.network.port)
        assert (code, text) == (220, b"fax.example.com Cisco NetWorks ESMTP server")
        server.close()
        await house.agent.hang_up()
        house.agent.stop()

    asyncio.run(case())


def test_mails_and_notices_leave_by_the_client_and_arrive_at_the_server(tmp_path: Path) -> None:
    async def case() -> None:
        house = House(tmp_path / "outbox")
        server = await house.listen()
        house.settings.receive = ReceiveSettings(("fax.example.com",), 5)
        house.settings.send = SendSettings(("10.0.0.1",))
        message = b"Subject: x\r\n\r\nhello\r\n"
        envelope = Envelope("tom@example.org", (Recipient("FAX=1@fax.example.com"),))
        outcome = await house.agent.send(house.settings.send, envelope, message)
        assert (outcome.code, outcome.text) == (250, "2.6.0 Message sent")
        house.agent.post("FAX=2@fax.example.com", message)
        await asyncio.gather(*house.tasks)
        senders = [(mail.sender, mail.recipient.address.number, mail.hello, mail.peer) for mail in house.mails]
        assert senders == [
            ("tom@example.org", "1", "gw.example.com", "10.0.0.1"),
            ("", "2", "gw.example.com", "10.0.0.1"),
        ]
        assert house.network.sources == ["10.0.0.1", "10.0.0.1"]
        server.close()
        await house.agent.hang_up()
        house.agent.stop()

    asyncio.run(case())


def test_a_new_agent_sends_what_the_old_one_owed(tmp_path: Path) -> None:
    async def case() -> None:
        old = House(tmp_path / "outbox")
        old.settings.send = SendSettings(("10.0.0.9",))  # whose port is 0: nobody is there
        old.agent.post("FAX=2@fax.example.com", b"Subject: x\r\n\r\nhello\r\n")
        await asyncio.gather(*old.tasks)
        old.agent.stop()
        new = House(tmp_path / "outbox")
        new.settings.send = SendSettings(("10.0.0.1",))
        new.settings.receive = ReceiveSettings(("fax.example.com",), 5)
        server = await new.listen()
        new.agent.resume()
        await asyncio.gather(*new.tasks)
        assert [mail.recipient.address.number for mail in new.mails] == ["2"]
        server.close()
        await new.agent.hang_up()
        new.agent.stop()

    asyncio.run(case())
