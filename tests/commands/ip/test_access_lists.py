"""Access lists read: whom they let through, and how they are shown."""

from __future__ import annotations

import pytest

from iosemu.commands.ip.access_lists import permits
from tests.commands.routers import User, device

LISTS = """\
access-list 10 remark the office
access-list 10 deny 10.1.2.9
access-list 10 permit 10.1.2.0 0.0.0.255
access-list 101 deny udp any any
access-list 101 permit tcp host 10.0.0.1 any eq telnet
access-list 101 permit tcp 10.2.0.0 0.0.255.255 any range 22 23
access-list 101 deny tcp any any established
access-list 101 permit ip host 10.9.9.9 any
access-list 102 remark nothing yet
access-list 700 permit 0030.94c2.5d00
ip access-list standard odd
permit 10.0.0.1 0.255.255.254
"""


@pytest.fixture
def user() -> User:
    user = User(device("3660"))
    assert user.configure(*LISTS.splitlines()) == ""
    return user


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        (10, "10.1.2.9", False),
        (10, "10.1.2.10", True),
        ("10", "10.1.3.10", False),
        (101, "10.0.0.1", True),
        (101, "10.0.0.2", False),
        (101, "10.2.200.1", True),
        (101, "10.9.9.9", True),
        (102, "10.0.0.1", True),
        (99, "10.0.0.1", True),
        ("missing", "10.0.0.1", True),
        ("odd", "10.7.7.7", True),
        ("odd", "10.7.7.8", False),
    ],
)
def test_the_first_entry_that_fits_decides(user: User, name: int | str, address: str, expected: bool) -> None:
    assert permits(user.session.device.config, name, address) is expected


def test_an_extended_list_asks_for_the_port(user: User) -> None:
    config = user.session.device.config
    assert [permits(config, 101, "10.2.0.1", port) for port in (21, 22, 23)] == [False, True, True]
    assert [permits(config, 101, "10.0.0.1", port) for port in (22, 23)] == [False, True]


def test_lists_are_shown_with_numbers_and_without_remarks(user: User) -> None:
    assert user.type("show ip access-lists 10") == (
        "Standard IP access list 10\n    10 deny   10.1.2.9\n    20 permit 10.1.2.0, wildcard bits 0.0.0.255\n"
    )
    assert user.type("show access-lists").splitlines() == [
        "Standard IP access list 10",
        "    10 deny   10.1.2.9",
        "    20 permit 10.1.2.0, wildcard bits 0.0.0.255",
        "Standard IP access list odd",
        "    10 permit 10.0.0.1, wildcard bits 0.255.255.254",
        "Extended IP access list 101",
        "    10 deny udp any any",
        "    20 permit tcp host 10.0.0.1 any eq telnet",
        "    30 permit tcp 10.2.0.0 0.0.255.255 any range 22 telnet",
        "    40 deny tcp any any established",
        "    50 permit ip host 10.9.9.9 any",
        "Extended IP access list 102",
        "Bridge address access list 700",
        "    permit 0030.94c2.5d00",
    ]


def test_resequencing_renumbers(user: User) -> None:
    assert user.configure("ip access-list resequence 10 100 5") == ""
    assert [line.split()[0] for line in user.type("show access-lists 10").splitlines()[1:]] == ["100", "105"]
    user.configure("ip access-list standard 10", "103 permit 10.4.0.0 0.0.255.255")
    assert [line.split()[0] for line in user.type("show access-lists 10").splitlines()[1:]] == ["100", "103", "105"]


def test_prefix_lists_are_shown(user: User) -> None:
    user.configure(
        "ip prefix-list a permit 10.0.0.0/8 le 24", "ip prefix-list a description in", "ip prefix-list b deny 0.0.0.0/0"
    )
    assert user.type("show ip prefix-list a") == (
        "ip prefix-list a: 1 entries\n   Description: in\n   seq 5 permit 10.0.0.0/8 le 24\n"
    )
    assert "   count: 1, range entries: 1, sequences: 5 - 5, refcount: 1\n" in user.type(
        "show ip prefix-list summary a"
    )
    assert user.type("show ip prefix-list detail b").endswith("   seq 5 deny 0.0.0.0/0 (hit count: 0, refcount: 1)\n")


def test_route_maps_are_shown(user: User) -> None:
    user.configure("route-map equal permit 20", "match ip address prefix-list PFX", "match ip address 101")
    user.configure("route-map equal permit 20", "match length 150 200", "set ip next-hop 10.10.11.14")
    assert user.type("show route-map equal") == (
        "route-map equal, permit, sequence 20\n"
        "  Match clauses:\n"
        "    ip address (access-lists): 101\n"
        "    ip address prefix-lists: PFX\n"
        "    length 150 200\n"
        "  Set clauses:\n"
        "    ip next-hop 10.10.11.14\n"
        "  Policy routing matches: 0 packets, 0 bytes\n"
    )
    assert user.type("show route-map none") == "route-map none not found\n"
