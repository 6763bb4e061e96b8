"""Zones, `show clock`, and the stamps of messages."""

from __future__ import annotations

import pytest

from iosemu.commands import router_time
from tests.commands.routers import User, device


def test_a_clock_that_nobody_set_is_marked() -> None:
    assert User(device()).type("show clock") == "*16:16:41.926 UTC Tue Nov 18 2003\n"


def test_a_set_clock_is_not_marked_and_keeps_its_zone() -> None:
    router = device()
    user = User(router)
    user.configure("clock timezone EST -5")
    assert user.type("clock set 10:00:00 5 March 2002") == ""
    router.clock.run(1.5)  # type: ignore[attr-defined]
    assert user.type("show clock") == "10:00:01.500 EST Tue Mar 5 2002\n"


def test_a_date_that_does_not_exist_is_refused() -> None:
    router = device()
    assert "% Invalid input" in User(router).type("clock set 10:00:00 31 February 2002")
    assert not router.time_is_set


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ("service timestamps log uptime", "00:01:36: "),
        ("service timestamps log datetime", "*Nov 18 16:18:17: "),
        ("service timestamps log datetime msec", "*Nov 18 16:18:17.926: "),
        ("service timestamps log datetime localtime show-timezone", "*Nov 18 11:18:17 EST: "),
        ("no service timestamps log", ""),
    ],
)
def test_a_message_is_stamped_as_configured(configured: str, expected: str) -> None:
    router = device()
    User(router).configure("clock timezone EST -5", configured)
    router.clock.run(96)  # type: ignore[attr-defined]
    assert router_time.stamp(router)("log") == expected


@pytest.mark.parametrize(
    ("seconds", "stamp", "text"),
    [
        (59, "00:00:59: ", "0 minutes"),
        (86399, "23:59:59: ", "23 hours, 59 minutes"),
        (93600, "1d02h: ", "1 day, 2 hours, 0 minutes"),
        (23 * 86400, "3w2d: ", "3 weeks, 2 days, 0 minutes"),
        (400 * 86400, "1y5w: ", "1 year, 5 weeks, 0 minutes"),
    ],
)
def test_uptime_changes_its_form_as_it_grows(seconds: int, stamp: str, text: str) -> None:
    assert router_time.uptime_stamp(seconds) == stamp
    assert router_time.duration_text(seconds) == text
