"""Routers in the middle of what the samples of show commands are about: configured, cabled, with a call on them.

Rule: a scenario is a real configuration and real calls on a manual clock, over the small exchange of the voice tests; a
mail is answered at once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from iosemu.chassis.releases import release_for
from iosemu.clock import ManualClock
from iosemu.commands.debug import debugging
from iosemu.commands.voice import show_fax_files
from iosemu.config.store import FileStore
from iosemu.mail.envelope import Envelope, Outcome
from iosemu.mail.settings import SendSettings
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.voice.circuit import CallSetup, Circuit
from iosemu.voice.offramp import OffRampDelivery
from tests.commands.ip_wire import OnWire, Wire
from tests.commands.routers import START, User
from tests.voice.conftest import OFF_RAMP, ON_RAMP, TRUNK, Machine, document, mail_to


class Scene:
    """One router and somebody at its console."""

    def __init__(
        self,
        text: str = "",
        platform: str = "as5300",
        modules: dict[str, str] | None = None,
        release: str = "",
        wire: Wire | None = None,
        address: str = "",
    ) -> None:
        self.clock = wire.clock if wire is not None else ManualClock(START)
        self.router = Router(
            platform,
            clock=self.clock,
            network=OnWire(wire, address) if wire is not None else NoNetwork(),
            store=FileStore(None),
            modules=modules or {},
            release=release_for(platform, release or None, ""),
        )
        # What leaves the router is answered here, before anything asks for its voice side.
        self.router._send_mail = self._mail  # type: ignore[method-assign]
        self.router._spawn = self._spawn  # type: ignore[method-assign]
        self.slow_mail = False
        self._waiting: list[Coroutine[Any, Any, None]] = []
        if text:
            refused = self.router.load(text)
            assert not refused, refused
        for watcher in (debugging, show_fax_files):
            watcher.attach(self.router.device)
        self.user = User(self.router.device)

    async def _mail(self, settings: SendSettings, envelope: Envelope, message: bytes) -> Outcome:
        return Outcome(True, 250, "2.6.0 Queued mail for delivery", "10.0.0.25")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            work.send(None)
        except StopIteration:
            return
        self._waiting.append(work)

    def fax_in(self, called: str = "5550199", jack: str = "T1 0", until_s: float | None = None) -> None:
        """A fax machine calls and sends; the clock stops there, or when all is over."""
        machine = Machine(self.clock)
        self.router.plug(jack, machine)
        machine.send(lambda end: self.router.offer(jack, end), called, document())
        self.clock.run(until_s)

    def silence_in(self) -> None:
        """A telephone calls and says nothing."""
        circuit = Circuit(CallSetup("5550199", "408"))
        self.router.plug("T1 0", Machine(self.clock))
        self.router.offer("T1 0", circuit.called)
        self.clock.run()

    def fax_out(self, mood: str = "answer", until_s: float | None = None) -> None:
        """A mail is faxed to a machine."""
        self.router.plug("T1 0", Machine(self.clock, mood))
        voice = self.router.voice
        OffRampDelivery(voice._context, voice.port_for, mail_to("9-5551234"), lambda result: None).start()
        self.clock.run(until_s)

    def speak(self, called: str, until_s: float | None) -> None:
        """A telephone calls, somebody answers."""
        self.router.plug("T1 0", Machine(self.clock, "deaf"))
        circuit = Circuit(CallSetup(called, "5550100"))
        if until_s is None:
            self.clock.call_later(60.0, circuit.calling.release)
        self.router.offer("T1 0", circuit.called)
        self.clock.run(until_s)


PEERS = """
controller T1 0
 pri-group timeslots 1-24
 exit
voice-port 0:D
 exit
dial-peer hunt 0
dial-peer voice 100 pots
 destination-pattern 5551...
 direct-inward-dial
 forward-digits 4
 port 0:D
dial-peer voice 101 voip
 destination-pattern 5550112
 session target ipv4:10.10.1.1
dial-peer voice 102 voip
 destination-pattern 5550134
 session target ipv4:10.10.1.1
dial-peer voice 99 voip
dial-peer voice 33 pots
dial-peer voice 10 pots
 destination-pattern 123..
 port 0:D
dial-peer voice 1003 pots
 destination-pattern 1001
 huntstop
 port 0:D
"""
INCALL = """
controller T1 0
 pri-group timeslots 1-24
 exit
dial-peer voice 10 pots
 destination-pattern 123..
 port 0:D
