"""The templates of ntc-templates read routing processes, forwarding, DHCP, VLANs and standby groups of our routers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.routers import User, device

parse = pytest.importorskip("ntc_templates.parse")
pytestmark = pytest.mark.peer

CONFIGURATION = """\
interface Loopback0
ip address 192.168.255.1 255.255.255.255
interface Ethernet0
ip address 10.1.1.1 255.255.255.0
standby 1 ip 10.1.1.3
standby 1 preempt
interface FastEthernet0.10
encapsulation dot1Q 10
ip address 172.16.0.1 255.255.0.0
ip cef
ip route 10.2.0.0 255.255.0.0 172.16.0.9
router ospf 1
network 10.1.1.0 0.0.0.255 area 0
router bgp 65000
network 10.1.1.0 mask 255.255.255.0
neighbor 10.1.1.2 remote-as 65001
router eigrp 7
network 10.0.0.0
ip dhcp pool b
host 10.1.1.7 255.255.255.0
client-identifier 0100.1122.3344.55
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    assert user.configure(*CONFIGURATION.splitlines()) == ""
    return user


def read(user: User, command: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parse.parse_output("cisco_ios", command, user.type(command))
    return rows


def test_bgp(user: User) -> None:
    (row,) = read(user, "show ip bgp summary")
    assert (row["router_id"], row["local_as"]) == ("192.168.255.1", "65000")
    assert (row["bgp_neighbor"], row["neighbor_as"], row["up_down"]) == ("10.1.1.2", "65001", "never")
    (route,) = read(user, "show ip bgp")
    assert (route["network"], route["weight"]) == ("10.1.1.0/24", "32768")
    (neighbour,) = read(user, "show ip bgp neighbors")
    assert (neighbour["neighbor"], neighbour["remote_as"]) == ("10.1.1.2", "65001")


def test_ospf_and_eigrp(user: User) -> None:
    (row,) = read(user, "show ip ospf interface brief")
    assert (row["interface"], row["area"], row["cost"], row["state"]) == ("Et0", "0", "10", "DR")
    assert {row["network"] for row in read(user, "show ip eigrp topology")} == {"10.1.1.0"}


def test_forwarding(user: User) -> None:
    rows = {row["ip_address"]: row["interface"] for row in read(user, "show ip cef")}
    assert rows["10.2.0.0"] == ["FastEthernet0.10"]
    assert len(read(user, "show ip route summary")) > 3


def test_dhcp_vlans_and_standby(user: User) -> None:
    (binding,) = read(user, "show ip dhcp binding")
    assert binding["ip_address"] == "10.1.1.7"
    (vlan,) = read(user, "show vlans")
    assert vlan["vlan_id"] == "10"
    (group,) = read(user, "show standby")
    assert (group["interface"], group["group"], group["active_router"]) == ("Ethernet0", "1", "local")
