"""The families of commands without behaviour: accepted, printed back, negated away, and junk refused."""

from __future__ import annotations

import pytest

from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User, device

# What is typed, and printed back as it stands: a block's lines are indented by one blank.
ACCEPTED = {
    "AAA": """\
aaa authentication ppp default if-needed group radius local
aaa accounting exec default start-stop group radius
aaa group server radius billing
 server 10.0.0.5 auth-port 1812 acct-port 1813
aaa session-id common
""",
    "IP services": """\
ip tcp selective-ack
ip tftp source-interface Loopback0
no ip dhcp use vrf connected
ip dhcp excluded-address 192.0.2.1 192.0.2.9
ip dhcp pool phones
   network 192.0.2.0 255.255.255.0
   option 150 ip 192.0.2.2
   default-router 192.0.2.3
   dns-server 192.0.2.4 192.0.2.5
   lease 0 8
ip dhcp pool printer
   host 192.0.2.77 255.255.255.0
   client-identifier 0030.94c2.5d00
ip vrf blue
 rd 100:1
 route-target export 100:1
 route-target import 100:2
""",
    "management": """\
ip name-server 192.0.2.4
ip domain round-robin
ip flow-export version 5 origin-as
ip flow-export destination 192.0.2.9 9991
snmp-server engineID remote 192.0.2.9 00000009020000000C025809
snmp-server group ops v3 auth read all access 10
snmp-server manager
snmp-server inform retries 5 timeout 20
snmp-server enable traps envmon fan temperature
snmp-server enable traps ospf state-change
snmp-server enable traps ipsec tunnel start
snmp-server host 192.0.2.9 version 3 auth joe udp-port 1700 config isdn syslog
rmon event 1 log trap public description high owner joe
rmon alarm 10 ifInOctets.1 20 delta rising-threshold 15 1 falling-threshold 0 owner joe
tacacs-server host 192.0.2.9 single-connection port 49 timeout 5 key secret
""",
    "multicast": """\
ip pim rp-address 192.0.2.1 10 override
ip pim bsr-candidate Loopback0 30
ip pim send-rp-announce Loopback0 scope 16 group-list 10
ip pim ssm default
ip mroute 10.0.0.0 255.0.0.0 192.0.2.9
ip msdp peer 192.0.2.9 connect-source Loopback0
interface FastEthernet0/0
 ip pim dr-priority 10
 ip pim nbma-mode
 ip igmp query-interval 90
 ip igmp static-group 239.0.0.1
 ip multicast boundary 10
 ip multicast rate-limit out 100
""",
    "point to point": """\
interface Dialer1
 no peer neighbor-route
 dialer max-link 4
 dialer redial interval 10 attempts 5 re-enable 60
 dialer map ip 192.0.2.9 name far class quick broadcast 5550100
 dialer map bridge name far broadcast 5550101
 compress stac
 ppp bap call request
 ppp bap call timer 20
 ppp eap refuse callin
 ppp ipcp dns request
 ppp ipcp mask 255.255.255.0
 ppp ms-chap refuse
 ppp multilink fragment delay 10
 ppp multilink links minimum 2 mandatory
 ppp multilink endpoint string bundle
 ppp timeout idle 300 either
 ppp timeout multilink link add 10
dialer watch-list 1 ip 10.0.0.0 255.0.0.0
""",
    "interfaces": """\
interface FastEthernet0/0
 ip verify unicast source reachable-via rx allow-default
 ip irdp
 ip irdp maxadvertinterval 100
 ip flow ingress
 ip wccp web-cache redirect out
 ip ospf network point-to-multipoint non-broadcast
 ip ospf dead-interval minimal hello-multiplier 4
 ip ospf flood-reduction
 ip router isis blue
 rate-limit input dscp 10 128000 8000 8000 conform-action set-prec-transmit 5 exceed-action drop
 traffic-shape group 101 64000
 ipx network 10 encapsulation SAP
 appletalk cable-range 10-10 10.1
 decnet cost 10
 isis metric 10 level-1
 isis hello-interval 5
 standby delay minimum 30 reload 60
 glbp 1 ip 192.0.2.254
 glbp 1 weighting 110 lower 95 upper 105
 bridge-group 1 circuit-group 1
 no mop enabled
 arp snap
 ntp multicast
 snmp ifindex persist
""",
    "IPv6": """\
ipv6 unicast-routing
ipv6 cef
ipv6 hop-limit 30
ipv6 route 2001:DB8::/32 Null0
ipv6 route ::/0 2001:DB8::1 200
ipv6 router rip blue
 distance 100
 redistribute static metric 3
ipv6 router ospf 1
 router-id 10.0.0.1
 area 1 range 2001:DB8::/32
ipv6 prefix-list blue seq 5 permit 2001:DB8::/32 ge 48
ipv6 access-list blue
 permit tcp host 2001:DB8::1 any eq www log
 deny ipv6 any any
interface FastEthernet0/0
 ipv6 address 2001:DB8::1/64
 ipv6 address FE80::1 link-local
 ipv6 enable
 no ipv6 redirects
 ipv6 nd suppress-ra
 ipv6 nd prefix 2001:DB8::/64 300 300
 ipv6 rip blue enable
 ipv6 ospf 1 area 0
 ipv6 traffic-filter blue in
""",
    "menus": """\
menu noc title ^CThe menu^C
menu noc text 1 The other router
menu noc command 1 telnet 10.0.0.2
menu noc options 1 pause
menu noc clear-screen
""",
    "servers": """\
ip http access-class 10
ip pim bidir-enable
ip radius source-interface Loopback0
logging facility local3
tftp-server flash:P005B302.bin
snmp-server engineID local 00000009020000309426F6D0
snmp-server community private view iso RW
snmp-server enable traps tty
snmp-server host 10.0.0.9 version 2c public
radius-server host 10.0.0.5 auth-port 1812 acct-port 1813 key secret
radius-server retransmit 1
radius-server vsa send accounting
control-plane
""",
    "interface": """\
interface FastEthernet0/0
 bandwidth 2000
 ip access-group 101 in
 ip access-group leave out
 ip helper-address 10.0.0.1
 ip nat inside
 ip ospf cost 10
 no keepalive
 full-duplex
 h323-gateway voip id gk1 ipaddr 10.0.0.7 1718
 h323-gateway voip h323-id gw1@example.com
 service-policy output voice
 standby 1 ip 10.0.0.254
 standby 1 priority 120
 crypto map vpn
 ip rsvp bandwidth 7500 7500
interface Loopback0
 encapsulation ppp
 dialer pool-member 1
 dialer-group 1
 ppp authentication chap pap callin
 ppp chap hostname branch
 ppp multilink
""",
    "routing": """\
router eigrp 7
 network 10.0.0.0 0.0.0.255
 no auto-summary
router ospf 1
 router-id 10.0.0.1
 log-adjacency-changes
 area 1 stub no-summary
 redistribute static metric-type 1 subnets route-map out
 passive-interface Loopback0
 network 10.0.0.0 0.255.255.255 area 0
router rip
 version 2
 network 192.0.2.0
router bgp 65001
 no synchronization
 bgp log-neighbor-changes
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 route-map in in
 neighbor 10.0.0.2 route-map out out
 no auto-summary
ip nat pool pool1 192.0.2.1 192.0.2.9 netmask 255.255.255.0
ip nat inside source list 1 interface FastEthernet0/0 overload
ip nat inside source static tcp 10.0.0.4 80 192.0.2.4 8080
""",
    "voice classes": """\
voice class permanent 1
 signal keepalive 3
 signal sequence oos no-action
voice translation-rule 1
 rule 1 /^9/ // type national unknown
voice translation-profile strip
 translate called 1
translation-rule 100
 Rule 0 ^0.. 1 national
gw-accounting h323 vsa
call fallback active
call fallback threshold delay 150 loss 5
""",
    "MGCP": """\
mgcp
mgcp call-agent 10.0.0.6 service-type mgcp version 0.1
mgcp ip qos dscp cs5 media
mgcp ip qos dscp cs3 signaling
mgcp sdp simple
no mgcp timer receive-rtcp
ccm-manager mgcp
ccm-manager redundant-host 10.0.0.7
""",
    "dial peers and SIP": """\
dial-peer voice 5 voip
 voice-class codec 1
 rtp payload-type nte 102
 session transport tcp
 req-qos controlled-load
 ip qos dscp ef media
 translation-profile outgoing strip
sip-ua
 sip-server dns:sip.example.com
 no remote-party-id
""",
    "IP telephones": """\
telephony-service
 max-ephones 5
 max-dn 10
 ip source-address 10.0.0.1 port 2000
 auto assign 1 to 5
 max-conferences 4
ephone-dn  2  dual-line
 number 5002
ephone-dn  1
 number 4001
 name Front desk
 call-forward busy 4002
ephone  1
 mac-address 0030.94c2.5d00
 type 7960
 button  1:1
""",
    "quality of service": """\
class-map match-all voice
 match ip dscp ef
 match access-group 101
class-map match-any web
 match protocol http
policy-map wan
 class voice
  priority 128
 class web
  bandwidth percent 20
  random-detect
 class class-default
  fair-queue
""",
    "IPsec": """\
crypto ca trustpoint office
 enrollment url http://10.0.0.9:80
 crl optional
crypto isakmp policy 10
 encryption 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp key secret address 10.0.0.9
crypto ipsec security-association lifetime seconds 3600
crypto ipsec transform-set strong esp-3des esp-sha-hmac
crypto map vpn 10 ipsec-isakmp
 set peer 10.0.0.9
 set transform-set strong
 match address 110
""",
    "inspection": """\
ip inspect max-incomplete high 400
ip inspect name out tcp alert on timeout 30
ip audit name watch attack action alarm drop
""",
    "dial-in": """\
vpdn enable
vpdn-group 1
 accept-dialin
  protocol l2tp
  virtual-template 1
 terminate-from hostname lac
 local name lns
trunk group pstn
 max-calls voice 10
ip local pool dial 10.1.0.1 10.1.0.99
""",
    "URL filters": """\
ip urlfilter allow-mode on
ip urlfilter exclusive-domain permit .example.com
ip urlfilter server vendor websense 192.0.2.9 timeout 5 outside
crypto key pubkey-chain rsa
 named-key peer encryption
  address 192.0.2.9
""",
    "SNA": """\
source-bridge ring-group 100
dlsw local-peer peer-id 192.0.2.1
dlsw remote-peer 0 tcp 192.0.2.9 lf 1500 passive
dlsw bridge-group 1
dlsw timer sna-cache-timeout 60
stun peer-name 192.0.2.1
stun protocol-group 1 sdlc
""",
    "interfaces that are made": """\
interface Loopback1
 ip address 10.2.0.2 255.255.255.0 secondary
 ip address 10.2.0.1 255.255.255.0
interface Tunnel0
 tunnel source Loopback1
 tunnel destination 10.9.0.1
interface FastEthernet0/1.20
 encapsulation dot1Q 20
 ip address 10.20.0.1 255.255.255.0
interface Virtual-Template1
 ip unnumbered Loopback1
interface Dialer1
 ip address negotiated
 encapsulation ppp
 dialer pool 1
""",
    "gatekeeper": """\
gatekeeper
 zone local gk1 example.com 10.0.0.1
 zone prefix gk1 408.......
 gw-type-prefix 1#* default-technology
 bandwidth total default 640
 no shutdown
""",
    "conference bridges": """\
sccp local FastEthernet0/0
sccp ccm 10.0.0.7 priority 1
sccp
dspfarm transcoder maximum sessions 4
dspfarm
""",
    "time and measurement": """\
rtr 1
 type echo protocol ipIcmpEcho 10.0.0.9
 frequency 30
rtr responder
exception dump 10.0.0.9
ntp authenticate
ntp master 3
ntp peer 10.0.0.9 prefer
""",
    "fallback of IP telephones": """\
call-manager-fallback
 ip source-address 10.0.0.1 port 2000
 max-ephones 24
 max-dn 48
""",
    "border element": """\
call-router h323-annexg be20
 advertise all
 hopcount 10
 local ip 192.0.2.80 port 2010
 neighbor 192.0.2.42
  id be30
  port 2010
  service-relationship
gatekeeper
 h323-annexg be20 cost 10 priority 40
  prefix 408* seq
""",
    "backhaul of signalling": """\
backhaul-session-manager
 set set1 client ft
 group group5 set set1
 group group5 receive 10
 session group group5 192.0.2.72 5555 192.0.2.198 5555 1
iua
 as as1 192.0.2.34 192.0.2.35 2577
 as as1 fail-over-timer 1000
 asp asp1 as as1 192.0.2.68 2577
""",
    "fax and modem passthrough": """\
voice service voip
 fax protocol pass-through g711ulaw
 modem passthrough nse payload-type 101 codec g711ulaw redundancy maximum-sessions 1
dial-peer voice 6 voip
 fax protocol t38 ls-redundancy 1 hs-redundancy 0 fallback pass-through g711alaw
 modem passthrough nse codec g711alaw redundancy
 playout-delay fax 200
 session target loopback:rtp
voice class codec 1
 codec preference 1 g729r8 bytes 40
 codec preference 2 clear-channel
""",
    "voice over frame relay and ATM": """\
dial-peer voice 200 vofr
 destination-pattern 5551...
 session target Serial0/0 100
 session protocol frf11-trunk
 called-number 5552150
 signal-type ext-signal
dial-peer voice 12 voatm
 destination-pattern 1310.......
 session target ATM1/0 pvc 1/100
voice service voatm
 session protocol aal2
  subcell-mux 15
connect tdm1 T1 1/0 1 T1 1/1 3
""",
    "MGCP profiles": """\
mgcp profile newyork
 call-agent 192.0.2.3 2500 service-type tgcp version 1.0
 port 1/0:1
 timeout tone network congestion 240
 timeout tdmax 500
mgcp quality-threshold hwm-jitter-buffer 160
mgcp modem relay voip mode nse codec g711ulaw redundancy gw-controlled
mgcp validate domain-name
""",
}

