"""Delayed sending: faxes that lie in a machine until their time has come.

Rule: what a machine promised is on disk, so a lab that was stopped meanwhile sends what has become due when it runs
again. A machine that is in a call sends when it is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import msgspec

from iosemu.clock import Clock, Timer
from iosemu.lab.errors import LabError, MachineInUse
from iosemu.lab.tray import write_whole

BUSY_S = 30.0
WAITING = "waiting"


class DelayedFax(msgspec.Struct, frozen=True, kw_only=True):
    """One fax; `due` is ISO 8601 with its zone. `state` is WAITING, "sent", or why it could not be sent."""

    number: int
    sender: str
    to: str
    name: str
    due: str
    state: str = WAITING


class DelayedFaxes:
    """Those of all machines of a lab. `send` sends one that is due, with its file, and gives the cause of a failure, ""
    where every page was confirmed; it raises MachineInUse where the machine is in a call, and LabError."""

    def __init__(self, folder: Path, clock: Clock, send: Callable[[DelayedFax, bytes], Awaitable[str]]) -> None:
        self._folder, self._clock, self._send = folder, clock, send
        self._timers: dict[int, Timer] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Go on with what an earlier run left waiting."""
        for fax in self.listed():
            if fax.state == WAITING:
                self._wait(fax)

    async def stop(self) -> None:
        """What is being sent now waits again."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def add(self, sender: str, to: str, name: str, octets: bytes, due: datetime) -> DelayedFax:
        """Keep a fax; raises LabError where it cannot be kept."""
        number = max((fax.number for fax in self.listed()), default=0) + 1
        fax = DelayedFax(number=number, sender=sender, to=to, name=name, due=due.isoformat(timespec="seconds"))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._file(number), octets)
            self._note(fax)
        except OSError as error:
            raise LabError(f"the fax cannot be kept: {(error.strerror or str(error)).lower()}") from None
        self._wait(fax)
        return fax

    def cancel(self, number: int) -> None:
        """Forget one that waits; raises LabError."""
        fax = next((fax for fax in self.listed() if fax.number == number and fax.state == WAITING), None)
        if fax is None or number not in self._timers:
            raise LabError(f"no fax {number} is waiting")
        self._timers.pop(number).cancel()
        self._end(fax, "cancelled")

    def listed(self) -> list[DelayedFax]:
        """All of them, the oldest first."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=DelayedFax))
            except (OSError, msgspec.MsgspecError):
                continue
        return found

    def _wait(self, fax: DelayedFax) -> None:
        delay_s = (datetime.fromisoformat(fax.due) - self._clock.wall()).total_seconds()
        self._timers[fax.number] = self._clock.call_later(max(delay_s, 0.0), lambda: self._due(fax))

    def _due(self, fax: DelayedFax) -> None:
        self._timers.pop(fax.number, None)
        task = asyncio.get_running_loop().create_task(self._sent(fax))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _sent(self, fax: DelayedFax) -> None:
        try:
            cause = await self._send(fax, self._file(fax.number).read_bytes())
        except MachineInUse:
            self._timers[fax.number] = self._clock.call_later(BUSY_S, lambda: self._due(fax))
        except (OSError, LabError) as error:
            self._end(fax, str(error))
        else:
            self._end(fax, cause or "sent")

    def _end(self, fax: DelayedFax, state: str) -> None:
        self._note(msgspec.structs.replace(fax, state=state))
        self._file(fax.number).unlink(missing_ok=True)

    def _note(self, fax: DelayedFax) -> None:
        write_whole(self._folder / f"{fax.number:06}.json", msgspec.json.encode(fax))

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:06}.file"
