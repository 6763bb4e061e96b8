"""The keys of a session out of the router: what stands behind the escape character, and a line that is edited here.

Rule: sans-IO; a key goes in, what to echo and what to send come out.
"""

from __future__ import annotations

SUSPEND = "x"
_IAC, _AO, _AYT, _BREAK, _EC, _EL, _IP = 255, 245, 246, 243, 247, 248, 244
SENDS = {
    key: bytes((_IAC, command))
    for key, command in {"b": _BREAK, "c": _IP, "h": _EC, "o": _AO, "t": _AYT, "u": _EL}.items()
}
"""Behind the escape character: the telnet command that is sent (RFC 854)."""

# recalled
HELP = """
[Special telnet escape help]
^^B  sends telnet BREAK
^^C  sends telnet IP
^^H  sends telnet EC
^^O  sends telnet AO
^^T  sends telnet AYT
^^U  sends telnet EL
"""
"""What the escape character and `?` print."""

_ERASE = "\b \b"


class LocalLine:
    """A line for a host that does not echo: the keys that delete work here, Return sends it."""

    def __init__(self) -> None:
        self._text = ""

    def take(self) -> str:
        """What was typed and not sent."""
        text, self._text = self._text, ""
        return text

    def key(self, key: str) -> tuple[str, str]:
        """What a key echoes, and what is to be sent now."""
        if key == "\r":
            return "\n", self.take() + "\r\n"
        if key in ("\b", "\x7f"):
            cut = self._text[-1:]
            self._text = self._text[:-1]
            return _ERASE * len(cut), ""
        if key in ("\x15", "\x18"):
            return _ERASE * len(self.take()), ""
        if key == "\x17":
            kept = self._text.rstrip().rpartition(" ")
            cut = self._text[len(kept[0] + kept[1]) :]
            self._text = kept[0] + kept[1]
            return _ERASE * len(cut), ""
        if len(key) > 1 or not key.isprintable():
            # A control key is the other host's affair: it goes out with what stands before it.
            return "", self.take() + key
        self._text += key
        return key, ""