JUNK = [
    ("", "aaa accounting exec default sometimes"),
    ("", "aaa authentication ppp default local somewhere"),
    ("", "ip dhcp excluded-address somewhere"),
    ("ip dhcp pool p", "network 10.0.0.300 255.0.0.0"),
    ("ip dhcp pool p", "option 150 text words"),
    ("", "snmp-server enable traps everything"),
    ("", "radius-server retransmit many"),
    ("", "logging facility local9"),
    ("interface Loopback0", "ip access-group 101 sideways"),
    ("interface Loopback0", "encapsulation carrier-pigeon"),
    ("interface Loopback0", "ppp authentication password"),
    ("interface Loopback0", "h323-gateway voip id gk"),
    ("interface Loopback0", "standby 300 ip 10.0.0.1"),
    ("router ospf 1", "network 10.0.0.0 0.0.0.255"),
    ("router ospf 1", "redistribute everything"),
    ("router bgp 65001", "neighbor 10.0.0.2 remote-as x"),
    ("", "router bgp 70000"),
    ("", "ip nat inside source list 1"),
    ("", "call fallback threshold delay 150"),
    ("", "mgcp ip qos dscp cs9 media"),
    ("", "ccm-manager switchback sometimes"),
    ("voice translation-rule 1", "rule 16 /9/ //"),
    ("dial-peer voice 5 voip", "rtp payload-type nte 300"),
    ("dial-peer voice 5 voip", "req-qos excellent"),
    ("sip-ua", "retry register 11"),
    ("telephony-service", "max-dn plenty"),
    ("ephone 1", "type 7999"),
    ("class-map match-all c", "match ip dscp ef11"),
    ("policy-map p", "class"),
    ("", "crypto isakmp policy 0"),
    ("crypto isakmp policy 10", "group 3"),
    ("", "crypto ipsec transform-set t esp-4des"),
    ("", "crypto isakmp key secret address 10.0.0.999"),
    ("", "ip inspect name out tcp timeout 1"),
    ("", "interface Loopback0.1"),
    ("", "interface FastEthernet0/7"),
    ("", "interface Virtual-Template 0"),
    ("interface FastEthernet0/0", "ip address 10.0.0.1 255.0.0.0 tertiary"),
    ("interface FastEthernet0/0", "tunnel key 1"),
    ("interface Loopback0", "half-duplex"),
    ("gatekeeper", "zone local gk1"),
    ("gatekeeper", "lrq timeout seq delay 11"),
    ("", "sccp ccm 10.0.0.7 priority 5"),
    ("controller T1 1/0", "ds0-group 24 timeslots 1 type none"),
    ("controller T1 1/0", "ds0-group 0 timeslots 1-25 type none"),
    ("controller T1 1/0", "ds0-group 0 timeslots 1-4 type e&m-flash"),
    ("rtr 1", "frequency 0"),
    ("", "ntp peer 10.0.0.9 preferred"),
    ("", "boot-start-marker"),  # 12.3's
    ("dial-peer voice 5 voip", "session target foo"),
    ("dial-peer voice 5 voip", "session target ipv4:10.0.0.300"),
    ("dial-peer voice 5 voip", "progress_ind setup enable 8"),
    ("dial-peer voice 5 voip", "fax protocol pass-through g729r8"),
    ("dial-peer voice 5 voip", "fax protocol t38 ls-redundancy 6"),
    ("dial-peer voice 5 pots", "session target ipv4:10.0.0.3"),
    ("controller T1 1/0", "ds0-group 0 timeslots 1-4 type r2-digital"),
    ("controller T1 1/0", "pri-group timeslots 1-24 nfas_d primary nfas_int 0"),
    ("call-router h323-annexg be", "hopcount 0"),
    ("mgcp profile p", "timeout tdmax 20"),
    ("mgcp profile p", "package persistent line-package"),
    ("backhaul-session-manager", "group g receive 65"),
    ("sip-ua", "timers connect 50"),
    ("", "sccp ccm group 1"),  # 12.3(8)T's
    ("", "voice statistics type iec"),  # 12.3(4)T's
    ("", "vpdn search-order dnis dnis dnis dnis"),
    ("", "ip community-list standard near permit 100:200:300"),
    ("", "snmp-server host 10.0.0.9 version 3 joe"),
    ("", "snmp-server group ops v4"),
    ("", "snmp-server enable traps envmon humidity"),
    ("", "ip pim bsr-candidate Loopback0 33"),
    ("interface Dialer1", "dialer map ip far name joe 5550100"),
    ("interface Dialer1", "ppp timeout retry 256"),
    ("interface Dialer1", "ppp multilink fragment delay 0"),
    ("interface FastEthernet0/0", "isis metric 10 level-3"),
    ("interface FastEthernet0/0", "glbp 1024 ip 10.0.0.9"),
    ("interface FastEthernet0/0", "ip igmp query-interval 0"),
]


