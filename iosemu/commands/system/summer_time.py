"""When it is summer time: `clock summer-time ZONE recurring ...` and `... date ...`.

Rule: it begins by the time of the winter and ends by that of the summer, as the hands of a clock on the wall show it.
Source: Basic System Management Commands of 12.2, `clock summer-time`; without days it follows the United States, where
it was then from the first Sunday of April to the last of October.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from iosemu.dates import DAYS

if TYPE_CHECKING:
    from iosemu.config.tree import RunningConfig

_DEFAULT_OFFSET_MIN = 60
_UNITED_STATES = (("first", "Sun", "4", "2:00"), ("last", "Sun", "10", "2:00"))
_DATE_NAMES = (("day", "month", "year", "start"), ("end_day", "end_month", "end_year", "end"))
_MONTH_FIRST_NAMES = (
    ("first_day", "first_month", "first_year", "from"),
    ("last_day", "last_month", "last_year", "until"),
)
_RECURRING_NAMES = (
    ("begin_week", "begin_day", "begin_month", "begin"),
    ("end_week", "end_day", "end_month", "end"),
)

Days = Callable[[int], datetime]
"""By a year: a moment of it, or that of the only year it happens in."""


class SummerTime(NamedTuple):
    """The zone's name in summer, how far it is from winter time, and from when to when it holds."""

    name: str
    offset: timedelta
    begins: Days
    ends: Days

    def holds(self, winter: datetime) -> bool:
        """Is it summer at this moment, told in winter time (without a zone)?"""
        begins, ends = self.begins(winter.year), self.ends(winter.year) - self.offset
        if begins <= ends:
            return begins <= winter < ends
        return not ends <= winter < begins


def summer_time(config: RunningConfig) -> SummerTime | None:
    """What is configured; None without."""
    line = config.root.get("clock summer-time")
    if line is None or line.negated:
        return None
    values = {name: str(value) for name, value in line.values.items()}
    offset = timedelta(minutes=int(values.get("offset", _DEFAULT_OFFSET_MIN)))
    for names in (_DATE_NAMES, _MONTH_FIRST_NAMES):
        if names[0][0] in values:
            begins, ends = (_once(*(values[name] for name in side)) for side in names)
            return SummerTime(values["zone"], offset, begins, ends)
    days = _UNITED_STATES
    if "begin_day" in values:
        days = tuple(tuple(values[name] for name in side) for side in _RECURRING_NAMES)  # type: ignore[assignment]
    begins, ends = (_each_year(*side) for side in days)
    return SummerTime(values["zone"], offset, begins, ends)


def _once(day: str, month: str, year: str, time: str) -> Days:
    hour, minute = map(int, time.split(":"))
    # A day that the month has not is its last.
    last = calendar.monthrange(int(year), int(month))[1]
    moment = datetime(int(year), int(month), min(int(day), last), hour, minute)
    return lambda year: moment


def _each_year(week: str, day: str, month: str, time: str) -> Days:
    hour, minute = map(int, time.split(":"))
    weekday, number = DAYS.index(day), int(month)

    def moment(year: int) -> datetime:
        first = datetime(year, number, 1, hour, minute)
        first += timedelta(days=(weekday - first.weekday()) % 7)
        if week != "last":
            return first + timedelta(weeks=0 if week == "first" else int(week) - 1)
        days = calendar.monthrange(year, number)[1]
        return first + timedelta(weeks=(days - first.day) // 7)

    return moment
