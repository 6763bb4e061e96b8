"""What `radius-server attribute` says of the requests to a RADIUS server.

Rule: each line changes one attribute, and none that is not configured is sent for its sake. Source: `radius-server
attribute 4`, `6` and `32` in the command reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.config.tree import Block
    from iosemu.management.radius import Attributes

_COMMANDS = ("radius-server attribute", "radius-server attribute 6")
_IDENTIFIER = "%h.%d"


def nas_address(root: Block, address: str) -> str:
    """The address that requests tell, which need not be the one that they come from."""
    return next((words[1] for words in _lines(root) if words[0] == "4"), address)


def wanted_attributes(root: Block, address: str, user: Attributes) -> Attributes:
    """What a request for access tells besides; `user` is what it tells of the user already."""
    found: list[tuple[str, object]] = []
    for words in _lines(root):
        if words[:2] == ["32", "include-in-access-req"]:
            found.append(("NAS-Identifier", _identifier(root, address, words[3] if len(words) > 3 else _IDENTIFIER)))
        if words[:2] == ["6", "on-for-login-auth"] and all(name != "Service-Type" for name, _ in user):
            found.append(("Service-Type", "Login"))
    return tuple(found)


def _lines(root: Block) -> list[list[str]]:
    return [list(line.tokens[2:]) for command in _COMMANDS for line in root.all(command) if not line.negated]


def _identifier(root: Block, address: str, form: str) -> str:
    """The name of the router: `%h` its host name, `%d` its domain, `%i` its address."""
    host = str(root.value("hostname", "name", "Router"))
    domain = str(root.value("ip domain name", "name", ""))
    for sign, value in (("%h", host), ("%d", domain), ("%i", address)):
        form = form.replace(sign, value)
    return form.rstrip(".")
