from __future__ import annotations

import pytest

from iosemu.clock import ManualClock
from iosemu.management.logging import Destination, Logging, Severity


def test_a_system_message_is_named_and_stamped_with_the_uptime_by_default() -> None:
    clock = ManualClock()
    log = Logging(clock)
    clock.run(until_s=96)
    log.event("SYS", 5, "CONFIG_I", "Configured from console by console")
    assert log.buffer == ("00:01:36: %SYS-5-CONFIG_I: Configured from console by console",)


@pytest.mark.parametrize(
    ("seconds", "stamp"), [(59, "00:00:59: "), (90_000, "1d01h: "), (8 * 86400, "1w1d: "), (400 * 86400, "1y5w: ")]
)
def test_long_uptimes_are_stamped_in_days_and_weeks(seconds: float, stamp: str) -> None:
    clock = ManualClock()
    log = Logging(clock)
    clock.run(until_s=seconds)
    log.debug("x")
    assert log.buffer == (stamp + "x",)


def test_the_stamp_is_asked_for_by_kind() -> None:
    log = Logging(ManualClock(), lambda kind: f"<{kind}> ")
    log.debug("a")
    log.event("SYS", 6, "X", "b")
    assert log.buffer == ("<debug> a", "<log> %SYS-6-X: b")


def test_the_console_gets_all_and_a_terminal_what_it_asked_for() -> None:
    log = Logging(ManualClock(), lambda kind: "")
    console: list[str] = []
    monitor: list[str] = []
    wants = False
    detach = log.attach_console(console.append)
    log.attach_monitor(monitor.append, lambda: wants)
    log.debug("one")
    wants = True
    log.debug("two")
    detach()
    log.debug("three")
    assert (console, monitor) == (["one", "two"], ["two", "three"])


def test_levels_hold_back_what_is_less_urgent() -> None:
    log = Logging(ManualClock(), lambda kind: "")
    console: list[str] = []
    log.attach_console(console.append)
    log.levels[Destination.CONSOLE] = Severity.WARNINGS
    log.levels[Destination.BUFFER] = None
    log.event("LINK", 3, "UPDOWN", "down")
    log.event("SYS", 5, "CONFIG_I", "no")
    log.debug("no")
    assert (console, log.buffer) == (["%LINK-3-UPDOWN: down"], ())


def test_a_broken_terminal_is_thrown_out_and_reported() -> None:
    errors: list[Exception] = []
    log = Logging(ManualClock(), failed=errors.append)
    lines: list[str] = []

    def broken(text: str) -> None:
        raise OSError("gone")

    log.attach_console(broken)
    log.attach_console(lines.append)
    log.debug("a")
    log.debug("b")
    assert (len(errors), len(lines)) == (1, 2)


def test_the_buffer_forgets_the_oldest_and_can_be_cleared() -> None:
    log = Logging(ManualClock(), lambda kind: "", buffer_size=12)
    for text in ("aaaa", "bbbb", "cccc"):
        log.debug(text)
    assert log.buffer == ("bbbb", "cccc")
    log.buffer_size = 5
    assert log.buffer == ("cccc",)
    log.clear()
    assert log.buffer == ()


def test_sequence_numbers_stand_before_the_stamp() -> None:
    log = Logging(ManualClock(), lambda kind: "T: ")
    log.sequence_numbers = True
    log.debug("x")
    assert log.buffer == ("000001: T: x",)
