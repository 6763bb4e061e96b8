"""`aaa authorization commands` and `aaa accounting commands`: may a user run a command, and who hears that he did.

Rule: a list holds for the commands of one privilege level. Lines of configuration are asked about only with `aaa
authorization config-commands`, the console only with `aaa authorization console`. Only TACACS+ knows commands: a RADIUS
group has no answer and hears of none. Source: RFC 8907, 6.1 and 8.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.handlers import Refused
from iosemu.cli.match import MatchError, match
from iosemu.commands.aaa import tacacs
from iosemu.commands.aaa.accounting import COMMANDS, heard_on_line, open_account
from iosemu.commands.aaa.login import HandedOver, MethodName, list_of_line, method_names
from iosemu.commands.aaa.port import subject
from iosemu.commands.aaa.protocols import TACACS
from iosemu.commands.aaa.users import user_values
from iosemu.commands.lines.line_config import line_block
from iosemu.commands.lines.numbers import CONSOLE, named

if TYPE_CHECKING:
    from iosemu.cli.declaration import Mode
    from iosemu.cli.session import Session
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

_AUTHORIZATION = "aaa authorization commands"
_DENIED = "Command authorization failed.\n"
_END = "<cr>"


async def ask(device: Device, session: Session[Device], mode: Mode, line: str) -> None:
    """Have a line judged before it is done, and tell of it; raises Refused where it may not be done."""
    level, words = _understood(mode, line, session.privilege)
    configures = session.block is not None
    if not configures or device.config.root.flag("aaa authorization config-commands"):
        await _authorize(device, session, level, words)
    _account(device, session, level, words)


def _understood(mode: Mode, line: str, privilege: int) -> tuple[int, tuple[str, ...]]:
    """The level that a line needs, and its words in full; raises MatchError."""
    found = match(mode, line, privilege)
    words = ("no", *found.tokens) if found.negated else found.tokens
    for level in range(privilege):
        try:
            match(mode, line, level)
        except MatchError:
            continue
        return level, words
    return privilege, words


async def _authorize(device: Device, session: Session[Device], level: int, words: tuple[str, ...]) -> None:
    config, line = device.config, named(device, session.line)
    entry = _entry(device, session, level)
    if entry is None or (line.kind == CONSOLE and not config.root.flag("aaa authorization console")):
        return
    arguments = ("service=shell", f"cmd={words[0]}", *(f"cmd-arg={word}" for word in (*words[1:], _END)))
    for method in method_names(config, entry.tokens[entry.tokens.index(str(entry.values["list"])) + 1 :]):
        try:
            if await _permits(device, session, level, method, arguments):
                return
        except HandedOver:
            continue
        break
    raise Refused(_DENIED)


def _entry(device: Device, session: Session[Device], level: int) -> Line | None:
    """The line of configuration that says who is asked about commands of that level here."""
    line = named(device, session.line)
    block = line_block(device.config, line.kind, line.number)
    own = list_of_line(block, "commands", "authorization", str(level))
    lists = device.config.root.all(_AUTHORIZATION)
    found = (one for one in lists if (one.values["level"], one.values["list"]) == (level, own) and not one.negated)
    return next(found, None)


async def _permits(
    device: Device, session: Session[Device], level: int, method: MethodName, arguments: tuple[str, ...]
) -> bool:
    """What one method says; raises HandedOver."""
    if method.word == TACACS:
        about = subject(device, session.line, session.user, level)
        return (await tacacs.authorize(device.aaa, method.group, about, arguments)).granted
    if method.word == "none" or (method.word == "if-authenticated" and session.user):
        return True
    values = user_values(device.config, session.user)
    if method.word == "local" and values is not None:
        return int(str(values.get("level", 1))) >= level
    raise HandedOver


def _account(device: Device, session: Session[Device], level: int, words: tuple[str, ...]) -> None:
    where, heard_by = heard_on_line(device, session.line, session.user, COMMANDS, level)
    if heard_by is not None:
        account = open_account(device, heard_by, COMMANDS, where, session.user, level)
        account.stop((("Command", " ".join((*words, _END))),))
