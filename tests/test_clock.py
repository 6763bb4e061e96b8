"""Lab time: order of timers, jumps of the instant pace, and holds that stop them."""

from __future__ import annotations

import asyncio
import time

from iosemu.clock import ManualClock
from iosemu.events import EventBus
from iosemu.pace import LoopClock


def test_timers_run_in_order_of_time_then_of_asking() -> None:
    clock, ran = ManualClock(), []
    clock.call_later(2, lambda: ran.append(("b", clock.now())))
    clock.call_later(2, lambda: ran.append(("c", clock.now())))
    clock.call_later(1, lambda: clock.call_later(0.5, lambda: ran.append(("a", clock.now()))))
    cancelled = clock.call_later(1.7, lambda: ran.append(("never", 0.0)))
    cancelled.cancel()
    clock.run()
    assert ran == [("a", 1.5), ("b", 2.0), ("c", 2.0)]


def test_a_run_stops_at_its_limit() -> None:
    clock, ran = ManualClock(), []
    clock.call_later(5, lambda: ran.append(1))
    clock.run(until_s=4)
    assert (ran, clock.now()) == ([], 4)
    clock.run(until_s=6)
    assert (ran, clock.now()) == ([1], 6)


def test_an_instant_clock_jumps_and_keeps_durations_true() -> None:
    async def lab() -> tuple[float, float]:
        clock, done = LoopClock("instant"), asyncio.Event()
        started = time.monotonic()
        clock.call_later(3600, done.set)
        await done.wait()
        return clock.now(), time.monotonic() - started

    lab_s, real_s = asyncio.run(lab())
    assert lab_s >= 3600
    assert real_s < 60


def test_an_instant_clock_does_not_jump_while_somebody_waits_for_the_outside() -> None:
    async def lab() -> list[str]:
        clock, order, done = LoopClock("instant"), [], asyncio.Event()
        hold = clock.hold()
        clock.call_later(3600, lambda: (order.append("timer"), done.set()))
        await asyncio.sleep(0.02)
        order.append("answer")
        hold.release()
        hold.release()
        await done.wait()
        return order

    assert asyncio.run(lab()) == ["answer", "timer"]


def test_a_line_clock_waits_for_its_timers() -> None:
    async def lab() -> float:
        clock, done = LoopClock("line"), asyncio.Event()
        clock.call_later(0.03, done.set)
        await done.wait()
        return clock.now()

    assert asyncio.run(lab()) >= 0.03


def test_a_failing_timer_does_not_stop_the_others() -> None:
    async def lab() -> list[str]:
        failures: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(str(context["exception"])))
        clock, done = LoopClock("instant"), asyncio.Event()

        def broken() -> None:
            raise ValueError("broken call")

        clock.call_later(1, broken)
        clock.call_later(2, done.set)
        await done.wait()
        return failures

    assert asyncio.run(lab()) == ["broken call"]


def test_the_bus_delivers_to_the_subscribers_of_the_class_until_they_leave() -> None:
    bus, heard = EventBus(), []
    leave = bus.subscribe(int, lambda event: heard.append(event))
    bus.publish(1)
    bus.publish("text")
    leave()
    leave()
    bus.publish(2)
    assert heard == [1]


def test_timers_that_take_long_let_others_have_a_turn_between_them() -> None:
    async def case() -> list[str]:
        clock, told, over = LoopClock(), list[str](), asyncio.Event()

        def long() -> None:
            told.append("timer")
            time.sleep(0.06)
            if told.count("timer") == 6:
                over.set()

        for _ in range(6):
            clock.call_later(0, long)
        asyncio.get_running_loop().call_later(0.001, told.append, "socket")
        await over.wait()
        return told

    told = asyncio.run(case())
    assert 1 <= told.index("socket") < 6
