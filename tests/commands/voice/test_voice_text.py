"""`show dial-peer voice`, `show dialplan number` and `show voice port summary` against their samples."""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.commands.voice import voice_text
from iosemu.commands.voice.peer_text import PeerStatus, peer_block
from iosemu.voice.dial_plan import DialPeer, DialPlan, Dsn, PeerType
from iosemu.voice.digits import NumberExpansion, Pattern
from iosemu.voice.peer_statistics import PeerCounters
from iosemu.voice.ports import BearerChannel, VoicePort

P = Pattern.parse


def up(peer: DialPeer) -> PeerStatus:
    return PeerStatus(peer.tag != 99, 0, PeerCounters())


def test_the_summary_has_the_columns_of_the_sample() -> None:
    peers = [
        DialPeer(100, PeerType.POTS, incoming_called=P("1")),
        DialPeer(101, PeerType.VOIP, destination=P("5550112"), preference=1, session_target="ipv4:10.10.1.1"),
        DialPeer(99, PeerType.VOIP),
    ]
    assert voice_text.peer_summary(peers, up).splitlines() == [
        "dial-peer hunt 0",
        "                                                      PASS",
        "  TAG TYPE   ADMIN OPER PREFIX   DEST-PATTERN     PREF THRU SESS-TARGET    PORT",
        "  100 pots   up    up                              0",
        "  101 voip   up    up            5550112           1   syst ipv4:10.10.1.1",
        "   99 voip   up    down                            0   syst",
    ]


def test_a_pots_block_tells_the_configuration_and_the_last_call() -> None:
    peer = DialPeer(3201, PeerType.POTS, destination=P("86001"), port="2/0:23", direct_inward_dial=True)
    counters = PeerCounters(8815, 1, 0, 0, 0, 16, "normal call clearing (16)", 59018)
    text = peer_block(peer, PeerStatus(True, 1, counters))
    assert text.startswith("VoiceEncapPeer3201\n        information type = voice,\n")
    for line in (
        "tag = 3201, destination-pattern = `86001',",
        "incoming called-number = `', connections/maximum = 1/unlimited,",
        "session-target = `', voice-port = `2/0:23',",
        "direct-inward-dial = enabled,",
        "Connect Time = 8815, Charged Units = 0,",
        "Successful Calls = 1, Failed Calls = 0, Incomplete Calls = 0",
        'Last Disconnect Cause is "10  ",',
        'Last Disconnect Text is "normal call clearing (16)",',
        "Last Setup Time = 59018.",
    ):
        assert f"        {line}\n" in text, line


def test_an_mmoip_block_names_target_and_notices() -> None:
    peer = DialPeer(1, PeerType.MMOIP, session_target="mailto:tom@example.com", dsn=frozenset({Dsn.FAILURE}), mdn=True)
    text = peer_block(peer, up(peer))
    assert "type = mmoip, session-target = `mailto:tom@example.com'," in text
    assert "mdn = enabled, dsn = `failure'," in text


def test_dialplan_number_expands_and_lists_every_match_best_first() -> None:
    plan = DialPlan(
        (
            DialPeer(1, PeerType.POTS, destination=P("10.."), port="0:D"),
            DialPeer(2, PeerType.MMOIP, destination=P("1001"), session_target="mailto:x@y"),
        ),
        (NumberExpansion("7..", "10.."),),
    )
    text = voice_text.dialplan_number(plan, "701", up, lambda peer: None)
    assert text.startswith("Macro Exp.: 1001\nMultiMediaMailOverIpPeer2\n")
    assert text.endswith("Matched: 1001   Digits: 2\nTarget:\n")
    assert "Matched: 1001   Digits: 4\nTarget: mailto:x@y\n" in text
    assert voice_text.dialplan_number(plan, "55", up, lambda peer: None) == "Macro Exp.: 55\nNo match, result=-1\n"


def test_port_summary_shows_each_channel() -> None:
    port = VoicePort("0/3/0:23", "T1 0/3/0", [BearerChannel(1), BearerChannel(2, call_id=5)], exchange=_Nobody())
    lines = voice_text.port_summary([port]).splitlines()
    assert lines[1] == "PORT            CH   SIG-TYPE   ADMIN OPER STATUS   STATUS   EC"
    assert lines[3] == "0/3/0:23        01  isdn-voice  up    dorm none     none     y "
    assert lines[4] == "0/3/0:23        02  isdn-voice  up    up   none     none     y "
    port.exchange = None
    assert " up    down none " in voice_text.port_summary([port])


class _Nobody:
    def place(self, setup: object) -> None:
        raise AssertionError


def test_a_later_release_tells_more_of_a_peer() -> None:
    peer = DialPeer(7, PeerType.VOIP)

    def told(release: str) -> list[str]:
        status = PeerStatus(True, 0, PeerCounters(), Release.of(release))
        return [line.strip() for line in peer_block(peer, status).splitlines()]

    assert "URI classes:" not in told("12.2(15)T")
    assert "Incoming (Called) =" in told("12.3(4)T")
    assert not any(line.startswith("peer type") for line in told("12.3(4)T"))
    assert told("12.4(15)T")[1] == "peer type = voice, information type = voice,"
    assert "preemption level = `routine'" in told("12.4(15)T")


@pytest.mark.parametrize(("kind", "state"), [("FXS", "dorm"), ("E&M", "dorm"), ("FXO", "down")])
def test_only_a_port_that_hears_its_line_knows_that_nothing_is_plugged_in(kind: str, state: str) -> None:
    port = VoicePort("1/0/0", "1/0/0", [BearerChannel(1)], kind=kind)
    assert f" up    {state} " in voice_text.port_summary([port])
    port.shutdown = True
    assert " down  down " in voice_text.port_summary([port])
