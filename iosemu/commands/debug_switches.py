"""The switches of `debug`: under which heading each stands, and how the router calls it in front of `is on`.

Rule: a switch is told by its words; those that took new names in 12.3(8)T keep their old words here, so that who writes
debug text need not know the release. The texts are inferred where not marked: few captures of them were found.
"""

from __future__ import annotations

from typing import NamedTuple

from iosemu.commands.debug_conditions import BY_NUMBER


class Switch(NamedTuple):
    """`show debugging` lists `text` under `group`."""

    group: str
    text: str


SWITCHES = {
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
"""By their words. What else is switched on is a word of these with an argument, or another module's."""
_OTHERS = {
    "aaa accounting": Switch("General OS", "AAA Accounting debugging"),
    "aaa authentication": Switch("General OS", "AAA Authentication debugging"),
    "aaa authorization": Switch("General OS", "AAA Authorization debugging"),
    "csm voice": Switch("csm", "CSM Voice debugging"),
    "radius": Switch("RADIUS", "Radius protocol debugging"),
}
"""What other modules switch: the texts are recalled."""


def switches(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the words behind `debug` switch: themselves, or all that a later or a wider name stands for."""
    if words[0] == "fax" and words[1] not in ("receive", "relay"):
        words = words[1:]
    elif " ".join(words[:-1]) in BY_NUMBER:
        return (" ".join(words),)
    family, rest = words[0], words[1:]
    if rest[-1:] == ("all",) and " ".join(words) not in SWITCHES:
        rest = rest[:-1]
    if family == "voip" and rest[:1] == ("ivr",):
        rest = ("ivr",)
    named = " ".join((family, *rest))
    found = tuple(flag for flag in SWITCHES if flag == named or (not rest and flag.startswith(f"{family} ")))
    return found or (named,)


def switch_of(flag: str) -> Switch:
    """Its group and its text, those of an argument included."""
    known = SWITCHES.get(flag) or _OTHERS.get(flag)
    if known is not None:
        return known
    return Switch(flag.split()[0], f"{flag} debugging")
