"""Where lines of the running-config stand, as configurations of routers in service show it.

Rule: each text is typed as it stands, and printed with its lines in that order and with the same `!` between them;
other lines that the router prints may stand around and between its parts.
"""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.commands.loading import load
from iosemu.config import nvgen
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START

SECTIONS_OF_12_4_T = """\
crypto pki trustpoint TP-1
 enrollment selfsigned
 revocation-check none
!
!
vtp file nvram:vlan.dat

username admin privilege 15 password 0 cisco
archive
 path flash:archive
 write-memory
!
!
ip tcp synwait-time 5
ip ssh time-out 60
ip ssh version 2
ip scp server enable
"""
"""Of a 3725 of 12.4(11)T with a switch module."""

DIAL = """\
interface Async65
 ip address negotiated
 encapsulation ppp
 dialer in-band
 dialer idle-timeout 3600
 dialer-group 1
 async mode dedicated
 peer default ip address dhcp-pool dialup
 ppp authentication pap chap
"""
LINE = """\
line aux 0
 modem Dialin
 modem autoconfigure type default
 transport input all
 autoselect ppp
 stopbits 1
 speed 115200
"""


TELEPHONES = """\
telephony-service
 conference hardware
 max-ephones 48
 max-dn 180
 ip source-address 10.4.188.65 port 2000
 cnf-file perphone
!
ephone-dn-template  2
 pickup-group 3
!
ephone-template  1
 softkeys hold Newcall Resume Select Join
 softkeys idle Redial Newcall Cfwdall
!
ephone-dn  1
 number 2001
 ephone-dn-template 2
!
ephone-dn  2  dual-line
 number A0001
 no huntstop
 conference meetme
!
ephone  1
 no multicast-moh
 mac-address 0001.0203.0405
 ephone-template 1
 type 7961
 button  1:1
!
ephone  2
 mac-address 0001.0203.0406
!
"""
"""Where a block knows a command with a longer word, the next block's header is still its header."""


def printed(platform: str, release: str, *texts: str) -> str:
    """The configuration of a router that was given these texts, none of whose lines it may refuse."""
    emulated = Release.of(release)
    clock, store = ManualClock(START), FileStore(None)
    router = Router(platform, clock=clock, network=NoNetwork(), store=store, release=emulated)
    for text in texts:
        assert load(router.device, text) == []
    return nvgen.render(router.device.config)


@pytest.mark.parametrize(
    ("platform", "release", "text"),
    [
        ("3725", "12.4(11)T", SECTIONS_OF_12_4_T),
        ("2610", "12.3(8)T", DIAL),
        ("2610", "12.3(8)T", LINE),
        ("3745", "12.4(15)T", TELEPHONES),
    ],
)
def test_lines_print_where_routers_have_them(platform: str, release: str, text: str) -> None:
    assert text in printed(platform, release, text)


def test_the_options_of_an_address_pool_print_in_the_order_of_their_entry() -> None:
    first = "ip dhcp pool a\n lease 3\n default-router 10.1.1.1\n option 150 ip 10.1.1.3\n dns-server 10.1.1.5\n"
    then = "ip dhcp pool a\n default-router 10.1.1.2\n no option 150\n domain-name example.net\n"
    pool = "   default-router 10.1.1.2\n   dns-server 10.1.1.5\n   domain-name example.net\n   lease 3\n!\n"
    assert pool in printed("3725", "12.4(15)T", first, then)


def test_users_of_an_access_server_have_lists_of_attributes() -> None:
    attributes = 'aaa attribute list guests\n attribute type addr-pool "GUESTS"\n!\naaa session-id common\n'
    others = """\
no boot startup-test
spe default-firmware spe-firmware-1
no virtual-template subinterface
username joe aaa attribute list guests
"""
    shown = printed("as5350", "12.4(25)", f"aaa new-model\n{attributes}{others}")
    assert attributes in shown
    assert [line for line in shown.splitlines() if line in others.splitlines()] == others.splitlines()
