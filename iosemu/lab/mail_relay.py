"""The relay of a lab's mail server: messages for other hosts wait in a database until a host takes or refuses them.

Rule: what was accepted is on disk before the sender hears so, and leaves the disk only after the other side's
answer or the sender's report. A temporary refusal (4xx, no connection) is tried again every `retry_s` until
`expire_s`; a permanent one, a host that does not exist, and expiry are reported to the sender. Intervals are lab
seconds; RFC 5321 4.5.4.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib

from iosemu.clock import Clock, Timer
from iosemu.lab.bounce import Failure
from iosemu.mail.envelope import Notify
from iosemu.mail.parameters import MailParameters, RecipientParameters, xtext
from iosemu.network import Network, Unreachable

SMTP_PORT = 25
GREETING_TIMEOUT_S = 60.0
# A router answers DATA only after the fax was sent; a long document over a slow line takes most of an hour.
ANSWER_TIMEOUT_S = 3600.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipient TEXT NOT NULL, message BLOB NOT NULL, arrived REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
)
"""
_LATER = ("notify", "original", "envelope_id", "returns")
"""Columns of text that a queue of an earlier release has not."""
NO_PARAMETERS = MailParameters()
_COLUMNS = f"id, sender, recipient, message, arrived, tries, {', '.join(_LATER)}"


