"""Legs, history and peer counters."""

from __future__ import annotations

from iosemu.clock import ManualClock
from iosemu.voice.ccapi import CallControl
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.events import LegClosed, LegConnected, LegOpened
from iosemu.voice.legs import Mail, Origin, Telephony

POTS = DialPeer(100, PeerType.POTS)


def test_both_legs_of_a_call_share_the_connection_and_end_in_the_history() -> None:
    clock = ManualClock()
    events: list[object] = []
    control = CallControl(clock, events.append)
    line = control.open(Origin.ANSWER, Telephony("0:D"), peer=POTS, peer_address="408")
    mail = control.open(Origin.ORIGINATE, Mail(), connection=line.record.connection)
    assert [leg.call_id for leg in control.active] == [1, 2]
    assert control.connections(100) == 1
    clock.run(until_s=11.58)
    line.connected()
    line.connected()
    line.carried(rx_octets=3224)
    clock.run(until_s=23.92)
    line.close(Cause.NORMAL, "Normal connection")
    mail.close(Cause.USER_BUSY)
    line.close(Cause.REJECTED)
    assert control.active == ()
    first, second = control.history.entries(control.uptime())
    assert (first.index, first.leg.rx_packets, first.leg.connect_s, first.leg.cause) == (1, 3, 11.58, Cause.NORMAL)
    assert (second.leg.text, second.leg.connection) == ("user busy (17)", first.leg.connection)
    assert [type(event) for event in events] == [LegOpened, LegOpened, LegConnected, LegClosed, LegClosed]
    row = control.statistics.row(100)
    assert (row.accepted, row.refused, row.connect_time, row.last_cause) == (1, 0, 1234, 16)


def test_a_record_is_the_leg_as_it_was_then() -> None:
    leg = CallControl(ManualClock(), lambda event: None).open(Origin.ANSWER, Telephony("0:D"))
    leg.carried(rx_octets=1000)
    before = leg.record
    leg.carried(rx_octets=600, tx_octets=1)
    assert (before.rx_octets, before.tx_octets) == (1000, 0)
    assert (leg.record.rx_octets, leg.record.tx_octets) == (1600, 1)
    assert leg.close(Cause.NORMAL).rx_octets == 1600


def test_history_is_bounded_in_size_and_age() -> None:
    clock = ManualClock()
    control = CallControl(clock, lambda event: None)
    for _ in range(60):
        control.open(Origin.ANSWER, Telephony("0:D")).close(Cause.NORMAL)
    assert [entry.index for entry in control.history.entries(control.uptime())] == list(range(11, 61))
    clock.run(until_s=15 * 60 + 1)
    assert control.history.entries(control.uptime()) == ()
    control.history.max_size = 0
    control.open(Origin.ANSWER, Telephony("0:D")).close(Cause.NORMAL)
    assert control.history.entries(control.uptime()) == ()


def test_uptime_counts_from_the_start_of_the_router() -> None:
    clock = ManualClock()
    clock.run(until_s=100)
    control = CallControl(clock, lambda event: None)
    clock.run(until_s=130)
    assert control.open(Origin.ANSWER, Telephony("0:D")).record.setup_s == 30
