"""What is told of packets, of ICMP, of ARP and of the routing table."""

from __future__ import annotations

import pytest

from iosemu.cli import internet4
from iosemu.commands.debug import ip as debug_ip
from iosemu.commands.debug.ip import icmp_lines, packet_lines
from iosemu.commands.ip.events import IcmpHandled, PacketHandled
from iosemu.commands.ip.layer import IpLayer
from iosemu.network import ECHO_REPLY, PORT, TCP, TIME_EXCEEDED, UDP, UNREACHABLE, Packet
from tests.commands.routers import User, device

NEAR, OWN, FAR = map(internet4.number, ("10.1.1.2", "10.1.1.1", "172.16.5.5"))


@pytest.fixture
def user() -> User:
    user = User(device())
    user.configure(
        "interface Ethernet0",
        "ip address 10.1.1.1 255.255.255.0",
        "interface FastEthernet0",
        "ip address 172.16.0.1 255.255.0.0",
        "logging buffered 20000",
        "access-list 101 permit icmp host 10.1.1.2 any",
    )
    debug_ip.attach(user.session.device)
    user.session.device.log.clear()
    return user


def logged(user: User) -> list[str]:
    return [line.partition(": ")[2] for line in user.session.device.log.buffer]


def test_a_packet_is_told_of_by_what_becomes_of_it(user: User) -> None:
    user.type("debug ip packet", "debug ip icmp")
    router = user.session.device
    layer = IpLayer(lambda: router)
    layer.arrive("Ethernet0", Packet(NEAR, OWN), 0.0)
    layer.depart(Packet(OWN, NEAR, message=(ECHO_REPLY, 0)))
    layer.arrive("Ethernet0", Packet(NEAR, FAR, TCP, 11000, 23), 0.0)
    layer.arrive("Ethernet0", Packet(NEAR, internet4.number("192.0.2.1")), 0.0)
    layer.arrive("Ethernet0", Packet(NEAR, FAR, ttl=1), 0.0)
    assert logged(user) == [
        "IP: s=10.1.1.2 (Ethernet0), d=10.1.1.1 (Ethernet0), len 100, rcvd 3",
        "IP: s=10.1.1.1 (local), d=10.1.1.2 (Ethernet0), len 100, sending",
        "ICMP: echo reply sent, src 10.1.1.1, dst 10.1.1.2",
        "IP: s=10.1.1.2 (Ethernet0), d=172.16.5.5 (FastEthernet0), len 100, forward",
        "IP: s=10.1.1.2 (Ethernet0), d=192.0.2.1, len 100, unroutable",
        "ICMP: dst (192.0.2.1) host unreachable sent to 10.1.1.2",
        "ICMP: time exceeded (time to live) sent to 10.1.1.2 (dest was 172.16.5.5)",
    ]


def test_an_access_list_says_which_packets(user: User) -> None:
    user.type("debug ip packet 101 detail")
    router = user.session.device
    layer = IpLayer(lambda: router)
    layer.arrive("Ethernet0", Packet(NEAR, FAR, TCP, 11000, 23), 0.0)
    assert logged(user) == []
    layer.arrive("Ethernet0", Packet(NEAR, FAR), 0.0)
    assert logged(user)[1] == "    ICMP type=8, code=0"


def test_ports_and_flags_are_the_detail_of_a_segment() -> None:
    event = PacketHandled("sending", Packet(OWN, NEAR, TCP, 11000, 25, flags=frozenset({"syn"})), "", "Ethernet0")
    assert list(packet_lines(event, detail=True))[1] == "    TCP src=11000, dst=25 SYN"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ((ECHO_REPLY, 0), "ICMP: echo reply rcvd, src 10.1.1.2, dst 10.1.1.1"),
        ((TIME_EXCEEDED, 0), "ICMP: time exceeded rcvd from 10.1.1.2"),
        ((UNREACHABLE, PORT), "ICMP: dst (10.1.1.1) port unreachable rcv from 10.1.1.2"),
    ],
)
def test_what_comes_from_others_is_told_too(message: tuple[int, int], line: str) -> None:
    assert list(icmp_lines(IcmpHandled(False, Packet(NEAR, OWN, message=message)))) == [line]


def test_own_datagrams_are_told_with_their_ports(user: User) -> None:
    user.type("debug ip udp")
    router = user.session.device
    layer = IpLayer(lambda: router)
    layer.arrive("Ethernet0", Packet(NEAR, OWN, UDP, 50000, 161, octets=128), 0.0)
    layer.depart(Packet(OWN, NEAR, UDP, 514, 514, octets=100))
    layer.arrive("Ethernet0", Packet(NEAR, FAR, UDP, 1, 2), 0.0)
    assert logged(user) == [
        "UDP: rcvd src=10.1.1.2(50000), dst=10.1.1.1(161), length=108",
        "UDP: sent src=10.1.1.1(514), dst=10.1.1.2(514), length=80",
    ]


def test_arp_asks_hears_and_answers(user: User) -> None:
    user.type("debug arp")
    router = user.session.device
    own, layer = router.chassis.mac_address("Ethernet0"), IpLayer(lambda: router)
    layer.learn("Ethernet0", NEAR, "0000.0c07.ac01")
    assert layer.asked("Ethernet0", OWN, NEAR)
    assert [line for told in logged(user) for line in told.splitlines()] == [
        "IP ARP: creating incomplete entry for IP address: 10.1.1.2 interface Ethernet0",
        f"IP ARP: sent req src 10.1.1.1 {own},",
        "                 dst 10.1.1.2 0000.0000.0000 Ethernet0",
        "IP ARP: rcvd rep src 10.1.1.2 0000.0c07.ac01, dst 10.1.1.1 Ethernet0",
        "IP ARP: rcvd req src 10.1.1.2 0000.0c07.ac01, dst 10.1.1.1 Ethernet0",
        f"IP ARP: sent rep src 10.1.1.1 {own},",
        "                 dst 10.1.1.2 0000.0c07.ac01 Ethernet0",
    ]


def test_routes_that_come_and_go_are_told(user: User) -> None:
    user.configure("ip route 10.9.0.0 255.255.0.0 10.1.1.9")
    user.type("debug ip routing")
    user.configure("interface FastEthernet0", "no ip address", "ip route 0.0.0.0 0.0.0.0 10.1.1.254")
    assert [line for line in logged(user) if line.startswith("RT: ")] == [
        "RT: interface FastEthernet0 removed from routing table",
        "RT: del 172.16.0.0/16 via 0.0.0.0, connected metric [0/0]",
        "RT: delete network route to 172.16.0.0",
        "RT: add 0.0.0.0/0 via 10.1.1.254, static metric [1/0]",
        "RT: default path is now 0.0.0.0 via 10.1.1.254",
    ]
    user.type("undebug ip routing")
    user.configure("no ip route 0.0.0.0 0.0.0.0 10.1.1.254")
    assert len([line for line in logged(user) if line.startswith("RT: ")]) == 5
