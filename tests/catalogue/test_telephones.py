"""IP telephones: what came with later call managers is there from its release on, and what is done once is not kept.

Rule: the lines below print back as they stand, in their order, and go away with `no`; 12.2(15)T has none of the marked.
"""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User

KEPT = {
    "telephony-service": """\
telephony-service
 srst mode auto-provision none
 srst dn line-mode dual
 xml user admin password secret 15
 load 7941 SCCP41.8-3-1S
 max-ephones 50
 max-dn 190 no-reg primary
 ip source-address 10.20.20.3 port 2000 secondary 10.20.20.4 rehome 60
 auto assign 1 to 4
 calling-number local secondary
 secure-signaling trustpoint mine
 service phone videoCapability 1
 service dss
 timeouts ringing 500
 system message Telephones
 sdspfarm units 1
 url idle http://10.20.20.9/logo.xml idle-timeout 12
 cnf-file perphonetype
 max-conferences 24 gain -6
 call-park system redirect
 hunt-group report every 2 hours
 hunt-group logout HLog
 max-redirect 8
 transfer-pattern .T
 secondary-dialtone 9
 night-service weekday 19:00 07:00
 night-service day sun 00:00 23:59
 night-service code *1234
 bulk-speed-dial prefix #7
 fac standard
 server-security-mode secure
""",
    "numbers and telephones": """\
ephone-dn-template  1
 call-forward busy 5005 dialplan-pattern
 call-waiting beep accept
 mwi-type both
ephone-template  1
 codec g729r8
 keyphone
 conference admin
 network-locale 2
ephone-dn  1  dual-line
 number 5001
 call-forward busy 6001 primary
 call-waiting ring
 hold-alert 15 shared-idle
 ring feature primary
 transfer-mode consult
 trunk 80 timeout 5 transfer-timeout 30 monitor-port 1/0/0
ephone  1
 button  1:1 2s5 3:7 4:8 5:9 6:10 7:11
 blf-speed-dial 1 51212 label sales
 capf-auth-str 2734
 headset auto-answer line 1
 mwi-line 3
ephone-hunt 1 peer
 timeout 10, 20, 30
 max-timeout 60
 auto logout 2 dynamic
 statistics collect
 fwd-final orig-phone
 secondary start next
""",
    "fallback": """\
call-manager-fallback
 cor incoming lock 1 5010 - 5020
 limit-dn 7941 2
 moh-live dn-number 5000 out-call 7777
 pickup 5555
 timeouts busy 5
 timeouts ringing 30
 translation-profile incoming in
 after-hours block pattern 40 91
""",
    "SIP telephones": """\
voice hunt-group 2 sequential
 final 1000
 list 2000,2300
 timeout 25
 pilot 9100 secondary 9200
voice emergency response location 1
 elin 1 22222
 subnet 1 10.20.20.0 255.255.255.0
voice register global
 mode cme
 source-address 192.0.2.254 port 5060
 max-dn 144
 max-pool 48
 authenticate presence
 authenticate register
 dialplan-pattern 1 511.... extension-length 4
 dst start Mar week 8 day Sun time 2:00
voice register dn 1
 number 4000
 allow watch
 mwi
voice register template 2
 no conference enable
 voicemail 7788 timeout 5
voice register dialplan 3
 type 7905-7912
 pattern 1 52... timeout 0
voice register pool 1
 id mac 000D.ED22.EDFE
 type 7960
 number 1 dn 1
 template 2
 preference 3
 dtmf-relay rtp-nte sip-notify
 alias 1 50.. to 5001 preference 2
 no vad
""",
    "certificates and presence": """\
ctl-client
 server capf 10.13.32.11 trustpoint mine
 sast1 trustpoint mine
capf-server
 auth-mode null-string
 trustpoint-label mine
 source-addr 10.13.32.11
 phone-key-size 512
presence
 presence call-list
 watcher all
 allow subscribe
vm-integration
 pattern direct 2 CGN *
 pattern ext-to-ext busy 7 FDN * CGN *
credentials
 ip source-address 10.13.32.11 port 2445
 trustpoint mine
""",
}
FIRST = "voice hunt-group 1 peer", "ctl-client", "credentials", "presence", "voice register template 1"
"""What opens a block that no call manager of 12.2(15)T has."""


def user_of(release: str) -> User:
    """Somebody at a router with that release, of which nothing is configured."""
    emulated = Release.of(release)
    return User(
        Router("3745", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), release=emulated).device
    )


@pytest.fixture
def user() -> User:
    return user_of("12.4(15)T12")


def running(user: User) -> list[str]:
    return user.type("show running-config").splitlines()[4:]


@pytest.mark.parametrize("family", KEPT)
def test_lines_of_telephones_print_back_in_their_order_and_go_with_no(user: User, family: str) -> None:
    before = running(user)
    lines = KEPT[family].splitlines()
    assert user.configure(*lines) == ""
    assert [line for line in running(user) if line in lines] == lines
    assert user.configure(*(f"no {line}" for line in lines if not line.startswith(" "))) == ""
    assert running(user) == before


@pytest.mark.parametrize("line", FIRST)
def test_blocks_of_later_call_managers_are_refused_by_an_earlier_release(line: str) -> None:
    assert "% Invalid input" in user_of("12.2(15)T9").configure(line)


def test_what_telephones_are_told_to_do_is_not_kept(user: User) -> None:
    before = running(user)
    assert user.configure("telephony-service", "reset all 10", "restart 0030.94c2.5d00", "no max-dn") == ""
    assert user.configure("call-manager-fallback", "reset all") == ""
    assert user.configure("no telephony-service", "no call-manager-fallback") == ""
    assert running(user) == before


def test_files_of_telephones_that_are_made_leave_their_time(user: User) -> None:
    assert user.configure("telephony-service", "create cnf-files") == ""
    assert " create cnf-files version-stamp Jan 01 2002 00:00:00" in running(user)


def test_a_whole_line_around_a_block_is_meant_where_the_block_wants_more_words(user: User) -> None:
    assert user.configure("telephony-service", "application", "service debitcard flash:debit.tcl") == ""
    assert " service debitcard flash:debit.tcl" in running(user)
    assert "% Incomplete command" in user.configure("telephony-service", "max-ephones")
