"""What the agent of a whole router shows: the same as its commands do."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("pysnmp")

from pysnmp.proto import rfc1902, rfc1905

from iosemu.chassis import platform as platforms
from iosemu.clock import ManualClock
from iosemu.commands.snmp.agent import answer
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.circuit import Cause
from iosemu.voice.legs import Mail, Notification, Origin, Telephony
from tests.commands.routers import User
from tests.management.snmp_messages import Oid, read, request

MIB_2: Oid = (1, 3, 6, 1, 2, 1)
CISCO: Oid = (1, 3, 6, 1, 4, 1, 9)
SYSTEM = (*MIB_2, 1)
ENTITY = (*MIB_2, 47, 1, 1, 1, 1)
HISTORY, CISCO_HISTORY = (*MIB_2, 10, 21, 1, 4, 3, 1), (*CISCO, 10, 25, 1, 4, 3, 1)
VOICE, MAIL = (*CISCO, 9, 63, 1), (*CISCO, 9, 102, 1)
CONFIG = """
snmp-server community public RO
snmp-server community secret RW
controller T1 0
 pri-group timeslots 1-3,24
dial-peer voice 1 pots
 incoming called-number 555....
 port 0:D
dial-peer voice 2 mmoip
 destination-pattern 1001
 session target mailto:tom@example.org
 image encoding MH
 dsn success
 dsn failure
interface FastEthernet0
 ip address 15.80.7.11 255.255.255.0
 description to the lab
