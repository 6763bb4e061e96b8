"""What the user types, as text: octets to characters, every kind of line end to one, escape sequences kept whole.

Rule: CR, LF, CR LF and CR NUL each give exactly one `\\r`, however the octets are cut into packets (RFC 854, "the NVT";
clients differ). Text is UTF-8; an octet that is not stands for itself, as on a router's 8-bit line.
"""

from __future__ import annotations

import codecs
import re

# A run of plain characters, or one escape sequence (ESC [ ... final, ESC O x, ESC x), or one other character.
# `?` stands alone since it may ask for help at once.
TOKEN = re.compile(r"[^\x00-\x1f\x7f-\x9f?]+|\x1b(?:\[[0-9;]{0,16}[@-~]|O[ -~]|[^\[O\x1b])|[\x00-\x1f\x7f-\x9f?]")
# An escape sequence that has begun and may still go on.
UNFINISHED = re.compile(r"\x1b(?:\[[0-9;]{0,16}|O)?\Z")


def _octet_for_itself(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("iosemu-octets", _octet_for_itself)


class KeyStream:
    """The type-ahead of one terminal: everything typed and not yet used, in order, never lost."""

    __slots__ = ("_after_cr", "_decoder", "_position", "_text")

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._after_cr = False
        self._text = ""
        self._position = 0

    def __len__(self) -> int:
        """Characters that wait."""
        return len(self._text) - self._position

    def __contains__(self, character: str) -> bool:
        return self._text.find(character, self._position) >= 0

    def receive(self, octets: bytes) -> None:
        """Append what was typed."""
        if self._decoder is None:
            # A decoder holds state only between the parts of one character: most terminals never need one.
            if octets.isascii():
                self._append(octets.decode("ascii"))
                return
            self._decoder = codecs.getincrementaldecoder("utf-8")("iosemu-octets")
        self._append(self._decoder.decode(octets))
        if not self._decoder.getstate()[0]:
            self._decoder = None

    def _append(self, text: str) -> None:
        if not text:
            return
        if self._after_cr and text[0] in "\n\0":
            text = text[1:]
            if not text:
                self._after_cr = False
                return
        self._after_cr = text[-1] == "\r"
        if "\n" in text:
            text = text.replace("\r\n", "\r").replace("\n", "\r")
        if "\0" in text:
            text = text.replace("\0", "")
        self._text = self._text[self._position :] + text
        self._position = 0

    def take_token(self) -> str:
        """The next run of plain characters, key or escape sequence; empty where nothing whole has come yet."""
        match = TOKEN.match(self._text, self._position)
        if match is None:
            return ""
        if match.end() - match.start() == 1 and UNFINISHED.match(self._text, self._position):
            return ""
        self._advance(match.end())
        return match.group()

    def take_key(self) -> str:
        """The next single key: one character, or one escape sequence; a lone ESC is a key by itself."""
        match = TOKEN.match(self._text, self._position)
        if match is None:
            return ""
        key = match.group()
        if key[0] != "\x1b":
            key = key[0]
        self._advance(self._position + len(key))
        return key

    def give_back(self, text: str) -> None:
        """Put `text`, taken last and not used, in front again."""
        self._text = text + self._text[self._position :]
        self._position = 0

    def take_all(self) -> str:
        """Everything that waits."""
        text = self._text[self._position :]
        self._advance(len(self._text))
        return text

    def drop_through(self, character: str) -> bool:
        """Forget everything up to and including the last `character`; False where it is not there."""
        at = self._text.rfind(character, self._position)
        if at < 0:
            return False
        self._advance(at + 1)
        return True

    def _advance(self, position: int) -> None:
        if position >= len(self._text):
            self._text, self._position = "", 0
        else:
            self._position = position
