"""What is cleared, and what says that there is nothing to clear."""

from __future__ import annotations

import pytest

from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.legs import Connection, LegRecord, Origin, Telephony
from tests.commands.routers import User, device


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
