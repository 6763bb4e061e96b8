"""Routing processes as configured: what they run on, and that they have learnt nothing."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

CONFIGURATION = """\
interface Loopback0
ip address 192.168.255.1 255.255.255.255
interface Ethernet0
ip address 10.1.1.1 255.255.255.0
interface FastEthernet0
ip address 172.16.0.1 255.255.0.0
ip ospf cost 7
router ospf 1
network 10.1.1.0 0.0.0.255 area 0
network 192.168.255.1 0.0.0.0 area 1
passive-interface Ethernet0
router bgp 65000
network 10.1.1.0 mask 255.255.255.0
network 10.9.0.0 mask 255.255.0.0
neighbor 10.1.1.2 remote-as 65001
neighbor 10.1.1.2 description upstream
neighbor 192.0.2.9 remote-as 65000
neighbor 172.16.0.5 remote-as 65002
neighbor 172.16.0.5 shutdown
router eigrp 7
network 10.0.0.0
router rip
network 172.16.0.0
network 10.0.0.0
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    assert user.configure(*CONFIGURATION.splitlines()) == ""
    return user


def test_an_ospf_process_has_the_areas_and_interfaces_of_its_networks(user: User) -> None:
    printed = user.type("show ip ospf")
    assert ' Routing Process "ospf 1" with ID 192.168.255.1\n' in printed
    assert " Number of areas in this router is 2. 2 normal 0 stub 0 nssa\n" in printed
    assert "    Area BACKBONE(0)\n        Number of interfaces in this area is 1\n" in printed
    assert user.type("show ip ospf 2") == ""


def test_ospf_interfaces_tell_network_type_cost_and_silence(user: User) -> None:
    first, second = user.type("show ip ospf interface").split("Loopback0 is up")
    assert "Process ID 1, Router ID 192.168.255.1, Network Type BROADCAST, Cost: 10" in first
    assert "    No Hellos (Passive interface) \n" in first
    assert "  Loopback interface is treated as a stub Host\n" in second
    assert "FastEthernet0" not in first + second


def test_ospf_interfaces_in_short(user: User) -> None:
    assert user.type("show ip ospf interface brief").splitlines()[1:] == [
        "Et0          1     0               10.1.1.1/24        10    DR    0/0",
        "Lo0          1     1               192.168.255.1/32   1     LOOP  0/0",
    ]


def test_bgp_announces_the_networks_that_are_there(user: User) -> None:
    assert user.type("show ip bgp").endswith("*> 10.1.1.0/24      0.0.0.0                  0         32768 i\n")
    assert "10.9.0.0" not in user.type("show ip bgp")


def test_bgp_neighbours_are_never_up(user: User) -> None:
    rows = user.type("show ip bgp summary").splitlines()
    assert rows[0] == "BGP router identifier 192.168.255.1, local AS number 65000"
    assert rows[-3:] == [
        "10.1.1.2        4 65001       0       0        0    0    0 never    Active",
        "172.16.0.5      4 65002       0       0        0    0    0 never    Idle (Admin)",
        "192.0.2.9       4 65000       0       0        0    0    0 never    Idle",
    ]


def test_a_bgp_neighbour_is_internal_or_external(user: User) -> None:
    printed = user.type("show ip bgp neighbors 10.1.1.2")
    assert printed.startswith("BGP neighbor is 10.1.1.2,  remote AS 65001, external link\n Description: upstream\n")
    assert "BGP state = Active" in printed
    assert "internal link" in user.type("show ip bgp neighbors 192.0.2.9")
    assert user.type("show ip bgp neighbors 1.1.1.1") == "% No such neighbor or address family\n"


def test_eigrp_counts_the_distance_of_its_networks(user: User) -> None:
    # 256 * (10^7 / 10,000 kbit/s + 1000 us / 10), as every Ethernet has it.
    assert "P 10.1.1.0/24, 1 successors, FD is 281600\n        via Connected, Ethernet0\n" in user.type(
        "show ip eigrp topology"
    )
    assert "Et0                0        0/0 " in user.type("show ip eigrp interfaces")
    assert user.type("show ip eigrp neighbors") == "IP-EIGRP neighbors for process 7\n"


def test_rip_has_its_networks_by_class(user: User) -> None:
    assert user.type("show ip rip database") == (
        "10.0.0.0/8    auto-summary\n10.1.1.0/24    directly connected, Ethernet0\n"
        "172.16.0.0/16    auto-summary\n172.16.0.0/16    directly connected, FastEthernet0\n"
    )


def test_without_a_process_only_bgp_says_a_word() -> None:
    user = User(device())
    assert user.type("show ip bgp summary") == "% BGP not active\n\n"
    for command in ("show ip ospf", "show ip ospf neighbor", "show ip eigrp topology", "show ip rip database"):
        assert user.type(command) == ""
