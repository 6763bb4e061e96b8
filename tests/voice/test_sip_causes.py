"""Causes and statuses: what RFC 3398 names, and that nothing is left without an answer."""

from __future__ import annotations

import pytest

from iosemu.voice.circuit import Cause
from iosemu.voice.sip_causes import cause_of, status_of


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (404, Cause.UNALLOCATED),
        (486, Cause.USER_BUSY),
        (480, Cause.NO_USER_RESPONDING),
        (484, Cause.INVALID_NUMBER),
        (603, Cause.REJECTED),
        (403, Cause.BEARER_NOT_AUTHORIZED),
        (408, Cause.TIMER_EXPIRED),
        (488, Cause.INTERWORKING),
        (502, Cause.NETWORK_OUT_OF_ORDER),
        (503, Cause.SERVICE_UNAVAILABLE),
        (302, Cause.INTERWORKING),
        (200, Cause.NORMAL),
        (487, Cause.NORMAL),
    ],
)
def test_a_status_is_a_cause(status: int, cause: Cause) -> None:
    assert cause_of(status) is cause


def test_a_configuration_changes_the_maps() -> None:
    assert cause_of(486, {486: 21}) is Cause.REJECTED
    assert cause_of(486, {404: 21}) is Cause.USER_BUSY
    assert cause_of(486, {486: 99}) is Cause.INTERWORKING
    assert status_of(Cause.USER_BUSY, {17: 600}) == 600


def test_a_refusal_means_the_same_on_both_sides_of_a_trunk() -> None:
    same = (Cause.UNALLOCATED, Cause.USER_BUSY, Cause.NO_USER_RESPONDING, Cause.INVALID_NUMBER, Cause.TIMER_EXPIRED)
    assert [cause_of(status_of(cause)) for cause in same] == list(same)
    assert all(400 <= status_of(cause) < 700 for cause in Cause)