_STAYING = ("interface FastEthernet0/0",)
"""Blocks that are part of the chassis."""


@pytest.fixture
def user() -> User:
    return User(device("3660"))


def router_of(platform: str, release: str) -> Device:
    """A router that runs that release, of which nothing is configured."""
    emulated = Release.of(release)
    return Router(
        platform, clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), release=emulated
    ).device


def running(user: User) -> list[str]:
    return user.type("show running-config").splitlines()[4:]


@pytest.mark.parametrize("family", ACCEPTED)
def test_the_lines_of_a_family_are_accepted_and_printed_back(user: User, family: str) -> None:
    lines = ACCEPTED[family].splitlines()
    assert user.configure(*lines) == ""
    printed = running(user)
    assert [line for line in lines if line not in printed] == []


@pytest.mark.parametrize("family", ACCEPTED)
def test_the_lines_of_a_family_print_in_the_same_place_whatever_their_order(user: User, family: str) -> None:
    user.configure(*ACCEPTED[family].splitlines())
    first = running(user)
    again = User(device("3660"))
    assert again.configure(*first) == ""
    assert running(again) == first


@pytest.mark.parametrize("family", ACCEPTED)
def test_each_line_of_a_family_can_be_taken_back(user: User, family: str) -> None:
    before = running(user)
    lines = ACCEPTED[family].splitlines()
    user.configure(*lines)
    headers = [line for line in lines if not line.startswith(" ")]
    for header in headers:
        at = lines.index(header)
        inside = []
        for line in lines[at + 1 :]:
            if not line.startswith(" "):
                break
            if line.startswith("   ") or not line.startswith("  "):  # what stands deeper goes with its block
                inside.append(line.strip())
        undo = [line.removeprefix("no ") if line.startswith("no ") else f"no {line}" for line in inside]
        assert user.configure(*([header, *undo] if undo else [])) == "", header
    for header in reversed(headers):
        if header not in _STAYING:
            assert user.configure(header.removeprefix("no ") if header.startswith("no ") else f"no {header}") == ""
    assert running(user) == before


