"""A configuration as text: what is refused, where it ends, and that nothing else of the program changes."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from iosemu.commands.loading import load, merge
from tests.commands.routers import device


def test_refused_lines_are_told_with_their_numbers_and_the_rest_is_done() -> None:
    router = device("3660")
    text = "hostname gate\nfoo\ninterface Loopback0\n ip address 10.0.0.1\n!\n do show clock\nend\nhostname late\n"
    assert load(router, text) == [(2, "% Invalid input detected at '^' marker."), (4, "% Incomplete command.")]
    assert router.hostname == "gate"


def test_a_banner_without_its_end_is_told_at_its_beginning() -> None:
    assert load(device("3660"), "hostname gate\nbanner motd #\nhello\n") == [(2, "% Incomplete command.")]


def test_a_merged_line_is_shown_with_its_caret() -> None:
    assert merge(device("3660"), "interface Loopback0\n ip adress\n")[0].startswith(
        " ip adress\n      ^\n% Invalid input"
    )


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_is_collected_afterwards_as_before(collecting: bool) -> None:
    router = device("3660")
    try:
        if not collecting:
            gc.disable()
        load(router, "foo\nhostname gate\n")
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


FAMILIES = r"""
ip route 10.{high}.{low}.0 255.255.255.0 10.0.0.1
ip prefix-list p seq {number} permit 10.{high}.{low}.0/24
ip prefix-list p seq {down} permit 10.{high}.{low}.0/24
ip prefix-list p permit 10.{high}.{low}.0/24
access-list 1 permit 10.{high}.{low}.1
access-list 101 remark line {number}
access-list 101 remark the same
access-list 801 permit {number:X}
ip access-list extended x; permit tcp host 10.{high}.{low}.1 any eq 25
ip access-list extended x; {number} permit tcp host 10.{high}.{low}.1 any eq 25
ip access-list extended x; {down} permit tcp host 10.{high}.{low}.1 any eq 25
ip access-list extended x; remark the same
ip access-list standard x{number}; permit any
interface Loopback{number}; ip address 10.{high}.{low}.1 255.255.255.255; description x{number}
interface Loopback1; ip address 10.{high}.{low}.1 255.255.255.0 secondary
interface Tunnel{number}; ip unnumbered FastEthernet0/0
interface FastEthernet0/0.{number}; encapsulation dot1Q 1
interface Dialer1; dialer map ip 10.{high}.{low}.1 name n{number} {number}
route-map m permit {number}; match ip address 1
route-map m permit {down}; match ip address 1
route-map m{number} permit 10; match ip address 1
dial-peer voice {number} voip; destination-pattern {number}; session target ipv4:10.{high}.{low}.1
num-exp {number} 5{number}
trunk group t{number}
voice translation-rule {number}; rule 1 /1/ /2/
voice class codec {number}; codec preference 1 g711ulaw
call application voice a{number} flash:x.tcl
username u{number} password 0 x{number}
logging 10.{high}.{low}.1
ntp server 10.{high}.{low}.1
ip host h{number} 10.{high}.{low}.1
alias exec a{number} show clock
snmp-server host 10.{high}.{low}.1 public
snmp-server community c{number} RO
class-map match-all c{number}; match access-group 1
policy-map p{number}; class class-default
policy-map p; class c{number}
router bgp 1; neighbor 10.{high}.{low}.1 remote-as 2
router eigrp 1; network 10.{high}.{low}.0 0.0.0.255
router ospf 1; network 10.{high}.{low}.0 0.0.0.255 area 0
ip nat inside source static 10.{high}.{low}.1 11.{high}.{low}.1
ip dhcp pool p{number}; network 10.{high}.{low}.0 255.255.255.0
ip as-path access-list 1 permit _{number}_
ip community-list 1 permit {number}
ip vrf v{number}; rd {number}:1
key chain k{number}; key 1
crypto map m {number} ipsec-isakmp; match address 101
time-range t{number}; periodic daily 0:00 to 1:00
hostname h{number}
"""


@pytest.mark.parametrize("lines", FAMILIES.strip().splitlines())
def test_four_times_the_lines_take_four_times_the_steps(lines: str) -> None:
    def steps(first: int, count: int) -> int:
        """How many instructions it takes to apply so many lines of their kind, which were not read before."""
        numbers = range(first, first + count)
        text = "\n".join(lines.format(number=n, down=60000 - n, high=n // 250, low=n % 250) for n in numbers)
        router = device("3660")
        taken = 0

        def step(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
            nonlocal taken
            frame.f_trace_opcodes = True
            taken += event == "opcode"
            return step

        others = sys.gettrace()
        sys.settrace(step)
        try:
            refused = load(router, text.replace(";", "\n"))
        finally:
            sys.settrace(others)
        assert refused == []
        return taken

    steps(1, 2)
    assert steps(2000, 300) < 4.4 * steps(1000, 75)
