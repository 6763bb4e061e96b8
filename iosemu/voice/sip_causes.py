"""Which Q.850 cause a SIP status stands for, and the other way around.

Rule: what no table names is told by its class. Source: RFC 3398 clauses 7.2.4.1 and 8.2.6.1; Cisco SIP gateways map
alike.
"""

from __future__ import annotations

from typing import Final

from iosemu.voice.circuit import Cause

_CAUSES: Final = {
    200: Cause.NORMAL,
    400: Cause.TEMPORARY_FAILURE,
    401: Cause.REJECTED,
    403: Cause.REJECTED,
    404: Cause.UNALLOCATED,
    407: Cause.REJECTED,
    408: Cause.NO_USER_RESPONDING,
    410: Cause.UNALLOCATED,
    480: Cause.NO_USER_RESPONDING,
    484: Cause.INVALID_NUMBER,
    486: Cause.USER_BUSY,
    487: Cause.NORMAL,
    502: Cause.OUT_OF_ORDER,
    503: Cause.TEMPORARY_FAILURE,
    600: Cause.USER_BUSY,
    603: Cause.REJECTED,
    604: Cause.UNALLOCATED,
}
_STATUSES: Final = {
    Cause.UNALLOCATED: 404,
    Cause.NO_ROUTE: 404,
    Cause.USER_BUSY: 486,
    Cause.NO_USER_RESPONDING: 480,
    Cause.NO_ANSWER: 480,
    Cause.REJECTED: 403,
    Cause.OUT_OF_ORDER: 502,
    Cause.INVALID_NUMBER: 484,
    Cause.NORMAL: 480,
    Cause.NORMAL_UNSPECIFIED: 480,
    Cause.NO_CIRCUIT: 503,
    Cause.TEMPORARY_FAILURE: 503,
    Cause.NO_RESOURCE: 503,
}


def cause_of(status: int) -> Cause:
    """Why a call over SIP ended, as the telephone network says it."""
    known = _CAUSES.get(status)
    if known is not None:
        return known
    return {4: Cause.INTERWORKING, 5: Cause.TEMPORARY_FAILURE, 6: Cause.REJECTED}.get(
        status // 100, Cause.NORMAL_UNSPECIFIED
    )


def status_of(cause: Cause) -> int:
    """The SIP status of a call that ends so before it was answered."""
    return _STATUSES.get(cause, 500)