"""
EXPANSIONS = """
num-exp 0... +14085270...
num-exp 1... +14085271...
num-exp 3.. +140852703..
num-exp 4.. +140852804..
num-exp 5.. +140852805..
num-exp 6.... +1408526....
num-exp 7.... +1408527....
num-exp 8... +14085288...
"""
RULES = """
translation-rule 21
 Rule 1 555.% 1408555 subscriber international
 Rule 2 8.% 1408555 abbreviated international
translation-rule 345
 Rule 1 .%555.% 7 ANY abbreviated
"""
ADMISSION = """
call threshold global total-calls low 100 high 400
call rsvp-sync
voice translation-rule 6
 rule 1 /65088801../ /6508880101/
voice translation-profile profile-8415
 translate calling 4
 translate called 1
voice source-group abc
 carrier-id source sj_area
 trunk-group-label target ny_main
dial-peer cor custom
 name class1
 name 911
 name 1800
 name 1900
 name local_call
dial-peer cor list call911
 member 911
dial-peer cor list call1800
 member 1800
dial-peer cor list call1900
 member 1900
dial-peer cor list calllocal
 member local_call
dial-peer cor list Engineering
 member 911
 member local_call
dial-peer cor list Manager
 member 911
 member 1800
 member 1900
 member local_call
dial-peer cor list HR
 member 911
 member 1800
 member local_call
dial-peer cor list to900
 member 1900
trunk group 411
 carrier-id 1411
trunk group 100
controller T1 0
 pri-group timeslots 1-6,24
controller T1 1
 pri-group timeslots 1-4,24
interface Serial0:23
 trunk-group 100
interface Serial1:23
 trunk-group 411
dial-peer voice 7777 pots
 carrier-id source aaa
dial-peer voice 2003 pots
 trunk-group-label source NYtrunk
 application debit-card
dial-peer voice 300 pots
dial-peer voice 900 voip
 corlist outgoing to900
 destination-pattern 1900
 session target ipv4:1.8.50.7
sip-ua
 max-forwards 6
"""
TWO_RULES = """
voice translation-rule 1
 rule 3 /5108880.../ /5108880101/
 rule 4 /510890..../ /5108880101/
voice translation-rule 2
 rule 1 /51088802../ /5108880101/
 rule 2 /51088803../ /5108880101/
 rule 3 /510889..../ /5108880101/
 rule 4 /510890..../ /5108880101/
"""
NETWORK = """
hostname R5
alias exec sps show version
logging buffered 4096
interface Ethernet0
 ip address 10.253.11.8 255.255.255.128
 ip policy route-map equal
interface FastEthernet0
 ip address 172.16.0.1 255.255.0.0
ip access-list standard 1
 permit 10.1.2.3 log
 deny 10.1.1.1
 deny 192.168.1.0 0.0.0.255
 deny any log
ip access-list extended 102
 permit tcp any host 192.168.1.100 eq ftp
 permit tcp any host 192.168.1.100 gt 1024
ip access-list extended VLAN-TEST
 permit ip any any
access-list 10 permit 10.66.12.12
access-list 12 deny 10.16.3.2
access-list 32 permit 172.20.20.20
access-list 101 permit ip any any
ip prefix-list PFX permit 10.0.0.0/8
route-map equal permit 10
 match length 150 200
 set ip next-hop 10.10.11.254
route-map equal permit 20
 match ip address prefix-list PFX
 match ip address 101
 set ip next-hop 10.10.11.14
router bgp 65000
 neighbor 10.253.11.9 remote-as 65001
 neighbor 10.253.11.10 remote-as 65002
"""
GROUP = """
trunk group 1
controller T1 0
 pri-group timeslots 1-6,24
controller T1 1
 pri-group timeslots 1-3,24
controller T1 2
 pri-group timeslots 1-24
controller T1 3
 pri-group timeslots 1-11,24
interface Serial0:23
 trunk-group 1
interface Serial1:23
 trunk-group 1
interface Serial2:23
 trunk-group 1
interface Serial3:23
 trunk-group 1
"""
THREE_TRUNKS = """
isdn switch-type primary-ni
controller T1 0
 pri-group timeslots 1-24
controller T1 1
 pri-group timeslots 1-24
controller T1 2
 pri-group timeslots 1-24
"""
MANAGED = """
snmp-server group GROUP1 v3 priv read g1readview notify g1notifyview
snmp-server community GROUP2 RO 7
snmp-server user user_snmp1 managerpriv v3 auth sha one priv des56 two
snmp-server user user_snmp2 managerpriv v3 auth sha one priv des56 two access 10
snmp-server user test-user test-group v3
"""
CAUSES = """
voice cause-code
 error-category 128 q850-cause 27
 error-category 129 q850-cause 38
