"""What the SIP user agent of a router has counted: messages by what they are and by way, and what was sent again.

Rule: the names are those of `show sip-ua statistics`; every message on the wire counts, those that come again too.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import Final

_BY_STATUS: Final = {
    100: "Trying", 180: "Ringing", 181: "Forwarded", 182: "Queued", 183: "SessionProgress", 202: "202Accepted",
    300: "MultipleChoice", 301: "MovedPermanently", 302: "MovedTemporarily", 303: "SeeOther", 305: "UseProxy",
    380: "AlternateService", 400: "BadRequest", 401: "Unauthorized", 402: "PaymentRequired", 403: "Forbidden",
    404: "NotFound", 405: "MethodNotAllowed", 406: "NotAcceptable", 407: "ProxyAuthReqd", 408: "ReqTimeout",
    409: "Conflict", 410: "Gone", 411: "LengthRequired", 413: "ReqEntityTooLarge", 414: "ReqURITooLarge",
    415: "UnsupportedMediaType", 420: "BadExtension", 480: "TempNotAvailable", 481: "CallLegNonExistent",
    482: "LoopDetected", 483: "TooManyHops", 484: "AddrIncomplete", 485: "Ambiguous", 486: "BusyHere",
    487: "RequestCancel", 488: "NotAcceptableMedia", 489: "BadEvent", 500: "InternalError", 501: "NotImplemented",
    502: "BadGateway", 503: "ServiceUnavail", 504: "GatewayTimeout", 505: "BadSipVer", 580: "PreCondFailure",
    600: "BusyEverywhere", 603: "Decline", 604: "NotExistAnywhere", 606: "NotAcceptable.6xx",
}  # fmt: skip
REFUSALS: Final = tuple(name for status, name in _BY_STATUS.items() if status >= 300)
"""The names of answers after which a call comes to nothing."""
_REMEMBERED: Final = 64
_SDP: Final = b"application/sdp"


class SipStatistics:
    """`received` and `sent` by name; `again` has what was sent again, by method or as "Response"."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        self.sdp_parsed = self.sdp_built = 0
        self._last: deque[int] = deque(maxlen=_REMEMBERED)

    def count(self, octets: bytes, sent: bool) -> None:
        """A message on the wire."""
        first, _, rest = octets.partition(b"\r\n")
        words = first.split(b" ", 2)
        if len(words) < 3:
            return
        if words[0] == b"SIP/2.0":
            name, kind = self._answer(words[1], rest), "Response"
        else:
            name = kind = words[0].decode("ascii", "replace").capitalize()
        (self.sent if sent else self.received)[name] += 1
        has_session = _SDP in rest
        self.sdp_built += sent and has_session
        self.sdp_parsed += has_session and not sent
        if sent:
            print_ = hash(octets)
            self.again[kind] += print_ in self._last
            self._last.append(print_)

    @staticmethod
    def _answer(status: bytes, rest: bytes) -> str:
        code = int(status) if status.isdigit() else 0
        if code != 200:
            return _BY_STATUS.get(code, "")
        sequence = next((line for line in rest.split(b"\r\n") if line.lower().startswith(b"cseq:")), b"")
        return "Ok" + sequence.rpartition(b" ")[2].decode("ascii", "replace").capitalize()
