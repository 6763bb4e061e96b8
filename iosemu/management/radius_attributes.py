"""The RADIUS attributes that a router sends and reads: their names, numbers and types, as data.

Rule: one table; the dictionary of the packet library and the text of `debug radius` are both made from it. Source:
RFC 2865, RFC 2866, and the published list of Cisco's vendor attributes (vendor 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CISCO = 9


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute; `kind` is `string`, `octets`, `integer` or `ipaddr`, `vendor` 0 for those of the RFCs."""

    number: int
    kind: str = "string"
    vendor: int = 0


_STANDARD = {
    "User-Name": Attribute(1),
    "User-Password": Attribute(2, "octets"),
    "NAS-IP-Address": Attribute(4, "ipaddr"),
    "NAS-Port": Attribute(5, "integer"),
    "Service-Type": Attribute(6, "integer"),
    "Login-IP-Host": Attribute(14, "ipaddr"),
    "Login-Service": Attribute(15, "integer"),
    "Login-TCP-Port": Attribute(16, "integer"),
    "Reply-Message": Attribute(18),
    "State": Attribute(24, "octets"),
    "Class": Attribute(25, "octets"),
    "Session-Timeout": Attribute(27, "integer"),
    "Idle-Timeout": Attribute(28, "integer"),
    "Called-Station-Id": Attribute(30),
    "Calling-Station-Id": Attribute(31),
    "NAS-Identifier": Attribute(32),
    "Acct-Status-Type": Attribute(40, "integer"),
    "Acct-Delay-Time": Attribute(41, "integer"),
    "Acct-Input-Octets": Attribute(42, "integer"),
    "Acct-Output-Octets": Attribute(43, "integer"),
    "Acct-Session-Id": Attribute(44),
    "Acct-Authentic": Attribute(45, "integer"),
    "Acct-Session-Time": Attribute(46, "integer"),
    "Acct-Input-Packets": Attribute(47, "integer"),
    "Acct-Output-Packets": Attribute(48, "integer"),
    "Acct-Terminate-Cause": Attribute(49, "integer"),
    "NAS-Port-Type": Attribute(61, "integer"),
}
_OF_CISCO = (
    (1, "Cisco-AVPair"),
    (2, "Cisco-NAS-Port"),
    (3, "Fax-Account-Id-Origin"),
    (4, "Fax-Msg-Id"),
    (5, "Fax-Pages"),
    (6, "Fax-Coverpage-Flag"),
    (7, "Fax-Modem-Time"),
    (8, "Fax-Connect-Speed"),
    (9, "Fax-Recipient-Count"),
    (10, "Fax-Process-Abort-Flag"),
    (11, "Fax-Dsn-Address"),
    (12, "Fax-Dsn-Flag"),
    (13, "Fax-Mdn-Address"),
    (14, "Fax-Mdn-Flag"),
    (15, "Fax-Auth-Status"),
    (16, "Email-Server-Address"),
    (17, "Email-Server-Ack-Flag"),
    (18, "Gateway-Id"),
    (19, "Call-Type"),
    (20, "Port-Used"),
    (21, "Abort-Cause"),
    (23, "h323-remote-address"),
    (24, "h323-conf-id"),
    (25, "h323-setup-time"),
    (26, "h323-call-origin"),
    (27, "h323-call-type"),
    (28, "h323-connect-time"),
    (29, "h323-disconnect-time"),
    (30, "h323-disconnect-cause"),
    (31, "h323-voice-quality"),
    (33, "h323-gw-id"),
)
ATTRIBUTES = _STANDARD | {name: Attribute(number, vendor=CISCO) for number, name in _OF_CISCO}

VALUES = {
    "Service-Type": {
        "Login": 1,
        "Framed": 2,
        "Outbound": 5,
        "Administrative": 6,
        "NAS Prompt": 7,
        "Call Check": 10,
    },
    "Login-Service": {"Telnet": 0, "Rlogin": 1, "TCP-Clear": 2},
    "Acct-Status-Type": {"Start": 1, "Stop": 2, "Watchdog": 3, "Accounting-On": 7, "Accounting-Off": 8},
    "Acct-Authentic": {"RADIUS": 1, "Local": 2, "Remote": 3},
    "Acct-Terminate-Cause": {"user-request": 1, "lost-carrier": 2, "idle-timeout": 4, "session-timeout": 5},
    "NAS-Port-Type": {"Async": 0, "Sync": 1, "ISDN": 2, "Virtual": 5},
}
"""The named values of integer attributes, as a router names them."""
_SHOWN_NAMES = {"Cisco-AVPair": "Cisco AVpair", "Cisco-NAS-Port": "cisco-nas-port"}


def dictionary_lines() -> Iterator[str]:
    """The table in the dictionary format that RADIUS programs share."""
    yield f"VENDOR Cisco {CISCO}"
    for name, attribute in _STANDARD.items():
        yield f"ATTRIBUTE {name} {attribute.number} {attribute.kind}"
    yield "BEGIN-VENDOR Cisco"
    for number, name in _OF_CISCO:
        yield f"ATTRIBUTE {name} {number} string"
    yield "END-VENDOR Cisco"


def of_vendor(name: str) -> bool:
    """Is it one of Cisco's own?"""
    return bool(ATTRIBUTES[name].vendor)


def described(name: str, value: object) -> list[str]:
    """The lines in which `debug radius` shows one attribute: name, number, length on the wire, value."""
    attribute = ATTRIBUTES[name]
    length, text = _shown(name, attribute, value)
    number = f"[{attribute.number}]"
    if not attribute.vendor:
        return [f"  {name:<20}{number:<6}{length:<4}{text}"]
    within = f"   {_SHOWN_NAMES.get(name, name):<19}{number:<6}{length:<4}{text}"
    return [f"  {'Vendor, Cisco':<20}{'[26]':<6}{length + 6:<4}", within]


def _shown(name: str, attribute: Attribute, value: object) -> tuple[int, str]:
    """Length and value."""
    if attribute.kind == "string":
        return 2 + len(str(value).encode()), f'"{value}"'
    if attribute.kind == "octets":
        octets = value if isinstance(value, bytes) else str(value).encode()
        if name == "User-Password":  # hidden in blocks of 16
            return 2 + max(1, -(-len(octets) // 16)) * 16, "*"
        return 2 + len(octets), octets.hex(" ").upper()
    word = next((word for word, number in VALUES.get(name, {}).items() if number == value), None)
    return 6, f"{value!s:<26}" if word is None else f"{word:<26}[{value}]"