@pytest.mark.parametrize(("block", "line"), JUNK)
def test_junk_is_refused(user: User, block: str, line: str) -> None:
    printed = user.configure(*([block] if block else []), line)
    assert "% Invalid input" in printed or "% Incomplete command" in printed


def test_a_group_of_time_slots_brings_its_voice_port_or_serial_interface(user: User) -> None:
    before = running(user)
    said = ["controller T1 1/0", "ds0-group 1 timeslots 1-12 type e&m-wink-start", "channel-group 2 timeslots 13-24"]
    assert user.configure(*said) == ""
    printed = running(user)
    assert "voice-port 1/0:1" in printed
    assert "interface Serial1/0:2" in printed
    assert "Channels already allocated" in user.configure("controller T1 1/0", "ds0-group 3 timeslots 12-13 type none")
    assert user.configure("controller T1 1/0", "no ds0-group 1", "no channel-group 2") == ""
    assert running(user) == before


def test_a_sub_interface_goes_with_its_prompt_and_says_how_it_is_connected() -> None:
    router = device("3660")
    user = User(router)
    user.session.configure()
    assert user.type("interface FastEthernet0/0.5") == ""
    assert user.session.prompt == "Router(config-subif)#"
    assert "% Invalid input" in user.type("speed 100")
    assert "% Invalid input" in user.type("interface FastEthernet0/0.6 point-to-point")


