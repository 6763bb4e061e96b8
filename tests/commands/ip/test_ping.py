"""`ping`: who answers, and what a router prints of it."""

from __future__ import annotations

import pytest

from iosemu.lab.network import Host, VirtualNetwork
from tests.commands.routers import User, device
from tests.commands.wired import LEFT, address, attached, chain

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
    network = VirtualNetwork({"mail.lab.test": [MAIL]})
    network.add(Host("mail", lambda: (MAIL,)))
    made = User(attached(device(), network))
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


def test_without_links_a_packet_may_leave_by_any_interface_for_anybody() -> None:
    made = user()
    made.configure("interface Loopback0", "ip address 192.0.2.1 255.255.255.0")
    made.type(f"ping {MAIL}", "clear counters")
    assert made.session.device.traffic["FastEthernet0"].output.packets == 5
    assert "Loopback0" not in made.session.device.traffic


@pytest.mark.parametrize("host", ["nobody.lab.test", "300.1.1.1", "1.2.3.004"])
def test_what_is_no_address_is_refused(host: str) -> None:
    assert user().type(f"ping {host}").endswith("% Unrecognized host or address, or protocol not running.\n")


def marks(printed: str) -> str:
    """The row of marks of a ping."""
    return printed.splitlines()[3]


def test_the_first_echo_is_given_up_for_address_resolution() -> None:
    lab = chain()
    r1 = lab.user["r1"]
    assert marks(r1.type("ping 10.0.12.2")) == ".!!!!"
    assert marks(r1.type("ping 10.0.12.2")) == "!!!!!"
    assert "Success rate is 80 percent (4/5), round-trip" in r1.type("clear arp-cache", "ping 10.0.12.2")


def test_who_is_not_there_is_told_of_once_in_half_a_second() -> None:
    r1 = chain().user["r1"]
    r1.type("ping 10.0.3.9")
    assert marks(r1.type("ping 10.0.3.77")) == "U.U.U"
    assert marks(r1.type("ping 10.99.0.1")) == "U.U.U"


def test_a_rate_limit_may_be_lifted_and_unreachables_turned_off() -> None:
    lab = chain()
    r1, r2 = lab.user["r1"], lab.user["r2"]
    r1.type("ping 10.0.12.2")
    r2.configure("no ip icmp rate-limit unreachable")
    assert marks(r1.type("ping 10.99.0.1")) == "UUUUU"
    r2.configure(f"interface {LEFT}", "no ip unreachables")
    assert marks(r1.type("ping 10.99.0.1")) == "....."


def test_without_an_own_route_or_the_way_back_there_is_silence() -> None:
    lab = chain()
    lab.user["r1"].type("ping 10.0.3.9")
    lab.user["r3"].configure("no ip route 10.0.12.0 255.255.255.0 10.0.23.2")
    assert marks(lab.user["r1"].type("ping 10.0.3.9")) == "....."
    lab.user["r1"].configure("no ip route 0.0.0.0 0.0.0.0 10.0.12.2")
    assert marks(lab.user["r1"].type("ping 10.0.23.2")) == "....."


def test_two_routers_that_point_at_each_other_let_the_time_to_live_run_out() -> None:
    lab = chain()
    lab.user["r3"].configure("ip route 10.99.0.0 255.255.0.0 10.0.23.2")
    lab.user["r2"].configure("ip route 10.99.0.0 255.255.0.0 10.0.23.3")
    lab.user["r1"].type("ping 10.0.3.9")
    assert marks(lab.user["r1"].type("ping 10.99.0.1")) == "&&&&&"


def test_a_long_ping_is_quick_and_counts_every_echo() -> None:
    lab = chain()
    typist = User(lab.user["r1"].session.device, "", "10.0.3.9", "5000", "", "", "", "")
    assert "Success rate is 99 percent (4997/5000)" in typist.type("ping")
    assert lab.user["r3"].session.device.ip_counters.packets["forwarded"] > 9000


def test_a_wrong_mask_is_a_stranger_on_the_cable() -> None:
    lab = chain()
    lab.user["r2"].configure(*address(LEFT, "10.0.12.2", "255.255.255.252"))
    assert marks(lab.user["r1"].type("ping 10.0.12.2")) == ".!!!!"
    lab.user["r1"].configure(*address(LEFT, "10.0.12.9"), "interface " + LEFT)
    lab.user["r1"].type("clear arp-cache")
    assert marks(lab.user["r1"].type("ping 10.0.12.2")) == "....."


def test_an_ethernet_asks_by_proxy_for_what_its_mask_takes_for_near() -> None:
    lab = chain()
    lab.user["r1"].configure(*address(LEFT, "10.0.12.1", "255.0.0.0"), "no ip route 0.0.0.0 0.0.0.0 10.0.12.2")
    assert marks(lab.user["r1"].type("ping 10.0.23.2")) == ".!!!!"
    assert "1 replies (1 proxy)" in lab.user["r2"].type("show ip traffic")
    lab.user["r1"].type("clear arp-cache")
    lab.user["r2"].configure(f"interface {LEFT}", "no ip proxy-arp")
    assert marks(lab.user["r1"].type("ping 10.0.23.2")) == "....."
