"""Zones, `show clock`, and the stamps of messages."""

from __future__ import annotations

import pytest

from iosemu.commands.system import router_time
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


def at(configured: str, when: str) -> str:
    """What `show clock` prints at a time that was set, without its milliseconds."""
    router = device()
    user = User(router)
    user.configure("clock timezone EST -5", configured)
    user.type(f"clock set {when}")
    return user.type("show clock").replace(".000", "").strip()


@pytest.mark.parametrize(
    ("configured", "before", "after"),
    [
        ("clock summer-time EDT recurring", "1:59:59 6 April 2003", "01:59:59 EST Sun Apr 6 2003"),
        ("clock summer-time EDT recurring", "3:00:00 6 April 2003", "03:00:00 EDT Sun Apr 6 2003"),
        ("clock summer-time EDT recurring", "1:59:59 26 October 2003", "01:59:59 EDT Sun Oct 26 2003"),
        ("clock summer-time EDT recurring", "2:00:00 26 October 2003", "02:00:00 EST Sun Oct 26 2003"),
        (
            "clock summer-time S recurring last Sun Mar 2:00 last Sun Oct 3:00",
            "12:00:00 30 March 2003",
            "12:00:00 S Sun Mar 30 2003",
        ),
        (
            "clock summer-time S recurring 2 Sun Mar 2:00 1 Sun Nov 2:00",
            "12:00:00 8 March 2003",
            "12:00:00 EST Sat Mar 8 2003",
        ),
        (
            "clock summer-time S recurring 2 Sun Mar 2:00 1 Sun Nov 2:00",
            "12:00:00 9 March 2003",
            "12:00:00 S Sun Mar 9 2003",
        ),
        (
            "clock summer-time S recurring 1 Sun Oct 2:00 last Sun Mar 3:00",
            "12:00:00 1 January 2003",
            "12:00:00 S Wed Jan 1 2003",
        ),
        (
            "clock summer-time S recurring 1 Sun Oct 2:00 last Sun Mar 3:00",
            "12:00:00 1 July 2003",
            "12:00:00 EST Tue Jul 1 2003",
        ),
        (
            "clock summer-time S date 6 April 2003 2:00 26 October 2003 2:00",
            "12:00:00 1 July 2003",
            "12:00:00 S Tue Jul 1 2003",
        ),
        (
            "clock summer-time S date April 6 2003 2:00 October 26 2003 2:00",
            "12:00:00 1 July 2004",
            "12:00:00 EST Thu Jul 1 2004",
        ),
    ],
)
def test_summer_time_begins_and_ends_by_the_clock_on_the_wall(configured: str, before: str, after: str) -> None:
    assert at(configured, before) == after


def test_the_clock_goes_forward_and_back_while_the_router_runs() -> None:
    router = device()
    user = User(router)
    user.configure("clock timezone EST -5", "clock summer-time EDT recurring")
    user.type("clock set 1:59:59 6 April 2003")
    router.clock.run(2)  # type: ignore[attr-defined]
    assert user.type("show clock") == "03:00:01.000 EDT Sun Apr 6 2003\n"
    user.type("clock set 1:59:59 26 October 2003")
    router.clock.run(router.clock.now() + 2)  # type: ignore[attr-defined]
    assert user.type("show clock") == "01:00:01.000 EST Sun Oct 26 2003\n"


def test_show_clock_detail_tells_when_summer_is() -> None:
    user = User(device())
    user.configure("clock timezone EST -5", "clock summer-time EDT recurring")
    user.type("clock set 15:29:03 25 February 2003")
    assert user.type("show clock detail").splitlines() == [
        "15:29:03.000 EST Tue Feb 25 2003",
        "Time source is user configuration",
        "Summer time starts 02:00:00 EST Sun Apr 6 2003",
        "Summer time ends 02:00:00 EDT Sun Oct 26 2003",
    ]
