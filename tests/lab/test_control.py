"""Requests, progress, results and errors cross the control socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iosemu.lab.control import ControlServer, Request, Tell, ask, request
from iosemu.lab.errors import LabError, NotRunning
from iosemu.lab.state import RunningLab

Run = Callable[..., None]


async def count(request: Request, tell: Tell) -> Any:
    for number in range(request["to"]):
        tell(number)
    return {"counted": request["to"]}


async def refuse(request: Request, tell: Tell) -> Any:
    raise LabError("no such thing")


async def stumble(request: Request, tell: Tell) -> Any:
    raise KeyError("a\nb")


def lab(path: Path) -> RunningLab:
    return RunningLab("x", str(path.parent), str(path), 1, 1.0)


def served(folder: Path, scenario: Callable[[RunningLab], Any], **more: Any) -> Any:
    """Run `scenario` in a thread, as a tool would run, against a server."""

    async def serve() -> Any:
        server = ControlServer({"count": count, "refuse": refuse, "stumble": stumble, **more})
        await server.start(folder / "s")
        assert (folder / "s").stat().st_mode & 0o777 == 0o600
        try:
            return await asyncio.to_thread(scenario, lab(folder / "s"))
        finally:
            await server.stop()

    return asyncio.run(serve())


def test_progress_comes_before_the_result(tmp_path: Path) -> None:
    def scenario(running: RunningLab) -> Any:
        told = []
        counting = request(running, "count", to=3)
        while True:
            try:
                told.append(next(counting))
            except StopIteration as done:
                return told, done.value

    assert served(tmp_path, scenario) == ([0, 1, 2], {"counted": 3})


def test_a_long_request_goes_through(tmp_path: Path) -> None:
    assert served(tmp_path, lambda running: ask(running, "count", to=1, data="x" * 3_000_000)) == {"counted": 1}


@pytest.mark.parametrize(
    ("op", "told"),
    [("refuse", "^no such thing$"), ("stumble", r"^the lab failed: KeyError: 'a\\nb'$"), ("what", "not understand")],
)
def test_errors_are_one_line(op: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(LabError, match=told):
        served(tmp_path, lambda running: ask(running, op))


def test_a_client_that_leaves_cancels_its_request(tmp_path: Path) -> None:
    cancelled = asyncio.Event()

    async def wait(request: Request, tell: Tell) -> Any:
        tell("waiting")
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    def scenario(running: RunningLab) -> None:
        waiting = request(running, "wait")
        next(waiting)
        waiting.close()

    async def serve() -> None:
        server = ControlServer({"wait": wait})
        await server.start(tmp_path / "s")
        await asyncio.to_thread(scenario, lab(tmp_path / "s"))
        await asyncio.wait_for(cancelled.wait(), 5)
        await server.stop()

    asyncio.run(serve())


def test_a_lab_that_is_gone_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="lab x does not answer"):
        ask(lab(tmp_path / "s"), "count", to=1)
