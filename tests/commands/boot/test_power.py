"""`reload`, now, later and not at all."""

from __future__ import annotations

import pytest

from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from tests.commands.routers import User, device


def reloading(router: Device) -> list[float]:
    """When the router was started again."""
    reloads: list[float] = []
    router.on_reload = lambda: reloads.append(router.clock.now())
    return reloads


def run(router: Device, until_s: float) -> None:
    assert isinstance(router.clock, ManualClock)
    router.clock.run(until_s=until_s)


def test_reload_asks_to_save_what_was_changed() -> None:
    router = device()
    reloads = reloading(router)
    user = User(router, "maybe", "yes", "\r")
    user.configure("hostname lab1")
    printed = user.type("reload")
    assert printed.startswith("\nSystem configuration has been modified. Save? [yes/no]: maybe\n% Please answer")
    assert printed.endswith("Building configuration...\n[OK]\nProceed with reload? [confirm]\n")
    assert "hostname lab1\n" in (router.files.startup_config or "")
    assert len(reloads) == 1
    assert user.session.closed


def test_no_keeps_the_old_startup_configuration() -> None:
    router = device()
    reloading(router)
    user = User(router, "no", "\r")
    user.configure("hostname kept")
    user.type("write memory")
    user.configure("hostname dropped")
    user.type("reload")
    assert "hostname kept\n" in (router.files.startup_config or "")


def test_nothing_is_asked_where_nothing_was_changed() -> None:
    router = device()
    reloading(router)
    assert User(router, "\r").type("reload") == "Proceed with reload? [confirm]\n"
    user = User(router, "\r", "\r")
    user.configure("hostname lab1")
    user.type("write memory", "erase startup-config")
    assert user.type("reload") == "Proceed with reload? [confirm]\n"


def test_what_was_changed_and_changed_back_needs_no_saving() -> None:
    router = device()
    user = User(router, "\r")
    user.type("write memory")
    user.configure("hostname lab1", "no hostname")
    assert user.type("reload") == "Proceed with reload? [confirm]\n"


def test_reload_can_be_thought_over() -> None:
    router = device()
    reloads = reloading(router)
    user = User(router, "n")
    user.type("reload")
    assert not user.session.closed
    assert reloads == []


def test_a_scheduled_reload_warns_every_line_and_comes() -> None:
    router = device()
    reloads = reloading(router)
    user, other = User(router, "\r"), User(router, line="vty 0")
    assert user.type("reload in 10 new image") == (
        "Reload scheduled in 10 minutes\nReload reason: new image\nProceed with reload? [confirm]\n"
    )
    run(router, 60)
    assert other.terminal.take() == ""
    assert user.type("show reload") == "Reload scheduled in 9 minutes\nReload reason: new image\n"
    run(router, 599)
    warnings = [line for line in other.terminal.take().splitlines() if "---" in line]
    assert warnings == ["*** --- SHUTDOWN in 0:05:00 ---", "*** --- SHUTDOWN in 0:01:00 ---"]
    assert reloads == []
    run(router, 600)
    assert "\a***\n*** --- SHUTDOWN NOW ---\n***" in other.terminal.take()
    assert reloads == [600]


def test_a_near_reload_warns_at_once() -> None:
    router = device()
    printed = User(router, "\r").type("reload in 0:02")
    assert printed.endswith("\n\n\a***\n*** --- SHUTDOWN in 0:02:00 ---\n***")


def test_a_scheduled_reload_is_cancelled() -> None:
    router = device()
    reloads = reloading(router)
    user = User(router, "\r")
    assert user.type("reload cancel") == "No reload is scheduled.\n"
    user.type("reload in 3:00")
    assert user.type("show reload") == "Reload scheduled in 3 hours and 0 minutes\n"
    assert "*** --- SHUTDOWN ABORTED ---" in user.type("reload cancel")
    run(router, 20000)
    assert reloads == []
    assert "SHUTDOWN" not in user.terminal.take()
    assert user.type("show reload") == "No reload is scheduled.\n"


def test_a_later_schedule_takes_the_place_of_an_earlier_one() -> None:
    router = device()
    reloads = reloading(router)
    user = User(router, "\r", "\r")
    user.type("reload in 10", "reload in 20")
    run(router, 1200)
    assert reloads == [1200]


def test_reload_at_a_time_of_day() -> None:
    router = device()
    reloads = reloading(router)
    user = User(router, "\r", "\r")
    assert user.type("reload at 12:30").startswith("Clock must be set")
    user.configure("clock timezone EST -5")
    user.type("write memory", "clock set 11:13:53 1 feb 2003")
    printed = user.type("reload at 14:00 feb 2")
    assert printed.startswith("Reload scheduled for 14:00:00 EST Sun Feb 2 2003 (in 26 hours and 46 minutes)\n")
    user.type("reload at 11:00")
    assert user.type("show reload").startswith("Reload scheduled for 11:00:00 EST Sun Feb 2 2003 (in 23 hours and 46")
    run(router, 24 * 3600)
    assert reloads == [pytest.approx(23 * 3600 + 46 * 60 + 7)]


@pytest.mark.parametrize("line", ["reload in", "reload at"])
def test_a_time_that_is_missing_is_no_reason(line: str) -> None:
    user = User(device(), "\r")
    assert user.type(line) == "% Incomplete command.\n\n"
    assert user.session.help("reload at ") == "  hh:mm  Time to reload (hh:mm)\n\n"


@pytest.mark.parametrize(
    "line", ["reload in soon", "reload in 0", "reload in 999:00", "reload at 25:00", "reload at 12"]
)
def test_a_time_that_is_none_is_refused(line: str) -> None:
    router = device()
    user = User(router, "\r")
    user.type("clock set 11:13:53 1 feb 2003")
    assert "% Invalid input detected" in user.type(line)
    assert router.scheduled_reload is None
