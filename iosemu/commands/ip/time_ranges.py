"""`time-range`: is one in force at a moment?

Rule: a periodic line counts within the absolute one; a range without lines, and one that nobody made, is always in
force. The last minute that is named is within. Source: command reference, IP access lists based on time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.config.tree import Block, Line

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPANS = {"daily": _DAYS, "weekdays": _DAYS[:5], "weekend": _DAYS[5:]}


def is_active(block: Block | None, now: datetime) -> bool:
    """`block` is that of the range, None where there is no such range."""
    if block is None:
        return True
    absolute = block.get("absolute")
    if absolute is not None and not absolute.negated and not _within(absolute, now):
        return False
    periodic = [line for line in block.all("periodic") if not line.negated]
    return not periodic or any(_recurs(line, now) for line in periodic)


def _within(line: Line, now: datetime) -> bool:
    start, end = _moment(line, "start", now), _moment(line, "end", now)
    return (start is None or start <= now) and (end is None or now < end + timedelta(minutes=1))


def _moment(line: Line, side: str, now: datetime) -> datetime | None:
    if f"{side}_time" not in line.values:
        return None
    day, month, year = (int(str(line.values[f"{side}_{part}"])) for part in ("day", "month", "year"))
    hour, minute = map(int, str(line.values[f"{side}_time"]).split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=now.tzinfo)


def _recurs(line: Line, now: datetime) -> bool:
    words = line.tokens[1:]
    begins = next(place for place, word in enumerate(words) if word[0].isdigit())
    start, end, minute = _minutes(words[begins]), _minutes(words[-1]), now.hour * 60 + now.minute
    last = words[-2] if words[-2] in _DAYS else ""
    if last:  # from a moment of one day to one of another
        at = now.weekday() * 1440 + minute
        first, final = _DAYS.index(words[0]) * 1440 + start, _DAYS.index(last) * 1440 + end
        return first <= at <= final if first <= final else at >= first or at <= final
    days = {day for word in words[:begins] for day in _SPANS.get(word, (word,))}
    return _DAYS[now.weekday()] in days and start <= minute <= end


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
