"""The routing table: longest prefix, distances, gateways behind gateways, and what is not there."""

from __future__ import annotations

import pytest

from iosemu.cli.internet4 import number, text
from iosemu.commands.routing.table import table_of
from tests.commands.routers import User, device
from tests.commands.wired import LEFT, RIGHT, address

BASE = (*address(LEFT, "10.0.1.1"), *address(RIGHT, "10.0.2.1"))


def way(destination: str, *lines: str) -> str:
    """Interface and neighbour of the way to an address, "" for none."""
    user = User(device("3660"))
    assert "%" not in user.configure(*BASE, *lines)
    found = table_of(user.session.device).way(number(destination))
    return f"{found.interface} {text(found.next_hop)}" if found is not None else ""


@pytest.mark.parametrize(
    ("destination", "lines", "expected"),
    [
        ("10.0.1.7", (), f"{LEFT} 10.0.1.7"),
        ("10.0.3.7", (), ""),
        ("10.0.3.7", ("ip route 0.0.0.0 0.0.0.0 10.0.2.9",), f"{RIGHT} 10.0.2.9"),
        (
            "10.0.3.7",
            ("ip route 0.0.0.0 0.0.0.0 10.0.2.9", "ip route 10.0.3.0 255.255.255.0 10.0.1.9"),
            f"{LEFT} 10.0.1.9",
        ),
        (
            "10.0.3.7",
            ("ip route 10.0.3.0 255.255.255.0 10.0.1.9", "ip route 10.0.3.0 255.255.255.128 10.0.2.9"),
            f"{RIGHT} 10.0.2.9",
        ),
        # A floating route waits for the better one to go.
        (
            "10.0.3.7",
            ("ip route 10.0.3.0 255.255.255.0 10.0.2.9 200", "ip route 10.0.3.0 255.255.255.0 10.0.1.9"),
            f"{LEFT} 10.0.1.9",
        ),
        (
            "10.0.3.7",
            (
                "ip route 10.0.3.0 255.255.255.0 10.0.2.9 200",
                "ip route 10.0.3.0 255.255.255.0 10.0.1.9",
                f"interface {LEFT}",
                "shutdown",
            ),
            f"{RIGHT} 10.0.2.9",
        ),
        # A gateway may lie behind another; one that only its own route leads to is none.
        (
            "192.0.2.7",
            ("ip route 192.0.2.0 255.255.255.0 10.0.3.3", "ip route 10.0.3.0 255.255.255.0 10.0.1.9"),
            f"{LEFT} 10.0.1.9",
        ),
        ("192.0.2.7", ("ip route 192.0.2.0 255.255.255.0 192.0.2.1",), ""),
        ("192.0.2.7", ("ip route 192.0.2.0 255.255.255.0 172.16.0.1",), ""),
        # Out of an interface the destination itself is the neighbour.
        ("192.0.2.7", (f"ip route 192.0.2.0 255.255.255.0 {LEFT}",), f"{LEFT} 192.0.2.7"),
        ("192.0.2.7", (f"ip route 192.0.2.0 255.255.255.0 {LEFT} 10.0.1.5",), f"{LEFT} 10.0.1.5"),
        ("192.0.2.7", ("ip route 192.0.2.0 255.255.255.0 Null0",), "Null0 192.0.2.7"),
        # Without `ip classless` a known network has no default.
        ("10.9.9.9", ("ip route 0.0.0.0 0.0.0.0 10.0.2.9", "no ip classless"), ""),
        ("11.9.9.9", ("ip route 0.0.0.0 0.0.0.0 10.0.2.9", "no ip classless"), f"{RIGHT} 10.0.2.9"),
        # Who does not route has a gateway.
        (
            "192.0.2.7",
            ("ip route 0.0.0.0 0.0.0.0 10.0.1.9", "ip default-gateway 10.0.2.9", "no ip routing"),
            f"{RIGHT} 10.0.2.9",
        ),
        ("192.0.2.7", ("ip default-gateway 10.0.2.9",), ""),
        ("192.168.0.7", (f"interface {LEFT}", "ip address 192.168.0.1 255.255.255.0 secondary"), f"{LEFT} 192.168.0.7"),
    ],
)
def test_the_way_to_an_address(destination: str, lines: tuple[str, ...], expected: str) -> None:
    assert way(destination, *lines) == expected


def test_the_table_follows_the_configuration() -> None:
    user = User(device("3660"))
    user.configure(*BASE)
    first = table_of(user.session.device)
    assert table_of(user.session.device) is first
    user.configure(f"interface {LEFT}", "shutdown")
    assert table_of(user.session.device).way(number("10.0.1.7")) is None
