"""Trunks in the configuration: the controllers, and what their groups of time slots bring into being.

Rule: `pri-group` makes the D channel's interface and its voice port, `ds0-group` a voice port, `channel-group` a serial
interface, and `t1 LINES controller` on a T3 the controllers of its lines; the `no` of each takes away what it made. A
time slot belongs to one group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL, LINES_OF_A_T3
from iosemu.cli.handlers import Refused
from iosemu.cli.match import Match, match
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_SPAN_MIN = 2
_GROUPS = ("pri-group", "ds0-group", "channel-group", "tdm-group")


@handlers.register("controller_exists")
def _controller(call: Invocation[Device]) -> None:
    kind, unit = call.command.id.removeprefix("controller "), str(call.values["unit"])
    if kind == "T3" and unit in call.device.chassis.t3s:
        return
    found = call.device.chassis.controller(f"{kind} {unit}")
    if found is None or (found.of and call.device.config.root.block(call.command.id, unit=unit) is None):
        raise call.invalid("unit")


@check("t1_lines")
def _t1_lines(call: Invocation[Device]) -> Match | None:
    lines = call.values["lines"]
    assert isinstance(lines, tuple)
    if lines[-1] > LINES_OF_A_T3:
        raise call.invalid("lines")
    return None


@handlers.register("t1_made")
def _t1_made(call: Invocation[Device]) -> None:
    """The lines of a T3 that are named are controllers of their own."""
    config, unit = call.device.config, call.block.header.values["unit"]
    named: set[object] = set()
    for line in call.block.all("t1 controller"):
        lines = line.values["lines"]
        assert isinstance(lines, tuple)
        named |= set(lines)
    for number in range(1, LINES_OF_A_T3 + 1):
        existing = config.root.block("controller T1", unit=f"{unit}:{number}")
        if number in named and existing is None:
            config.ensure(f"controller T1 {unit}:{number}")
        elif number not in named and existing is not None:
            config.discard(existing, force=True)


def _trunk(call: Invocation[Device]) -> Controller:
    header = call.block.header
    kind = str(header.command.id).removeprefix("controller ")
    found = call.device.chassis.controller(f"{kind} {header.values['unit']}")
    assert found is not None
    return found


def spans(slots: tuple[int, ...]) -> str:
    """Time slots as IOS writes them: `1-12,24`."""
    parts: list[list[int]] = []
    for slot in sorted(set(slots)):
        if parts and slot == parts[-1][-1] + 1:
            parts[-1].append(slot)
        else:
            parts.append([slot])
    return ",".join(f"{part[0]}-{part[-1]}" if len(part) >= _SPAN_MIN else str(part[0]) for part in parts)


@check("pri_group")
def _pri_group(call: Invocation[Device]) -> Match | None:
    """Without a list all time slots; the D channel's slot always belongs to the group."""
    trunk = _trunk(call)
    chosen = call.values.get("slots") or tuple(range(1, trunk.timeslots + 1))
    assert isinstance(chosen, tuple)
    if chosen[-1] > trunk.timeslots:
        raise call.invalid("slots")
    slots = (*chosen, D_CHANNEL[trunk.kind] + 1)
    _free(call, slots)
    behind = " ".join(call.match.tokens[3:])
    return rewritten(call, f"pri-group timeslots {spans(slots)} {behind}")


def _free(call: Invocation[Device], slots: tuple[int, ...]) -> None:
    """Refuse time slots that another group of the trunk has."""
    for line in (line for group in _GROUPS for line in call.block.all(group)):
        taken = line.values.get("slots")
        if line.identity == call.match.identity and line.command.id == call.command.id:
            continue
        if isinstance(taken, tuple) and not set(taken).isdisjoint(slots):
            raise Refused("%Channels already allocated to another group")


@check("slot_group")
def _slot_group(call: Invocation[Device]) -> Match | None:
    """A group of time slots: within the trunk, and free; one without frames takes them all."""
    slots = call.values.get("slots", tuple(range(1, _trunk(call).timeslots + 1)))
    assert isinstance(slots, tuple)
    if slots[-1] > _trunk(call).timeslots:
        raise call.invalid("slots")
    _free(call, slots)
    return None


@handlers.register("ds0_group_made")
def _ds0_group_made(call: Invocation[Device]) -> None:
    """A group for CAS has a voice port of its number; signalling by an external system has none."""
    _follow(call, "voice-port", f"{_trunk(call).unit}:{call.values['group']}", "ds0-group")


@handlers.register("channel_group_made")
def _channel_group_made(call: Invocation[Device]) -> None:
    _follow(call, "interface", f"Serial{_trunk(call).unit}:{call.values['group']}", "channel-group")


def _follow(call: Invocation[Device], kind: str, name: str, group: str) -> None:
    """Have the block of that name exactly while the group of time slots exists."""
    config = call.device.config
    key = "name" if kind == "interface" else "port"
    existing = config.root.block(kind, **{key: name})
    wanted = any(line.values["group"] == call.values["group"] for line in call.block.all(group))
    if wanted and existing is None:
        config.ensure(f"{kind} {name}")
    elif not wanted and existing is not None:
        config.discard(existing, force=True)


@handlers.register("pri_group_made")
def _pri_group_made(call: Invocation[Device]) -> None:
    device, trunk = call.device, _trunk(call)
    serial, port = device.chassis.serial_for(trunk), device.chassis.voice_port_for(trunk)
    group = call.block.get("pri-group")
    if group is not None and group.values.get("role") != "none":
        add_d_channel(device, serial)
        device.config.ensure(f"voice-port {port}")
        return
    root = device.config.root
    made: tuple[Block | None, ...] = (root.block("interface", name=serial), root.block("voice-port", port=port))
    for block in made:
        if block is not None:
            device.config.discard(block, force=True)


def d_channel_lines(device: Device) -> tuple[str, ...]:
    """What stands in the interface of a D channel by itself."""
    switch = str(device.config.root.value("isdn switch-type", "type", ""))
    own = [f"isdn switch-type {switch}"] if switch.startswith("primary") else []
    return (*own, "no cdp enable")


def add_d_channel(device: Device, serial: str) -> None:
    """The interface of a D channel, as a router makes it: with the global switch type and without CDP."""
    if device.config.root.block("interface", name=serial) is not None:
        return
    block = device.config.ensure(f"interface {serial}")
    mode = device.catalogue.mode("interface")
    for line in d_channel_lines(device):
        device.config.apply(block, match(mode, line))


@handlers.register("switch_type_made")
def _switch_type_made(call: Invocation[Device]) -> None:
    """A global switch type reaches the interfaces of its rate that have none of their own."""
    switch = str(call.device.config.root.value("isdn switch-type", "type", ""))
    mode = call.device.catalogue.mode("interface")
    for block in call.device.config.root.children("interface"):
        name = str(block.header.values["name"]) if block.header is not None else ""
        fits = ":" in name if switch.startswith("primary") else bool(switch) and name.startswith("BRI")
        if fits and not block.all("isdn switch-type"):
            call.device.config.apply(block, match(mode, f"isdn switch-type {switch}"))
