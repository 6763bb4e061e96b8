"""What the makers of debug text need of a device."""

from __future__ import annotations

from typing import Protocol

from iosemu.events import EventBus


class DebugLog(Protocol):
    def debug(self, text: str) -> object: ...


class Debugged(Protocol):
    """A device with a bus to listen on, the switches that are on, and a log to write to."""

    @property
    def bus(self) -> EventBus: ...

    @property
    def debugs(self) -> set[str]: ...

    @property
    def log(self) -> DebugLog: ...
