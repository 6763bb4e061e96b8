"""Which thread of a ladder the messages of a call over IP belong to.

Rule: a dialog is known by its Call-ID, at each router by itself; of those that nobody asks for any more the oldest are
forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from iosemu.voice.events import SignallingMessage

KEPT: Final = 1000


class Dialogs:
    """The threads, by router and Call-ID."""

    def __init__(self) -> None:
        self._threads: dict[tuple[str, str], str] = {}

    def begin(self, router: str, message: SignallingMessage, new_thread: Callable[[], str]) -> str | None:
        """The new thread of a message that is the first of its dialog, None for any other."""
        key = router, _call_id(message)
        if key in self._threads:
            return None
        while len(self._threads) >= KEPT:
            del self._threads[next(iter(self._threads))]
        self._threads[key] = new_thread()
        return self._threads[key]

    def thread(self, router: str, message: SignallingMessage) -> str:
        """That of a message whose dialog has begun."""
        return self._threads[router, _call_id(message)]

    def known(self, router: str, call_id: str) -> str:
        """That of a Call-ID, "" where there is none."""
        return self._threads.get((router, call_id), "")


def _call_id(message: SignallingMessage) -> str:
    for line in message.octets.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() in (b"call-id", b"i"):
            return value.strip().decode("utf-8", "replace")
    return ""
