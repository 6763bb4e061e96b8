"""Extended `ping`, `traceroute` and the ARP table: dialogues, silence, and who is remembered."""

from __future__ import annotations

import pytest

from iosemu.lab.network import Host, VirtualNetwork
from tests.commands.routers import User, device
from tests.commands.wired import LEFT, RIGHT, attached, chain

MAIL, ON_LINK = "172.18.106.36", "15.80.7.1"


def user(*answers: str) -> User:
    """At a router in a network with a mail server and a neighbour."""
    network = VirtualNetwork({"mail.lab.test": [MAIL]})
    network.add(Host("mail", lambda: (MAIL, ON_LINK)))
    made = User(attached(device(), network), *answers)
    made.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0", "ip name-server 15.80.7.1")
    return made


def test_an_extended_ping_asks_and_does_as_it_is_told() -> None:
    said = ("", MAIL, "72", "200", "1", "y", "FastEthernet0", "", "", "", "0x0000", "", "n")
    assert user(*said).type("ping").splitlines() == [
        "Protocol [ip]: ",
        f"Target IP address: {MAIL}",
        "Repeat count [5]: 72",
        "Datagram size [100]: 200",
        "Timeout in seconds [2]: 1",
        "Extended commands [n]: y",
        "Source address or interface: FastEthernet0",
        "Type of service [0]: ",
        "Set DF bit in IP header? [no]: ",
        "Validate reply data? [no]: ",
        "Data pattern [0xABCD]: 0x0000",
        "Loose, Strict, Record, Timestamp, Verbose[none]: ",
        "Sweep range of sizes [n]: n",
        "Type escape sequence to abort.",
        f"Sending 72, 200-byte ICMP Echos to {MAIL}, timeout is 1 seconds:",
        "Packet sent with a source address of 15.80.7.11 ",
        "Packet has data pattern 0x0000",
        "!" * 70,
        "!!",
        "Success rate is 100 percent (72/72), round-trip min/avg/max = 1/2/4 ms",
    ]


def test_a_sweep_sends_every_size() -> None:
    printed = user(MAIL, "2", "", "", "", "y", "100", "200", "50").type("ping ip")
    assert printed.startswith("Target IP address: ")
    assert f"Sending 6, [100..200]-byte ICMP Echos to {MAIL}, timeout is 2 seconds:\n!!!!!!\n" in printed


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        (("ipx",), '% Unknown protocol - "ipx", type "ping ?" for help'),
        (("", ""), "% Unrecognized host or address, or protocol not running."),
        (("", MAIL, "0"), "% A decimal number between 1 and 2147483647."),
        (("", MAIL, "", "20000"), "% A decimal number between 36 and 18024."),
        (
            ("", MAIL, "", "", "", "y", "10.0.0.1"),
            "% Invalid source address- IP address not on any of our up interfaces",
        ),
    ],
)
def test_an_answer_that_cannot_be_ends_the_ping(answers: tuple[str, ...], refusal: str) -> None:
    assert user(*answers).type("ping").endswith(f"\n{refusal}\n")


def test_a_great_many_echos_are_cut_off() -> None:
    printed = user("", MAIL, "2147483647", "", "", "", "").type("ping")
    assert printed.endswith("(100000/100000), round-trip min/avg/max = 1/2/4 ms\n")
    assert len(printed) < 110_000


def test_a_user_without_privilege_says_whom_to_ping() -> None:
    made = user()
    made.session.privilege = 1
    assert made.type("ping") == "% Incomplete command.\n\n"
    assert "100 percent" in made.type(f"ping {MAIL}")


def test_without_links_a_route_is_one_hop_long() -> None:
    assert user().type(f"traceroute {MAIL}") == (
        f"\nType escape sequence to abort.\nTracing the route to {MAIL}\n\n  1 {MAIL} 4 msec 0 msec 4 msec\n"
    )
    assert "Tracing the route to mail.lab.test (172.18.106.36)\n\n  1 mail.lab.test (172.18.106.36) 4 msec" in (
        user().type("traceroute mail.lab.test")
    )


def test_an_extended_traceroute_keeps_to_its_limits() -> None:
    printed = user("", "172.18.106.37", "", "y", "", "2", "3", "4", "", "").type("traceroute")
    assert "Minimum Time to Live [1]: 3\nMaximum Time to Live [30]: 4\nPort Number [33434]: \n" in printed
    assert printed.endswith("Tracing the route to 172.18.106.37\n\n  3  *  * \n  4  *  * \n")


def test_who_answers_on_the_link_is_in_the_arp_table() -> None:
    made = user()
    made.type(f"ping {MAIL}", "ping 15.80.7.2")
    assert [line.split()[1] for line in made.type("show arp").splitlines()[1:]] == ["15.80.7.11"]
    made.type(f"ping {ON_LINK}")
    heading, own, neighbour = made.type("show ip arp FastEthernet0").splitlines()
    assert heading == "Protocol  Address          Age (min)  Hardware Addr   Type   Interface"
    assert own.split()[:3] == ["Internet", "15.80.7.11", "-"]
    assert neighbour == "Internet  15.80.7.1               0   0200.0f50.0701  ARPA   FastEthernet0"
    assert made.type("show ip arp 15.80.7.1", "show ip arp 0200.0f50.0701").count(neighbour) == 2
    assert neighbour not in made.type("clear arp-cache", "show arp")


