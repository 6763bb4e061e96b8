"""Reads the text of a message behind SMTP's DATA, in pieces as large as they come.

Rule: a message ends with a single dot between CRLFs, and only there; a dot at the beginning of a line was doubled
(RFC 5321 sections 4.1.1.4 and 4.5.2). What is refused is read to its end all the same, and not kept.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import Final

MAX_LINE_OCTETS: Final = 1001
"""Without its CRLF; one more than RFC 5321 section 4.5.3.1.6 asks for, as aiosmtpd has it."""

_LAST_LINE = b".\r\n"
_END = b"\r\n" + _LAST_LINE


class Flaw(Enum):
    """Why a message is refused."""

    TOO_BIG = auto()
    LONG_LINE = auto()


async def read_message(reader: asyncio.StreamReader, max_octets: int) -> bytes | Flaw:
    """The message with its CRLFs, dots undoubled; raises IncompleteReadError where the client leaves before its end."""
    text = bytearray(b"\r\n")  # so that the first line begins like all others
    too_big = False
    while not text.endswith(_END):
        try:
            text += await reader.readuntil(_LAST_LINE)
        except asyncio.LimitOverrunError as overrun:
            text += await reader.read(overrun.consumed)
        if len(text) > 2 * max_octets:  # more than doubled dots can explain
            too_big = True
            del text[: -len(_END)]
    del text[-len(_LAST_LINE) :]
    long_line = _longest_line(text) > MAX_LINE_OCTETS  # as it was sent, dots doubled
    text = text.replace(b"\r\n.", b"\r\n")
    if too_big or len(text) - 2 > max_octets:
        return Flaw.TOO_BIG
    return Flaw.LONG_LINE if long_line else bytes(memoryview(text)[2:])


def _longest_line(text: bytearray) -> int:
    """Octets of the longest line, without its CRLF; a fax has too many lines to have them all side by side."""
    longest = begin = 0
    while (end := text.find(b"\r\n", begin)) >= 0:
        longest = max(longest, end - begin)
        begin = end + 2
    return max(longest, len(text) - begin)
