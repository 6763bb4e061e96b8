"""What is cleared, and what says that there is nothing to clear."""

from __future__ import annotations

import pytest

from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.legs import Connection, LegRecord, Origin, Telephony
from tests.commands.routers import User, device
from tests.commands.show_scenarios import Scene, fax_in


def test_counters_of_tcp_and_ip_start_again_when_confirmed() -> None:
    user = User(device(), "n", "", "")
    router = user.session.device
    router.tcp.totals.accepted = 7
    router.ip_counters.packets["received"] = 9
    user.type("clear tcp statistics")
    assert "7 connections accepted" in user.type("show tcp statistics")
    user.type("clear tcp statistics", "clear ip traffic")
    assert " 0 connections accepted" in user.type("show tcp statistics")
    assert router.ip_counters.packets["received"] == 0


def test_statistics_of_dial_peers_go_one_by_one_or_together() -> None:
    user = User(device())
    statistics = user.session.device.voice.control.statistics
    for tag in (1, 2):
        peer = DialPeer(tag, PeerType.POTS)
        statistics.count(LegRecord(Connection(tag, (0, 0, 0, 0)), tag, Origin.ANSWER, Telephony("0:D"), peer))
    user.type("clear statistics dial-peer voice 1")
    assert (statistics.row(1).refused, statistics.row(2).refused) == (0, 1)
    user.type("clear statistics dial-peer voice")
    assert statistics.row(2).refused == 0


def test_routing_processes_are_reset_where_there_are_any() -> None:
    user = User(device(), "no")
    assert user.type("clear ip bgp *") == "% BGP not running\n"
    user.configure("router bgp 65000")
    assert user.type("clear ip bgp *") == ""
    assert "Reset ALL OSPF processes? [no]: " in user.type("clear ip ospf process")
    assert user.type("clear ip ospf counters") == ""


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show ipx route", "%IPX not running\n"),
        ("show source-bridge", ""),
        ("show x25 vc", ""),
        ("ping ipx 1.0000.0000.0001", "% Unrecognized host or address, or protocol not running.\n"),
        ("clear ip dhcp binding *", ""),
    ],
)
def test_protocols_of_others_are_not_running(command: str, text: str) -> None:
    assert User(device()).type(command) == text


def test_the_counters_of_calls_are_cleared_by_controller_and_in_all() -> None:
    scene = fax_in()
    told = scene.user.type("show controllers T1 call-counters")
    assert "  DS0's Active High Water Mark: 1\n" in told
    scene.user.type("clear controller call-counters system-hwm")
    marks = [line for line in scene.user.type("show controllers T1 call-counters").splitlines() if "Mark" in line]
    assert marks[0] == "  DS0's Active High Water Mark: 1"
    assert marks[-1] == "System's DS0's Active High Water Mark: 0"
    scene.user.type("clear controller T1 1 call-counters")
    assert "High Water Mark: 1" in scene.user.type("show controllers T1 call-counters")
    scene.user.type("clear controller T1 0 call-counters")
    assert "High Water Mark: 1" not in scene.user.type("show controllers T1 call-counters")
    assert "Invalid input" in scene.user.type("clear controller T1 9 call-counters")


def test_a_channel_keeps_its_carrier_transitions_when_its_calls_are_forgotten() -> None:
    scene = fax_in()

    def transitions() -> list[str]:
        shown = (scene.user.type(f"show interfaces Serial0:{number}").splitlines() for number in range(23))
        return [line.strip() for lines in shown for line in lines if "carrier transitions" in line]

    before = transitions()
    assert before.count("0 carrier transitions") == 22
    assert scene.user.type("clear controller call-counters all") == ""
    assert transitions() == before


def test_a_channel_forgets_what_it_has_done() -> None:
    scene = fax_in()
    done = "ic_complete=1"
    assert done in scene.user.type("show csm voice")
    scene.user.type("clear csm-statistics voice 2/1/1/0")
    assert "Invalid input" in scene.user.type("clear csm-statistics voice 9/1/1/0")
    scene.user.type("clear csm-statistics modem", "clear csm-statistics voice")
    assert done not in scene.user.type("show csm voice")


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("", "clear mrcp client statistics hostname asr"),
        ("", "clear h323 gatekeeper call local-callID 12-3339"),
        ("12.3(8)T", "clear voice statistics csr signaling"),
        ("12.3(8)T", "clear sip-ua tcp connection id 1 target ipv4:172.18.194.183:5060"),
        ("12.3(8)T", "clear call application app-tag sample stats"),
    ],
)
def test_what_has_counted_nothing_is_cleared_without_a_word(release: str, command: str) -> None:
    assert Scene(release=release).user.type(command) == ""


def test_what_came_later_is_refused() -> None:
    assert "Invalid input" in Scene().user.type("clear voice statistics")
