"""What access lists, prefix lists and route maps become when they are stored."""

from __future__ import annotations

import pytest

from tests.commands.routers import CARET, User, device


@pytest.fixture
def user() -> User:
    return User(device("3660"))


def printed(user: User, start: str) -> list[str]:
    """The lines of the running-config that start so, or stand in a block that does."""
    found: list[str] = []
    within = False
    for line in user.type("show running-config").splitlines():
        within = line.startswith(start) or (within and line.startswith(" "))
        if within:
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10 permit 10.0.0.5 0.0.0.0", "10 permit 10.0.0.5"),
        ("10 permit host 10.0.0.5", "10 permit 10.0.0.5"),
        ("10 permit 10.1.2.3 0.0.0.255", "10 permit 10.1.2.0 0.0.0.255"),
        ("10 deny 0.0.0.0 255.255.255.255 log", "10 deny   any log"),
        ("1300 deny any", "1300 deny   any"),
        ("101 permit ip 10.0.0.5 0.0.0.0 any", "101 permit ip host 10.0.0.5 any"),
        ("101 permit tcp any any eq 80", "101 permit tcp any any eq www"),
        ("101 permit tcp any eq 25 any established", "101 permit tcp any eq smtp any established"),
        ("101 permit udp any range 137 138 any", "101 permit udp any range netbios-ns netbios-dgm any"),
        ("101 permit udp any any eq 514", "101 permit udp any any eq syslog"),
        ("101 permit tcp any any eq 514", "101 permit tcp any any eq cmd"),
        ("101 permit tcp any any eq 34555", "101 permit tcp any any eq 34555"),
        ("101 deny 47 any any", "101 deny   gre any any"),
        ("101 deny 200 any any", "101 deny   200 any any"),
        ("101 permit icmp any any 8", "101 permit icmp any any echo"),
        ("101 permit icmp any any 3 4", "101 permit icmp any any packet-too-big"),
        ("101 permit icmp any any 40 2", "101 permit icmp any any 40 2"),
        ("101 permit ip any any log precedence 5", "101 permit ip any any precedence critical log"),
        ("101 permit ip any any dscp 46", "101 permit ip any any dscp ef"),
        ("101 permit ip any any tos 8 log-input", "101 permit ip any any tos min-delay log-input"),
        ("101 permit ip any any time-range work fragments", "101 permit ip any any fragments time-range work"),
        ("2699 dynamic in timeout 5 permit ip any any", "2699 dynamic in timeout 5 permit ip any any"),
        ("200 permit 0x6000 0x0fff", "200 permit 0x6000 0x0FFF"),
        ("700 deny 30.94C2.5d00", "700 deny   0030.94c2.5d00"),
        ("801 permit 10.0000.0000.0001", "801 permit 10.0000.0000.0001"),
    ],
)
def test_an_entry_is_kept_in_the_words_of_ios(user: User, typed: str, kept: str) -> None:
    assert user.configure(f"access-list {typed}") == ""
    assert printed(user, "access-list") == [f"access-list {kept}"]
    assert user.configure(f"access-list {kept}") == ""
    assert printed(user, "access-list") == [f"access-list {kept}"]
    assert user.configure(f"no access-list {kept}") == ""
    assert printed(user, "access-list") == []


@pytest.mark.parametrize(
    "line",
    [
        "access-list 10 permit 10.0.0.0 0.0.0.255 any",
        "access-list 10 permit 10.0.0.300",
        "access-list 101 permit tcp any any eq www www",
        "access-list 101 permit ip any any log log",
        "access-list 101 permit ip any any established",
        "access-list 101 permit ip any any eq www",
        "access-list 101 permit tcp any any eq snmp",
        "access-list 2700 permit any",
        "access-list 200 permit 10.0.0.1",
        "ip prefix-list a permit 10.0.0.0",
        "ip prefix-list a permit 10.0.0.0/33",
        "route-map a allow 10",
    ],
)
def test_junk_gets_the_caret(user: User, line: str) -> None:
    assert user.configure(line).endswith(CARET)


def test_lists_print_by_number_and_their_entries_as_entered(user: User) -> None:
    user.configure("access-list 101 deny ip any any", "access-list 20 permit any", "access-list 101 permit tcp any any")
    user.configure("access-list 3 permit any", "access-list 101 deny ip any any")
    assert [line.split(maxsplit=1)[1] for line in printed(user, "access-list")] == [
        *["3 permit any", "20 permit any", "101 deny   ip any any", "101 permit tcp any any"],
    ]


def test_named_lists_print_by_name_standard_ones_first(user: User) -> None:
    user.configure("ip access-list extended b", "permit ip any any", "ip access-list standard z", "permit any")
    user.configure("ip access-list extended a", "deny tcp any any eq 23", "remark why", "permit ip any any")
    assert printed(user, "ip access-list") == [
        *["ip access-list standard z", " permit any", "ip access-list extended a", " deny   tcp any any eq telnet"],
        *[" remark why", " permit ip any any", "ip access-list extended b", " permit ip any any"],
    ]


