"""The ladders of calls as the page takes them: plain values, `{"rung": ...}` or `{"call": ...}`.

Rule: what is gathered is the lab's; a time is ISO 8601 with milliseconds, "" where there is none yet.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from iosemu.lab.ladder import Call, Rung


def plain(news: Rung | Call) -> dict[str, Any]:
    """A step, or all of a call."""
    values = asdict(news)
    if isinstance(news, Rung):
        return {"rung": {**values, "kind": news.kind.value, "at": _time(news.at)}}
    return {"call": {**values, "began": _time(news.began), "ended": _time(news.ended)}}


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="milliseconds") if at is not None else ""
