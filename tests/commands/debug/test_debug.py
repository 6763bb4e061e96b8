"""Debug switches, the calls that they are for, and the names that they had when."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis.releases import release_for
from iosemu.clock import ManualClock
from iosemu.commands.debug.switches import SWITCHES, switch_of, told
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.events import LegOpened
from iosemu.voice.legs import Connection, LegRecord, Mail, Origin, Telephony
from tests.commands.routers import CARET, User, device


def test_every_switch_goes_on_and_off_by_itself() -> None:
    router = device()
    user = User(router)
    for flag in SWITCHES:
        assert user.type(f"debug {flag}") == f"{told(flag, 'on')}\n"
        assert router.debugs == {flag}
        assert user.type(f"undebug {flag}") == f"{told(flag, 'off')}\n"
        assert not router.debugs


def test_no_debug_turns_off_as_well() -> None:
    router = device()
    user = User(router)
    user.type("debug foip on-ramp", "debug mta send all", "no debug foip on-ramp")
    assert router.debugs == {"mta send all"}
    assert user.type("show debugging") == "mta:\n  MTA send debugging is on\n\n"


def test_switches_are_listed_under_their_groups() -> None:
    router = device()
    user = User(router)
    user.type(
        "debug isdn q931",
        "debug voip ccapi inout",
        "debug vtsp dsp",
        "debug vtsp session",
        "debug mta send rcpt-to tom@example.org",
    )
    assert user.type("show debugging") == (
        "ISDN:\n  ISDN Q931 packets debugging is on\n"
        "  ISDN Q931 packets debug DSLs. (On/Off/No DSL:1/0/-)\n  DSL  0 --> 31\n"
        f"  {'  '.join(['- - - - - - - -'] * 4)}  \n\n"
        "mta:\n  mta send rcpt-to tom@example.org debugging is on\n"
        "voip:\n  voip ccAPI function enter/exit debugging is on\n"
        "vtsp:\n  Voice telephony call control dsp debugging is on\n"
        "  Voice telephony call control session debugging is on\n\n"
    )


def test_all_switches_go_on_and_off_together() -> None:
    router = device()
    user = User(router, "no", "yes")
    user.type("debug all")
    assert not router.debugs
    assert "All possible debugging has been turned on\n" in user.type("debug all")
    assert router.debugs == set(SWITCHES)
    assert user.type("undebug all") == "All possible debugging has been turned off\n"
    assert not router.debugs


def test_all_is_every_switch_that_can_be_said_alone() -> None:
    user = User(device(), "yes")
    router = user.session.device
    user.type("debug all")
    everything = set(router.debugs)
    for command in router.catalogue.mode("exec").commands:
        words = [word for word in re.sub(r"\[[^]]*\]", "", command.notation).split() if word != "way:{@way}"]
        if command.run == "debug" and not any(mark in word for word in words for mark in ":{}|"):
            user.type("undebug all", f"debug {' '.join(words)}")
            assert router.debugs <= everything, words


def test_packets_are_debugged_by_access_list() -> None:
    user = User(device())
    assert user.type("debug ip packet 101 detail") == "IP packet debugging is on (detailed) for access list 101\n"
    assert user.type("debug ip packet") == "IP packet debugging is on\n"
    assert user.type("undebug ip packet") == "IP packet debugging is off\n"
    assert not user.session.device.debugs


def test_sip_tells_of_its_switches_in_other_words() -> None:
    user = User(device())
    assert user.type("debug ccsip messages") == "SIP Call messages tracing is enabled\n"
    assert user.type("show debugging") == "CCSIP SPI:\n  SIP Call messages tracing is enabled\n\n"
    assert user.type("no debug ccsip all").splitlines()[-1] == "SIP states tracing is disabled"


@pytest.mark.parametrize(
    ("later", "stands_for"),
    [
        ("fax fmsp all", "fmsp receive t30+fmsp receive t38+fmsp send t30+fmsp send t38"),
        ("fax fmsp receive t30", "fmsp receive t30"),
        ("fax foip", "foip off-ramp+foip on-ramp"),
        ("fax mta", "mta receive all+mta send all"),
        ("fax mta send all", "mta send all"),
        ("fax text-to-fax", "text-to-fax"),
        ("fax tiff writer", "tiff writer"),
    ],
)
def test_the_later_names_switch_what_the_earlier_ones_did(later: str, stands_for: str) -> None:
    release = release_for("as5300", "12.3(8)T", "")
    router = Router(
        "as5300", clock=ManualClock(), network=NoNetwork(), store=FileStore(None), modules={}, release=release
    ).device
    user = User(router)
    printed = user.type(f"debug {later}")
    assert router.debugs == set(stands_for.split("+"))
    assert printed == "".join(f"{switch_of(flag).text} is on\n" for flag in sorted(router.debugs))


def test_this_release_has_the_earlier_names_only() -> None:
    user = User(device())
    assert user.type("debug fax fmsp all").endswith(CARET)


def leg(call: int, number: int, detail: Telephony | Mail) -> LegOpened:
    return LegOpened(LegRecord(Connection(call, (0, 0, 0, 0)), number, Origin.ANSWER, detail))


def test_conditions_are_numbered_and_judge_calls_by_any_of_their_legs() -> None:
    router = device()
    user = User(router, "no", "yes")
    router.debug_calls.attach(router.bus)
    router.bus.publish(leg(1, 1, Telephony("0:D", called="5550199", calling="5550100")))
    router.bus.publish(leg(1, 2, Mail()))
    router.bus.publish(leg(2, 3, Telephony("1:D", called="5550142")))
    calls = router.debug_calls
    assert all(calls.passes(number) for number in (1, 2, 3, 99))
    assert user.type("debug condition called 5550199") == "Condition 1 set\n"
    assert [calls.passes(number) for number in (1, 2, 3, 99)] == [True, True, False, False]
    assert user.type("debug condition voice-port 1:D") == "Condition 2 set\n"
    assert user.type("debug condition voice-port 1:D") == "% Condition already set\n"
    assert calls.passes(3)
    assert "Condition 2: voice-port 1:D (0 flags triggered)\n" in user.type("show debugging condition")
    assert user.type("no debug condition called 5550199") == "Condition 1 has been removed\n"
    assert not calls.passes(1)
    user.type("undebug condition voice-port 1:D")  # answered "no"
    assert calls.conditions
    assert user.type("undebug condition voice-port 1:D").endswith("Condition 2 has been removed\n")
    assert calls.passes(1)
    assert "% No conditions found\n" in user.type("show debugging condition")


def test_a_condition_may_be_the_application_of_a_call() -> None:
    router = device()
    user = User(router, "yes")
    router.debug_calls.attach(router.bus)
    connection = Connection(1, (0, 0, 0, 0))
    peer = DialPeer(1, PeerType.POTS, application_in="vmail")
    router.bus.publish(LegOpened(LegRecord(connection, 1, Origin.ANSWER, Telephony("0:D"), peer)))
    router.bus.publish(leg(2, 2, Telephony("0:D")))
    assert user.type("debug condition application voice vmail") == "Condition 1 set\n"
    assert [router.debug_calls.passes(number) for number in (1, 2)] == [True, False]
    assert "Condition 1: application voice vmail (0 flags triggered)\n       Flags: vmail\n" in user.type(
        "show debugging condition"
    )
    assert user.type("undebug condition application voice vmail").endswith("Condition 1 has been removed\n")