def test_a_certificate_is_kept_line_by_line_and_replaced_when_it_is_given_again(user: User) -> None:
    first = ["crypto ca certificate chain blue", "certificate ca 01", "30820201 3082016A", "30820201 3082016A", "C7"]
    assert user.configure(*first, "quit", "certificate 02 nvram:blue.cer") == ""
    printed = running(user)
    at = printed.index(" certificate ca 01")
    assert printed[at + 1 : at + 5] == ["  30820201 3082016A", "  30820201 3082016A", "  C7", "  quit"]
    assert " certificate 02 nvram:blue.cer" in printed
    assert user.configure(*first[:2], "AB", "quit") == ""
    at = running(user).index(" certificate ca 01")
    assert running(user)[at + 1 : at + 3] == ["  AB", "  quit"]
    assert "% Invalid input" in user.configure(*first[:2], "3082G201", "quit")


def test_serial_tunnels_and_voice_stand_in_a_serial_interface() -> None:
    router = User(device("3640", {"1": "NM-4T"}))
    tunnel = ["encapsulation stun", "stun group 1", "stun route address C1 tcp 192.0.2.9 local-ack"]
    voice = ["encapsulation frame-relay", "frame-relay interface-dlci 100", "vofr data 4 call-control 5"]
    assert router.configure("interface Serial1/0", *tunnel, "interface Serial1/1", *voice) == ""
    printed = running(router)
    assert [line.strip() for line in printed if "stun" in line] == tunnel
    at = printed.index(" frame-relay interface-dlci 100")
    assert printed[at + 1] == "  vofr data 4 call-control 5"


