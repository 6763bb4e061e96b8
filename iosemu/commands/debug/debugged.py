"""What the makers of debug text need of a device, and how they write a line of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from iosemu.commands.debug.conditions import BY_NUMBER, CallFilter, Condition
from iosemu.events import EventBus


class DebugLog(Protocol):
    def debug(self, text: str) -> object: ...


class Debugged(Protocol):
    """A device with a bus to listen on, the switches that are on, a log to write to, and the calls that are wanted."""

    @property
    def bus(self) -> EventBus: ...

    @property
    def debugs(self) -> set[str]: ...

    @property
    def log(self) -> DebugLog: ...

    @property
    def debug_calls(self) -> CallFilter: ...


def is_on(device: Debugged, flag: str, call_id: int) -> bool:
    """Is that switch on for the call of that leg?"""
    return flag in device.debugs and device.debug_calls.passes(call_id)


def is_on_by_number(device: Debugged, family: str, call_id: int) -> bool:
    """Is a switch of `family` ("fax receive", "fax relay t30") on with a number of that call?"""
    for flag in device.debugs:
        switch, _, number = flag.rpartition(" ")
        known = switch.startswith(family) and switch in BY_NUMBER
        if known and device.debug_calls.meets(call_id, Condition(BY_NUMBER[switch], number)):
            return True
    return False


def tell(device: Debugged, flag: str, call_id: int, lines: Callable[[], Iterable[str]]) -> None:
    """Write lines of a call while their switch is on; they are not made before."""
    if is_on(device, flag, call_id):
        for line in lines():
            device.log.debug(line)
