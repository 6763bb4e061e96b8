"""Access lists of DECnet and IPX: what their words may be, which the notation cannot tell.

Rule: these lists are kept and filter nothing, but a word that is no address, mask, socket or service of its protocol is
refused where it stands, as on a router.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli.match import Match
from iosemu.commands.config.values import check

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_AREAS, _NODES = range(64), range(1024)
_NODE = r"[0-9A-Fa-f]{1,4}(?:\.[0-9A-Fa-f]{1,4}){2}"
_NETWORK = re.compile(rf"-1|[0-9A-Fa-f]{{1,8}}(?:\.{_NODE})?|any|{_NODE}")
_SOCKET = re.compile("all|cping|diagnostic|eigrp|ncp|netbios|nlsp|nping|rip|sap|trace")
_WORDS = ("source", "second", "third", "fourth", "fifth", "sixth")
_DECNET, _EXTENDED, _SAP = range(300, 400), range(900, 1000), range(1000, 1100)


@check("legacy_entry")
def _legacy_entry(call: Invocation[Device]) -> Match | None:
    number = int(str(call.values["list"]))
    if number in _DECNET:
        for name in ("source", "source_mask", "destination", "destination_mask"):
            if name in call.values and not _is_decnet(str(call.values[name])):
                raise call.invalid(name)
        return None
    for place, name in enumerate(_WORDS):
        word = str(call.values.get(name, "any"))
        free = (number in _SAP and place > 1) or (number in _EXTENDED and place > 0 and _SOCKET.fullmatch(word))
        if not free and not _NETWORK.fullmatch(word):
            raise call.invalid(name)
    return None


def _is_decnet(text: str) -> bool:
    area, dot, node = text.partition(".")
    return bool(dot) and area.isdigit() and node.isdigit() and int(area) in _AREAS and int(node) in _NODES
