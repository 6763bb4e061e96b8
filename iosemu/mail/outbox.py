"""Notices that no mail server has taken yet: kept in a database, tried again, given up after a day.

Rule: a notice is on disk before `post` returns, and leaves it only when a server has taken it, has refused it for good,
or the last try has failed; so a router that dies sends what it owed when it is up again, perhaps twice. Whoever posts
is never held up and never hears of a failure: a disk that cannot be written costs the notice its safety, not its first
try. Intervals are the lab's seconds (RFC 2821 section 4.5.4.1).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iosemu.clock import Clock, Hold, Timer
from iosemu.events import EventSink
from iosemu.mail.envelope import Envelope, Failure, Outcome, Recipient
from iosemu.mail.events import NoticeUnsent

if TYPE_CHECKING:
    import sqlite3

RETRIES_S = (300.0, 900.0, 3600.0, 4 * 3600.0, 19 * 3600.0)
"""From one try to the next."""

_PASSING = (Failure.UNREACHABLE, Failure.LOST, Failure.TIMED_OUT)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, message BLOB NOT NULL, tries INTEGER NOT NULL DEFAULT 0
)
"""


@dataclass(slots=True)
class _Notice:
    """`row` is its place in the database, None where it has none."""

    recipient: str
    message: bytes
    row: int | None
    tries: int = 0


class Outbox:
    """The outbox of one router; `path` is its database, None keeps nothing.

    `send` tries one message once and never raises for what a server does; `spawn` runs a coroutine beside it all.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        clock: Clock,
        send: Callable[[Envelope, bytes], Awaitable[Outcome]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        emit: EventSink,
    ) -> None:
        self._path = path
        self._clock = clock
        self._send = send
        self._spawn = spawn
        self._emit = emit
        self._database: sqlite3.Connection | None = None
        self._timers: dict[int, Timer] = {}

    def post(self, recipient: str, message: bytes) -> None:
        """Send a message with the null path as its sender, now or as soon as somebody takes it."""
        row = self._change("INSERT INTO notice (recipient, message) VALUES (?, ?)", recipient, message)
        self._launch(_Notice(recipient, message, row))

    def resume(self) -> None:
        """Take up what an earlier life left behind."""
        if self._path is None or not self._path.exists():
            return
        from sqlite3 import Error  # see `_open`

        try:
            rows = self._open(self._path).execute("SELECT recipient, message, id, tries FROM notice ORDER BY id")
            left = [_Notice(*row) for row in rows.fetchall()]
        except (Error, OSError) as error:
            self._emit(NoticeUnsent("", f"cannot read {self._path.name}: {error}", again=False))
            return
        for notice in left:
            self._launch(notice)

    def stop(self) -> None:
        """Try nothing any more; what was not taken stays on disk."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self._database is not None:
            self._database.close()
            self._database = None

    def _launch(self, notice: _Notice) -> None:
        self._timers.pop(id(notice), None)
        self._spawn(self._attempt(notice, self._clock.hold()))

    async def _attempt(self, notice: _Notice, hold: Hold) -> None:
        with hold:
            outcome = await self._send(Envelope("", (Recipient(notice.recipient),)), notice.message)
        passing = outcome.failure in _PASSING or 400 <= outcome.code < 500
        again = not outcome.ok and passing and notice.tries < len(RETRIES_S)
        if again:
            delay_s = RETRIES_S[notice.tries]
            notice.tries += 1
            self._timers[id(notice)] = self._clock.call_later(delay_s, lambda: self._launch(notice))
            if notice.row is not None:
                self._change("UPDATE notice SET tries = ? WHERE id = ?", notice.tries, notice.row)
        elif notice.row is not None:
            self._change("DELETE FROM notice WHERE id = ?", notice.row)
        if not outcome.ok:
            self._emit(NoticeUnsent(notice.recipient, f"{outcome.code} {outcome.text}", again=again))

    def _change(self, statement: str, *values: object) -> int | None:
        """Change the database for good; the row that was added. What cannot be kept is told."""
        if self._path is None:
            return None
        from sqlite3 import Error  # see `_open`

        try:
            database = self._open(self._path)
            with database:
                return database.execute(statement, values).lastrowid
        except (Error, OSError) as error:
            self._emit(NoticeUnsent("", f"cannot write {self._path.name}: {error}", again=False))
            return None

    def _open(self, path: Path) -> sqlite3.Connection:
        import sqlite3  # a router that owes nobody a notice starts without it

        if self._database is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path)
            try:
                database.execute("PRAGMA journal_mode = WAL")  # as safe as without, and several times as fast
                with database:
                    database.execute(_SCHEMA)
            except sqlite3.Error:  # the next time it is opened anew
                database.close()
                raise
            self._database = database
        return self._database