def test_an_interface_that_is_down_takes_its_neighbours_along() -> None:
    made = user()
    made.type(f"ping {ON_LINK}")
    made.configure("interface FastEthernet0", "shutdown")
    assert made.type("show arp") == ""


def hops(printed: str) -> list[str]:
    """The rows of a traceroute."""
    return printed.splitlines()[4:]


def test_a_route_is_shown_hop_by_hop() -> None:
    r1 = chain().user["r1"]
    r1.type("ping 10.0.3.9")
    r1.configure("ip host middle 10.0.12.2")
    assert hops(r1.type("traceroute 10.0.3.9")) == [
        "  1 middle (10.0.12.2) 4 msec 0 msec 4 msec",
        "  2 10.0.23.3 4 msec 0 msec 4 msec",
        "  3 10.0.3.9 4 msec 0 msec 4 msec",
    ]


def test_a_router_limits_how_often_it_says_that_it_has_no_such_port() -> None:
    r1 = chain().user["r1"]
    r1.type("ping 10.0.23.3")
    assert hops(r1.type("traceroute 10.0.23.3"))[-1] == "  2 10.0.23.3 4 msec *  4 msec"


def test_the_router_that_knows_no_further_says_so_and_ends_the_route() -> None:
    r1 = chain().user["r1"]
    r1.type("ping 10.0.23.3")
    assert hops(r1.type("traceroute 10.99.0.1")) == [
        "  1 10.0.12.2 4 msec 0 msec 4 msec",
        "  2 10.0.12.2 !H  *  !H ",
    ]


def test_a_filter_on_the_way_prohibits_and_counts() -> None:
    lab = chain()
    r1, r2 = lab.user["r1"], lab.user["r2"]
    r1.type("ping 10.0.23.3")
    r2.configure("access-list 101 deny udp any any", "access-list 101 permit ip any any")
    r2.configure(f"interface {LEFT}", "ip access-group 101 in")
    assert hops(r1.type("traceroute 10.0.23.3")) == ["  1 10.0.12.2 !A  *  !A "]
    r1.type("ping 10.0.23.3")
    assert r2.type("show access-lists 101").splitlines()[1:] == [
        "    10 deny udp any any (3 matches)",
        "    20 permit ip any any (5 matches)",
    ]
    assert "matches" not in r2.type("clear access-list counters 101", "show access-lists")


def test_both_sides_of_a_cable_have_learnt_each_other() -> None:
    lab = chain()
    lab.user["r1"].type("ping 10.0.12.2")
    learnt = {name: lab.user[name].session.device.chassis.mac_address(LEFT) for name in ("r1", "r2")}
    for name, other, far in (("r1", "r2", "10.0.12.2"), ("r2", "r1", "10.0.12.1")):
        row = f"Internet  {far:<15}         0   {learnt[other]}  ARPA   {LEFT}\n"
        assert row in lab.user[name].type("show arp")


def test_who_did_not_answer_is_incomplete_for_a_while() -> None:
    r1 = chain().user["r1"]
    r1.type("ping 10.0.12.7")
    assert r1.type("show arp").splitlines()[-1] == "Internet  10.0.12.7               0   Incomplete      ARPA"


def test_counters_of_interfaces_and_of_ip_move_with_the_packets() -> None:
    lab = chain()
    r1, r2 = lab.user["r1"], lab.user["r2"]
    r1.type("ping 10.0.23.3", "ping 10.0.23.3")
    assert "     9 packets input, 1026 bytes," in r2.type(f"show interfaces {LEFT}")
    # One was given up for address resolution.
    assert "     8 packets output, 912 bytes," in r2.type(f"show interfaces {RIGHT}")
    assert "Drop:  1 encapsulation failed" in r2.type("show ip traffic")
    assert "Rcvd: 1 requests, 1 replies, 0 reverse, 0 other" in r2.type("show ip traffic")
    assert "Sent:  0 generated, 17 forwarded" in r2.type("show ip traffic")


def test_a_cable_is_dead_while_its_other_end_is_shut_down() -> None:
    lab = chain()
    lab.user["r2"].configure(f"interface {LEFT}", "shutdown")
    assert f"{LEFT} is down, line protocol is down" in lab.user["r1"].type(f"show interfaces {LEFT}")
    assert f"{RIGHT} is up, line protocol is up" in lab.user["r3"].type(f"show interfaces {RIGHT}")


def test_the_filters_of_an_interface_are_told() -> None:
    r2 = chain().user["r2"]
    r2.configure(f"interface {LEFT}", "ip access-group 101 in", "ip access-group guard out", "no ip unreachables")
    printed = r2.type(f"show ip interface {LEFT}")
    assert "  Outgoing access list is guard\n  Inbound  access list is 101\n" in printed
    assert "  ICMP unreachables are never sent\n" in printed
