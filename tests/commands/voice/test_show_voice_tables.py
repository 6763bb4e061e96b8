"""Tables of the dial plan and of call admission, where the samples do not tell."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device
from tests.commands.show_scenarios import Scene

CONFIGURATION = """\
voice translation-rule 6
rule 1 /^9\\(....\\)/ /555\\1/
rule 2 reject /^8/
rule 3 /77/ /88/ type national international
voice translation-profile p
translate called 6
call threshold global total-calls low 5 high 10 busyout treatment
call threshold global proc-mem low 1 high 2
voice dnis-map tickets
dnis 1234567
controller T1 0
pri-group timeslots 1-24
voice-port 0:D
busyout monitor Ethernet0
sip-ua
set pstn-cause 17 sip-status 600
set sip-status 486 pstn-cause 21
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    user.configure(*CONFIGURATION.splitlines())
    return user


def test_a_translation_rule_can_be_tried(user: User) -> None:
    assert user.type("test voice translation-rule 6 91234") == (
        "Matched with rule 1\n"
        "Original number: 91234          Translated number: 5551234\n"
        "Original number type: none      Translated number type: none\n"
        "Original number plan: none      Translated number plan: none\n"
    )
    assert user.type("test voice translation-rule 6 81234") == "81234 blocked on rule 2\n"
    assert user.type("test voice translation-rule 6 5551") == "5551 Didn't match with any of rules\n"
    assert "Translated number type: international\n" in user.type("test voice translation-rule 6 77 type national")
    assert user.type("test voice translation-rule 7 1").startswith("Translation rule 7")


def test_a_profile_names_its_rules(user: User) -> None:
    assert "\tRule for Called number: 6\n" in user.type("show voice translation-profile p")
    assert user.type("show voice translation-profile other") == ""


def test_a_threshold_that_is_passed_is_unavailable(user: User) -> None:
    rows = user.type("show call threshold status").splitlines()
    assert [row.split()[0] for row in rows[2:]] == ["Avail", "Unavail"]
    assert "busy&treat" in rows[2]
    assert "proc-mem" in user.type("show call threshold status unavailable")
    assert "total-calls" not in user.type("show call threshold status unavailable")


def test_the_map_of_causes_follows_the_configuration(user: User) -> None:
    assert "17              600             486\n" in user.type("show sip-ua map pstn-sip")
    assert "486             21              17\n" in user.type("show sip-ua map sip-pstn")


def test_a_port_whose_interface_is_down_is_in_busyout(user: User) -> None:
    assert "busyout state caused by" not in user.type("show voice busyout")
    user.configure("interface Ethernet0", "shutdown")
    printed = user.type("show voice busyout")
    assert printed.startswith("If following network interfaces are down")
    assert "0:D     \tis in busyout state caused by Ethernet0\n" in printed


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show voice dnis-map summary", "tickets"),
        ("show voice dnis-map tickets", "1234567"),
        ("show call fallback config", "VoIP fallback config:\n"),
        ("show call spike status", "Call Spiking:Disabled\n"),
        ("show h323 gateway ras", "Registration     rrq 0            rcf 0            rrj 0\n"),
        ("show mgcp", "MGCP Admin State DOWN, Oper State DOWN - Cause Code NONE\n"),
        ("show mgcp statistics", " CreateConn rx 0, successful 0, failed 0\n"),
        ("show ccm-manager", "% Call Manager Application is not enabled\n"),
    ],
)
def test_what_a_gateway_at_rest_says(user: User, command: str, text: str) -> None:
    assert text in user.type(command)


def test_classes_of_uris_are_read_back() -> None:
    text = "voice class uri 100 sip\n pattern 12345\nvoice class uri 102 sip\n user-id demo\n host cisco\n"
    user = Scene(f"{text}voice class uri 103 tel\n phone number 555....\n", release="12.3(8)T").user
    told = user.type("show voice class uri").splitlines()
    assert told[:4] == [
        "Voice URI class: 100",
        "     SNMP status = Active",
        "     Schema = sip",
        "     pattern = 12345",
    ]
    assert told[7:10] == ["     user-id = demo", "     host = cisco", "     phone context = "]
    assert user.type("show voice class uri 103").splitlines()[3] == "     phone number = 555...."
    assert user.type("show voice class uri summary").splitlines()[3] == f"{'100':<33}sip       Active"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "SIP Service is up\n"),
        ("voice service voip\n shutdown\n", "SIP service is shut globally\nunder 'voice service voip'\n"),
        (
            "voice service voip\n sip\n  call service stop forced\n",
            "SIP service is forced shut\nunder 'voice service voip', 'sip' submode\n",
        ),
    ],
)
def test_the_sip_service_tells_where_it_was_shut(text: str, told: str) -> None:
    assert Scene(text, release="12.3(8)T").user.type("show sip service") == told
