"""What the router says of its processes, memory, time, agents and routing follows from its state."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from iosemu.clock import ManualClock
from tests.commands.routers import User, device


def test_processes_have_run_as_often_as_the_uptime_makes_them() -> None:
    router = device("3660")
    made = User(router)
    clock = router.clock
    assert isinstance(clock, ManualClock)
    clock.run(600)
    rows = {row.split(maxsplit=8)[8].strip(): row.split() for row in made.type("show processes cpu").splitlines()[2:]}
    assert (rows["Load Meter"][2], rows["Per-minute Jobs"][2], rows["Per-minute Jobs"][1]) == ("121", "11", "44")
    User(router, line="vty 0")
    assert made.type("show processes").count(" Exec\n") == 2


def test_memory_is_told_alike_by_all_that_tell_it() -> None:
    made = User(device("3660"))
    before = made.type("show memory").splitlines()[1].split()
    total, used, free = (int(figure) for figure in before[2:5])
    assert total == used + free
    assert made.type("show processes memory").startswith(f"Total: {total}, Used: {used}, Free: {free}\n")
    assert sum(int(row.split()[4]) for row in made.type("show processes memory").splitlines()[2:-1]) == used
    made.configure("interface Loopback0", "ip address 192.0.2.1 255.255.255.0")
    assert int(made.type("show memory summary").splitlines()[1].split()[3]) > used


def test_stacks_name_every_process() -> None:
    made = User(device())
    names = re.findall(r"^ ?\d+/\d+ +(.+)$", made.type("show stacks"), re.MULTILINE)
    assert len(names) == len(made.type("show processes").splitlines()) - 2


def test_clock_and_calendar_are_two_clocks() -> None:
    made = User(device())
    made.configure("clock timezone CET 1")
    made.type("calendar set 12:00:00 1 Jan 2004")
    assert made.type("show calendar") == "12:00:00 CET Thu Jan 1 2004\n"
    assert made.type("show clock detail").splitlines() == ["*17:16:41.926 CET Tue Nov 18 2003", "No time source"]
    made.type("clock read-calendar")
    assert made.type("show clock detail").splitlines()[1] == "Time source is hardware calendar"
    made.type("clock set 00:00:30 February 29 2004", "clock update-calendar")
    assert made.type("show calendar") == "00:00:30 CET Sun Feb 29 2004\n"
    assert made.session.device.time_offset > timedelta(days=60)
    assert "% Invalid input" in made.type("clock set 00:00:30 30 Feb 2004")


def test_counters_are_cleared_once_it_is_confirmed() -> None:
    router = device()
    made = User(router, "n", "y", "")
    made.configure("logging buffered 8192")
    assert made.type("clear counters") == 'Clear "show interface" counters on all interfaces [confirm]n\n'
    made.type("clear counters FastEthernet0")
    assert "%CLEAR-5-COUNTERS: Clear counter on interface FastEthernet0 by console" in made.type("show logging")
    shown = made.type("show interfaces")
    assert shown.count('Last clearing of "show interface" counters 00:00:00') == 1
    made.type("clear counters")
    assert "counters never" not in made.type("show interfaces")
    assert "% Invalid input" in made.type("clear counters FastEthernet9")


def test_cdp_tells_what_is_configured() -> None:
    made = User(device())
    made.configure("cdp timer 30", "no cdp advertise-v2", "interface Ethernet0", "no cdp enable")
    assert "every 30 seconds\n\tSending a holdtime value of 180 seconds\n" in made.type("show cdp")
    assert "advertisements is not  enabled\n" in made.type("show cdp")
    shown = made.type("show cdp interface")
    assert "FastEthernet0 is up, line protocol is up\n  Encapsulation ARPA\n" in shown
    assert "\nEthernet0" not in f"\n{shown}"
    made.configure("no cdp run")
    assert made.type("show cdp", "show cdp neighbors") == "% CDP is not enabled\n" * 2
    assert "no cdp run\n" in made.type("show running-config")


def test_routing_processes_are_listed() -> None:
    made = User(device())
    assert made.type("show ip protocols") == ""
    made.configure(
        "interface Loopback0",
        "ip address 192.0.2.1 255.255.255.0",
        "router ospf 7",
        "network 10.0.0.0 0.255.255.255 area 3",
    )
    shown = made.type("show ip protocols")
    assert 'Routing Protocol is "ospf 7"\n' in shown
    assert "  Router ID 192.0.2.1\n  Number of areas in this router is 1. 1 normal 0 stub 0 nssa\n" in shown
    assert "  Routing for Networks:\n    10.0.0.0 0.255.255.255 area 3\n" in shown
    made.configure("router ospf 7", "router-id 10.9.9.9", "router rip", "version 2", "network 10.0.0.0")
    shown = made.type("show ip protocols")
    assert "  Router ID 10.9.9.9\n" in shown
    assert "  Default version control: send version 2, receive version 2\n" in shown


def test_protocols_list_the_interfaces() -> None:
    made = User(device())
    made.configure("interface FastEthernet0", "ip address 15.80.7.11 255.255.255.0")
    assert "FastEthernet0 is up, line protocol is up\n  Internet address is 15.80.7.11/24\n" in made.type(
        "show protocols"
    )


def test_agents_follow_the_configuration() -> None:
    made = User(device())
    assert made.type("show snmp") == "%SNMP agent not enabled\n"
    assert made.type("show ntp associations") == ""
    made.configure("snmp-server community public RO", "snmp-server location Rack 3", "ntp server 15.80.7.1")
    assert made.type("show snmp").startswith("Location: Rack 3\n0 SNMP packets input\n")
    row = " ~15.80.7.1        0.0.0.0          16     -    64    0     0.0    0.00  16000.\n"
    assert row in made.type("show ntp associations")
    assert made.type("show ntp status").startswith("Clock is unsynchronized, stratum 16, no reference clock\n")


def test_the_support_listing_leaves_passwords_out() -> None:
    made = User(device("3660"))
    made.configure("enable password tiger", "snmp-server community lion RO", "line vty 0 4", "password bear")
    shown = made.type("show tech-support")
    assert "\n------------------ show version ------------------\n\nCisco Internetwork" in shown
    assert "\n password <removed>\n" in shown
    assert [animal for animal in ("tiger", "lion", "bear") if animal in shown] == []


@pytest.mark.parametrize(
    ("line", "ambiguous"),
    [("show c", True), ("show pro", True), ("show pri", True), ("show te", True), ("show cont", True), ("m", True)],
)
def test_abbreviations_are_ambiguous_as_on_a_router(line: str, ambiguous: bool) -> None:
    assert User(device()).type(line).startswith("% Ambiguous command:") is ambiguous


@pytest.mark.parametrize("line", ["show ver", "sh ru", "sh int", "sh log", "sh us", "sh arp", "sh proto", "sh hi"])
def test_what_fingers_know_is_not_ambiguous(line: str) -> None:
    assert not User(device()).type(line).startswith("%")


@pytest.mark.parametrize("line", ["x28", "mrinfo 10.0.0.1", "x3 1:2", "lat host"])
def test_what_is_not_emulated_says_so(line: str) -> None:
    assert User(device()).type(line) == "% This command is not supported by the emulator\n"
