"""`show ip route`: networks under their class, and what one address falls under."""

from __future__ import annotations

from tests.commands.routers import User, device
from tests.commands.wired import LEFT, RIGHT, address


def table(user: User) -> list[str]:
    """The rows behind the codes."""
    return user.type("show ip route").partition("Gateway of last resort")[2].splitlines()[2:]


def user(*lines: str) -> User:
    made = User(device("3660"))
    assert "%" not in made.configure(*lines)
    return made


def test_subnets_of_one_length_stand_under_their_network() -> None:
    made = user(*address(LEFT, "10.0.1.1"), *address(RIGHT, "192.168.5.1"), "ip route 10.0.9.0 255.255.255.0 10.0.1.2")
    assert table(made) == [
        "     10.0.0.0/24 is subnetted, 2 subnets",
        f"C       10.0.1.0 is directly connected, {LEFT}",
        "S       10.0.9.0 [1/0] via 10.0.1.2",
        f"C    192.168.5.0/24 is directly connected, {RIGHT}",
    ]


def test_subnets_of_several_lengths_tell_their_own_and_the_default_is_last() -> None:
    made = user(
        *address(LEFT, "10.0.1.1"),
        *address(RIGHT, "10.0.2.1", "255.255.255.252"),
        "ip route 0.0.0.0 0.0.0.0 10.0.1.2",
        "ip route 0.0.0.0 0.0.0.0 10.0.2.2",
    )
    assert table(made) == [
        "     10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks",
        f"C       10.0.1.0/24 is directly connected, {LEFT}",
        f"C       10.0.2.0/30 is directly connected, {RIGHT}",
        "S*   0.0.0.0/0 [1/0] via 10.0.1.2",
        "               [1/0] via 10.0.2.2",
    ]
    assert "Gateway of last resort is 10.0.1.2 to network 0.0.0.0" in made.type("show ip route")


def test_a_route_goes_with_its_interface() -> None:
    made = user(*address(LEFT, "10.0.1.1"), "ip route 0.0.0.0 0.0.0.0 10.0.1.2")
    made.configure(f"interface {LEFT}", "shutdown")
    assert table(made) == []
    assert "Gateway of last resort is not set" in made.type("show ip route")


def test_one_address_is_looked_up() -> None:
    made = user(*address(LEFT, "10.0.1.1"), "ip route 172.16.0.0 255.255.0.0 10.0.1.2 7")
    assert made.type("show ip route 172.16.3.4").splitlines() == [
        "Routing entry for 172.16.0.0/16",
        '  Known via "static", distance 7, metric 0',
        "  Routing Descriptor Blocks:",
        "  * 10.0.1.2",
        "      Route metric is 0, traffic share count is 1",
    ]
    assert f"directly connected, via {LEFT}" in made.type("show ip route 10.0.1.9")
    assert made.type("show ip route 10.0.7.7").startswith("% Subnet not in table\n")
    assert made.type("show ip route 192.0.2.1").startswith("% Network not in table\n")


def test_a_router_that_does_not_route_has_a_gateway() -> None:
    made = user(*address(LEFT, "10.0.1.1"), "ip default-gateway 10.0.1.2", "no ip routing")
    assert made.type("show ip route").startswith("Default gateway is 10.0.1.2\n\nHost ")


def test_networks_within_another_and_wider_than_their_class_are_chosen() -> None:
    user = User(device())
    user.configure(
        "interface Ethernet0", "no shutdown", "ip address 10.1.1.1 255.255.255.0",
        "ip route 172.16.0.0 255.240.0.0 10.1.1.2", "ip route 10.2.0.0 255.255.0.0 10.1.1.2",
    )  # fmt: skip
    longer = user.type("show ip route 10.1.0.0 255.255.0.0 longer-prefixes")
    assert "10.1.1.0 is directly connected, Ethernet0" in longer
    assert "10.2.0.0" not in longer
    wider = user.type("show ip route supernets-only")
    assert "172.16.0.0/12" in wider
    assert "10.2.0.0" not in wider
