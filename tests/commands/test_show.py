"""What the router says of itself, its interfaces and its trunks."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device


def test_the_version_names_platform_image_and_memory() -> None:
    lines = User(device("as5300")).type("show version").splitlines()
    assert lines[0] == "Cisco Internetwork Operating System Software "
    assert lines[1] == "IOS (tm) 5300 Software (C5300-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)"
    assert "Router uptime is 0 minutes" in lines
    assert "cisco AS5300 (R4K) processor (revision A.32) with 131072K/16384K bytes of memory." in lines
    assert "4 Channelized T1/PRI port(s)" in lines
    assert lines[-2:] == ["Configuration register is 0x2102", ""]


def test_the_brief_table_follows_configuration_and_nvram() -> None:
    user = User(device("as5350"))
    user.configure("interface FastEthernet0/0", "ip address 15.80.7.107 255.255.255.0")
    user.type("write")
    user.configure(
        "interface FastEthernet0/1", "shutdown", "interface Loopback0", "ip address 192.0.2.1 255.255.255.255"
    )
    assert user.type("show ip interface brief").splitlines() == [
        "Interface                  IP-Address      OK? Method Status                Protocol",
        "FastEthernet0/0            15.80.7.107     YES NVRAM  up                    up",
        "FastEthernet0/1            unassigned      YES unset  administratively down down",
        "Serial0/0                  unassigned      YES unset  down                  down",
        "Serial0/1                  unassigned      YES unset  down                  down",
        "Loopback0                  192.0.2.1       YES manual up                    up",
    ]


def test_one_interface_can_be_asked_for() -> None:
    user = User(device())
    user.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0", "description to the lab")
    printed = user.type("show interfaces fa0")
    assert printed.startswith("FastEthernet0 is up, line protocol is up \n")
    assert "  Description: to the lab\n  Internet address is 15.80.7.11/24\n" in printed
    assert "% Invalid input" in user.type("show interfaces fa9")


def test_an_ethernet_has_an_address_of_its_own_a_chip_and_the_configured_speed() -> None:
    user = User(device("3745"))
    first, second = user.type("show interfaces fa0/0"), user.type("show interfaces fa0/1")
    assert first.splitlines()[1] == "  Hardware is Gt96k FE, address is 0001.420f.6700 (bia 0001.420f.6700)"
    assert second.splitlines()[1] == "  Hardware is Gt96k FE, address is 0001.420f.6701 (bia 0001.420f.6701)"
    assert "  Full-duplex, 100Mb/s, 100BaseTX/FX\n" in first
    user.configure("interface FastEthernet0/0", "duplex half", "speed 10")
    printed = user.type("show interfaces fa0/0")
    assert "  Half-duplex, 10Mb/s, 100BaseTX/FX\n" in printed
    assert "  MTU 1500 bytes, BW 10000 Kbit, DLY 1000 usec, \n" in printed
    user.configure("interface FastEthernet0/0", "shutdown", "duplex auto", "speed auto")
    assert "  Auto-duplex, Auto Speed, 100BaseTX/FX\n" in user.type("show interfaces fa0/0")


def test_only_ethernets_have_an_address_and_arp() -> None:
    user = User(device())
    user.configure("interface Loopback0", "ip address 192.0.2.1 255.255.255.255")
    printed = user.type("show interfaces loopback 0")
    assert "  Hardware is Loopback\n  Internet address is 192.0.2.1/32\n  MTU 1514 bytes, BW 8000000 Kbit" in printed
    assert "ARP" not in printed
    assert "Keepalive" not in printed
    assert "0 ignored, 0 abort\n" in printed


def test_ip_interface_follows_what_is_configured() -> None:
    user = User(device())
    user.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0", "no ip redirects")
    user.configure("interface Ethernet0", "shutdown")
    printed = user.type("show ip interface").splitlines()
    assert printed[:2] == [
        "Ethernet0 is administratively down, line protocol is down",
        "  Internet protocol processing disabled",
    ]
    assert printed[2:6] == [
        "FastEthernet0 is up, line protocol is up",
        "  Internet address is 15.80.7.11/24",
        "  Broadcast address is 255.255.255.255",
        "  Address determined by setup command",
    ]
    assert "  ICMP redirects are never sent" in printed
    assert "  Proxy ARP is enabled" in printed
    assert "  IP route-cache flags are Fast" in printed
    user.type("write")
    user.configure("interface FastEthernet0", "no ip proxy-arp", "no ip route-cache", "no ip mroute-cache")
    printed = user.type("show ip interface FastEthernet0").splitlines()
    assert printed[0] == "FastEthernet0 is up, line protocol is up"
    assert "  Address determined by non-volatile memory" in printed
    assert "  Proxy ARP is disabled" in printed
    assert "  IP fast switching is disabled" in printed
    assert "  IP multicast fast switching is disabled" in printed
    assert "  IP route-cache flags are None" in printed
    assert "% Invalid input" in user.type("show ip interface fa9")


def test_the_configuration_of_one_interface_can_be_shown() -> None:
    user = User(device("3660"))
    user.configure("interface FastEthernet0/1", "ip address 15.80.7.11 255.255.255.0", "description uplink")
    assert user.type("show running-config interface fa0/1").splitlines() == [
        "Building configuration...",
        "",
        "Current configuration : 115 bytes",
        "!",
        "interface FastEthernet0/1",
        " description uplink",
        " ip address 15.80.7.11 255.255.255.0",
        " duplex auto",
        " speed auto",
        "end",
        "",
    ]
    assert "% Invalid input" in user.type("show running-config interface fa0/9")


def test_no_interface_has_ipv6() -> None:
    user = User(device())
    assert user.type("show ipv6 interface", "show ipv6 interface FastEthernet0") == ""
    assert "% Invalid input" in user.type("show ipv6 interface fa9")


@pytest.mark.parametrize("command", ["show inventory", "show archive", "show switch virtual"])
def test_commands_of_later_releases_are_unknown(command: str) -> None:
    assert "% Invalid input detected at '^' marker." in User(device()).type(command)


def test_routes_are_connected_and_static() -> None:
    user = User(device())
    user.configure(
        "interface FastEthernet0",
        "ip address 15.80.7.11 255.255.255.0",
        "interface Ethernet0",
        "ip address 192.0.2.1 255.255.255.0",
        "exit",
        "ip route 0.0.0.0 0.0.0.0 15.80.7.1",
        "ip route 10.0.0.0 255.0.0.0 Ethernet0",
    )
    printed = user.type("show ip route")
    assert "Gateway of last resort is 15.80.7.1 to network 0.0.0.0\n" in printed
    assert "     15.0.0.0/24 is subnetted, 1 subnets\n" in printed
    assert "C       15.80.7.0 is directly connected, FastEthernet0\n" in printed
    assert "S*   0.0.0.0/0 [1/0] via 15.80.7.1\n" in printed
    assert "S    10.0.0.0/8 is directly connected, Ethernet0\n" in printed


@pytest.mark.parametrize(("configured", "state"), [("shutdown", "administratively down"), ("no shutdown", "down")])
def test_a_controller_without_cable_is_down(configured: str, state: str) -> None:
    user = User(device())
    user.configure("controller T1 0", configured, "framing esf", "linecode b8zs", "clock source line primary")
    printed = user.type("show controllers T1 0")
    assert printed.startswith(f"T1 0 is {state}.\n  Applique type is Channelized T1\n")
    assert "  Framing is ESF, Line Code is B8ZS, Clock Source is Line Primary.\n" in printed
    assert user.type("show controllers T1").count(" is ") > printed.count(" is ")
    assert "% Invalid input" in user.type("show controllers T1 9")


def test_isdn_status_lists_the_groups() -> None:
    user = User(device("as5350"))
    assert "No Global ISDN Switchtype" in user.type("show isdn status")
    user.configure("isdn switch-type primary-ni", "controller T1 3/0", "pri-group timeslots 1-24")
    printed = user.type("show isdn status")
    assert printed.startswith("Global ISDN Switchtype = primary-ni\nISDN Serial3/0:23 interface\n")
    assert "    The Free Channel Mask:  0x807FFFFF\n" in printed


def test_users_are_listed_with_their_lines() -> None:
    router = device()
    first = User(router)
    User(router, line="vty 0")
    assert first.type("show users").splitlines()[1:3] == [
        "*  0 con 0                idle                 00:00:00",
        "   2 vty 0                idle                 00:00:00",
    ]


def test_hosts_show_the_domain_and_its_servers() -> None:
    user = User(device())
    user.configure("ip domain name testlab-t37.com", "ip name-server 172.18.106.36", "ip host smtp 172.18.106.36")
    printed = user.type("show hosts")
    assert printed.startswith("Default domain is testlab-t37.com\n")
    assert "Name servers are 172.18.106.36\n" in printed
    assert printed.endswith("smtp                     None  (perm, OK)  0   IP    172.18.106.36\n")


def test_the_log_shows_its_buffer_once_it_has_one() -> None:
    router = device()
    user = User(router)
    assert "    Buffer logging: disabled, xml disabled\n" in user.type("show logging")
    user.configure("logging buffered 8192", "no logging console")
    router.log.event("SYS", 5, "CONFIG_I", "Configured from console by console")
    printed = user.type("show logging")
    assert "    Console logging: disabled, xml disabled\n" in printed
    assert printed.endswith(
        "Log Buffer (8192 bytes):\n\n00:00:00: %SYS-5-CONFIG_I: Configured from console by console\n"
    )


def test_terminal_settings_hold_for_the_session() -> None:
    user = User(device(), line="vty 0")
    assert user.type("terminal length 0", "terminal width 511", "terminal monitor") == ""
    assert (user.terminal.length, user.terminal.width, user.terminal.monitor) == (0, 511, True)
    user.type("terminal no monitor", "terminal no length", "terminal no width")
    assert (user.terminal.length, user.terminal.width, user.terminal.monitor) == (24, 80, False)
    assert User(device()).type("terminal monitor") == "% Console already monitors\n"
