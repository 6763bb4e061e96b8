"""What a router has accounted: the records that are under way, and how many there were by service."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """What is under way: one start that has no stop yet."""

    task: int
    service: str
    where: str
    """The line (`tty2`) or port, as `show accounting` names it."""
    user: str
    began_s: float
    privilege: int
    zone: str = "UTC"
    """The router's time zone."""


@dataclass(slots=True)
class Accounts:
    """What a router has accounted since it started."""

    active: dict[int, Record] = field(default_factory=dict)
    starts: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    updates: Counter[str] = field(default_factory=Counter)
    drops: Counter[str] = field(default_factory=Counter)
