"""A timer that is put off by every sign of life."""

from __future__ import annotations

from iosemu.clock import ManualClock
from iosemu.deadline import Deadline


def test_it_acts_once_when_nothing_has_touched_it_for_so_long() -> None:
    clock, acted = ManualClock(), list[float]()
    deadline = Deadline(clock)
    deadline.start(3.0, lambda: acted.append(clock.now()))
    for at_s in (2.0, 4.0, 6.5):
        clock.run(at_s)
        deadline.touch()
    assert (acted, deadline.running) == ([], True)
    clock.run()
    assert (acted, deadline.running) == ([9.5], False)
    deadline.touch()
    clock.run(100.0)
    assert acted == [9.5]


def test_the_last_start_counts_and_a_stop_ends_it() -> None:
    clock, acted = ManualClock(), list[str]()
    deadline = Deadline(clock)
    deadline.start(1.0, lambda: acted.append("first"))
    deadline.start(2.0, lambda: acted.append("second"))
    clock.run(1.5)
    assert acted == []
    clock.run(2.0)
    deadline.start(1.0, lambda: acted.append("third"))
    deadline.stop()
    clock.run(100.0)
    assert (acted, deadline.running) == (["second"], False)


def test_many_touches_cost_few_timers() -> None:
    clock = ManualClock()
    deadline = Deadline(clock)
    deadline.start(5.0, lambda: None)
    for step in range(1000):
        clock.run(step / 100)
        deadline.touch()
    left = 0
    while clock.step():
        left += 1
    assert left <= 2
