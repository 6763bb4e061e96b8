"""Tables of IP that follow from interfaces, routes and configuration."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

CONFIGURATION = """\
interface Loopback0
ip address 192.168.255.1 255.255.255.255
interface Ethernet0
ip address 10.1.1.1 255.255.255.0
ip nat inside
interface FastEthernet0
ip address 172.16.0.1 255.255.0.0
ip nat outside
ip policy route-map way
ip route 0.0.0.0 0.0.0.0 10.1.1.254
ip route 10.2.0.0 255.255.0.0 172.16.0.9
ip local pool dial 10.1.1.100 10.1.1.109
ip vrf blue
rd 65000:1
ip nat pool p 172.16.0.10 172.16.0.20 netmask 255.255.0.0
access-list 1 permit 10.0.0.0 0.255.255.255
ip nat inside source list 1 pool p overload
ip nat inside source static 10.1.1.5 172.16.0.5
ip as-path access-list 1 permit ^65001_
ip community-list 1 permit 65000:1
ip dhcp pool a
network 10.1.1.0 255.255.255.0
ip dhcp pool b
host 10.1.1.7 255.255.255.0
client-identifier 0100.1122.3344.55
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    assert user.configure(*CONFIGURATION.splitlines()) == ""
    return user


def test_the_forwarding_table_is_there_while_cef_runs() -> None:
    user = User(device())
    user.configure(*CONFIGURATION.splitlines())
    assert user.type("show ip cef") == "%CEF not running\n"
    user.configure("ip cef")
    rows = user.type("show ip cef").splitlines()
    assert rows[0] == "Prefix              Next Hop             Interface"
    assert "0.0.0.0/0           10.1.1.254           Ethernet0" in rows
    assert "10.1.1.0/24         attached             Ethernet0" in rows
    assert "10.1.1.255/32       receive" in rows
    assert "10.2.0.0/16         172.16.0.9           FastEthernet0" in rows
    assert user.type("show ip cef 10.2.3.4").splitlines()[1:] == [
        "10.2.0.0/16         172.16.0.9           FastEthernet0"
    ]
    assert "IP CEF switching enabled" in user.type("show cef interface Ethernet0")


def test_routes_by_where_they_come_from(user: User) -> None:
    assert user.type("show ip route static") == (
        "     10.0.0.0/16 is subnetted, 1 subnets\n"
        "S       10.2.0.0 [1/0] via 172.16.0.9\n"
        "S*   0.0.0.0/0 [1/0] via 10.1.1.254\n"
    )
    assert user.type("show ip route connected").count("is directly connected") == 3
    assert user.type("show ip route ospf 1") == ""


def test_the_summary_counts_networks_and_their_parts(user: User) -> None:
    assert user.type("show ip route summary").splitlines()[1:] == [
        "Route Source    Networks    Subnets     Overhead    Memory (bytes)",
        "connected       1           2           192         432",
        "static          1           1           128         288",
        "internal        2                                   2328",
        "Total           4           3           320         3048",
    ]


@pytest.mark.parametrize(
    ("command", "row"),
    [
        ("show ip aliases", "Interface                10.1.1.1\n"),
        ("show ip policy", "FastEthernet0  way\n"),
        ("show ip local pool", " dial                     10.1.1.100      10.1.1.109        10       0\n"),
        ("show ip local policy", "Local policy routing is disabled\n"),
        ("show ip vrf", "  blue                             65000:1\n"),
        ("show ip masks 10.0.0.0", "255.255.255.0    1\n255.255.0.0      1\n"),
        ("show ip nat statistics", "Inside interfaces: \n  Ethernet0\n"),
        ("show ip nat statistics", "Total active translations: 1 (1 static, 0 dynamic; 0 extended)\n"),
        ("show ip nat statistics", " total addresses 11, allocated 0 (0%), misses 0\n"),
        ("show ip as-path-access-list", "AS path access list 1\n    permit ^65001_\n"),
        ("show ip community-list", "Community list 1\n    permit 65000:1\n"),
        ("show ip dhcp binding", "10.1.1.7            0100.1122.3344.55       Infinite                Manual\n"),
        ("show ip dhcp pool a", " Total addresses                : 254\n"),
        ("show ip dhcp server statistics", "Address pools        2\n"),
        ("show ip rpf 10.1.1.3", "  RPF route/mask: 10.1.1.0/24\n"),
        ("show ip irdp", "Ethernet0 has router discovery disabled\n"),
        ("show ip redirects", "ICMP redirect cache is empty\n"),
        ("show ip http server status", "HTTP server port: 80\n"),
    ],
)
def test_a_row_follows_from_what_is_configured(user: User, command: str, row: str) -> None:
    assert row in user.type(command)


@pytest.mark.parametrize("command", ["show ip mroute", "show ip pim neighbor", "show ip rsvp reservation"])
def test_what_nobody_speaks_has_a_heading_only(user: User, command: str) -> None:
    assert user.type(command).count("\n") <= 2
    assert user.type(command)
