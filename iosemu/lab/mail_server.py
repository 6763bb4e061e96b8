"""The lab's mail server: accounts with mailboxes, and a relay for faxes to the routers, behind a real SMTP port.

Rule: `250` to DATA means that the message is in a mailbox or in the relay's queue on disk. It relays only what is
addressed to a fax machine (`FAX=...`) at another host; anything else for a foreign domain is refused. Replies are
worded as in the session that the two-gateway lab is modelled on.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import sqlite3
import string
from collections.abc import Mapping
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import format_datetime
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.lab.bounce import Action, Failure, Told, report
from iosemu.lab.dovecot import Dovecot
from iosemu.lab.errors import LabError, reason
from iosemu.lab.events import MailStored, RelayTried
from iosemu.lab.hosts import Host, HostStack
from iosemu.lab.mail_accounts import Accounts
from iosemu.lab.mail_relay import NO_PARAMETERS, Queued, RelayQueue, Taken, arrived_at
from iosemu.lab.network import VirtualNetwork
from iosemu.lab.smtp_wording import Asked, WordedSmtp
from iosemu.lab.topology import MailNode, parse_endpoint
from iosemu.mail.envelope import Notify
from iosemu.mail.parameters import MailParameters, RecipientParameters
from iosemu.network import Endpoint

TFTP_PORT = 69
PORTS = {"smtp": 25, "imap": 143, "pop3": 110}
VERSION = "5.0.2195.4453"
MAX_MESSAGE_OCTETS = 64 * 1024 * 1024
MAX_RECIPIENTS = 100
MAX_HOPS = 30
NULL_PATHS = ("", "<>")
NO_WISH = RecipientParameters()
NO_WISHES: Mapping[str, RecipientParameters] = {}
TRIES_BEFORE_DELAY = 3
"""So many tries fail before a sender is told of a delay; he is told once."""
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class MailServer:
    """One mail server of a lab. `await start()`, then `endpoint` is where it listens on loopback; `relay()`."""

    def __init__(self, node: MailNode, folder: Path, *, clock: Clock, network: VirtualNetwork, emit: EventSink) -> None:
        self.node = node
        self.accounts = Accounts(folder / "mailboxes", node.domain, node.users, node.lists)
        self._clock, self._network, self._emit = clock, network, emit
        self._server: asyncio.Server | None = None
        self._sessions: WeakSet[WordedSmtp] = WeakSet()
        self._serial = 0
        self.endpoint: Endpoint = ("", 0)
        self._dovecot = Dovecot(node.name, folder / "mailboxes", node.users, node.readers)
        self.host = Host(node.name, lambda: (node.address,))
        self.host.up = False
        if not network.flat:
            self.host.stack = HostStack((IPv4Interface(f"{node.address}/{node.prefix}"),), node.gateway)
        self.queue = RelayQueue(
            folder / "queue.sqlite3",
            clock=clock,
            network=network.at(self.host),
            address=node.address,
            hostname=node.hostname,
            retry_s=node.retry_s,
            expire_s=node.expire_s,
            sessions=node.sessions,
            tried=self._tried,
        )

    async def start(self) -> None:
        """Listen (where no real server stands here) and join the virtual network; raises LabError where a port is not
        to be had, or who reads the mailboxes."""
        self.endpoint = parse_endpoint(self.node.external) if self.node.external else await self._listen()
        if self.node.readers:
            await self._dovecot.start()
        self.host.ports |= {PORTS[protocol]: endpoint for protocol, endpoint in self.endpoints.items()}
        if self.node.tftp:
            self.host.datagrams[TFTP_PORT] = parse_endpoint(self.node.tftp)
        self.host.up = True
        self._network.add(self.host)

    @property
    def endpoints(self) -> dict[str, Endpoint]:
        """Where each protocol is on this machine, by its small name."""
        return {"smtp": self.endpoint, **self._dovecot.endpoints}

    def relay(self) -> None:
        """Take up the queue, once there are routers to take it."""
        self.queue.start()

    async def _listen(self) -> Endpoint:
        host, port = parse_endpoint(self.node.smtp)
        try:
            self._server = await asyncio.get_running_loop().create_server(self._session, host, port)
        except OSError as error:
            raise LabError(f"mail server {self.node.name}: cannot listen on {host}:{port}: {reason(error)}") from None
        name: Endpoint = self._server.sockets[0].getsockname()[:2]
        return name

    async def stop(self) -> None:
        """Close the port and every session; what waits in the queue stays there."""
        if self._server is not None:
            self._server.close()
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        await self._dovecot.stop()
        await self.queue.stop()

    def _session(self) -> WordedSmtp:
        session = WordedSmtp(
            _Replies(self),
            hostname=self.node.hostname,
            ident=f"Microsoft ESMTP MAIL Service, Version: {VERSION} ready at {date_line(self._clock.wall())}",
            data_size_limit=MAX_MESSAGE_OCTETS,
            loop=asyncio.get_running_loop(),
        )
        self._sessions.add(session)
        return session

    def peer(self, session: Session) -> str:
        """Who is calling: an emulated address, or the real one of a client outside the lab."""
        return self._network.source_of(session.peer) or str(session.peer[0] if session.peer else "unknown")

    def message_id(self) -> str:
        """A new id, as this server writes them: its name, letters, a counter."""
        self._serial += 1
        letters = "".join(secrets.choice(string.ascii_letters) for _ in range(6))
        return f"<{self.node.name}{letters}{self._serial:08x}@{self.node.hostname}>"

    def accept(
        self,
        sender: str,
        recipients: list[str],
        content: bytes,
        *,
        helo: str,
        peer: str,
        parameters: MailParameters = NO_PARAMETERS,
        wishes: Mapping[str, RecipientParameters] = NO_WISHES,
    ) -> str:
        """Store a message for all its recipients; returns its id. On disk on return; raises OSError, sqlite3.Error."""
        message_id = self.message_id()
        traced = self._trace(content, message_id, helo=helo, peer=peer)
        members = self.accounts.members(recipients)
        remote = {address: wishes.get(address, NO_WISH) for address in members if not self.accounts.is_local(address)}
        if remote:
            self.queue.put(sender, remote, traced, parameters)
        for address in members:
            if self.accounts.is_local(address):
                self._store(self.accounts.owner(address) or "postmaster", sender, traced)
        for address in (address for address in recipients if self.accounts.is_local(address)):
            wish = wishes.get(address, NO_WISH)
            if wish.notify is not None and Notify.SUCCESS in wish.notify:
                action = Action.DELIVERED if self.accounts.owner(address) is not None else Action.EXPANDED
                told = Told(address, action, original=wish.original, envelope_id=parameters.envelope_id)
                self._report(told, sender, traced, self._clock.wall())
        return message_id

    def _trace(self, content: bytes, message_id: str, *, helo: str, peer: str) -> bytes:
        """Put this server's Received line in front, and an id and a date where the writer gave none."""
        headers = _header(content)
        now = self._clock.wall()
        lines = [f"Received: from {helo} ([{peer}]) by {self.node.hostname} with Microsoft SMTPSVC({VERSION});"]
        lines.append(f"\t {date_line(now)}")
        if "Message-ID" not in headers:
            lines.append(f"Message-ID: {message_id}")
        if "Date" not in headers:
            lines.append(f"Date: {format_datetime(now)}")
        if not headers.keys() and content.strip() and not content.startswith((b"\r\n", b"\n")):
            lines.append("")  # a message typed by hand without a header
        return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace") + content

    def _store(self, user: str, sender: str, traced: bytes) -> None:
        path = "" if sender in NULL_PATHS else sender
        self.accounts.deliver(user, f"Return-Path: <{path}>\r\n".encode("ascii", "replace") + traced)
        self._emit(MailStored(self.node.name, user, path, str(_header(traced).get("Subject", ""))))

    def _tried(self, entry: Queued, answer: Failure | Taken, final: bool) -> None:
        failure = answer if isinstance(answer, Failure) else None
        action = _action(entry, answer, final)
        if action is not None:
            whole = action is Action.FAILED and entry.returns != "HDRS"
            told = Told(entry.recipient, action, failure, entry.original, entry.envelope_id, whole)
            self._report(told, entry.sender, entry.message, arrived_at(entry))
        code, text = (250, "taken") if failure is None else (failure.code, failure.text)
        self._emit(RelayTried(self.node.name, entry.recipient, code, text, final))

    def _report(self, told: Told, sender: str, message: bytes, arrived: datetime) -> None:
        """Tell the sender, in its mailbox; of one elsewhere, who is not reachable from this lab's server, the
        postmaster gets the failures."""
        user = self.accounts.owner(sender) if self.accounts.is_local(sender) else None
        if sender in NULL_PATHS or (user is None and told.action is not Action.FAILED):
            return
        octets = report(
            told,
            sender=sender,
            hostname=self.node.hostname,
            domain=self.node.domain,
            message_id=self.message_id(),
            arrived=arrived,
            now=self._clock.wall(),
            message=message,
        )
        self._store(user or "postmaster", "", octets)


