"""What TACACS+ servers are asked about a user of a line, and what their answers grant.

Rule: a group that gives no answer hands over to the next method. The level of a shell is the `priv-lvl` that its
authorization answers; authentication by itself gives none. Source: RFC 8907.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iosemu.commands.aaa.login import HIGHEST, LOWEST, Granted, HandedOver
from iosemu.commands.aaa.protocols import TACACS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iosemu.commands.aaa.servers import AaaServers
    from iosemu.management.tacacs import Account, Authorization, Subject

_PRIVILEGE = "priv-lvl"


async def authenticate(
    aaa: AaaServers, group: str, subject: Subject, password: str, enables: int | None = None
) -> Granted | None:
    """What a group says of a login, or of somebody who enables a level; raises HandedOver where it says nothing."""
    from iosemu.management.tacacs import Service, Start

    service = Service.LOGIN if enables is None else Service.ENABLE
    about = replace(subject, level=LOWEST if enables is None else enables)
    known = await aaa.tacacs.authenticate(aaa.tacacs_servers(group), Start(about, service), password)
    if known is None:
        raise HandedOver
    return Granted(LOWEST, TACACS) if known else None


async def authorize(aaa: AaaServers, group: str, subject: Subject, arguments: Sequence[str]) -> Authorization:
    """What a group says of what the arguments describe; raises HandedOver where it says nothing."""
    from iosemu.management.tacacs import Authorize

    said = await aaa.tacacs.authorize(aaa.tacacs_servers(group), Authorize(subject, tuple(arguments)))
    if said is None:
        raise HandedOver
    return said


async def shell_level(aaa: AaaServers, group: str, subject: Subject) -> int | None:
    """The level at which a group lets somebody have a shell, None where it does not; raises HandedOver."""
    said = await authorize(aaa, group, subject, ("service=shell", "cmd="))
    if not said.granted:
        return None
    for argument in said.arguments:
        # `=` makes it mandatory, `*` optional (RFC 8907, 6.1)
        name, _, value = argument.replace("*", "=", 1).partition("=")
        if name == _PRIVILEGE and value.isdecimal():
            return min(HIGHEST, int(value))
    return LOWEST


async def account(aaa: AaaServers, group: str, record: Account) -> bool:
    """Whether a server of the group takes a record."""
    return await aaa.tacacs.account(aaa.tacacs_servers(group), record)
