"""Reads the text of a message behind SMTP's DATA, in pieces as large as they come.

Rule: a message ends with a single dot between CRLFs, and only there; a dot at the beginning of a line was doubled
(RFC 5321 sections 4.1.1.4 and 4.5.2). What is refused is read to its end all the same, and not kept.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import Final

from iosemu.mail.spool import PIECE_OCTETS, Spool

MAX_LINE_OCTETS: Final = 1001
"""Without its CRLF; one more than RFC 5321 section 4.5.3.1.6 asks for, as aiosmtpd has it."""

_LAST_LINE = b".\r\n"
_END = b"\r\n" + _LAST_LINE


class Flaw(Enum):
    """Why a message is refused."""

    TOO_BIG = auto()
    LONG_LINE = auto()
    NO_ROOM = auto()
    """The disk is full."""


async def read_message(reader: asyncio.StreamReader, max_octets: int) -> Spool | Flaw:
    """The message with its CRLFs, dots undoubled; raises IncompleteReadError where the client leaves before its end."""
    lines = _Lines(max_octets)
    text = bytearray(b"\r\n")  # what is not among the lines yet; the first line begins like all others
    while not text.endswith(_END):
        try:
            text += await reader.readuntil(_LAST_LINE)
        except asyncio.LimitOverrunError as overrun:
            text += await reader.read(overrun.consumed)
        if len(text) > PIECE_OCTETS and not text.endswith(_END):
            # Up to a line's end that cannot be part of the message's; in a line without one, just not too far.
            end = text.rfind(b"\r\n", 0, -len(_END))
            lines.add(text, end if end > 0 else len(text) - len(_END))
    lines.add(text, len(text) - len(_LAST_LINE))
    return lines.flaw or lines.message


class _Lines:
    """The lines of a message as they are taken from the wire."""

    def __init__(self, max_octets: int) -> None:
        self.message = Spool()
        self._max_octets = max_octets
        self._octets = -len(b"\r\n")  # the first line's beginning is none of the message
        self._too_big = self._long_line = self._no_room = False
        self._last_line = 0

    @property
    def flaw(self) -> Flaw | None:
        if self._too_big:
            return Flaw.TOO_BIG
        return Flaw.LONG_LINE if self._long_line else Flaw.NO_ROOM if self._no_room else None

    def add(self, text: bytearray, end: int) -> None:
        """Move the first `end` octets of a text here."""
        taken = bytes(memoryview(text)[:end])
        del text[:end]
        self._measure(taken)
        plain = taken.replace(b"\r\n.", b"\r\n")
        begin = max(0, -self._octets)
        self._octets += len(plain)
        if self._octets > self._max_octets:
            self._too_big = True
        elif not (self._long_line or self._no_room):
            try:
                self.message.write(memoryview(plain)[begin:])
            except OSError:
                self._no_room = True

    def _measure(self, taken: bytes) -> None:
        """Look for a line that is too long, as it was sent, dots doubled; a fax has too many to have them side by
        side."""
        begin = -self._last_line
        while (end := taken.find(b"\r\n", max(begin, 0))) >= 0:
            self._long_line |= end - begin > MAX_LINE_OCTETS
            begin = end + len(b"\r\n")
        self._last_line = len(taken) - begin
        self._long_line |= self._last_line > MAX_LINE_OCTETS
