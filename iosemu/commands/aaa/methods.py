"""Lines of AAA and RADIUS in the form in which they are kept: old spellings of method lists, the ports of a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.match import Match
from iosemu.commands.aaa.credentials import kept_password
from iosemu.commands.aaa.protocols import PROTOCOLS
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_METHODS = 4
"""The words of `aaa authentication login LIST`, behind which the methods stand; `commands` has its level besides."""
_AUTHENTICATION, _ACCOUNTING = 1645, 1646


@handlers.register("aaa_server_group")
def _server_group(call: Invocation[Device]) -> Match:
    """The spelling that releases without server groups had: `login default radius local`, with `no` in front, too."""
    methods = _METHODS + ("commands" in call.tokens[:_METHODS])
    words = list(call.tokens[:methods])
    for word in call.tokens[methods:]:
        words += ["group", word] if word in PROTOCOLS and words[-1] != "group" else [word]
    front = ("no",) if call.negated else ("default",) if call.defaulted else ()
    return rewritten(call, " ".join((*front, *words)))


@check("radius_host")
def _radius_host(call: Invocation[Device]) -> Match | None:
    """Both ports are always told, and the rest follows in one order; so it is of the private servers of a group."""
    said = call.values
    command = "server-private" if call.tokens[0] == "server-private" else "radius-server host"
    words = [command, str(said["address"])]
    words += [f"auth-port {said.get('authport', _AUTHENTICATION)}", f"acct-port {said.get('acctport', _ACCOUNTING)}"]
    if "seconds" in said:
        words.append(f"timeout {said['seconds']}")
    if "tries" in said:
        words.append(f"retransmit {said['tries']}")
    if "backoff" in said:
        words.append("backoff exponential")
        words += [f"max-delay {said['longest']}"] if "longest" in said else []
        words += [f"backoff-retry {said['again']}"] if "again" in said else []
    if "non-standard" in said:
        words.append("non-standard")
    if "hidden" in said:
        words.append(f"key 7 {said['hidden']}")
    elif "secret" in said:
        words.append(f"key {kept_password(call.device, call.tokens[0], {'text': said['secret']})}")
    text = " ".join(words)
    return None if text == " ".join(call.tokens) else rewritten(call, text)
