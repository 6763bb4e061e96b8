"""Names of interfaces: their kinds, and how a name is read and written in full.

Rule: a kind may be abbreviated as a keyword may, and its unit may stand behind a blank; the name is kept as IOS prints
it, `FastEthernet0/0.1`.
"""

from __future__ import annotations

import re
from functools import lru_cache

KINDS = {
    "Async": "Async interface",
    "ATM": "ATM interface",
    "BRI": "ISDN Basic Rate Interface",
    "BVI": "Bridge-Group Virtual Interface",
    "CTunnel": "CTunnel interface",
    "Dchannel": "Dchannel interface",
    "Dialer": "Dialer interface",
    "Ethernet": "IEEE 802.3",
    "FastEthernet": "FastEthernet IEEE 802.3",
    "GigabitEthernet": "GigabitEthernet IEEE 802.3z",
    "Group-Async": "Async Group interface",
    "Hssi": "High Speed Serial Interface",
    "Lex": "Lex interface",
    "Loopback": "Loopback interface",
    "MFR": "Multilink Frame Relay bundle interface",
    "Multilink": "Multilink-group interface",
    "Null": "Null interface",
    "Port-channel": "Ethernet Channel of interfaces",
    "POS": "Packet over Sonet",
    "Serial": "Serial",
    "TokenRing": "IEEE 802.5",
    "Tunnel": "Tunnel interface",
    "Vif": "PGM Multicast Host interface",
    "Virtual-Access": "Virtual Access interface",
    "Virtual-Template": "Virtual Template interface",
    "Virtual-TokenRing": "Virtual TokenRing",
    "Vlan": "Catalyst Vlans",
}
"""Kinds of interface by the name IOS prints, with what `?` says of them (recalled from 12.2 routers)."""


class InterfaceName(str):
    """An interface by its full name: `FastEthernet0/0.1`."""

    @property
    def mode(self) -> str:
        """The configuration mode of its block: some interfaces know fewer commands than others."""
        if "." in self:
            return "subinterface"
        return "null-interface" if self.startswith("Null") else "interface"


_UNIT_TEXT = re.compile(r"\d{1,5}(?:/\d{1,5}){0,2}(?:\.\d{1,10})?(?::(?:D|\d{1,2})){0,2}", re.IGNORECASE)
_NAME_TEXT = re.compile(r"([A-Za-z][A-Za-z-]*)[ \t]*(?=\d)(\S+)")
_WORD = re.compile(r"\S+")


def unit(word: str) -> tuple[object, str] | int:
    """`(text, text)` of a unit such as `3/0:D`, or the offset of the first character that cannot be right."""
    found = _UNIT_TEXT.match(word)
    end = found.end() if found else 0
    return (word.upper(), word.upper()) if end == len(word) else end


def read(line: str, start: int) -> tuple[object, str, int] | int:
    """Name, text and the column behind it, or the column of the first character that cannot be right."""
    found = _NAME_TEXT.match(line, start)
    if found is None:
        word = _WORD.match(line, start)
        text = word[0] if word else ""
        return start + max(agreement(text, kind) for kind in KINDS)
    kinds = kinds_of(found[1])
    if len(kinds) != 1:
        return start + (0 if kinds else max(agreement(found[1], kind) for kind in KINDS))
    numbers = unit(found[2])
    if isinstance(numbers, int):
        return found.start(2) + numbers
    name = InterfaceName(kinds[0] + numbers[1])
    return name, str(name), found.end()


@lru_cache(maxsize=1024)
def kinds_of(text: str) -> tuple[str, ...]:
    """The kinds of interface that `text` may abbreviate; an exact name stands alone."""
    lower = text.lower()
    found = tuple(kind for kind in KINDS if kind.lower().startswith(lower))
    exact = tuple(kind for kind in found if kind.lower() == lower)
    return exact or found


def agreement(text: str, word: str) -> int:
    """How many leading characters of `text` agree with `word`, in any case."""
    for at, (left, right) in enumerate(zip(text.lower(), word.lower(), strict=False)):
        if left != right:
            return at
    return min(len(text), len(word))