"""
FAR_GATEWAY = """
controller T1 0
 pri-group timeslots 1-24
voice-port 0:D
dial-peer voice 1 pots
 destination-pattern 777....
 port 0:D
dial-peer voice 2 voip
 incoming called-number .
"""
NEAR_GATEWAY = """
controller T1 0
 pri-group timeslots 1-24
voice-port 0:D
dial-peer voice 1 pots
 incoming called-number .
 direct-inward-dial
 port 0:D
dial-peer voice 2 voip
 destination-pattern 777....
 session target ipv4:10.10.1.1
"""
GATEWAY = "hostname gateway1\ngateway\n"
HOSTS = "ip domain-name test.com\nip name-server 10.0.0.2 10.0.0.3\n"


def fax_in(until_s: float | None = None, release: str = "", before: str = "") -> Scene:
    scene = Scene(before + ON_RAMP, release=release)
    scene.fax_in(until_s=until_s)
    return scene


def fax_out(until_s: float | None = None) -> Scene:
    scene = Scene(OFF_RAMP)
    scene.fax_out(until_s=until_s)
    return scene


def both_ways() -> Scene:
    """The calls of a morning: a caller that is no fax machine, four mails, a fax, and a mail again."""
    scene = Scene(ON_RAMP + OFF_RAMP.removeprefix(TRUNK))
    scene.silence_in()
    scene.fax_out()
    scene.fax_out()
    scene.fax_in()
    scene.fax_out()
    scene.fax_out()
    return scene


def under_way() -> Scene:
    """Three faxes that are being received on one trunk, and two that have just begun to ring on another."""
    scene = Scene(ON_RAMP + "controller T1 1\n pri-group timeslots 1-24\nvoice-port 1:D\n")
    for _ in range(3):
        scene.fax_in(jack="T1 1", until_s=0.0)
    scene.clock.run(12.0)
    for _ in range(2):
        scene.fax_in(until_s=12.0)
    scene.clock.run(12.5)
    return scene


def three_trunks() -> Scene:
    """Three primary rates of a later release, a call on the first."""
    scene = Scene(ON_RAMP + THREE_TRUNKS, release="12.3(8)T")
    for jack in ("T1 1", "T1 2"):
        scene.router.plug(jack, Machine(scene.clock))
    scene.fax_in(until_s=12.0)
    return scene


def two_trunks() -> Scene:
    """Two trunks, with two calls that are over on the one and one on the other."""
    scene = Scene(ON_RAMP + "controller T1 1\n pri-group timeslots 1-24\nvoice-port 1:D\n")
    scene.fax_in(until_s=0.0)
    scene.fax_in()
    scene.fax_in(jack="T1 1")
    return scene


def network() -> Scene:
    """A router with neighbours on its Ethernet, and somebody at a vty."""
    from iosemu.commands.ip import arp_table

    scene = Scene(NETWORK)
    device = scene.router.device
    for last, hardware in enumerate(("0012.7fff.04d7", "00b0.c2ff.5932", "5cf3.fcff.d09b", "5cf3.fcff.d09c"), 1):
        arp_table.learn(device, "Ethernet0", 10 << 24 | 253 << 16 | 11 << 8 | last, hardware)
    scene.clock.run(45 * 60.0)
    return scene


def over_ip(until_s: float | None, *, sip: bool, there: bool = False) -> Scene:
    """A telephone calls through this gateway and another one, and somebody answers `there`."""
    wire = Wire(ManualClock(START))
    protocol = " session protocol sipv2\n" if sip else ""
    far = Scene(FAR_GATEWAY, wire=wire, address="10.10.1.1")
    near = Scene(NEAR_GATEWAY + protocol, wire=wire, address="10.10.1.2")
    far.router.plug("T1 0", Machine(wire.clock, "deaf"))
    far.router.voice.voip.serve()
    near.speak("7775555", until_s)
    return far if there else near


def timeslots() -> Scene:
    """A trunk of which three channels are in calls; the rest of its time slots is idle or unused."""
    scene = Scene(ON_RAMP)
    for _ in range(3):
        scene.fax_in(until_s=12.0)
    return scene


def spoken(until_s: float | None, release: str = "") -> Scene:
    scene = Scene(PEERS, release=release)
    scene.speak("5551234", until_s)
    return scene


SCENES: dict[str, Callable[[], Scene]] = {
    "blank": Scene,
    "peers": lambda: Scene(PEERS),
    "late peers": lambda: Scene(PEERS, release="12.4(15)T"),
    "incall": lambda: Scene(INCALL),
    "expansions": lambda: Scene(EXPANSIONS),
    "rules": lambda: Scene(RULES),
    "admission": lambda: Scene(ADMISSION),
    "early admission": lambda: Scene(ADMISSION, release="12.2(11)T"),
    "late admission": lambda: Scene(ADMISSION, release="12.3(8)T"),
    "two rules": lambda: Scene(TWO_RULES),
    "gateway": lambda: Scene(GATEWAY),
    "network": network,
    "timeslots": timeslots,
    "three trunks": three_trunks,
    "two trunks": two_trunks,
    "late thresholds": lambda: Scene(ADMISSION, release="12.4(24)T"),
    "cards": lambda: Scene(
        "controller T1 2/0\n pri-group timeslots 1-2,24\nvoice-port 2/0:23\n",
        platform="3660",
        modules={
            "1": "NM-2V",
            "1/0": "VIC-2FXS",
            "2": "NM-HDV-1T1-24",
            "3": "NM-2V",
            "3/0": "VIC-2FXO",
            "3/1": "VIC-2FXS",
            "4": "NM-2V",
            "4/0": "VIC-2FXS",
            "4/1": "VIC-2FXS",
            "5": "NM-1V",
            "5/0": "VIC-2FXS",
        },
    ),
    "signalling": lambda: fax_in(12.0, before="isdn switch-type primary-ni\n"),
    "busyout": lambda: Scene(
        "interface Ethernet0/0\n shutdown\nvoice-port 1/0/0\n busyout forced\n"
        "voice-port 1/0/1\n busyout monitor Ethernet0/0\n busyout monitor Serial0/0\n"
        "voice-port 1/1/0\n busyout monitor Ethernet0/0\n"
        "voice-port 1/1/1\n busyout monitor Ethernet0/0\n busyout monitor Serial0/0\n",
        platform="3640",
        modules={"0": "NM-1E1R2W", "0/0": "WIC-1T", "1": "NM-2V", "1/0": "VIC-2FXS", "1/1": "VIC-2E/M"},
    ),
    "office": lambda: Scene(
        "voice-port 1/0/1\n description I am an FXO LoopStart port\n",
        platform="3640",
        modules={"1": "NM-2V", "1/0": "VIC-2FXO", "1/1": "VIC-2FXS"},
    ),
    "managed": lambda: Scene(MANAGED),
    "late managed": lambda: Scene(MANAGED + CAUSES, release="12.3(8)T"),
    "1750": lambda: Scene(platform="1750", modules={"1": "VIC-2FXS", "2": "VIC-2FXS", "3": "PVDM-256K-12"}),
    "3640": lambda: Scene(platform="3640", release="12.2(26)"),
    "group": lambda: Scene(GROUP),
    "threshold": lambda: Scene(GATEWAY + " resource threshold high 70 low 60\n"),
    "hosts": lambda: Scene(HOSTS),
    "logging": lambda: Scene("logging buffered 4096\nlogging 10.5.2.1\n"),
    "fax in": lambda: fax_in(12.0),
    "late fax in": lambda: fax_in(12.0, release="12.3(8)T"),
    "fax received": fax_in,
    "fax out": lambda: fax_out(20.0),
    "fax sent": fax_out,
    "faxes": both_ways,
    "under way": under_way,
    "over ip": lambda: over_ip(30.0, sip=False),
    "from ip": lambda: over_ip(30.0, sip=False, there=True),
    "over sip": lambda: over_ip(30.0, sip=True),
    "was over ip": lambda: over_ip(None, sip=False),
    "was over sip": lambda: over_ip(None, sip=True),
    "voice": lambda: spoken(30.0),
    "late voice": lambda: spoken(30.0, "12.3(8)T"),
    "spoken": lambda: spoken(None),
    "analog": lambda: Scene(platform="3640", modules={"1": "NM-2V", "1/0": "VIC-2FXS", "1/1": "VIC-2E/M"}),
}
"""By name: how to come there."""
_READY: dict[str, Scene] = {}


def scene(name: str) -> Scene:
    """The scene of that name; made once, since show commands change nothing."""
    if name not in _READY:
        _READY[name] = SCENES[name]()
    return _READY[name]


def told(where: str, command: str) -> list[str]:
    """What the router of a scene prints for a command."""
    return scene(where).user.type(command).splitlines()