"""


class Managed:
    """A router and a manager who asks it."""

    def __init__(self, platform: str = "as5300", config: str = CONFIG) -> None:
        self.clock = ManualClock()
        self.router = Router(platform, clock=self.clock, network=NoNetwork(), store=FileStore(None))
        assert self.router.load(config) == []
        self.user = User(self.router.device)

    def ask(self, *arguments: Any, **more: Any) -> tuple[int, list[tuple[Oid, Any]]]:
        octets = answer(self.router.device, request(*arguments, **more), "192.0.2.1")
        assert octets is not None
        return read(octets)

    def get(self, *oid: int) -> Any:
        return self.ask("Get", oid)[1][0][1]

    def walk(self, under: Oid) -> dict[Oid, Any]:
        """What stands under an identifier: by what comes behind it, the value."""
        found: dict[Oid, Any] = {}
        at = under
        while True:
            bound = self.ask("GetBulk", at, repetitions=40)[1]
            for oid, value in bound:
                if oid[: len(under)] != under or value.tagSet == rfc1905.endOfMibView.tagSet:
                    return found
                assert oid[len(under) :] not in found
                found[oid[len(under) :]] = value
            at = bound[-1][0]

    def fax(self, *, mail: str = "172.18.106.40", end: bool = True) -> None:
        """A fax that is taken from the line and mailed."""
        control, plan = self.router.voice.control, self.router.voice.settings.plan
        tele = Telephony("0:D", 1, 14400, 2, "4085551212", "5550001")
        leg = control.open(Origin.ANSWER, tele, peer=plan.peer(1), peer_address="4085551212")
        sent = Mail(mail, "tom@example.org", "1@gw", notification=Notification.DSN, accepted_mime=1)
        second = control.open(Origin.ORIGINATE, sent, connection=leg.record.connection, peer=plan.peer(2))
        self.clock.run(until_s=self.clock.now() + 30)
        if end:
            for one in (leg, second):
                one.close(Cause.NORMAL)


def test_a_whole_walk_is_in_order_and_every_instance_can_be_got() -> None:
    seen = Managed()
    seen.fax()
    seen.fax(end=False)
    everything = seen.walk((1, 3))
    assert list(everything) == sorted(everything)
    assert len(everything) > 500
    for oid in list(everything)[::7]:
        assert seen.get(1, 3, *oid).tagSet == everything[oid].tagSet


def test_the_system_group_says_what_show_version_does() -> None:
    seen = Managed()
    version = seen.user.type("show version")
    text = str(seen.get(*SYSTEM, 1, 0))
    assert text.replace("\r\n", "\n") in version
    assert tuple(seen.get(*SYSTEM, 2, 0)) == (*CISCO, 1, 162)
    seen.clock.run(until_s=90)
    assert int(seen.get(*SYSTEM, 3, 0)) == 9000
    seen.user.configure("hostname lab-gw", "ip domain name example.org", "snmp-server location Room 3")
    assert str(seen.get(*SYSTEM, 5, 0)) == "lab-gw.example.org"
    assert str(seen.get(*SYSTEM, 6, 0)) == "Room 3"


@pytest.mark.parametrize("name", platforms.names())
def test_every_platform_is_a_product_of_its_own_and_has_its_parts(name: str) -> None:
    platform = platforms.load(name)
    assert platform.product_id > 1
    seen = Managed(name, "snmp-server community public RO\n")
    parts = seen.walk(ENTITY)
    cards = seen.router.device.chassis.cards
    models = [str(value) for (column, _), value in parts.items() if column == 13]
    assert [model for model in models if model] == [platform.product, *(card.name for card in cards)]
    within = {number: int(value) for (column, number), value in parts.items() if column == 4}
    assert all(parent < number for number, parent in within.items())
    old = seen.walk((*CISCO, 3, 6, 11, 1, 3))
    assert [str(value) for value in old.values()] == [card.module.text for card in cards]


def test_interfaces_are_those_of_the_router_and_count_alike() -> None:
    seen = Managed()
    names = {number: str(value) for (number,), value in seen.walk((*MIB_2, 2, 2, 1, 2)).items()}
    assert len(names) == int(seen.get(*MIB_2, 2, 1, 0))
    assert list(names) == sorted(names)
    shown = seen.user.type("show ip interface brief")
    assert all(name in names.values() for name in (line.split()[0] for line in shown.splitlines()[1:] if line))
    indexes = seen.router.voice.indexes
    assert [names[index] for index in indexes.ports.values()] == list(indexes.ports)
    assert [names[index] for index in indexes.peers.values()] == ["VoiceEncapPeer1", "MultiMediaMailOverIpPeer2"]
    ethernet = next(number for number, name in names.items() if name == "FastEthernet0")
    assert str(seen.get(*MIB_2, 31, 1, 1, 1, 1, ethernet)) == "Fa0"
    assert str(seen.get(*MIB_2, 31, 1, 1, 1, 18, ethernet)) == "to the lab"
    assert seen.walk((*MIB_2, 4, 20, 1, 2)) == {(15, 80, 7, 11): ethernet}
    assert int(seen.get(*MIB_2, 2, 2, 1, 8, ethernet)) == 1
    seen.user.configure("interface FastEthernet0", "shutdown")
    assert [int(seen.get(*MIB_2, 2, 2, 1, column, ethernet)) for column in (7, 8)] == [2, 2]


def test_calls_are_those_of_show_call() -> None:
    seen = Managed()
    seen.fax()
    seen.fax(mail="mail.example.org", end=False)
    assert len(seen.walk((*CISCO_HISTORY, 5))) == seen.user.type("show call history fax").count("GENERIC:") == 2
    assert len(seen.walk((*HISTORY, 3))) == 2
    assert len(seen.walk((*MIB_2, 10, 21, 1, 3, 1, 1, 5))) == 2
    assert {number: str(value) for (number,), value in seen.walk((*MAIL, 3, 1, 1, 4)).items()} == {2: "tom@example.org"}
    row = {column: value for (column, _), value in seen.walk((*MAIL, 3, 1, 1)).items()}
    assert row[2].prettyPrint() == "172.18.106.40"
    assert [int(row[column]) for column in (3, 7, 8, 9, 10, 11)] == [1, 2, 3, 1, 0, 3]
    assert bytes(row[1]) == bytes(seen.get(*VOICE, 4, 1, 1, 1, 1))
    voice = {column: value for (column, _), value in seen.walk((*VOICE, 4, 1, 1)).items()}
    assert [int(voice[column]) for column in (2, 5, 9)] == [30_000, 6, 2]
    history = {column: value for (column, number), value in seen.walk(CISCO_HISTORY).items() if number == 1}
    assert str(history[3]) == "4085551212"
    assert bytes(history[8]) == bytes([16])
    assert [int(history[column]) for column in (5, 14)] == [1, 10]
    # A mail server by name has no address that could be told; the row is there all the same.
    going = seen.walk((*MAIL, 2, 1, 1, 2))
    assert [value.prettyPrint() for value in going.values()] == ["0.0.0.0"]


def test_the_history_is_as_long_as_a_manager_sets() -> None:
    seen = Managed()
    size = (*MIB_2, 10, 21, 1, 4, 1, 0)
    assert int(seen.get(*size)) == 50
    assert seen.ask("Set", (size, rfc1902.Integer32(1)), community="public")[0] == 6
    assert seen.ask("Set", (size, rfc1902.Integer32(501)), community="secret")[0] == 10
    assert seen.ask("Set", (size, rfc1902.Integer32(1)), community="secret")[0] == 0
    assert "dial-control-mib max-size 1\n" in seen.user.type("show running-config")
    seen.fax()
    assert list(seen.walk((*CISCO_HISTORY, 5))) == [(2,)]


def test_a_manager_cannot_write_a_second_line() -> None:
    seen = Managed()
    before = seen.user.type("show running-config")
    for text in (b"x\nhostname taken", b"what?", b"x" * 300):
        status, _ = seen.ask("Set", ((*SYSTEM, 4, 0), rfc1902.OctetString(text)), community="secret")
        assert status in (8, 10)
    assert seen.user.type("show running-config") == before
    seen.ask("Set", ((*SYSTEM, 4, 0), rfc1902.OctetString("Tom")), community="secret")
    assert "snmp-server contact Tom\n" in seen.user.type("show running-config")


def test_a_manager_reloads_only_where_that_is_allowed() -> None:
    seen, reloads = Managed(), [0]
    seen.router.device.on_reload = lambda: reloads.append(1)
    said = ((*CISCO, 2, 9, 9, 0), rfc1902.Integer32(2))
    assert seen.ask("Set", said, community="secret")[0] == 10
    seen.user.configure("snmp-server system-shutdown")
    assert seen.ask("Set", said, community="secret")[0] == 0
    assert reloads == [0, 1]


def test_peers_have_what_is_configured_and_counted() -> None:
    seen = Managed()
    seen.fax()
    peers = seen.router.voice.indexes.peers
    assert str(seen.get(*MIB_2, 10, 21, 1, 2, 1, 1, 4, 2, peers[2])) == "1001"
    assert str(seen.get(*VOICE, 2, 4, 1, 1, peers[1])) == "555...."
    assert str(seen.get(*MAIL, 1, 1, 1, 2, peers[2])) == "mailto:tom@example.org"
    assert int(seen.get(*MAIL, 1, 1, 1, 3, peers[2])) == 2
    assert bytes(seen.get(*MAIL, 1, 1, 1, 6, peers[2])) == b"\xc0"
    assert int(seen.get(*MIB_2, 10, 21, 1, 2, 2, 1, 6, 1, peers[1])) == 1


def test_dsp_channels_in_use_are_counted_by_card() -> None:
    seen = Managed()
    cards = seen.walk((*CISCO, 9, 86, 1, 1, 1, 1, 7))
    assert len(cards) == len(seen.router.device.chassis.dsp.cards)
    channels = seen.walk((*CISCO, 9, 86, 1, 2, 1, 1, 6))
    assert sum(map(int, channels.values())) == seen.router.device.chassis.dsp.total


def test_memory_is_that_of_show_memory() -> None:
    seen = Managed()
    used = seen.walk((*CISCO, 9, 48, 1, 1, 1, 5))
    text = seen.user.type("show memory")
    assert all(str(int(value)) in text for value in used.values())


def test_controllers_have_the_state_and_the_lost_seconds_of_show_controllers() -> None:
    managed = Managed()
    lines = (*MIB_2, 10, 18)
    managed.clock.run(until_s=1000.0)
    configured, current = managed.walk((*lines, 6, 1)), managed.walk((*lines, 7, 1))
    total = managed.walk((*lines, 9, 1))
    assert "T1 0 is down" in managed.user.type("show controllers T1 0")
    assert [int(configured[10, number]) for number in (1, 2)] == [4 | 64] * 2  # no signal is heard, the far end is told
    assert int(configured[11, 1]) == 4  # a D channel signals
    assert (int(configured[3, 1]), int(configured[4, 1])) == (100, 1)
    assert (int(current[5, 1]), int(total[5, 1])) == (100, 900)
    managed.router.plug("T1 0", object())  # type: ignore[arg-type]
    assert int(managed.walk((*lines, 6, 1))[10, 1]) == 1
    assert int(managed.walk((*lines, 6, 1))[10, 2]) == 4 | 64


def test_channels_in_use_are_counted_at_the_point_of_presence() -> None:
    managed = Managed()
    channels = managed.router.voice.control.channels
    channels.active["0:D"] = channels.active[""] = 2
    channels.most[""] = 3
    usage = (*CISCO, 10, 19, 1, 1)
    assert [int(managed.get(*usage, column, 0)) for column in (3, 4, 8)] == [2, 2, 3]


def test_the_log_history_is_that_of_show_logging_history() -> None:
    managed = Managed()
    log = managed.router.device.log
    log.event("LINK", 3, "UPDOWN", "Interface Serial0, changed state to up")
    rows = managed.walk((*CISCO, 9, 41, 1, 2, 3, 1))
    [index] = {oid[1] for oid in rows}
    assert [bytes(rows[column, index]) for column in (2, 4)] == [b"LINK", b"UPDOWN"]
    assert int(rows[3, index]) == 4
    assert f"entry number {index} : LINK-3-UPDOWN\n" in managed.user.type("show logging history")
