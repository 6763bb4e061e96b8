"""What BGP has of its own: by address, by masks, by expressions."""

from __future__ import annotations

import pytest

from tests.commands.show_scenarios import Scene

BGP = """
interface Ethernet0
 ip address 10.1.1.1 255.255.255.0
interface FastEthernet0
 ip address 192.168.1.1 255.255.255.0
router bgp 65000
 network 10.1.1.0 mask 255.255.255.0
 network 192.168.1.0
 neighbor 10.1.1.2 remote-as 65001
"""


@pytest.mark.parametrize(
    ("asked", "networks"),
    [
        ("", ["10.1.1.0/24", "192.168.1.0/24"]),
        ("cidr-only", ["10.1.1.0/24"]),
        ("regexp ^$", ["10.1.1.0/24", "192.168.1.0/24"]),
        ("regexp _65001_", []),
        ("regexp (", []),
        ("community", []),
        ("neighbors 10.1.1.2 advertised-routes", []),
    ],
)
def test_networks_are_chosen(asked: str, networks: list[str]) -> None:
    told = Scene(BGP).user.type(f"show ip bgp {asked}".rstrip())
    assert [row.split()[1] for row in told.splitlines() if row.startswith("*>")] == networks


def test_an_address_is_looked_up() -> None:
    user = Scene(BGP).user
    assert user.type("show ip bgp 10.1.1.77").startswith("BGP routing table entry for 10.1.1.0/24, version 2\n")
    assert user.type("show ip bgp 10.9.9.9") == "% Network not in table\n"
    assert user.type("show ip bgp paths").splitlines()[1].split()[2:] == ["2", "0", "i"]
    assert Scene().user.type("show ip bgp 10.1.1.1") == "% BGP not active\n\n"
