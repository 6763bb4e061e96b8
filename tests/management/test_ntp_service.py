"""Routers that ask each other for the time, on one clock, with a network between them that can be cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from iosemu.cli import internet4
from iosemu.clock import ManualClock
from iosemu.management.ntp.association import Configured
from iosemu.management.ntp.events import ClockSet, PacketRejected, PacketSent, ReachChanged, Synced
from iosemu.management.ntp.packet import NO_STRATUM, Mode, Packet, decode, encode
from iosemu.management.ntp.service import LOCAL_CLOCK, Access, NtpService, Settings

A, B, C = "10.0.0.1", "10.0.0.2", "10.0.0.3"
DELAY_S = 0.005


class Wire:
    """Carries datagrams between routers by address; `lose` takes some."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.routers: dict[str, Router] = {}
        self.lose: Callable[[str, str], bool] = lambda source, target: False

    def add(self, address: str, *, ahead_s: float = 0.0, is_set: bool = True) -> Router:
        router = self.routers[address] = Router(self, address, ahead_s, is_set)
        return router

    def carry(self, octets: bytes, source: str, target: str) -> None:
        if target in self.routers and not self.lose(source, target):
            self.clock.call_unhurried(DELAY_S, lambda: self.routers[target].service.receive(octets, source, 123))

    def run(self, seconds: float) -> None:
        self.clock.run(self.clock.now() + seconds)


class Router:
    def __init__(self, wire: Wire, address: str, ahead_s: float, is_set: bool) -> None:
        self.ahead = timedelta(seconds=ahead_s)
        self.is_set = is_set
        self.events: list[object] = []
        self.access: Callable[[str], Access] = lambda host: Access.SET_TIME
        self.service = NtpService(
            wire.clock,
            now=lambda: wire.clock.wall() + self.ahead,
            send=lambda octets, to, port, source: wire.carry(octets, address, to),
            correct=self._correct,
            is_set=lambda: self.is_set,
            owns=lambda number: internet4.text(number) == address,
            access=lambda host: self.access(host),
            emit=self.events.append,
        )

    def _correct(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        self.is_set = True

    def of(self, kind: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def follow(*addresses: str, key: int = 0, mode: Mode = Mode.CLIENT) -> Settings:
    return Settings(hosts=tuple(Configured(address, mode, key=key) for address in addresses))


def test_one_answer_is_enough_and_seven_more_make_sure(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=3))
    client = wire.add(B, is_set=False)
    client.service.configure(follow(A))
    wire.run(10)
    one = client.service.associations[0]
    assert (client.service.synchronized, client.service.system.stratum, one.reach) == (True, 4, 1)
    assert one.dispersion == pytest.approx(15.875, abs=0.01)
    assert one.delay == pytest.approx(2 * DELAY_S, abs=1e-4)
    wire.run(7 * 64)
    assert (one.reach, one.dispersion < 0.01) == (0o377, True)
    assert client.of(Synced) == [Synced(A)]
    assert client.of(ReachChanged) == [ReachChanged(A, True)]


def test_a_clock_that_nobody_has_set_is_set_at_once(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=1))
    client = wire.add(B, ahead_s=-86400.0, is_set=False)
    client.service.configure(follow(A))
    wire.run(70)
    assert client.of(ClockSet) == [ClockSet(pytest.approx(86400.0, abs=0.001))]  # type: ignore[arg-type]
    assert abs(client.ahead.total_seconds()) < 0.001
    assert client.service.synchronized


def test_a_clock_that_was_set_wrong_stays_wrong_for_a_quarter_of_an_hour(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=1))
    client = wire.add(B, ahead_s=60.0)
    client.service.configure(follow(A))
    wire.run(600)
    assert (client.service.master is not None, client.service.synchronized, client.of(ClockSet)) == (True, False, [])
    wire.run(600)
    assert client.service.synchronized
    assert abs(client.ahead.total_seconds()) < 0.001


def test_a_small_error_is_taken_off(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=1))
    client = wire.add(B, ahead_s=0.1)
    client.service.configure(follow(A))
    wire.run(200)
    assert abs(client.ahead.total_seconds()) < 0.001
    assert client.of(ClockSet) == []


def test_who_does_not_answer_is_lost_after_eight_polls(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=1))
    client = wire.add(B)
    client.service.configure(follow(A))
    wire.run(300)
    wire.lose = lambda source, target: source == A
    wire.run(7 * 64)
    assert client.service.synchronized
    wire.run(64)
    assert (client.service.synchronized, client.service.system.stratum) == (False, NO_STRATUM)
    assert client.events[-1] == Synced("")
    assert client.of(ReachChanged)[-1] == ReachChanged(A, False)
    wire.lose = lambda source, target: False
    wire.run(70)
    assert client.service.synchronized


def test_a_steady_server_is_asked_less_often(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=1))
    client = wire.add(B)
    client.service.configure(follow(A))
    wire.run(40_000)
    assert client.service.associations[0].poll == 10
    sent = len(client.of(PacketSent))
    wire.run(10 * 1024)
    assert len(client.of(PacketSent)) - sent == 10


def test_the_lower_stratum_leads_and_the_preferred_before_it(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=5))
    wire.add(C).service.configure(Settings(master=2))
    client = wire.add(B)
    client.service.configure(follow(A, C))
    wire.run(600)
    assert client.service.master is client.service.associations[1]
    assert [one.said.address for one in client.service.selected] == [C, A]
    client.service.configure(Settings(hosts=(Configured(A, prefer=True), Configured(C))))
    wire.run(600)
    assert client.service.master is not None
    assert client.service.master.said.address == A


