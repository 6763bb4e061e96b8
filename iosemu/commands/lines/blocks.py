"""The `line` blocks of a configuration: every line has a block of its own, and the running-config groups them.

Rule: `line vty 0 15` makes the lines that are not there yet and edits all of them as one; lines that follow each other
and say the same print as one block, the five vtys that every router has apart from those made later. A vty asks for its
password by default, and prints `login` only where it was said. With `aaa new-model` on, how a line asks who is there is
the method list's affair: `login` is neither taken nor printed.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from iosemu.cli.match import InvalidInput, Match, match
from iosemu.cli.session import Refused
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.lines.numbers import relative
from iosemu.commands.registry import handlers
from iosemu.config.tree import Block, Line, RunningConfig

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

VTY, TTY = "line vty", "line"
BUILTIN_VTYS = 5
LOGIN_LISTS = "aaa authentication login"
# Numbers of IP access lists, standard and extended.
_IP_LISTS = (range(1, 200), range(1300, 2700))
# The order in which a router names the protocols of `transport`.
_PROTOCOLS = ("lapb-ta", "lat", "mop", "nasi", "pad", "telnet", "rlogin", "udptn", "v120", "ssh")


def install(config: RunningConfig, chassis: Chassis) -> None:
    """The lines that every router has and those of its cards, and the way in which they are printed."""
    config.ensure("line con 0")
    for line in chassis.terminal_lines:
        config.ensure(f"{TTY} {line.number}")
    config.ensure("line aux 0")
    for number in range(BUILTIN_VTYS):
        config.ensure(f"{VTY} {number}")
    config.views[VTY] = lambda blocks: _grouped(config, VTY, blocks)
    config.views[TTY] = lambda blocks: _grouped(config, TTY, blocks)


def number_of(block: Block) -> int:
    """The number in the header of a line's block; -1 where that is a slot and a port."""
    first = block.header.values.get("first", 0) if block.header is not None else 0
    return first if isinstance(first, int) else -1


def vtys(config: RunningConfig) -> list[Block]:
    """The blocks of the vtys, in the order of their numbers, which have no gap."""
    return sorted(config.root.children(VTY), key=number_of)


def with_aaa(config: RunningConfig) -> bool:
    """Is it AAA that asks who is there?"""
    return config.root.flag("aaa new-model")


def _grouped(config: RunningConfig, command: str, blocks: list[Block]) -> list[Block]:
    """The blocks as they print."""
    shown: list[Block] = []
    said: list[str] = []
    first = last = -1
    for block in sorted(blocks, key=number_of):
        number, printed = number_of(block), _printed(config, block)
        lines = [line.text for line in printed.lines if line.place not in printed.unsaid]
        apart = number < 0 or number != last + 1 or (command == VTY and number == BUILTIN_VTYS)
        if shown and not apart and lines == said:
            shown[-1].header = _header(config, f"{command} {first} {number}")
        else:
            shown.append(printed)
            first, said = number, lines
        last = number
    return shown


def _printed(config: RunningConfig, block: Block) -> Block:
    """A copy of a line's block, without what AAA has taken over."""
    printed = copy(block)
    if with_aaa(config):
        printed.unsaid = frozenset(config.schema.mode(block.mode).places["login"])
    return printed


def _header(config: RunningConfig, text: str) -> Line:
    return match(config.schema.mode("config"), text)


@handlers.register("line_vty")
def _line_vty(call: Invocation[Device]) -> Match | None:
    """`line vty FIRST [LAST]`, set or taken away."""
    first, last = _range(call)
    return _enter_vtys(call, first, last)


@handlers.register("line_number")
def _line_number(call: Invocation[Device]) -> Match | None:
    """`line FIRST [LAST]`: a tty line, or another kind by its number among all lines."""
    if isinstance(call.values["first"], str):
        return None
    first, last = _range(call)
    (kind, low), (last_kind, high) = relative(call.device, first), relative(call.device, last)
    if kind != last_kind:
        raise call.invalid("last")
    if kind == "vty":
        return _enter_vtys(call, low, high)
    if kind != "tty":
        return rewritten(call, f"{_prefix(call)}line {kind} {low}")
    return _enter(call, TTY, low, high)


def _range(call: Invocation[Device]) -> tuple[int, int]:
    first = int(str(call.values["first"]))
    last = int(str(call.values.get("last", first)))
    if last < first:
        raise call.invalid("last")
    return first, last


def _prefix(call: Invocation[Device]) -> str:
    return "no " if call.negated else "default " if call.defaulted else ""


def _enter_vtys(call: Invocation[Device], first: int, last: int) -> Match:
    config = call.device.config
    there = len(vtys(config))
    if call.negated:
        if first < BUILTIN_VTYS:
            raise Refused("% Can't delete last 5 VTY lines")
        last = max(last, there - 1)  # no gap: with a vty go those behind it
    elif not call.defaulted:
        for number in range(there, first):
            _open(config, VTY, number)
    return _enter(call, VTY, first, last)


def _enter(call: Invocation[Device], command: str, first: int, last: int) -> Match:
    """The line of configuration for the first of these lines, once the others have been dealt with."""
    config = call.device.config
    if call.negated or call.defaulted:
        for number in range(first + 1, last + 1):
            config.apply(config.root, rewritten(call, f"{_prefix(call)}{command} {number}"))
        return rewritten(call, f"{_prefix(call)}{command} {first}")
    block, *others = [_open(config, command, number) for number in range(first, last + 1)]
    config.together.pop(block, None)
    if others:
        config.together[block] = tuple(others)
    return rewritten(call, f"{command} {first}")


def _open(config: RunningConfig, command: str, number: int) -> Block:
    block = config.apply(config.root, match(config.schema.mode("config"), f"{command} {number}"))
    assert block is not None
    return block


@check("line_login")
def _line_login(call: Invocation[Device]) -> Match | None:
    """`login` without AAA."""
    if with_aaa(call.device.config):
        raise InvalidInput(len(call.line.rstrip()))
    return None


@check("line_login_list")
def _line_login_list(call: Invocation[Device]) -> Match | None:
    """`login authentication LIST`: with AAA only; a list that nobody has made is warned of."""
    config = call.device.config
    if not with_aaa(config):
        raise InvalidInput(call.line.index("a"))
    wanted = str(call.values["list"])
    if wanted != "default" and not any(wanted == line.values["list"] for line in config.root.all(LOGIN_LISTS)):
        call.write(f'AAA: Warning, authentication list "{wanted}" is not defined for LOGIN.\n')  # recalled
    return None


@check("transport_input")
def _transport_input(call: Invocation[Device]) -> Match | None:
    """Protocols are kept in the router's own order, whichever they were said in."""
    said = [word for word in _PROTOCOLS if word in call.tokens]
    if not said:
        return None
    return match(call.device.catalogue.mode(call.block.mode), " ".join([*call.tokens[:2], *said]))


@check("access_class")
def _access_class(call: Invocation[Device]) -> Match | None:
    """A number has to be one of IP; a list need not be there yet."""
    name = str(call.values["list"])
    if name.isdigit() and not any(int(name) in numbers for numbers in _IP_LISTS):
        raise call.invalid("list")
    return None
