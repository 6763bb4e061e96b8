"""Access lists asked about packets: which fit, what is counted, what the log says."""

from __future__ import annotations

import pytest

from iosemu.cli.internet4 import number
from iosemu.clock import ManualClock
from iosemu.commands.ip.packet_filter import passes
from iosemu.network import ECHO_REPLY, TCP, UDP, Packet
from tests.commands.routers import User, device

A, B = number("10.0.0.1"), number("10.0.1.2")
SYN, ACK = frozenset({"syn"}), frozenset({"ack"})
ECHO = Packet(A, B)
TELNET = Packet(A, B, TCP, 11001, 23, flags=SYN)
BACK = Packet(B, A, TCP, 23, 11001, flags=ACK)
DNS = Packet(A, B, UDP, 11002, 53)


def filtered(packet: Packet, *entries: str, name: str = "101") -> bool:
    user = User(device())
    assert user.configure(*(f"access-list {name} {entry}" for entry in entries)) == ""
    return passes(user.session.device, name, packet)


@pytest.mark.parametrize(
    ("entry", "packet", "fits"),
    [
        ("permit ip any any", ECHO, True),
        ("permit tcp any any", ECHO, False),
        ("permit icmp any any echo", ECHO, True),
        ("permit icmp any any echo-reply", ECHO, False),
        ("permit icmp any any echo-reply", Packet(A, B, message=(ECHO_REPLY, 0)), True),
        ("permit icmp any any unreachable", Packet(A, B, message=(3, 13)), True),
        ("permit icmp any any host-unreachable", Packet(A, B, message=(3, 13)), False),
        ("permit icmp any any 3 13", Packet(A, B, message=(3, 13)), True),
        ("permit icmp any any 3", Packet(A, B, message=(3, 1)), True),
        ("permit tcp any any eq telnet", TELNET, True),
        ("permit tcp any any eq www", TELNET, False),
        ("permit tcp any any neq www", TELNET, True),
        ("permit tcp any any lt 23", TELNET, False),
        ("permit tcp any any lt 24", TELNET, True),
        ("permit tcp any gt 11000 any", TELNET, True),
        ("permit tcp any range 11001 11001 any range telnet smtp", TELNET, True),
        ("permit udp any any eq domain", DNS, True),
        ("permit udp any any eq tftp", DNS, False),
        ("permit tcp any any established", TELNET, False),
        ("permit tcp any any established", BACK, True),
        ("permit tcp any any syn", TELNET, True),
        ("permit tcp any any ack", TELNET, False),
        ("permit ip host 10.0.0.1 10.0.1.0 0.0.0.255", ECHO, True),
        ("permit ip host 10.0.0.1 host 10.0.1.3", ECHO, False),
        ("permit ip 10.0.0.0 0.0.0.254 any", ECHO, False),
        ("permit gre any any", ECHO, False),
        ("permit 47 any any", Packet(A, B, 47), True),
    ],
)
def test_an_entry_fits_what_it_says(entry: str, packet: Packet, fits: bool) -> None:
    assert filtered(packet, entry) is fits


def test_the_first_entry_that_fits_decides_and_what_none_fits_is_denied() -> None:
    assert not filtered(ECHO, "deny icmp any any", "permit ip any any")
    assert filtered(ECHO, "permit ip any any", "deny icmp any any")
    assert not filtered(ECHO, "permit tcp any any")
    assert not filtered(ECHO, "deny 10.0.0.0 0.0.0.255", "permit any", name="1")
    assert filtered(Packet(B, A), "deny 10.0.0.0 0.0.0.255", "permit any", name="1")


def test_a_list_that_is_not_there_or_empty_lets_everything_through() -> None:
    assert passes(device(), "199", ECHO)
    user = User(device())
    user.configure("ip access-list extended nothing", "remark yet")
    assert passes(user.session.device, "nothing", ECHO)


def test_a_named_list_is_asked_and_counted_by_its_name() -> None:
    user = User(device())
    user.configure("ip access-list extended guard", "permit icmp any any", "deny tcp any any eq telnet")
    for packet in (ECHO, TELNET, TELNET):
        passes(user.session.device, "guard", packet)
    assert user.type("show access-lists guard").splitlines()[1:] == [
        "    10 permit icmp any any (1 match)",
        "    20 deny tcp any any eq telnet (2 matches)",
    ]


@pytest.mark.parametrize(
    ("name", "entry", "packet", "told"),
    [
        ("101", "deny icmp any any log", ECHO, "DP: list 101 denied icmp 10.0.0.1 -> 10.0.1.2 (8/0), {}"),
        ("101", "permit tcp any any log", TELNET, "P: list 101 permitted tcp 10.0.0.1(0) -> 10.0.1.2(0), {}"),
        (
            "101",
            "deny tcp any any eq telnet log",
            TELNET,
            "P: list 101 denied tcp 10.0.0.1(11001) -> 10.0.1.2(23), {}",
        ),
        ("101", "deny gre any any log-input", Packet(A, B, 47), "NP: list 101 denied gre 10.0.0.1 -> 10.0.1.2, {}"),
        ("1", "deny any log", ECHO, "S: list 1 denied 10.0.0.1 {}"),
    ],
)
def test_the_log_tells_of_a_flow_at_once_and_of_the_rest_after_five_minutes(
    name: str, entry: str, packet: Packet, told: str
) -> None:
    user = User(device())
    user.configure("logging buffered", f"access-list {name} {entry}")
    router = user.session.device
    clock = router.clock
    assert isinstance(clock, ManualClock)
    for _ in range(4):
        passes(router, name, packet)
    first = f"%SEC-6-IPACCESSLOG{told}"
    printed = user.type("show logging")
    assert first.format("1 packet") in printed
    assert printed.count("IPACCESSLOG") == 1
    clock.run(clock.now() + 300.0)
    printed = user.type("show logging")
    assert first.format("3 packets") in printed
    assert printed.count("IPACCESSLOG") == 2
    clock.run(clock.now() + 300.0)
    assert user.type("show logging").count("IPACCESSLOG") == 2
