"""Faxes that wait for their time: sent when due, kept over a restart, again where the machine was in a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from iosemu.clock import ManualClock
from iosemu.lab.delayed import DelayedFax, DelayedFaxes
from iosemu.lab.errors import LabError, MachineInUse

Run = Callable[..., None]


class Machine:
    """Sends, or says what it is told to say."""

    def __init__(self, *answers: str | Exception) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self._answers = list(answers)

    async def send(self, fax: DelayedFax, octets: bytes) -> str:
        answer = self._answers.pop(0) if self._answers else ""
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((fax.to, octets))
        return answer


async def pass_time(clock: ManualClock, seconds: float) -> None:
    clock.run(clock.now() + seconds)
    for _ in range(5):
        await asyncio.sleep(0)


def test_it_is_sent_when_it_is_due(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        clock, machine = ManualClock(), Machine()
        faxes = DelayedFaxes(tmp_path / "d", clock, machine.send)
        faxes.add("555-0100", "555-8354", "a.txt", b"hello", clock.wall() + timedelta(minutes=10))
        await pass_time(clock, 599)
        assert (machine.sent, faxes.listed()[0].state) == ([], "waiting")
        await pass_time(clock, 2)
        assert (machine.sent, faxes.listed()[0].state) == ([("555-8354", b"hello")], "sent")
        assert [path.suffix for path in (tmp_path / "d").iterdir()] == [".json"]

    run(scenario())


@pytest.mark.parametrize(("answer", "state"), [("user busy", "user busy"), (LabError("no paper"), "no paper")])
def test_how_it_failed_is_kept(answer: str | Exception, state: str, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        clock = ManualClock()
        faxes = DelayedFaxes(tmp_path, clock, Machine(answer).send)
        faxes.add("1", "2", "a.txt", b"hello", clock.wall())
        await pass_time(clock, 1)
        assert faxes.listed()[0].state == state

    run(scenario())


def test_a_machine_in_a_call_sends_when_it_is_free(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        clock, machine = ManualClock(), Machine(MachineInUse("busy"))
        faxes = DelayedFaxes(tmp_path, clock, machine.send)
        faxes.add("1", "2", "a.txt", b"hello", clock.wall())
        await pass_time(clock, 1)
        assert faxes.listed()[0].state == "waiting"
        await pass_time(clock, 31)
        assert faxes.listed()[0].state == "sent"

    run(scenario())


def test_a_restart_forgets_nothing(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        clock, machine = ManualClock(), Machine()
        before = DelayedFaxes(tmp_path, clock, machine.send)
        before.add("1", "2", "a.txt", b"hello", clock.wall() + timedelta(seconds=60))
        await before.stop()
        await pass_time(clock, 100)
        assert machine.sent == []
        after = DelayedFaxes(tmp_path, clock, machine.send)
        after.start()
        await pass_time(clock, 1)
        assert machine.sent == [("2", b"hello")]
        again = DelayedFaxes(tmp_path, clock, machine.send)
        again.start()
        await pass_time(clock, 1)
        assert len(machine.sent) == 1

    run(scenario())


def test_what_waits_can_be_cancelled(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        clock, machine = ManualClock(), Machine()
        faxes = DelayedFaxes(tmp_path, clock, machine.send)
        first = faxes.add("1", "2", "a.txt", b"hello", clock.wall() + timedelta(seconds=60))
        faxes.add("1", "3", "a.txt", b"hello", clock.wall() + timedelta(seconds=60))
        faxes.cancel(first.number)
        with pytest.raises(LabError, match="no fax 1 is waiting"):
            faxes.cancel(first.number)
        await pass_time(clock, 61)
        assert machine.sent == [("3", b"hello")]
        assert [fax.state for fax in faxes.listed()] == ["cancelled", "sent"]

    run(scenario())
