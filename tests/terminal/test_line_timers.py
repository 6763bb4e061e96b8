"""The clocks of a line, on a loop whose time is moved by hand."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from itertools import count
from typing import Any

from iosemu.terminal.line_timers import LineTimers


class Loop:
    """`time` and `call_later` of an event loop."""

    def __init__(self) -> None:
        self.now = 100.0
        self._due: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self._real = asyncio.new_event_loop()

    def __del__(self) -> None:
        self._real.close()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(self.now + delay, callback, args, self._real)
        heapq.heappush(self._due, (self.now + delay, next(self._numbers), handle))
        return handle

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, handle = heapq.heappop(self._due)
            if not handle.cancelled():
                handle._run()
        self.now = end


class Terminal:
    """What is timed: it notes when it was told what."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.waiting = True
        self.told: list[tuple[str, float]] = []

    def _note(self, what: str) -> None:
        self.told.append((what, round(self._loop.now - 100, 6)))

    def idle_expired(self) -> None:
        self._note("idle")

    def absolute_warning(self) -> None:
        self._note("warning")

    def absolute_expired(self) -> None:
        self._note("end")


def timers() -> tuple[Loop, Terminal, LineTimers]:
    loop: Any = Loop()
    terminal = Terminal(loop)
    return loop, terminal, LineTimers(loop, terminal)


def test_an_idle_line_expires_after_its_last_sign_of_life() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(60)
    clocks.waits()
    for _ in range(3):
        loop.advance(50)
        clocks.alive()
    loop.advance(200)
    assert terminal.told == [("idle", 210)]
    assert clocks.idle_s == 200


def test_a_running_command_is_a_sign_of_life() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(60)
    clocks.waits()
    terminal.waiting = False
    loop.advance(1000)
    terminal.waiting = True
    clocks.waits()
    loop.advance(59)
    assert terminal.told == []
    loop.advance(61)
    assert terminal.told == [("idle", 1060)]


def test_while_held_idleness_does_not_count() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(60)
    clocks.waits()
    clocks.held = True
    loop.advance(500)
    assert terminal.told == []
    clocks.held = False
    loop.advance(120)
    assert [what for what, _ in terminal.told] == ["idle"]


def test_the_absolute_end_comes_whatever_is_typed_and_is_warned_of() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(0, 300, 20)
    for _ in range(40):
        clocks.alive()
        loop.advance(10)
    assert terminal.told == [("warning", 280), ("end", 300)]


def test_a_warning_longer_than_the_time_comes_at_once_and_none_where_it_is_zero() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(0, 10, 20)
    loop.advance(11)
    clocks.begin(0, 10, 0)
    loop.advance(11)
    assert terminal.told == [("warning", 0), ("end", 10), ("end", 21)]


def test_a_new_session_starts_anew_and_the_end_of_one_stops_the_clocks() -> None:
    loop, terminal, clocks = timers()
    clocks.begin(60, 100, 10)
    clocks.waits()
    loop.advance(50)
    clocks.begin(60, 100, 10)
    clocks.waits()
    loop.advance(55)
    assert terminal.told == []
    clocks.stop()
    loop.advance(1000)
    assert terminal.told == []
