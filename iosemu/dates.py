"""Dates, times and durations in the words of a router.

Rule: names are English, whatever the machine's locale; a moment is written in the zone that it has.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MINUTE_S, _HOUR_S, _DAY_S, _WEEK_S, _YEAR_S = 60, 3600, 86400, 604800, 365 * 86400


def date_text(moment: datetime) -> str:
    """`Mon Oct 19 2015`."""
    return f"{DAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment.day} {moment.year}"


def zoned_text(moment: datetime, zone: str) -> str:
    """`13:53:42 PDT Tue Apr 13 2004`."""
    return f"{moment:%H:%M:%S} {zone} {date_text(moment)}"


def exact_text(moment: datetime, zone: str) -> str:
    """`18:57:38.347 UTC Mon Oct 19 2015`, as `show clock` and the records of calls have it."""
    return f"{moment:%H:%M:%S}.{milliseconds(moment)} {zone} {date_text(moment)}"


def milliseconds(moment: datetime) -> str:
    """The three digits behind the second; what is less is cut off."""
    return f"{moment.microsecond // 1000:03}"


def clock_digits(seconds: int) -> str:
    """A duration as `00:01:36`."""
    return f"{seconds // _HOUR_S:02}:{seconds // _MINUTE_S % 60:02}:{seconds % 60:02}"


def short_duration(seconds: float) -> str:
    """`00:01:36` within the first day, then `1d02h`, `3w2d` and `1y5w`."""
    whole = int(seconds)
    if whole < _DAY_S:
        return clock_digits(whole)
    if whole < _WEEK_S:
        return f"{whole // _DAY_S}d{whole % _DAY_S // _HOUR_S:02}h"
    if whole < _YEAR_S:
        return f"{whole // _WEEK_S}w{whole % _WEEK_S // _DAY_S}d"
    return f"{whole // _YEAR_S}y{whole % _YEAR_S // _WEEK_S}w"


def long_duration(seconds: float) -> str:
    """As in `uptime is 2 years, 31 weeks, 6 days, 9 hours, 55 minutes`."""
    whole = int(seconds)
    parts: list[str] = []
    for name, length in (("year", _YEAR_S), ("week", _WEEK_S), ("day", _DAY_S), ("hour", _HOUR_S)):
        count, whole = divmod(whole, length)
        if count:
            parts.append(_count(count, name))
    return ", ".join([*parts, _count(whole // _MINUTE_S, "minute")])


def _count(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
