"""`ping`: who answers, and what a router prints of it."""

from __future__ import annotations

import pytest

from iosemu.lab.network import Host, VirtualNetwork
from tests.commands.routers import User, device

ANSWERED = """
Type escape sequence to abort.
Sending 5, 100-byte ICMP Echos to {}, timeout is 2 seconds:
!!!!!
Success rate is 100 percent (5/5), round-trip min/avg/max = 1/2/4 ms
"""
SILENT = """
Type escape sequence to abort.
Sending 5, 100-byte ICMP Echos to {}, timeout is 2 seconds:
.....
Success rate is 0 percent (0/5)
"""
MAIL = "172.18.106.36"


def user() -> User:
    """At a router in a network with a mail server."""
    router = device()
    network = VirtualNetwork({"mail.lab.test": [MAIL], "odd.lab.test": ["2001:db8::1"]})
    network.add(Host("mail", lambda: (MAIL,)))
    router.network = network
    made = User(router)
    made.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0", "ip name-server 15.80.7.1")
    return made


def test_a_node_of_the_network_answers() -> None:
    assert user().type(f"ping {MAIL}") == ANSWERED.format(MAIL)


def test_an_address_that_nobody_has_is_silent() -> None:
    assert user().type("ping 172.18.106.37") == SILENT.format("172.18.106.37")


def test_a_name_is_looked_up_first() -> None:
    assert user().type("ping mail.lab.test").endswith(ANSWERED.format(MAIL))


def test_an_own_interface_answers_while_it_is_up() -> None:
    made = user()
    assert made.type("ping 15.80.7.11") == ANSWERED.format("15.80.7.11")
    made.configure("interface FastEthernet0", "shutdown")
    assert made.type("ping 15.80.7.11") == SILENT.format("15.80.7.11")


def test_without_an_interface_that_is_up_nothing_is_sent() -> None:
    made = user()
    made.configure("interface FastEthernet0", "shutdown")
    assert made.type(f"ping {MAIL}") == SILENT.format(MAIL)


def test_the_echo_leaves_by_the_interface_on_the_way() -> None:
    made = user()
    made.configure("interface Loopback0", "ip address 192.0.2.1 255.255.255.0")
    asked: list[tuple[str, str]] = []

    class Asked(VirtualNetwork):
        def reachable(self, source: str, destination: str) -> bool:
            asked.append((source, destination))
            return False

    made.session.device.network = Asked()
    made.type("ping 15.80.7.1", "ping 192.0.2.2", "ping 10.0.0.1")
    assert asked == [("15.80.7.11", "15.80.7.1"), ("192.0.2.1", "192.0.2.2"), ("15.80.7.11", "10.0.0.1")]


@pytest.mark.parametrize("host", ["nobody.lab.test", "odd.lab.test", "300.1.1.1", "1.2.3.004"])
def test_what_is_no_address_is_refused(host: str) -> None:
    assert user().type(f"ping {host}").endswith("% Unrecognized host or address, or protocol not running.\n")