def test_a_numbered_list_can_be_edited_as_a_named_one(user: User) -> None:
    user.configure("access-list 101 permit tcp any any", "access-list 101 permit udp any any")
    user.type("configure terminal", "ip access-list extended 101")
    assert user.session.prompt == "Router(config-ext-nacl)#"
    user.type("15 permit gre any any", "no permit tcp any any", "deny ip any any", "no 20")
    user.session.end()
    assert printed(user, "access-list") == ["access-list 101 permit gre any any", "access-list 101 deny   ip any any"]
    user.configure("no ip access-list extended 101")
    assert printed(user, "access-list") == []


def test_a_part_of_an_entry_takes_nothing_out(user: User) -> None:
    assert "% Incomplete command." in user.configure("ip access-list standard a", "permit any", "no permit")
    assert printed(user, "ip access-list") == ["ip access-list standard a", " permit any"]


def test_wrong_names_and_numbers_of_lists_are_refused(user: User) -> None:
    assert user.configure("ip access-list standard 101") == "% Invalid access list name.\n"
    printed = user.configure("ip access-list extended a", "permit ip any any", "ip access-list standard a")
    assert "already exists" in printed
    assert user.configure("ip access-list extended a", "10 deny ip any any") == "% Duplicate sequence number\n"


def test_prefix_lists_number_by_five_and_print_in_order(user: User) -> None:
    user.configure("ip prefix-list b permit 10.1.2.3/8 le 24", "ip prefix-list b deny 0.0.0.0/0")
    user.configure("ip prefix-list b seq 7 permit 10.1.0.0/16 ge 17", "ip prefix-list b description routes in")
    user.configure("ip prefix-list a permit 0.0.0.0/0", "ip prefix-list b permit 10.0.0.0/8 le 24")
    assert printed(user, "ip prefix-list") == [
        "ip prefix-list a seq 5 permit 0.0.0.0/0",
        "ip prefix-list b description routes in",
        "ip prefix-list b seq 5 permit 10.0.0.0/8 le 24",
        "ip prefix-list b seq 7 permit 10.1.0.0/16 ge 17",
        "ip prefix-list b seq 10 deny 0.0.0.0/0",
    ]
    user.configure("no ip prefix-list b deny 0.0.0.0/0", "no ip prefix-list b description")
    assert len(printed(user, "ip prefix-list b")) == 2
    user.configure("no ip prefix-list b")
    assert printed(user, "ip prefix-list") == ["ip prefix-list a seq 5 permit 0.0.0.0/0"]


def test_a_range_of_prefixes_must_be_one(user: User) -> None:
    assert "make sure: len < ge-value <= le-value" in user.configure("ip prefix-list a permit 10.0.0.0/8 ge 24 le 16")


def test_route_maps_keep_their_order_and_sort_their_parts(user: User) -> None:
    user.configure("route-map z deny 20", "match ip address 1 2", "match ip address 3 1", "set metric 5")
    user.configure(
        "route-map a", "match ip address prefix-list b", "route-map z permit 10", "match tag 7 9", "no match tag 7"
    )
    assert printed(user, "route-map") == [
        *["route-map z permit 10", " match tag 9"],
        *["route-map z deny 20", " match ip address 1 2 3", " set metric 5"],
        *["route-map a permit 10", " match ip address prefix-list b"],
    ]
    user.configure("no route-map z permit 10", "route-map z deny 20", "no match ip address")
    assert printed(user, "route-map z") == ["route-map z deny 20", " set metric 5"]
    user.configure("no route-map z")
    assert printed(user, "route-map") == ["route-map a permit 10", " match ip address prefix-list b"]


def test_a_remark_said_again_is_a_further_one(user: User) -> None:
    user.configure(
        "access-list 10 remark two  blanks", "access-list 10 permit any", "access-list 10 remark two  blanks"
    )
    remark = "access-list 10 remark two  blanks"
    assert printed(user, "access-list") == [remark, "access-list 10 permit any", remark]
    user.configure(
        "ip access-list extended web", "remark a", "remark a", "permit ip any any", "remark a", "no remark a"
    )
    assert printed(user, "ip access-list extended web")[1:] == [" remark a", " remark a", " permit ip any any"]


def test_an_interface_is_passive_or_not_as_it_differs_from_the_rest(user: User) -> None:
    user.configure("router ospf 1", "no passive-interface Loopback0", "passive-interface Serial0/0")
    assert printed(user, "router ospf") == ["router ospf 1", " log-adjacency-changes", " passive-interface Serial0/0"]
    user.configure("router ospf 1", "no passive-interface Serial0/0", "passive-interface default")
    user.configure("router ospf 1", "no passive-interface Loopback0", "passive-interface Serial0/0")
    assert printed(user, "router ospf")[2:] == [" passive-interface default", " no passive-interface Loopback0"]
