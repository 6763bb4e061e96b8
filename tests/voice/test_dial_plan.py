"""Dial peer selection, inbound and outbound."""

from __future__ import annotations

from iosemu.voice.dial_plan import DialPeer, DialPlan, PeerType
from iosemu.voice.digits import Pattern

P = Pattern.parse


def pots(tag: int, **fields: object) -> DialPeer:
    return DialPeer(tag, PeerType.POTS, **fields)  # type: ignore[arg-type]


def test_inbound_prefers_the_called_number_then_the_calling_one_then_the_port() -> None:
    plan = DialPlan(
        (
            pots(1, port="0:D"),
            pots(2, destination=P("408......."), port="0:D"),
            pots(3, answer_address=P("408.......")),
            pots(4, incoming_called=P("5551...")),
        )
    )
    assert plan.inbound(PeerType.POTS, called="5551234", calling="4085550000", port="0:D") == plan.peer(4)
    assert plan.inbound(PeerType.POTS, called="7771234", calling="4085550000", port="0:D") == plan.peer(3)
    assert plan.inbound(PeerType.POTS, called="7771234", calling="9995550000", port="0:D") == plan.peer(1)
    assert plan.inbound(PeerType.POTS, called="7771234", port="1:D") is None


def test_inbound_takes_the_longest_match_and_never_a_peer_that_is_shut() -> None:
    plan = DialPlan(
        (
            pots(1, incoming_called=P("55.....")),
            pots(2, incoming_called=P("555....")),
            pots(3, incoming_called=P("5551234"), shutdown=True),
        )
    )
    found = plan.inbound(PeerType.POTS, called="5551234")
    assert found is not None
    assert found.tag == 2


def test_outbound_is_longest_then_preference_then_order() -> None:
    plan = DialPlan(
        (
            pots(1, destination=P("9T")),
            pots(2, destination=P("9555...."), preference=2),
            pots(3, destination=P("9555...."), preference=1),
            pots(4, destination=P("9555...."), preference=1),
            DialPeer(5, PeerType.MMOIP, destination=P("9555....")),
        )
    )
    assert [route.peer.tag for route in plan.outbound("95558354", PeerType.POTS)] == [3, 4, 2, 1]
    assert [route.peer.tag for route in plan.outbound("95558354", PeerType.MMOIP)] == [5]


def test_huntstop_ends_the_hunt() -> None:
    plan = DialPlan((pots(1, destination=P("95T"), huntstop=True), pots(2, destination=P("9T"))))
    assert [route.peer.tag for route in plan.outbound("9555")] == [1]
    assert [route.peer.tag for route in plan.outbound("9455")] == [2]
