"""The DLE stream between FMSP and DMSP: page octets in which DLE is doubled and DLE ETX ends a page.

Rule: the stream carries any octet; it can be cut anywhere. DLE followed by something else is dropped, both octets, as a
fax modem does. Source: ITU-T T.31 and T.32 (transparency of phase C data).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

DLE: Final = 0x10
ETX: Final = 0x03

_DLE = bytes([DLE])
_DOUBLED = bytes([DLE, DLE])

BUFFER_OCTETS: Final = 1400
"""Page octets that FMSP and DMSP hand over at a time (deduced from real packet and byte counts)."""

END_OF_PAGE: Final = bytes([DLE, ETX])
"""What ends a page on the stream."""


class _Mark(Enum):
    PAGE_END = "page end"


PAGE_END: Final = _Mark.PAGE_END
"""What the decoder gives in place of `END_OF_PAGE`."""

Item = bytes | _Mark


def encode(octets: bytes) -> bytes:
    """Page octets made transparent; end the page with `END_OF_PAGE`."""
    return octets.replace(_DLE, _DOUBLED)


class Decoder:
    """Takes the stream in pieces; one decoder follows one stream over all its pages."""

    def __init__(self) -> None:
        self._escaped = False

    @property
    def pending(self) -> bool:
        """Whether the stream was cut after a DLE, so that its meaning is still open."""
        return self._escaped

    def feed(self, octets: bytes) -> list[Item]:
        """What the piece completes: runs of page octets (never empty) and `PAGE_END` marks, in order."""
        if not self._escaped and DLE not in octets:
            return [octets] if octets else []
        items: list[Item] = []
        run = bytearray()
        position = 0
        while position < len(octets):
            if self._escaped:
                self._escaped = False
                follower = octets[position]
                position += 1
                if follower == DLE:
                    run.append(DLE)
                elif follower == ETX:
                    if run:
                        items.append(bytes(run))
                        run.clear()
                    items.append(PAGE_END)
                continue
            found = octets.find(DLE, position)
            if found < 0:
                run += octets[position:]
                break
            run += octets[position:found]
            self._escaped = True
            position = found + 1
        if run:
            items.append(bytes(run))
        return items
