"""Time ranges: when they are in force, and what access lists make of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iosemu.cli import internet4
from iosemu.commands.ip import packet_filter
from iosemu.commands.ip.time_ranges import is_active
from iosemu.network import Packet
from tests.commands.routers import User, device

TUESDAY = datetime(2003, 11, 18, 16, 16, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "active"),
    [
        ((), True),
        (("periodic weekdays 8:00 to 17:00",), True),
        (("periodic weekdays 8:00 to 16:16",), True),
        (("periodic weekdays 8:00 to 16:15",), False),
        (("periodic weekend 0:00 to 23:59",), False),
        (("periodic weekend 0:00 to 23:59", "periodic Tuesday 16:00 to 17:00"), True),
        (("periodic Monday 9:00 to Wednesday 9:00",), True),
        (("periodic Friday 9:00 to Monday 9:00",), False),
        (("absolute start 8:00 1 January 2000 end 9:00 2 February 2001",), False),
        (("absolute start 8:00 1 January 2003",), True),
        (("absolute start 8:00 1 January 2004",), False),
        (("absolute end 9:00 2 February 2001", "periodic daily 0:00 to 23:59"), False),
    ],
)
def test_a_range_is_in_force_at_some_moments(lines: tuple[str, ...], active: bool) -> None:
    user = User(device())
    assert user.configure("time-range r", *lines) == ""
    block = user.session.device.config.root.block("time-range", name="r")
    assert is_active(block, TUESDAY) is active
    assert f"time-range entry: r ({'active' if active else 'inactive'})\n" in user.type("show time-range")


def test_an_entry_counts_while_its_range_is_in_force() -> None:
    user = User(device())
    user.configure(
        "time-range work",
        "periodic weekdays 8:00 to 17:00",
        "time-range rest",
        "periodic weekend 8:00 to 17:00",
        "access-list 101 deny icmp any any time-range rest",
        "access-list 101 permit icmp any any time-range work",
    )
    packet = Packet(internet4.number("10.0.0.1"), internet4.number("10.0.0.2"))
    assert packet_filter.passes(user.session.device, "101", packet)
    user.configure("no time-range work", "time-range work", "periodic weekend 8:00 to 17:00")
    assert not packet_filter.passes(user.session.device, "101", packet)
