"""`debug`, `undebug`, `debug condition`, `show debugging`: the switches; makers of debug text watch `device.debugs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.debug.conditions import Condition
from iosemu.commands.debug.switches import SWITCHES, Switched, switch_of, switches, told
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_FLOOD = """\
Removing all conditions may cause a flood of debugging
messages to result, unless specific debugging flags
are first removed.
"""


def debugging_text(device: Device) -> str:
    """The text of `show debugging`: the switches that are on, under the name of their group."""
    lines: list[str] = []
    for flag in sorted(device.debugs, key=lambda flag: (switch_of(flag).group.lower(), flag)):
        group = f"{switch_of(flag).group}:"
        if group not in lines:
            lines.append(group)
        lines.append(f"  {told(flag, 'on')}")
        if flag.startswith("isdn q9"):
            lines += _dsls(device, flag.split()[1].upper())
    return "\n".join([*lines, *_conditions(device), ""]) + "\n"


_DSLS = 32


def _dsls(device: Device, protocol: str) -> list[str]:
    """Which D channels a switch of ISDN holds for: all that there are, of those that a router may have."""
    count = sum(port.d_channel is not None for port in device.voice.ports.values())
    marks = ["1"] * count + ["-"] * (_DSLS - count)
    groups = (" ".join(marks[first : first + 8]) for first in range(0, _DSLS, 8))
    return [
        f"  ISDN {protocol} packets debug DSLs. (On/Off/No DSL:1/0/-)",
        f"  DSL  0 --> {_DSLS - 1}",
        f"  {'  '.join(groups)}  ",
        "",
    ]


def conditions_text(device: Device) -> str:
    """The text of `show debugging condition`."""
    return "\n".join(_conditions(device) or ["", "% No conditions found"]) + "\n"


def _conditions(device: Device) -> list[str]:
    active = len(device.debugs)
    return [
        f"\nCondition {number}: {condition.kind} {condition.value} ({active} flags triggered)"
        + (f"\n       Flags: {condition.value}" if condition.kind == "application voice" else "")
        for number, condition in device.debug_calls.conditions.items()
    ]


def _said(call: Invocation[Device]) -> tuple[bool, tuple[str, ...]]:
    """Is it switched on, and what?"""
    words = call.match.tokens
    return words[0] == "debug", words[2:] if words[0] == "no" else words[1:]


def _turn(device: Device, flag: str, on: bool) -> None:
    """Turn a switch; off goes with whatever it was narrowed down to."""
    before = set(device.debugs)
    if on:
        device.debugs.add(flag)
    else:
        narrowed = {one for one in before if one.startswith(f"{flag} ") and one not in SWITCHES}
        device.debugs -= {flag, *narrowed}
    if device.debugs != before:
        device.bus.publish(Switched(flag, on))


@handlers.register("debug")
def _debug(call: Invocation[Device]) -> None:
    on, words = _said(call)
    for flag in switches(words):
        _turn(call.device, flag, on)
        call.write(f"{told(flag, 'on' if on else 'off')}\n")


@handlers.register("debug_all")
async def _all(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import said_yes

    on, _ = _said(call)
    if not on:
        for flag in tuple(call.device.debugs):
            _turn(call.device, flag, on)
        call.write("All possible debugging has been turned off\n")
    elif await said_yes(call, "\nThis may severely impact network performance. Continue?"):
        for flag in SWITCHES:
            _turn(call.device, flag, on)
        call.write("\nAll possible debugging has been turned on\n")


@handlers.register("debug_condition")
async def _condition(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import said_yes

    calls = call.device.debug_calls
    on, words = _said(call)
    if words[1] == "all":
        if on or not calls.conditions:
            call.write("% No conditions found\n")
        elif await said_yes(call, f"{_FLOOD}\nProceed with removal?"):
            call.write(f"{len(calls.conditions)} conditions have been removed\n")
            calls.conditions.clear()
        return
    condition = Condition(" ".join(words[1:-1]), words[-1])
    if on:
        number = calls.add(condition)
        call.write(f"Condition {number} set\n" if number else "% Condition already set\n")
        return
    if condition not in calls.conditions.values():
        call.write("% Condition not found\n")  # inferred
        return
    if len(calls.conditions) == 1 and not await said_yes(call, f"{_FLOOD}\nProceed with removal?"):
        return
    call.write(f"Condition {calls.remove(condition)} has been removed\n")


@handlers.register("show_debugging")
def _show(call: Invocation[Device]) -> None:
    call.write(debugging_text(call.device))


@handlers.register("show_debugging_condition")
def _show_conditions(call: Invocation[Device]) -> None:
    call.write(conditions_text(call.device))
