"""Ids of messages and parts: four hex digits of a counter, then the router clock down to the millisecond.

`9167 2011 16 16 41 926` of a real message: counter 0x9167, year 2011, 16:16:41.926. Rule: boundary, message and each
part take the next counter value of one counter per router, which wraps at 0xFFFF.
"""

from __future__ import annotations

from datetime import datetime

from iosemu.dates import milliseconds

_WRAP = 0x10000


class IdSource:
    """The counter of one router."""

    def __init__(self, first: int = 1) -> None:
        self._next = first % _WRAP

    def take(self, moment: datetime) -> str:
        """The next id, stamped with the router clock's `moment`."""
        number, self._next = self._next, (self._next + 1) % _WRAP
        return f"{number:04X}{moment:%Y%H%M%S}{milliseconds(moment)}"
