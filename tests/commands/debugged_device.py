"""A device with nothing but what debug text needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from iosemu.commands.debug.conditions import CallFilter
from iosemu.events import EventBus


@dataclass
class Lines:
    text: list[str] = field(default_factory=list)

    def debug(self, text: str) -> None:
        self.text.append(text)


@dataclass
class Device:
    bus: EventBus = field(default_factory=EventBus)
    debugs: set[str] = field(default_factory=set)
    log: Lines = field(default_factory=Lines)
    debug_calls: CallFilter = field(default_factory=CallFilter)
