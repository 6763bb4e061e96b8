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
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib

from iosemu.clock import Clock, Timer
from iosemu.lab.bounce import Failure
from iosemu.network import Network, Unreachable

SMTP_PORT = 25
SESSIONS_AT_ONCE = 32
GREETING_TIMEOUT_S = 60.0
# A router answers DATA only after the fax was sent; a long document over a slow line takes most of an hour.
ANSWER_TIMEOUT_S = 3600.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipient TEXT NOT NULL, message BLOB NOT NULL, arrived REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
)
"""


@dataclass(frozen=True, slots=True)
class Queued:
    """One message for one recipient; `arrived` is the lab's wall time, seconds since 1970."""

    id: int
    sender: str
    recipient: str
    message: bytes
    arrived: float
    tries: int


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
        tried: Callable[[Queued, Failure | None, bool], None],
    ) -> None:
        """`tried(entry, failure, final)` hears of each attempt: no failure means taken; a final one is to be told."""
        self._clock, self._network, self._address, self._hostname = clock, network, address, hostname
        self._retry_s, self._expire_s, self._tried = retry_s, expire_s, tried
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path)
        with self._database:
            self._database.execute(_SCHEMA)
        self._timers: dict[int, Timer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(SESSIONS_AT_ONCE)

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

    def put(self, sender: str, recipients: list[str], message: bytes) -> None:
        """Queue a message for each recipient, all or none; on disk on return."""
        arrived = self._clock.wall().timestamp()
        insert = "INSERT INTO queue (sender, recipient, message, arrived) VALUES (?, ?, ?, ?)"
        with self._database:
            rows = [self._database.execute(insert, (sender, to, message, arrived)).lastrowid for to in recipients]
        for row in rows:
            assert row is not None
            self._schedule(row, 0.0)

    def waiting(self) -> list[Queued]:
        """What is queued, oldest first."""
        rows = self._database.execute("SELECT id, sender, recipient, message, arrived, tries FROM queue ORDER BY id")
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
            row = self._database.execute(
                "SELECT id, sender, recipient, message, arrived, tries FROM queue WHERE id = ?", (number,)
            ).fetchone()
            if row is None:
                return
            entry = Queued(*row)
            failure = await self._hand_over(entry)
            expired = self._clock.wall().timestamp() + self._retry_s > entry.arrived + self._expire_s
            if failure is None or failure.code >= 500 or expired:
                self._tried(entry, failure, True)
                with self._database:
                    self._database.execute("DELETE FROM queue WHERE id = ?", (number,))
                return
            self._tried(entry, failure, False)
            with self._database:
                self._database.execute("UPDATE queue SET tries = tries + 1 WHERE id = ?", (number,))
            self._schedule(number, self._retry_s)

    async def _hand_over(self, entry: Queued) -> Failure | None:
        """One SMTP session with the recipient's host; None where it took the message."""
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

    async def _session(self, entry: Queued, wire: object, server: str) -> Failure | None:
        client = aiosmtplib.SMTP(
            sock=wire,  # type: ignore[arg-type]  # a connected socket from the virtual network
            local_hostname=self._hostname,
            use_tls=False,
            start_tls=False,
            timeout=GREETING_TIMEOUT_S,
        )
        try:
            await client.connect()
            await client.sendmail(entry.sender, [entry.recipient], entry.message, timeout=ANSWER_TIMEOUT_S)
        except aiosmtplib.SMTPRecipientsRefused as error:
            reply: aiosmtplib.SMTPResponseException = error.recipients[0]
            return Failure(entry.recipient, reply.code, _one_line(reply.message), server)
        except aiosmtplib.SMTPResponseException as error:
            return Failure(entry.recipient, error.code, _one_line(error.message), server)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Failure(entry.recipient, 0, _one_line(str(error)) or "connection lost", server)
        finally:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=5)
            client.close()
        return None


def arrived_at(entry: Queued) -> datetime:
    return datetime.fromtimestamp(entry.arrived, UTC)


def _one_line(text: str) -> str:
    return " ".join(text.split())
