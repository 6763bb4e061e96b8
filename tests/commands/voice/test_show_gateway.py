"""`show gateway`, `show translation-rule`, `show voice call`: what they say follows from configuration and calls."""

from __future__ import annotations

from tests.commands.routers import CARET
from tests.commands.show_scenarios import Scene, told


def test_a_gateway_is_called_as_its_interface_says() -> None:
    scene = Scene(
        "hostname gw1\ninterface Ethernet0\n h323-gateway voip interface\n h323-gateway voip h323-id zone-a\n"
    )
    assert scene.user.type("show gateway").startswith("Gateway zone-a is not registered to any gatekeeper\n")


def test_one_set_of_rules_can_be_asked_for() -> None:
    text = "\n".join(told("rules", "show translation-rule 345"))
    assert "Tag name:345\n" in text
    assert "Tag name:21\n" not in text
    assert "        Match pattern:.%555.%\n        Sub  pattern:7\n        Match  type:ANY\n" in text
    assert told("blank", "show translation-rule") == []


def test_the_channels_of_a_port_are_told_by_their_states() -> None:
    lines = told("fax in", "show voice call 0:D")
    assert lines[:3] == [
        "0:D 1  vtsp level 0 state = S_CONNECT",
        "vpm level 1 state = S_TSP_CONNECT",
        "vpm level 0 state = S_UP",
    ]
    assert lines[3].startswith("0:D 2 - ")
    assert told("fax in", "show voice call 7:D") == ["Voice port 7:D does not exist"]


def test_the_calls_in_progress_are_counted_where_the_release_has_it() -> None:
    lines = told("late fax in", "show voice call status")
    assert lines[-1] == "1 active call found"
    assert lines[1].split()[-1] == "1/2"
    assert told("fax in", "show voice call status")[1] in CARET


def test_applications_have_a_session_for_each_fax() -> None:
    lines = told("late fax in", "show call application sessions")
    assert lines[1] == "    There are 1 active TCL sessions"
    assert "onramp" in lines[3]
    assert told("fax received", "show call application sessions")[1] in CARET  # 12.2(15)T has it not