class _Replies:
    """aiosmtpd's hooks for one session."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._peer = ""

    async def handle_HELO(self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        return f"250 {self._greet(session, hostname)}"

    async def handle_EHLO(
        self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        offers = ["SIZE " + str(MAX_MESSAGE_OCTETS), "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8bitmime", "VRFY"]
        return [f"250-{self._greet(session, hostname)}", *(f"250-{offer}" for offer in offers), "250 OK"]

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return f"250 2.1.0 {address}....Sender OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        accounts = self._server.accounts
        local, at, _ = address.rpartition("@")
        if not at:
            address, local = f"{address}@{accounts.domain}", address
        if accounts.is_local(address):
            if not accounts.knows(address):
                return f"550 5.1.1 User unknown: {address}"
        elif not local.strip('"').upper().startswith("FAX="):
            return f"550 5.7.1 Unable to relay for {address}"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return f"250 2.1.5 {address} "

    async def handle_RSET(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 2.0.0 Resetting"

    async def handle_NOOP(self, smtp: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
        return "250 2.0.0 OK"

    async def handle_QUIT(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        return f"221 2.0.0 {self._server.node.hostname} Service closing transmission channel"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        if content.count(b"\nReceived:") >= MAX_HOPS:
            return "554 5.4.6 Hop count exceeded - possible mail loop"
        try:
            message_id = self._server.accept(
                envelope.mail_from or "",
                envelope.rcpt_tos,
                content,
                helo=session.host_name or "",
                peer=self._peer,
                parameters=envelope.parameters if isinstance(envelope, Asked) else NO_PARAMETERS,
                wishes=envelope.wishes if isinstance(envelope, Asked) else NO_WISHES,
            )
        except (OSError, sqlite3.Error):
            return "452 4.3.1 Insufficient system storage"
        return f"250 2.6.0 {message_id} Queued mail for delivery"

    async def handle_exception(self, error: Exception) -> str:
        return "451 4.3.0 Local error in processing"

    def _greet(self, session: Session, hostname: str) -> str:
        session.host_name = hostname
        self._peer = self._peer or self._server.peer(session)
        return f"{self._server.node.hostname} Hello [{self._peer}]"


def _header(content: bytes) -> Message:
    """The header fields of a message; its text is not looked at."""
    return BytesParser(policy=policy.compat32).parsebytes(_HEADER_END.split(content, 1)[0], headersonly=True)


def _action(entry: Queued, answer: Failure | Taken, final: bool) -> Action | None:
    """What the sender is told of an attempt, if anything."""
    if isinstance(answer, Taken):
        return Action.RELAYED if entry.wants(Notify.SUCCESS) and not answer.tells else None
    if final:
        return Action.FAILED if entry.wants(Notify.FAILURE) else None
    return Action.DELAYED if entry.wants(Notify.DELAY) and entry.tries == TRIES_BEFORE_DELAY else None


def date_line(when: datetime) -> str:
    """A date as this server writes it: `Tue, 5 Mar 2002 12:10:01 +0000`."""
    return f"{when:%a}, {when.day} {when:%b %Y %H:%M:%S %z}"
