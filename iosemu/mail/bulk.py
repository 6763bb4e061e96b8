"""The bulk of a mail, which is base64, left in the spool while the rest of the mail is parsed.

The parser of the standard library keeps every line as an object, several times the size of the mail. Rule: a piece of
the spool that is lines of base64 and nothing else comes to the parser as one line, a mark that nobody can foresee, and
what the parser hands out is read with the marks resolved; so nothing depends on whether a piece was left out (quoted-
printable, too, leaves such lines as they are).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

from iosemu.mail.spool import PIECE_OCTETS, Spool

_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{4,76}\r\n)+")


class Bulk:
    """The pieces of one mail that were left out."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._word = secrets.token_hex(16).encode()
        self._mark = re.compile(self._word + rb"-([0-9]+)-([0-9]+)\r?\n")

    def lean(self) -> Iterator[bytes]:
        """The mail in pieces, with marks in place of its bulk."""
        begin = 0
        for piece in self._spool.lines():
            end = begin + len(piece)
            if len(piece) > PIECE_OCTETS // 2 and _BASE64_LINES.fullmatch(piece):
                yield b"%s-%d-%d\r\n" % (self._word, begin, end)
            else:
                yield piece
            begin = end

    def whole(self, text: bytes) -> Iterator[bytes]:
        """A text that the parser handed out, in pieces, its marks resolved."""
        begin = 0
        for mark in self._mark.finditer(text) if self._word in text else ():
            yield text[begin : mark.start()]
            yield self._spool.read(int(mark[1]), int(mark[2]))
            begin = mark.end()
        yield text[begin:]
