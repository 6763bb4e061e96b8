"""Checks of voice lines whose words have more form than the notation can tell: session targets, script parameters.

Rule: what the reference lists and no other word; the caret stands below the first character that cannot be right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.commands.config.values import check

if TYPE_CHECKING:
    from iosemu.cli.match import Match
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
# Forms of a session target, by what they start with: what may follow it.
_TARGETS = {
    "ipv4:": re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?::\d{{1,5}})?"),
    "dns:": re.compile(rf"(?:(?:\$[sdeu]\$\.?)+(?:{_HOST})?|{_HOST})(?::\d{{1,5}})?"),
    "enum:": re.compile(r"1[0-5]|[1-9]"),
    "loopback:": re.compile(r"rtp|compressed|uncompressed"),
    "settlement": re.compile(r"(?::0)?"),
    "ras": re.compile(""),
    "sip-server": re.compile(""),
}


@check("session_target")
def _session_target(call: Invocation[Device]) -> Match | None:
    """Where the calls of a VoIP dial peer go."""
    address = str(call.values["address"])
    for start, rest in _TARGETS.items():
        if address.lower().startswith(start):
            if rest.fullmatch(address, len(start)) is None:
                raise call.invalid("address", len(start))
            return None
    raise call.invalid("address")


@check("service_parameter")
def _service_parameter(call: Invocation[Device]) -> Match | None:
    """A script's own parameter may have any name but those that IOS knows, whose values it checks."""
    known = {command.notation.split()[1] for command in call.mode.commands if command.notation.startswith("param ")}
    if call.values["name"] in known:
        raise call.invalid("value")
    return None
