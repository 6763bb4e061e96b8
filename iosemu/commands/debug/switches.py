"""The switches of `debug`: under which heading each stands, and how the router calls it in front of `is on`.

Rule: a switch is told by its words; those that took new names in 12.3(8)T keep their old words here, so that who writes
debug text need not know the release. A switch of a protocol that nobody speaks here is silent, as on a router that
hears none. The texts are inferred where not marked: few captures of them were found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from iosemu.commands.debug.conditions import BY_NUMBER


@dataclass(frozen=True, slots=True)
class Switched:
    """A switch was turned on or off."""

    flag: str
    on: bool


class Switch(NamedTuple):
    """`show debugging` lists `text` under `group`."""

    group: str
    text: str


OF_CALLS = {
    "aaa accounting": Switch("General OS", "AAA Accounting debugging"),  # seen
    "aaa authentication": Switch("General OS", "AAA Authentication debugging"),  # seen
    "aaa authorization": Switch("General OS", "AAA Authorization debugging"),  # seen
    "dialpeer": Switch("dialpeer", "dialpeer detailed info debugging"),
    "dmsp doc-to-fax": Switch("dmsp", "DMSP doc to fax debugging"),
    "dmsp fax-to-doc": Switch("dmsp", "DMSP fax to doc debugging"),
    "fax relay t30 all": Switch("fax relay", "FAX RELAY T30 debugging"),
    "fmsp receive t30": Switch("fmsp", "FMSP receive T.30 debugging"),
    "fmsp receive t38": Switch("fmsp", "FMSP receive T.38 debugging"),
    "fmsp send t30": Switch("fmsp", "FMSP send T.30 debugging"),
    "fmsp send t38": Switch("fmsp", "FMSP send T.38 debugging"),
    "foip off-ramp": Switch("foip", "FOIP off-ramp debugging"),
    "foip on-ramp": Switch("foip", "FOIP on-ramp debugging"),
    "ip tcp transactions": Switch("TCP", "TCP special event debugging"),  # seen
    "isdn event": Switch("ISDN", "ISDN events debugging"),
    "isdn q921": Switch("ISDN", "ISDN Q921 packets debugging"),  # seen
    "isdn q931": Switch("ISDN", "ISDN Q931 packets debugging"),  # seen
    "mmoip aaa": Switch("mmoip", "MMOIP AAA debugging"),
    "mspi receive": Switch("mspi", "MSPI receive debugging"),
    "mspi send": Switch("mspi", "MSPI send debugging"),
    "mta receive all": Switch("mta", "MTA receive debugging"),
    "mta send all": Switch("mta", "MTA send debugging"),
    "radius accounting": Switch("Radius", "Radius packet protocol (accounting) debugging"),  # seen
    "radius authentication": Switch("Radius", "Radius packet protocol (authentication) debugging"),  # seen
    "text-to-fax": Switch("text-to-fax", "Text to fax debugging"),
    "tiff reader": Switch("tiff", "TIFF reader debugging"),
    "tiff writer": Switch("tiff", "TIFF writer debugging"),
    "voip ccapi inout": Switch("voip", "voip ccAPI function enter/exit debugging"),  # seen
    "voip ivr": Switch("voip", "ivr call script debugging"),
    "vpm signal": Switch("vpm", "Voice Port Module signaling debugging"),
    "vtsp dsp": Switch("vtsp", "Voice telephony call control dsp debugging"),  # recalled
    "vtsp session": Switch("vtsp", "Voice telephony call control session debugging"),  # recalled
}
"""Of calls, faxes and mail, by their words."""
_RECALLED = {
    "Generic IP": {
        "ip http transactions": "HTTP Server transactions debugging",
        "ip http url": "HTTP Server URL debugging",
        "ip icmp": "ICMP packet debugging",
        "ip nat": "IP NAT debugging",
        "ip packet": "IP packet debugging",
        "ip policy": "Policy routing debugging",
        "ip security": "IP security options debugging",
        "ip udp": "UDP packet debugging",
        "domain": "Domain Name System debugging",
        "ip dhcp server events": "DHCP server event debugging",
        "ip dhcp server packet": "DHCP server packet debugging",
    },
    "IP routing": {
        "ip bgp": "BGP debugging",
        "ip bgp events": "BGP events debugging",
        "ip bgp updates": "BGP updates debugging",
        "ip eigrp": "IP-EIGRP Route Events debugging",
        "ip igrp events": "IGRP event debugging",
        "ip ospf adj": "OSPF adjacency events debugging",
        "ip ospf events": "OSPF events debugging",
        "ip ospf hello": "OSPF hello events debugging",
        "ip ospf packet": "OSPF packet debugging",
        "ip rip": "RIP protocol debugging",
        "ip rip events": "RIP event debugging",
        "ip routing": "IP routing debugging",
    },
    "EIGRP": {"eigrp packets": "EIGRP Packets debugging", "eigrp neighbors": "EIGRP Neighbors debugging"},
    "TCP": {
        "ip tcp driver": "TCP driver events debugging",
        "ip tcp packet": "TCP Packet debugging",
    },
    "ARP": {"arp": "ARP packet debugging"},
    "CDP": {
        "cdp adjacency": "CDP neighbor info debugging",
        "cdp events": "CDP events debugging",
        "cdp ip": "CDP IP info debugging",
        "cdp packets": "CDP packet info debugging",
    },
    "NTP": {
        "ntp adjust": "NTP clock adjustments debugging",
        "ntp authentication": "NTP authentication debugging",
        "ntp events": "NTP events debugging",
        "ntp packets": "NTP packets debugging",
        "ntp select": "NTP clock selection debugging",
        "ntp sync": "NTP clock synchronization debugging",
        "ntp validity": "NTP peer validity debugging",
    },
    "SNMP": {
        "snmp packets": "SNMP packet debugging",
        "snmp requests": "SNMP request debugging",
        "snmp headers": "SNMP header debugging",
    },
    "TACACS access control": {
        "tacacs": "TACACS access control debugging",
        "tacacs events": "TACACS access control events debugging",
    },
    "PPP": {
        "ppp authentication": "PPP authentication debugging",
        "ppp error": "PPP protocol errors debugging",
        "ppp multilink events": "Multilink events debugging",
        "ppp negotiation": "PPP protocol negotiation debugging",
        "ppp packet": "PPP packet display debugging",
    },
    "Dial on demand": {
        "dialer events": "Dial on demand events debugging",
        "dialer packets": "Dial on demand packets debugging",
    },
    "Frame Relay": {
        "frame-relay events": "Frame Relay ARP/InARP events debugging",
        "frame-relay lmi": "Frame Relay LMI debugging",
        "frame-relay packet": "Frame Relay packet debugging",
    },
    "Modem control/activation": {
        "modem": "Modem control/process activation debugging",
        "confmodem": "Modem configuration database debugging",
        "chat": "Chat scripts activity debugging",
        "callback": "Callback activity debugging",
    },
    "Backup": {"backup": "Backup events debugging"},
    "Crypto": {
        "crypto engine": "Crypto Engine debugging",
        "crypto ipsec": "Crypto IPSEC debugging",
        "crypto isakmp": "Crypto ISAKMP debugging",
    },
    "HSRP": {"standby": "HSRP debugging", "standby events": "HSRP Events debugging"},
    "Network interface": {
        "ethernet-interface": "Ethernet network interface debugging",
        "serial interface": "Serial network interface debugging",
    },
    "Telnet": {"telnet": "Incoming Telnet debugging"},
    "SSH": {"ip ssh": "Incoming SSH debugging"},
    "TFTP": {"tftp packets": "TFTP Packet debugging", "tftp events": "TFTP Event debugging"},
    "VPN": {"vpdn events": "VPDN events debugging", "vpdn errors": "VPDN errors debugging"},
    "voip": {
        "voip ccapi error": "voip ccAPI error debugging",
        "voip rtp session": "voip rtp session debugging",
        "voip rtcp session": "voip rtcp session debugging",
        "voip aaa": "voip aaa debugging",
        "voip ivr applib": "ivr application library debugging",
        "voip ivr digitcollect": "ivr digit collection debugging",
        "voip ivr dynamic": "ivr dynamic debugging",
        "voip ivr error": "ivr errors debugging",
        "voip ivr settlement": "ivr settlement debugging",
    },
    "vpm": {
        "vpm dsp": "Voice Port Module dsp debugging",
        "vpm port": "Voice Port Module port debugging",
        "vpm spi": "Voice Port Module spi debugging",
        "vpm trunk_sc": "Voice Port Module trunk conditioning debugging",
    },
    "vtsp": {
        "vtsp error": "Voice telephony call control error debugging",
        "vtsp port": "Voice telephony call control port debugging",
        "vtsp stats": "Voice telephony call control statistics debugging",
        "vtsp tone": "Voice telephony call control tone debugging",
    },
    "CCH323 SPI": {
        "cch323 h225": "H225 SPI debugging",
        "cch323 h245": "H245 SPI debugging",
        "cch323 ras": "RAS SPI debugging",
        "cch323 error": "Error debug",
    },
    "H.323": {
        "h225 asn1": "H.225 ASN1 Messages debugging",
        "h225 events": "H.225 Event Messages debugging",
        "h225 q931": "H.225 Q931 Messages debugging",
        "h245 asn1": "H.245 ASN1 Messages debugging",
        "h245 events": "H.245 Event Messages debugging",
        "ras": "H.323 RAS Messages debugging",
    },
    "CCSIP SPI": {
        "ccsip calls": "SIP Call statistics tracing",
        "ccsip error": "SIP error debug tracing",
        "ccsip events": "SIP events tracing",
        "ccsip messages": "SIP Call messages tracing",
        "ccsip states": "SIP states tracing",
    },
    "MGCP": {
        "mgcp errors": "Media Gateway Control Protocol errors debugging",
        "mgcp events": "Media Gateway Control Protocol events debugging",
        "mgcp packets": "Media Gateway Control Protocol packets debugging",
        "mgcp parser": "Media Gateway Control Protocol parser debugging",
    },
    "tgrm": {"tgrm": "Trunk Group Resource Manager debugging"},
    "hpi": {"hpi all": "HPI debugging", "hpi error": "HPI error debugging"},
    "translation": {"translation detail": "Translation detail debugging"},
    "csm": {"csm voice": "CSM Voice debugging"},
}
"""By the heading of their group: switches of the rest of the router."""
_ENABLED = frozenset({"CCSIP SPI", "CCH323 SPI"})
"""Groups whose switches are told of with other words: `SIP Call messages tracing is enabled`."""
SWITCHES = OF_CALLS | {flag: Switch(group, text) for group, flags in _RECALLED.items() for flag, text in flags.items()}
"""All of them, by their words. What else is switched on is a word of these with an argument."""


def switches(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the words behind `debug` switch: themselves, or all that a later or a wider name stands for."""
    if words[0] == "fax" and words[1] not in ("receive", "relay"):
        words = words[1:]
    elif " ".join(words[:-1]) in BY_NUMBER:
        return (" ".join(words),)
    family, rest = words[0], words[1:]
    if rest[-1:] == ("all",) and " ".join(words) not in SWITCHES:
        rest = rest[:-1]
    if (family, *rest[:1]) == ("voip", "ivr") and rest[1:] in (("script",), ("states",)):
        rest = ("ivr",)
    named = " ".join((family, *rest))
    if named in SWITCHES:
        return (named,)
    found = tuple(flag for flag in SWITCHES if not rest and flag.startswith(f"{family} "))
    return found or (named,)


def switch_of(flag: str) -> Switch:
    """Its group and its text, those of an argument included."""
    known = SWITCHES.get(flag)
    if known is not None:
        return known
    if flag.startswith("ip packet "):
        return SWITCHES["ip packet"]
    return Switch(flag.split()[0], f"{flag} debugging")


def told(flag: str, state: str) -> str:
    """What is said of a switch that is "on" or "off"."""
    switch = switch_of(flag)
    if switch.group in _ENABLED:
        return f"{switch.text} is {'enabled' if state == 'on' else 'disabled'}"
    words = flag.split()[2:] if flag.startswith("ip packet ") else []
    detail = " (detailed)" if words[-1:] == ["detail"] else ""
    listed = next((f" for access list {word}" for word in words if word != "detail"), "")
    return f"{switch.text} is {state}{detail}{listed if state == 'on' else ''}"
