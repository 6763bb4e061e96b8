"""Debug switches."""

from __future__ import annotations

from iosemu.commands.debug import TEXTS
from tests.commands.routers import User, device


def test_every_switch_goes_on_and_off_by_itself() -> None:
    router = device()
    user = User(router)
    for flag in TEXTS:
        assert user.type(f"debug {flag}").endswith(" debugging is on\n")
        assert router.debugs == {flag}
        assert user.type(f"undebug {flag}").endswith(" debugging is off\n")
        assert not router.debugs


def test_no_debug_turns_off_as_well() -> None:
    router = device()
    user = User(router)
    user.type("debug foip on-ramp", "debug mta send all", "no debug foip on-ramp")
    assert router.debugs == {"mta send all"}
    assert user.type("show debugging") == "mta:\n  MTA send debugging is on\n\n"


def test_all_switches_go_off_together() -> None:
    router = device()
    user = User(router)
    user.type("debug fmsp receive t30", "debug fmsp send t30")
    assert user.type("undebug all") == "All possible debugging has been turned off\n"
    assert not router.debugs