def test_two_of_three_are_believed(wire: Wire) -> None:
    for address, ahead_s in ((A, 0.0), (C, 0.0), ("10.0.0.9", 500.0)):
        wire.add(address, ahead_s=ahead_s).service.configure(Settings(master=2))
    client = wire.add(B)
    client.service.configure(follow(A, C, "10.0.0.9"))
    wire.run(600)
    assert {one.said.address for one in client.service.believed} == {A, C}
    assert abs(client.ahead.total_seconds()) < 0.001


def test_stratum_15_is_too_far_from_any_clock(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=15))
    client = wire.add(B)
    client.service.configure(follow(A))
    wire.run(600)
    assert client.service.associations[0].last.stratum == 15
    assert not client.service.synchronized


def test_the_own_clock_serves_once_somebody_has_set_it(wire: Wire) -> None:
    router = wire.add(A, is_set=False)
    router.service.configure(Settings(master=8))
    wire.run(200)
    assert not router.service.synchronized
    router.is_set = True
    wire.run(64)
    assert (router.service.system.stratum, router.service.associations[0].said.address) == (8, LOCAL_CLOCK)
    router.service.configure(Settings())
    assert not router.service.synchronized


def test_peers_follow_the_one_that_knows(wire: Wire) -> None:
    first, second = wire.add(A), wire.add(B)
    first.service.configure(Settings(hosts=(Configured(B, Mode.ACTIVE),), master=3))
    second.service.configure(follow(A, mode=Mode.ACTIVE))
    wire.run(400)
    assert (first.service.system.stratum, second.service.system.stratum) == (3, 4)
    assert {decode_mode(event) for event in first.of(PacketSent)} == {Mode.ACTIVE}


def test_a_peer_that_is_not_told_of_the_other_answers_it(wire: Wire) -> None:
    first, second = wire.add(A), wire.add(B)
    first.service.configure(Settings(master=3))
    second.service.configure(follow(A, mode=Mode.ACTIVE))
    wire.run(400)
    assert second.service.system.stratum == 4
    passive = next(one for one in first.service.associations if one.said.address == B)
    assert not passive.configured
    second.service.stop()
    wire.run(1000)
    assert [one.said.address for one in first.service.associations] == [LOCAL_CLOCK]


def test_strangers_become_peers_up_to_a_bound(wire: Wire) -> None:
    router = wire.add(A)
    router.service.configure(Settings(most=3))
    for last in range(1, 9):
        router.service.receive(encode(Packet(Mode.ACTIVE, transmit=last)), f"10.1.0.{last}", 123)
    assert len(router.service.associations) == 3


def test_nobody_follows_a_follower_of_his(wire: Wire) -> None:
    first, second = wire.add(A), wire.add(B)
    source = wire.add(C)
    source.service.configure(Settings(master=1))
    first.service.configure(follow(B, C))
    second.service.configure(follow(A))
    wire.run(700)
    assert (first.service.system.stratum, second.service.system.stratum) == (2, 3)
    source.service.stop()
    wire.lose = lambda sender, target: C in (sender, target)
    wire.run(3000)
    assert (first.service.synchronized, second.service.synchronized) == (False, False)


@pytest.mark.parametrize(
    ("keys", "trusted", "believed"),
    [({1: "cisco"}, {1}, True), ({1: "other"}, {1}, False), ({1: "cisco"}, set(), False), ({}, {1}, False)],
)
def test_keys(wire: Wire, keys: dict[int, str], trusted: set[int], believed: bool) -> None:
    wire.add(A).service.configure(Settings(master=3, keys={1: "cisco"}))
    client = wire.add(B)
    client.service.configure(
        Settings(hosts=(Configured(A, key=1),), keys=keys, trusted=frozenset(trusted), authenticate=True)
    )
    wire.run(300)
    assert client.service.synchronized is believed
    assert any(event == PacketRejected(A, 0x10) for event in client.events) is not believed


@pytest.mark.parametrize(
    ("access", "answered"),
    [(Access.NONE, False), (Access.ASK_STATE, False), (Access.ASK_TIME, True), (Access.ASK, True)],
)
def test_who_may_ask(wire: Wire, access: Access, answered: bool) -> None:
    server = wire.add(A)
    server.service.configure(Settings(master=3))
    wire.run(10)
    server.access = lambda host: access
    client = wire.add(B)
    client.service.configure(follow(A))
    wire.run(100)
    assert client.service.synchronized is answered


def test_who_may_only_be_asked_sets_no_clock(wire: Wire) -> None:
    wire.add(A).service.configure(Settings(master=3))
    client = wire.add(B)
    client.access = lambda host: Access.ASK
    client.service.configure(follow(A))
    wire.run(300)
    assert (client.service.synchronized, client.service.associations[0].reach) == (False, 0)


def test_forged_and_repeated_answers_are_thrown_away(wire: Wire) -> None:
    server = wire.add(A)
    server.service.configure(Settings(master=3))
    client = wire.add(B)
    client.service.configure(follow(A))
    octets: list[bytes] = []
    take = client.service.receive

    def twice(received: bytes, address: str, port: int) -> None:
        take(received, address, port)
        octets.append(received)

    client.service.receive = twice  # type: ignore[method-assign]
    wire.run(100)
    offset = client.service.offset
    take(octets[-1], A, 123)
    take(octets[0], A, 123)
    assert client.of(PacketRejected) == [PacketRejected(A, 0x03), PacketRejected(A, 0x02)]
    assert client.service.offset == offset


def decode_mode(event: object) -> int:
    assert isinstance(event, PacketSent)
    return event.packet.mode


def test_what_is_no_message_is_ignored(wire: Wire) -> None:
    router = wire.add(A)
    for octets in (b"", b"\x1b" * 47, b"\xff" * 48):
        router.service.receive(octets, B, 123)
    assert router.events == []
    assert decode(b"") is None
