"""Views: the part of the MIB that a community or a group of users may see.

Rule: of the families of subtrees that an object belongs to the longest decides. Source: RFC 3415 section 2.4; the
names of subtrees are those of the standard MIBs and of CISCO-SMI.
"""

from __future__ import annotations

from collections.abc import Iterable

Oid = tuple[int, ...]

_INTERNET: Oid = (1, 3, 6, 1)
_MIB_2: Oid = (*_INTERNET, 2, 1)
_CISCO: Oid = (*_INTERNET, 4, 1, 9)
_NAMES: dict[str, Oid] = {
    "iso": (1,),
    "internet": _INTERNET,
    "directory": (*_INTERNET, 1),
    "mgmt": (*_INTERNET, 2),
    "mib-2": _MIB_2,
    "system": (*_MIB_2, 1),
    "interfaces": (*_MIB_2, 2),
    "iftable": (*_MIB_2, 2, 2),
    "ifentry": (*_MIB_2, 2, 2, 1),
    "at": (*_MIB_2, 3),
    "ip": (*_MIB_2, 4),
    "icmp": (*_MIB_2, 5),
    "tcp": (*_MIB_2, 6),
    "udp": (*_MIB_2, 7),
    "transmission": (*_MIB_2, 10),
    "snmp": (*_MIB_2, 11),
    "ifmib": (*_MIB_2, 31),
    "entitymib": (*_MIB_2, 47),
    "experimental": (*_INTERNET, 3),
    "private": (*_INTERNET, 4),
    "enterprises": (*_INTERNET, 4, 1),
    "cisco": _CISCO,
    "ciscoproducts": (*_CISCO, 1),
    "local": (*_CISCO, 2),
    "temporary": (*_CISCO, 3),
    "ciscomgmt": (*_CISCO, 9),
    "ciscoexperiment": (*_CISCO, 10),
    "snmpv2": (*_INTERNET, 6),
}


def subtree(text: str) -> tuple[int | None, ...] | None:
    """`mib-2.1`, `1.3.6.1`, `ifEntry.*.2`: None stands for any number; the whole is None where a name is not known."""
    first, *rest = text.strip(".").split(".")
    if first.isdigit():
        begin: Oid | None = (int(first),)
    else:
        begin = _NAMES.get(first.lower())
    if begin is None or not all(part == "*" or part.isdigit() for part in rest):
        return None
    return (*begin, *(None if part == "*" else int(part) for part in rest))


class View:
    """Families of subtrees, each included or not."""

    def __init__(self, families: Iterable[tuple[str, bool]]) -> None:
        read = [(subtree(text), included) for text, included in families]
        self._families = sorted(
            ((family, included) for family, included in read if family is not None), key=lambda one: len(one[0])
        )

    def shows(self, oid: Oid) -> bool:
        """Is that object in view?"""
        shown = False
        for family, included in self._families:
            if len(family) <= len(oid) and _fits(family, oid):
                shown = included
        return shown

    def may_show(self, oid: Oid) -> bool:
        """Is any object at or under this one in view?"""
        return self.shows(oid) or any(
            included and len(family) > len(oid) and _fits(family[: len(oid)], oid)
            for family, included in self._families
        )


def _fits(family: tuple[int | None, ...], oid: Oid) -> bool:
    return all(wanted is None or wanted == part for wanted, part in zip(family, oid, strict=False))


NOTHING = View(())
EVERYTHING = View((("iso", True),))
STANDARD = View(
    (("internet", True), ("internet.6.3.15", False), ("internet.6.3.16", False), ("internet.6.3.18", False))
)
"""`v1default`: what a community sees that names no view."""
