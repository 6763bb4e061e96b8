"""Checks of voice ports and dial peers against the hardware and against each other.

Rule: what the chassis lacks does not exist for the parser either: a voice port that is not there gets the caret, as on
a real router.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli.handlers import Refused
from iosemu.cli.match import Incomplete, Match
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("voice_port_exists")
def _voice_port(call: Invocation[Device]) -> None:
    if call.device.config.root.block("voice-port", port=call.values["port"]) is None:
        raise call.invalid("port")


@check("dial_peer_port")
def _dial_peer_port(call: Invocation[Device]) -> Match | None:
    if call.device.config.root.block("voice-port", port=call.values["unit"]) is None:
        raise call.invalid("unit")
    return None


@check("dial_peer")
def _dial_peer(call: Invocation[Device]) -> Match | None:
    """The kind may be left out where the peer exists; it cannot be changed."""
    tag, kind = call.values["tag"], call.values.get("kind")
    existing = call.device.config.root.child("dial-peer voice", (str(tag),))
    if existing is None or existing.header is None:
        if kind is None:
            raise Incomplete
        return None
    if kind not in (None, existing.header.values["kind"]):
        # inferred: no capture of this refusal was found
        raise Refused(f"% Dial-peer {tag} already exists with another encapsulation type")
    return rewritten(call, existing.header.text)


@check("application_parameter")
def _application_parameter(call: Invocation[Device]) -> Match | None:
    """A script's own parameter may have any name but those that IOS knows, whose values it checks."""
    known = (command.notation.split() for command in call.mode.commands if command.id == call.command.id)
    if call.values["parameter"] in {words[4] for words in known}:
        raise call.invalid("value")
    return None


_HEX_WORDS = re.compile(r"[0-9A-Fa-f \t]*")


@check("certificate")
def _certificate(call: Invocation[Device]) -> Match | None:
    """A certificate that is given again replaces the one that is there."""
    block = call.block.child(call.command.id, call.match.identity)
    if block is not None:
        call.device.config.discard(block)
    return None


@check("certificate_data")
def _certificate_data(call: Invocation[Device]) -> Match | None:
    """A line of hexadecimal digits; two that are alike are both part of the certificate."""
    text = str(call.values["data"])
    read = _HEX_WORDS.match(text)
    if read is None or read.end() < len(text):
        raise call.invalid("data", read.end() if read is not None else 0)
    return call.match._replace(identity=(text, str(len(call.block.lines))))
