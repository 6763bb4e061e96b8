"""Which Q.850 cause a SIP status stands for, and the other way around.

Rule: the default maps are those of the command reference, its gaps recalled; `set sip-status` and `set pstn-cause` of
`sip-ua` change them. What no table names is told by the default pair. Source: Cisco IOS SIP Configuration Guide, RFC
3398 clauses 7.2.4.1 and 8.2.6.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from iosemu.voice.circuit import Cause

DEFAULT_CAUSE: Final = 127
DEFAULT_STATUS: Final = 500
CAUSES: Final = {
    401: 57, 402: 21, 403: 57, 404: 1, 407: 21, 408: 102, 409: 41, 410: 1, 415: 79, 480: 18, 483: 127, 484: 28,
    486: 17, 500: 41, 501: 79, 502: 38, 503: 63, 504: 102, 600: 17, 603: 21, 604: 1, 606: 58,
}  # fmt: skip
"""By status: the cause, where it is not the default one."""
STATUSES: Final = {
    1: 404, 2: 404, 3: 404, 17: 486, 18: 480, 19: 480, 20: 480, 21: 403, 22: 410, 26: 404, 27: 404, 28: 484, 29: 501,
    31: 404, 34: 503, 38: 503, 41: 503, 42: 503, 47: 503, 55: 403, 57: 403, 58: 501, 65: 501, 79: 501, 87: 503,
    88: 400, 102: 408, 111: 400,
}  # fmt: skip
"""By cause: the status, where it is not the default one."""

_ENDED: Final = (200, 487)
"""A BYE and a CANCEL: nothing went wrong."""
_KNOWN: Final = frozenset(cause.value for cause in Cause)
_NONE: Final[Mapping[int, int]] = {}


def cause_of(status: int, configured: Mapping[int, int] = _NONE) -> Cause:
    """Why a call over SIP ended, as the telephone network says it; `configured` has causes by status."""
    if status in _ENDED and status not in configured:
        return Cause.NORMAL
    value = configured.get(status, CAUSES.get(status, DEFAULT_CAUSE))
    return known(value)


def known(value: int) -> Cause:
    """The cause of a value; one that no call here ends with is as good as interworking."""
    return Cause(value) if value in _KNOWN else Cause.INTERWORKING


def status_of(cause: Cause, configured: Mapping[int, int] = _NONE) -> int:
    """The SIP status of a call that ends so before it was answered; `configured` has statuses by cause."""
    return configured.get(cause.value, STATUSES.get(cause.value, DEFAULT_STATUS))