def test_a_pseudowire_and_ssl_vpn_came_with_later_releases() -> None:
    text = """pseudowire-class west
 encapsulation l2tpv3
 protocol none
 ip local interface FastEthernet0/1
interface FastEthernet0/0
 xconnect 192.0.2.9 1 encapsulation l2tpv3 manual pw-class west
  l2tp id 2 1
"""
    late = User(router_of("3660", "12.4(9)T"))
    assert late.configure(*text.splitlines()) == ""
    assert [line for line in text.splitlines() if line not in running(late)] == []
    assert late.configure("webvpn context Default_context") == ""
    shown = [
        "!",
        "webvpn context Default_context",
        " ssl authenticate verify all",
        " !",
        " no inservice",
        "!",
        "!",
        "end",
    ]
    assert running(late)[-9:-1] == shown
    assert "% Invalid input" in User(device("3660")).configure("pseudowire-class west")


def test_the_same_network_belongs_to_one_interface(user: User) -> None:
    assert user.configure("interface Loopback0", "ip address 10.0.0.1 255.255.255.0") == ""
    address = "ip address 10.0.0.9 255.255.255.255"
    assert user.configure("interface Loopback1", address) == "% 10.0.0.9 overlaps with Loopback0\n"
    assert "overlaps with Loopback0" in user.configure("interface Loopback1", "ip address 10.9.0.9 255.0.0.0")
    assert user.configure("no interface Loopback0", "interface Loopback1", address) == ""


def test_a_span_without_a_d_channel_of_its_own_brings_no_interface_for_one() -> None:
    server = User(device("as5300"))
    primary = "pri-group timeslots 1-24 nfas_d primary nfas_int 0 nfas_group 1"
    spare = "pri-group timeslots 1-24 nfas_d none nfas_int 1 nfas_group 1"
    assert server.configure("controller T1 0", primary) == ""
    assert server.configure("controller T1 1", spare) == ""
    printed = running(server)
    assert {f" {primary}", f" {spare}", "interface Serial0:23"} <= set(printed)
    assert "interface Serial1:23" not in printed


