"""Lines of an address pool of DHCP: the mask of its network, and what is told in hexadecimal.

Rule: `network 10.0.0.0 /24` is kept with the mask that it means. A hardware address and a client identifier are groups
of up to four hexadecimal digits with dots between; the caret stands at the first character that is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.cli.match import Match
from iosemu.commands.config.values import check, rewritten

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_ALL = 0xFFFFFFFF
_BITS = re.compile(r"/([1-9]|[12][0-9]|3[0-2])")
_GROUPS = re.compile(r"[0-9A-Fa-f]{1,4}(?:\.[0-9A-Fa-f]{1,4})*|[0-9A-Fa-f]+")


@check("dhcp_network")
def _dhcp_network(call: Invocation[Device]) -> Match | None:
    if "prefix" not in call.values:
        return None
    bits = _BITS.fullmatch(str(call.values["prefix"]))
    if bits is None:
        raise call.invalid("prefix")
    mask = internet4.text(_ALL << (32 - int(bits[1])) & _ALL)
    return rewritten(call, f"network {call.values['address']} {mask}")


@check("dhcp_identifier")
def _dhcp_identifier(call: Invocation[Device]) -> Match | None:
    name = "address" if "address" in call.values else "identifier"
    text = str(call.values[name])
    if not _GROUPS.fullmatch(text):
        read = _GROUPS.match(text)
        raise call.invalid(name, read.end() if read is not None else 0)
    return None
