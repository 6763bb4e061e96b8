"""What every terminal with a session on it knows, however its octets travel.

Rule: whoever is on the terminal belongs to the session; what the session keeps open is closed once, at its end.
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.terminal.history import Histories
from iosemu.terminal.line_settings import LineSettings

_PLAIN = LineSettings()


class SessionTerminal:
    """The line called `name` ("con 0", "vty 0"), with a client at `peer` ("" for one of this machine)."""

    __slots__ = (
        "at_session_end", "connected", "history", "monitor", "name", "peer", "privilege", "settings", "user",
    )  # fmt: skip

    def __init__(self, name: str, peer: str = "") -> None:
        self.name = name
        self.peer = peer
        self.user = ""
        self.privilege = 1
        self.monitor = False
        self.history = Histories()
        self.settings = _PLAIN
        """The line's settings; a session changes its own copy with `terminal`."""
        self.connected = False
        """Has the session connections to other hosts, which an empty line resumes?"""
        self.at_session_end: list[Callable[[], object]] = []
        """Called once, when the session on this terminal is over."""

    def begin_session(self, settings: LineSettings) -> None:
        """A session begins on this line, as the line is set now."""
        self.settings = settings
        self.history.size = settings.history_size

    def end_session(self) -> None:
        """The session is over: its connections and whatever else it kept open are closed."""
        callbacks, self.at_session_end = self.at_session_end, []
        for close in callbacks:
            close()
