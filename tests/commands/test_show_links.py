"""Queues, links to elsewhere, and what is kept beside: what is shown follows from what is configured."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

CONFIGURATION = """\
controller T1 0
pri-group timeslots 1-3,24
class-map match-any voice
match access-group 101
match ip precedence 5
policy-map llq
class voice
priority 64
class data
bandwidth percent 30
class class-default
fair-queue
interface Ethernet0
ip address 10.1.1.1 255.255.255.0
service-policy output llq
standby 1 ip 10.1.1.3
standby 1 priority 110
standby 1 preempt
traffic-shape rate 64000
interface FastEthernet0.10
encapsulation dot1Q 10
ip address 10.10.0.1 255.255.255.0
key chain trees
key 1
key-string chestnut
priority-list 1 protocol ip high
rtr 5
type echo protocol ipIcmpEcho 10.1.1.9
line con 0
location rack 4
"""
SERIAL = """\
interface Serial0/0
encapsulation frame-relay
frame-relay lmi-type ansi
frame-relay map ip 10.2.2.2 100 broadcast
no shutdown
interface Serial0/0.1 point-to-point
frame-relay interface-dlci 200
"""


@pytest.fixture(scope="module")
def user() -> User:
    user = User(device())
    assert user.configure(*CONFIGURATION.splitlines()) == ""
    return user


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (
            "show class-map voice",
            " Class Map match-any voice (id 1)\n   Match access-group 101 \n   Match ip precedence 5 \n",
        ),
        ("show policy-map", "    Class voice\n      Strict Priority\n      Bandwidth 64 (kbps) Burst 1600 (Bytes)\n"),
        ("show policy-map llq", "    Class data\n      Bandwidth 30 (%) Max Threshold 64 (packets)\n"),
        ("show policy-map interface", "  Service-policy output: llq\n\n    Class-map: voice (match-any)\n"),
        ("show policy-map interface Ethernet0", "    Class-map: class-default (match-any)\n"),
        ("show queueing priority", "List   Queue  Args\n1      high   protocol ip\n"),
        ("show queue Ethernet0", "'Show queue' not supported with FIFO queueing.\n"),
        ("show traffic-shape", "-             64000     2000   8000      8000      125       1000      -\n"),
        ("show dialer", "Serial0:23 - dialer type = ISDN\n"),
        ("show dialer interface Serial0:23", "Serial0:2 - dialer type = ISDN\nIdle timer (120 secs)"),
        ("show vlans", "Virtual LAN ID:  10 (IEEE 802.1Q Encapsulation)\n"),
        ("show standby", "Ethernet0 - Group 1\n  State is Active\n"),
        (
            "show standby",
            "  Preemption enabled\n  Active router is local\n  Standby router is unknown\n  Priority 110 (conf",
        ),
        ("show standby brief", "Et0         1   110  P Active   local           unknown         10.1.1.3"),
        ("show key chain", '    key 1 -- text "chestnut"\n'),
        ("show location", "rack 4\n"),
        ("show whoami", 'Comm Server "Router", Line 0 at 9600bps.  Location: "rack 4"\n'),
        ("show context", "System was restarted by power-on\n"),
        ("show modemcap", "\nusr_courier\n"),
        ("show rtr configuration", "Type of operation to perform: echo protocol ipIcmpEcho 10.1.1.9\n"),
        ("show rtr application", "Number of Entries configured:1\n"),
        ("show caller", "  con 0          -                  TTY            00:00:00  00:00:00\n"),
    ],
)
def test_what_is_configured_is_shown(user: User, command: str, text: str) -> None:
    assert text in user.type(command)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("show vlans", "\nNo Virtual LANs configured.\n\n"),
        ("show ppp multilink", "No active bundles\n"),
        ("show spanning-tree", "No spanning tree instances exist.\n"),
        ("show standby", ""),
        ("show policy-map", ""),
        ("show frame-relay pvc", ""),
        ("show vpdn", "%No active L2F tunnels\n%No active L2TP tunnels\n%No active PPTP tunnels\n"),
    ],
)
def test_a_router_without_any_says_so(command: str, text: str) -> None:
    assert User(device()).type(command) == text


def test_frame_relay_has_circuits_that_nobody_confirms() -> None:
    user = User(device("2600", {"0/0": "WIC-1T"}))
    assert user.configure(*SERIAL.splitlines()) == ""
    assert "(Frame Relay DTE) LMI TYPE = ANSI\n" in user.type("show frame-relay lmi")
    printed = user.type("show frame-relay map")
    assert "ip 10.2.2.2 dlci 100(0x64,0x1840), static,\n              broadcast,\n" in printed
    assert "point-to-point dlci, dlci 200(0xC8,0x3080), broadcast\n" in printed
    assert "DLCI = 100, DLCI USAGE = LOCAL, PVC STATUS = DELETED, INTERFACE = Serial0/0\n" in user.type(
        "show frame-relay pvc 100"
    )
    assert "DLCI = 100" not in user.type("show frame-relay pvc 200")


def test_a_slow_serial_interface_has_fair_queueing() -> None:
    user = User(device("2600", {"0/0": "WIC-1T"}))
    assert "  Serial0/0           64         256      0         8       1\n" in user.type("show queueing fair")
    user.configure("interface Serial0/0", "no fair-queue")
    assert "Serial0/0" not in user.type("show queueing fair")