def test_modem_passthrough_of_a_peer_is_one_setting(user: User) -> None:
    peer, line = "dial-peer voice 3 voip", "modem passthrough nse codec g711ulaw redundancy"
    for said, kept in (
        (line, f" {line}"),
        ("no modem passthrough", " no modem passthrough"),
        ("modem passthrough", ""),
    ):
        assert user.configure(peer, said) == ""
        assert [text for text in running(user) if "passthrough" in text] == ([kept] if kept else [])


@pytest.mark.parametrize(("platform", "said"), [("3660", "vofr"), ("as5300", "voip")])
def test_what_a_chassis_cannot_carry_is_no_kind_of_dial_peer(platform: str, said: str) -> None:
    other = User(device(platform))
    assert other.configure(f"dial-peer voice 9 {said}") == ""
    assert ("% Invalid input" in other.configure("dial-peer voice 10 vofr")) is (platform == "as5300")


def test_a_word_that_is_short_for_several_in_a_block_may_be_a_whole_one_around_it(user: User) -> None:
    line = "call application voice menu flash:menu.tcl"
    user.configure("controller T1 1/0", "ds0-group 0 timeslots 1-4 type none")
    assert user.configure("voice-port 1/0:0", line) == ""  # caller-id and calling-number are there, too
    assert line in running(user)
    assert "% Ambiguous command" in user.configure("voice-port 1/0:0", "call zzz")


def test_name_servers_of_one_line_are_kept_line_by_line(user: User) -> None:
    assert user.configure("ip name-server 192.0.2.1 192.0.2.2", "ip name-server 192.0.2.2 192.0.2.3") == ""
    assert [line for line in running(user) if "name-server" in line] == [
        f"ip name-server 192.0.2.{n}" for n in (1, 2, 3)
    ]
    more = "ip name-server 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7"
    assert user.configure(more) == "% Name-server table is full; 192.0.2.7 not added\n"


LATER = [
    ("12.2(15)ZJ", "sip-ua", "registrar ipv4:192.0.2.11 expires 3600"),
    ("12.2(15)ZJ", "sip-ua", "timers register 150"),
    ("12.2(15)ZJ", "voice-card 1", "codec complexity flex"),
    ("12.3(9)", "voice-port 2/0/0", "non-linear comfort-noise attenuation 6db"),
    ("12.3(11)T", "voice-port 2/0/0", "impedance complex4"),
    ("12.3(11)T", "dial-peer voice 5 voip", "dtmf-relay rtp-nte digit-drop h245-signal"),
    ("12.3(11)T", "voice service voip|h323", "call start interwork sync-rsvp slow-start"),
    ("12.3(11)T", "voice service voip|h323", "h450 h450-2 timeout T1 750"),
    ("12.4(4)T", "voice service voip|h323", "ras timeout all decisec 30"),
    ("12.4(4)T", "", "mgcp voice-quality-stats priority 1"),
    ("12.4(9)T", "voice-port 2/0/0", "input gain auto-control -15"),
    ("12.4(9)T", "voice service voip|sip", "session transport tcp tls"),
    ("12.4(9)T", "voice service voip", "address-hiding"),
    ("12.4(15)T", "voice-port 2/0/0", "signal loopStart live-feed"),
    ("12.4(15)T", "dial-peer voice 5 voip", "emergency response zone 10"),
]
"""The first release that has a form of a voice command, and the block that it stands in."""


@pytest.mark.parametrize(("release", "blocks", "line"), LATER)
def test_a_form_that_came_with_a_later_release_is_not_there_before(release: str, blocks: str, line: str) -> None:
    cards = {"1": "NM-HDV-1T1-24", "2": "NM-2V", "2/0": "VIC-2FXO"}
    opened = [block for block in blocks.split("|") if block]
    for name in (release, "12.2(15)T9"):
        emulated = Release.of(name)
        made = Router(
            "3640",
            clock=ManualClock(START),
            network=NoNetwork(),
            store=FileStore(None),
            release=emulated,
            modules=cards,
        )
        user = User(made.device)
        printed = user.configure(*opened, line)
        assert ("% In" in printed) is (name != release)
        assert any(text.strip() == line for text in running(user)) is (name == release)
