"""Dates and durations in a router's words."""

from __future__ import annotations

from datetime import datetime

import pytest

from iosemu import dates

MOMENT = datetime(2002, 3, 5, 7, 8, 9, 12_999)


def test_a_moment_is_told_in_english_and_its_milliseconds_are_cut() -> None:
    assert dates.zoned_text(MOMENT, "PDT") == "07:08:09 PDT Tue Mar 5 2002"
    assert dates.exact_text(MOMENT, "UTC") == "07:08:09.012 UTC Tue Mar 5 2002"


@pytest.mark.parametrize(
    ("seconds", "short", "long"),
    [
        (59.9, "00:00:59", "0 minutes"),
        (86399, "23:59:59", "23 hours, 59 minutes"),
        (86400 + 7200, "1d02h", "1 day, 2 hours, 0 minutes"),
        (23 * 86400, "3w2d", "3 weeks, 2 days, 0 minutes"),
        (400 * 86400, "1y5w", "1 year, 5 weeks, 0 minutes"),
    ],
)
def test_a_duration_is_told_with_its_two_largest_units_or_all(seconds: float, short: str, long: str) -> None:
    assert (dates.short_duration(seconds), dates.long_duration(seconds)) == (short, long)
