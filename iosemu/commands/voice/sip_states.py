"""The states that a SIP gateway says its calls are in, told by the messages of each.

Rule: a message moves the call of its Call-ID on, or leaves it where it is. Names recalled from `debug ccsip states`.
"""

from __future__ import annotations

from typing import Final

_KEPT: Final = 200
_MOVES: Final = {
    # What comes (<) or goes (>) in a state: the state behind it.
    ("IDLE", ">INVITE"): "SENT_INVITE",
    ("IDLE", "<INVITE"): "RECD_INVITE",
    ("SENT_INVITE", "<1"): "RECD_PROCEEDING",
    ("SENT_INVITE", "<2"): "ACTIVE",
    ("RECD_PROCEEDING", "<2"): "ACTIVE",
    ("RECD_INVITE", ">18"): "SENT_ALERTING",
    ("RECD_INVITE", ">2"): "SENT_SUCCESS",
    ("SENT_ALERTING", ">2"): "SENT_SUCCESS",
    ("SENT_SUCCESS", "<ACK"): "ACTIVE",
    ("ACTIVE", ">BYE"): "DISCONNECTING",
    ("ACTIVE", "<BYE"): "DISCONNECTING",
    ("DISCONNECTING", "<2"): "DEAD",
    ("DISCONNECTING", ">2"): "DEAD",
    ("DISCONNECTING", "<ACK"): "DEAD",
    ("DISCONNECTING", ">ACK"): "DEAD",
}
_GOING: Final = ("SENT_INVITE", "RECD_PROCEEDING", "RECD_INVITE", "SENT_ALERTING")
"""In these a CANCEL, or an answer that is no success, begins the end."""


class SipStates:
    """The calls of one router; `see` gives what a message changed: a number of the call, its state before and after."""

    def __init__(self) -> None:
        self._calls: dict[bytes, tuple[int, str]] = {}
        self._last = 0

    def see(self, octets: bytes, sent: bool) -> tuple[int, str, str] | None:
        lines = octets.partition(b"\r\n\r\n")[0].split(b"\r\n")
        call_id = next((line.partition(b":")[2].strip() for line in lines if line.lower().startswith(b"call-id:")), b"")
        number, state = self._calls.get(call_id, (0, "IDLE"))
        after = _after(state, lines[0], ">" if sent else "<")
        if after == state or not call_id:
            return None
        if not number:
            self._last += 1
            number = self._last
        while len(self._calls) >= _KEPT:
            del self._calls[next(iter(self._calls))]
        self._calls[call_id] = number, after
        if after == "DEAD":
            del self._calls[call_id]
        return number, state, after


def _after(state: str, first: bytes, way: str) -> str:
    words = first.decode("ascii", "replace").split(" ")
    if words[0] != "SIP/2.0":
        if words[0] == "CANCEL" and state in _GOING:
            return "DISCONNECTING"
        return _MOVES.get((state, way + words[0]), state)
    status = words[1] if len(words) > 1 else ""
    if state in _GOING and status[:1] in tuple("3456"):
        return "DISCONNECTING"
    return _MOVES.get((state, way + status[:2]), _MOVES.get((state, way + status[:1]), state))
