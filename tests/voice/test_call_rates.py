"""Calls are counted by the second, the minute and the hour, and old counts are forgotten."""

from __future__ import annotations

from iosemu.voice.call_rates import DAYS, HOUR, MINUTE, CallRate


def test_each_window_counts_in_its_own_periods() -> None:
    rate = CallRate()
    for at_s in (0.5, 0.9, 58.0, 3700.0):
        rate.count(at_s)
    assert rate.periods(MINUTE, 59.0)[:2] == [0, 1]
    assert rate.periods(MINUTE, 59.0)[59] == 2
    assert rate.periods(HOUR, 3599.0)[59] == 3
    assert rate.periods(DAYS, 3700.0)[:2] == [1, 3]
    assert sum(rate.periods(MINUTE, 3800.0)) == 0


def test_it_does_not_grow_with_the_days() -> None:
    rate = CallRate()
    for second in range(20_000):
        rate.count(float(second))
    assert sum(rate.periods(MINUTE, 19_999.0)) == 60
    assert rate.periods(HOUR, 19_999.0) == [20, *[60] * 59]
    assert all(len(counts) <= 2 * window.length for window, counts in rate._counts.items())
