"""Lines of routing processes, as a router keeps them, whatever way they were said."""

from __future__ import annotations

import pytest

from tests.commands.ip.test_access_config import printed
from tests.commands.routers import CARET, User, device


@pytest.fixture
def user() -> User:
    return User(device("3660"))


@pytest.mark.parametrize(
    ("block", "typed", "kept"),
    [
        ("router rip", "network 10.1.2.0", "network 10.0.0.0"),
        ("router rip", "network 172.16.5.4", "network 172.16.0.0"),
        ("router eigrp 1", "network 192.168.7.9", "network 192.168.7.0"),
        ("router eigrp 1", "network 10.1.1.0 255.255.255.0", "network 10.1.1.0 0.0.0.255"),
        ("router eigrp 1", "network 10.1.1.7 0.0.0.3", "network 10.1.1.4 0.0.0.3"),
        ("router eigrp 1", "eigrp stub", "eigrp stub connected summary"),
        ("router eigrp 1", "eigrp stub summary static", "eigrp stub static summary"),
        ("router ospf 1", "network 10.1.1.1 255.255.255.255 area 0", "network 10.1.1.1 0.0.0.0 area 0"),
        (
            "router ospf 1",
            "redistribute eigrp 5 route-map x subnets metric 3 tag 4",
            "redistribute eigrp 5 metric 3 subnets tag 4 route-map x",
        ),
        (
            "router ospf 1",
            "redistribute ospf 2 match external internal metric 3",
            "redistribute ospf 2 metric 3 match external 1 external 2 internal",
        ),
        (
            "router ospf 1",
            "default-information originate route-map x metric 5 always",
            "default-information originate always metric 5 route-map x",
        ),
        ("router bgp 1", "network 10.0.0.0 mask 255.0.0.0", "network 10.0.0.0"),
        ("router bgp 1", "network 10.0.0.0 mask 255.255.0.0", "network 10.0.0.0 mask 255.255.0.0"),
    ],
)
def test_a_line_is_kept_in_one_form_and_taken_away_by_any(user: User, block: str, typed: str, kept: str) -> None:
    before = printed(user, block)
    user.configure(block, typed)
    assert f" {kept}" in printed(user, block)
    user.configure(block, kept)
    assert printed(user, block).count(f" {kept}") == 1
    user.configure(block, f"no {typed}")
    assert f" {kept}" not in printed(user, block)
    assert before == []


@pytest.mark.parametrize("title", ["49.0001.0000.0000.0001", "49.zz", "49.00", "490001"])
def test_a_wrong_network_entity_title_is_refused_where_it_stands(user: User, title: str) -> None:
    assert CARET in user.configure("router isis", f"net {title}")
    assert " net" not in "".join(printed(user, "router isis"))


def test_neighbors_of_bgp_stand_by_address_behind_the_groups_each_with_its_words_in_order(user: User) -> None:
    user.configure(
        "router bgp 1",
        "neighbor 10.0.0.2 remote-as 2",
        "neighbor 10.0.0.2 next-hop-self",
        "neighbor 9.0.0.1 remote-as 1",
        "neighbor 9.0.0.1 update-source Loopback0",
        "neighbor far peer-group",
    )
    assert [line for line in printed(user, "router bgp") if "neighbor 9" in line or "10." in line or "far" in line] == [
        " neighbor far peer-group",
        " neighbor 9.0.0.1 remote-as 1",
        " neighbor 9.0.0.1 update-source Loopback0",
        " neighbor 10.0.0.2 remote-as 2",
        " neighbor 10.0.0.2 next-hop-self",
    ]


def test_static_routes_stand_by_prefix_without_the_distance_that_they_have_anyway(user: User) -> None:
    user.configure(
        "ip route 192.168.1.0 255.255.255.0 Null0 name nowhere tag 7",
        "ip route 10.0.0.0 255.0.0.0 10.1.1.1 1",
        "ip route 0.0.0.0 0.0.0.0 Serial0/0 10.1.1.1 200 permanent",
    )
    assert printed(user, "ip route") == [
        "ip route 0.0.0.0 0.0.0.0 Serial0/0 10.1.1.1 200 permanent",
        "ip route 10.0.0.0 255.0.0.0 10.1.1.1",
        "ip route 192.168.1.0 255.255.255.0 Null0 tag 7 name nowhere",
    ]
    user.configure("no ip route 10.0.0.0 255.0.0.0 10.1.1.1")
    assert len(printed(user, "ip route")) == 2


NOBODY = "% Specify remote-as or peer-group commands first\n"


def test_a_neighbor_of_bgp_is_made_before_anything_is_said_of_it(user: User) -> None:
    assert user.configure("router bgp 1", "neighbor 10.0.0.2 next-hop-self") == NOBODY
    assert user.configure("router bgp 1", "neighbor near remote-as 2") == "% Create the peer-group first\n"
    assert user.configure("router bgp 1", "neighbor 10.0.0.2 remote-as 2", "neighbor 10.0.0.2 next-hop-self") == ""
    family = ("router bgp 1", "address-family ipv4 multicast")
    assert user.configure(*family, "neighbor 10.0.0.3 activate") == NOBODY
    assert user.configure(*family, "neighbor 10.0.0.2 activate") == ""


def test_a_member_of_a_peer_group_has_the_autonomous_system_of_the_group(user: User) -> None:
    user.configure("router bgp 1", "neighbor near peer-group")
    member = "neighbor 10.0.0.2 peer-group near"
    assert user.configure("router bgp 1", member) == "% Specify remote-as or peer-group remote AS first\n"
    assert user.configure("router bgp 1", "neighbor near remote-as 2", member, "neighbor 10.0.0.2 weight 5") == ""


def test_who_makes_a_neighbor_go_takes_all_of_it_away(user: User) -> None:
    user.configure("router bgp 1", "neighbor 10.0.0.2 remote-as 2", "neighbor 10.0.0.2 next-hop-self")
    user.configure("router bgp 1", "no neighbor 10.0.0.2 remote-as 2")
    assert not [line for line in printed(user, "router bgp") if "10.0.0.2" in line]


def test_a_static_route_has_no_host_bits(user: User) -> None:
    assert user.configure("ip route 10.1.1.1 255.255.255.0 10.2.2.2") == "%Inconsistent address and mask\n"
    assert user.configure("ip route 10.1.1.0 255.255.255.0 10.2.2.2") == ""


@pytest.mark.parametrize("wrong", ["zzz", "1:", "100:200:3", "no-exportt", "5:x"])
def test_a_community_is_a_number_a_name_or_a_pair(user: User, wrong: str) -> None:
    assert CARET in user.configure(f"ip community-list standard near permit {wrong}")
    assert CARET in user.configure("route-map out permit 10", f"set community 100:200 {wrong}")
    assert CARET in user.configure(f"ip extcommunity-list 1 permit rt {wrong}")


def test_communities_are_kept_as_typed(user: User) -> None:
    lines = ["ip community-list standard near permit 100:200 no-export", "ip community-list 100 permit ^1.*"]
    lines.append("ip extcommunity-list 1 permit rt 10.0.0.1:5 soo 100:1")
    assert user.configure(*lines) == ""
    assert [line for line in printed(user, "") if "community-list" in line] == lines