@dataclass(frozen=True, slots=True)
class Queued:
    """One message for one recipient; `arrived` is the lab's wall time, seconds since 1970. The last four are what the
    sender said of notices, as it goes on the wire (RFC 1891: NOTIFY, ORCPT, ENVID, RET), or ""."""

    id: int
    sender: str
    recipient: str
    message: bytes
    arrived: float
    tries: int
    notify: str = ""
    original: str = ""
    envelope_id: str = ""
    returns: str = ""

    def wants(self, flag: Notify) -> bool:
        """Is the sender to be told of that? Of a failure he is who did not say."""
        return (flag.name or "") in self.notify.split(",") if self.notify else flag is Notify.FAILURE


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side has the message; whether it tells the sender what he wants to be told."""

    tells: bool


class RelayQueue:
    """Takes messages, keeps them through a crash, and tries to hand them on."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        network: Network,
        address: str,
        hostname: str,
        retry_s: float,
        expire_s: float,
        sessions: int,
        tried: Callable[[Queued, Failure | Taken, bool], None],
    ) -> None:
        """`tried(entry, answer, final)` hears of each attempt; a final one is to be told.

        At most `sessions` attempts are made at a time.
        """
        self._clock, self._network, self._address, self._hostname = clock, network, address, hostname
        self._retry_s, self._expire_s, self._tried = retry_s, expire_s, tried
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path)
        # As safe as without, and seven times as fast: the sooner a message is out of the queue, the fewer go out twice.
        self._database.execute("PRAGMA journal_mode = WAL")
        with self._database:
            self._database.execute(_SCHEMA)
            known = {row[1] for row in self._database.execute("PRAGMA table_info(queue)")}
            for column in (column for column in _LATER if column not in known):
                self._database.execute(f"ALTER TABLE queue ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
        self._timers: dict[int, Timer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(sessions)
        self._over: set[int] = set()
        """What was handed on, or given up, and is in the database still."""

    def start(self) -> None:
        """Take up what an earlier run left behind."""
        for (number,) in self._database.execute("SELECT id FROM queue ORDER BY id").fetchall():
            self._schedule(number, 0.0)

    async def stop(self) -> None:
        """End every attempt under way; what was not answered stays queued."""
        for timer in self._timers.values():
            timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._database.close()

    def put(
        self,
        sender: str,
        recipients: Mapping[str, RecipientParameters],
        message: bytes,
        parameters: MailParameters = NO_PARAMETERS,
    ) -> None:
        """Queue a message for each recipient, all or none; on disk on return."""
        arrived = self._clock.wall().timestamp()
        insert = f"INSERT INTO queue ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, 0, ?, ?, ?, ?)"
        with self._database:
            rows = [
                self._database.execute(
                    insert,
                    (
                        sender,
                        to,
                        message,
                        arrived,
                        wish.keywords,
                        wish.original,
                        parameters.envelope_id,
                        parameters.returns,
                    ),
                ).lastrowid
                for to, wish in recipients.items()
            ]
        for row in rows:
            assert row is not None
            self._schedule(row, 0.0)

    def waiting(self) -> list[Queued]:
        """What is queued, oldest first."""
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM queue ORDER BY id")
        return [Queued(*row) for row in rows.fetchall()]

    def _schedule(self, number: int, delay_s: float) -> None:
        self._timers[number] = self._clock.call_later(delay_s, lambda: self._launch(number))

    def _launch(self, number: int) -> None:
        self._timers.pop(number, None)
        task = asyncio.get_running_loop().create_task(self._attempt(number))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, number: int) -> None:
        async with self._slots:
            row = self._database.execute(f"SELECT {_COLUMNS} FROM queue WHERE id = ?", (number,)).fetchone()
            if row is None:
                return
            entry = Queued(*row)
            if number in self._over:
                self._note(entry, final=True)
                return
            answer = await self._hand_over(entry)
            expired = self._clock.wall().timestamp() + self._retry_s > entry.arrived + self._expire_s
            final = isinstance(answer, Taken) or answer.code >= 500 or expired
            try:
                self._tried(entry, answer, final)
            except OSError:  # no room for the report: it is all tried again
                final = isinstance(answer, Taken)
            self._note(entry, final=final)

    def _note(self, entry: Queued, *, final: bool) -> None:
        """Keep what has become of an attempt; what is over and cannot be taken out now is not sent again."""
        change = "DELETE FROM queue" if final else "UPDATE queue SET tries = tries + 1"
        try:
            with self._database:
                self._database.execute(f"{change} WHERE id = ?", (entry.id,))
        except sqlite3.Error:
            self._over |= {entry.id} if final else set()
            final = False
        if final:
            self._over.discard(entry.id)
        else:
            self._schedule(entry.id, self._retry_s)

    async def _hand_over(self, entry: Queued) -> Failure | Taken:
        """One SMTP session with the recipient's host."""
        domain = entry.recipient.rpartition("@")[2]
        addresses = self._network.resolve(domain)
        if not addresses:
            return Failure(entry.recipient, 550, f"5.1.2 Host {domain} is not known to the name server")
        failure = Failure(entry.recipient, 0, "no answer")
        for address in addresses:
            try:
                with self._clock.hold():
                    wire = await self._network.connect(self._address, address, SMTP_PORT)
            except Unreachable as error:
                failure = Failure(entry.recipient, 0, str(error), address)
                continue
            return await self._session(entry, wire, domain)
        return failure

    async def _session(self, entry: Queued, wire: object, server: str) -> Failure | Taken:
        client = aiosmtplib.SMTP(
            sock=wire,  # type: ignore[arg-type]  # a connected socket from the virtual network
            local_hostname=self._hostname,
            use_tls=False,
            start_tls=False,
            timeout=GREETING_TIMEOUT_S,
        )
        try:
            await client.connect()
            await _hello(client)
            tells = client.supports_extension("dsn")
            await client.sendmail(
                entry.sender.removeprefix("<").removesuffix(">"),  # the null path
                [entry.recipient],
                entry.message,
                mail_options=_mail_options(entry) if tells else [],
                rcpt_options=_recipient_options(entry) if tells else [],
                timeout=ANSWER_TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            reply: aiosmtplib.SMTPResponseException = error.recipients[0]
            return Failure(entry.recipient, reply.code, _one_line(reply.message), server)
        except aiosmtplib.SMTPResponseException as error:
            return Failure(entry.recipient, error.code, _one_line(error.message), server)
        except ValueError as error:  # an address that cannot be said in SMTP
            return Failure(entry.recipient, 553, f"5.1.3 {_one_line(str(error))}", server)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Failure(entry.recipient, 0, _one_line(str(error)) or "connection lost", server)
        finally:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=5)
            client.close()
        return Taken(tells)


async def _hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _mail_options(entry: Queued) -> list[str]:
    said = (("RET", entry.returns), ("ENVID", xtext(entry.envelope_id)))
    return [f"{name}={value}" for name, value in said if value]


def _recipient_options(entry: Queued) -> list[str]:
    kind, _, address = entry.original.partition(";")
    said = (("NOTIFY", entry.notify), ("ORCPT", f"{kind};{xtext(address)}" if address else ""))
    return [f"{name}={value}" for name, value in said if value]


def arrived_at(entry: Queued) -> datetime:
    return datetime.fromtimestamp(entry.arrived, UTC)


def _one_line(text: str) -> str:
    return " ".join(text.split())
