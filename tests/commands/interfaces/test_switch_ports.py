"""The switch ports of an EtherSwitch module, and the VLAN interfaces that come with it."""

from __future__ import annotations

import pytest

from tests.commands.ip.test_access_config import printed
from tests.commands.routers import CARET, User, device


@pytest.fixture
def user() -> User:
    return User(device("3725", modules={"1": "NM-16ESW"}))


def test_a_switch_port_is_open_and_says_nothing_of_an_address_until_it_is_routed(user: User) -> None:
    assert printed(user, "interface FastEthernet1/0") == ["interface FastEthernet1/0"]
    assert printed(user, "interface Vlan1") == ["interface Vlan1", " no ip address"]
    user.configure("interface FastEthernet1/0", "no switchport")
    assert printed(user, "interface FastEthernet1/0")[1:] == [" no switchport", " no ip address"]
    user.configure("interface FastEthernet1/0", "switchport", "switchport mode trunk", "switchport access vlan 1")
    assert printed(user, "interface FastEthernet1/0")[1:] == [" switchport mode trunk"]


def test_its_lines_belong_to_its_ports_alone(user: User) -> None:
    assert CARET in user.configure("interface FastEthernet0/0", "switchport mode access")
    assert CARET in user.configure("interface FastEthernet1/0", "autostate")
    assert CARET in user.configure("interface FastEthernet1/0", "switchport access vlan 4095")


@pytest.mark.parametrize(
    ("vlans", "right"), [("1,10,1002-1005", True), ("10,5", False), ("1-4095", False), ("a", False)]
)
def test_lists_of_vlans_ascend(user: User, vlans: str, right: bool) -> None:
    said = user.configure("interface FastEthernet1/0", f"switchport trunk allowed vlan {vlans}")
    assert (CARET not in said) == right


def test_a_router_without_a_switch_has_no_vlans() -> None:
    plain = User(device("3725"))
    assert CARET in plain.configure("interface Vlan1")
    assert "interface Vlan" not in plain.type("show running-config")
