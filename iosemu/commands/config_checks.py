"""Checks of configuration lines against the hardware, and what a line brings into being.

Rule: what the chassis lacks does not exist for the parser either: an interface, controller or voice port that is not
there gets the caret, as on a real router. `pri-group` makes the D channel's interface and the voice port,
`no pri-group` takes them away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.chassis.hardware import D_CHANNEL
from iosemu.cli.match import Incomplete, InvalidInput, Match, match
from iosemu.cli.session import Refused
from iosemu.commands.config_values import check, rewritten
from iosemu.commands.factory import INTERFACE_LINES
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Controller
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# Interfaces that configuration can make.
_VIRTUAL = re.compile(r"Loopback\d+")
_SPAN_MIN = 2


@handlers.register("controller_exists")
def _controller(call: Invocation[Device]) -> None:
    kind = call.command.id.removeprefix("controller ")
    if call.device.chassis.controller(f"{kind} {call.values['unit']}") is None:
        raise call.invalid("unit")


@handlers.register("interface_exists")
def _interface(call: Invocation[Device]) -> None:
    name = str(call.values["name"])
    existing = call.device.config.root.block("interface", name=name)
    if existing is None and (call.negated or call.defaulted or not _VIRTUAL.fullmatch(name)):
        raise call.invalid("name")
    if existing is not None and existing.builtin and call.negated:
        raise Refused("% Removal of physical interfaces is not permitted")


@handlers.register("interface_set")
def _interface_set(call: Invocation[Device]) -> None:
    """`default interface` leaves what the interface has by nature."""
    if not call.defaulted:
        return
    name = str(call.values["name"])
    block = call.device.config.root.block("interface", name=name)
    assert block is not None
    kind = name.rstrip("0123456789/.")
    for line in d_channel_lines(call.device) if ":" in name else INTERFACE_LINES.get(kind, ()):
        call.device.config.apply(block, match(call.device.catalogue.mode("interface"), line))
    call.write(f"Building configuration...\n\nInterface {name} set to default configuration\n")


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
    existing = call.device.config.root.block("dial-peer voice", tag=tag)
    if existing is None or existing.header is None:
        if kind is None:
            raise Incomplete
        return None
    if kind not in (None, existing.header.values["kind"]):
        # inferred: no capture of this refusal was found
        raise Refused(f"% Dial-peer {tag} already exists with another encapsulation type")
    return rewritten(call, existing.header.text)


def _interface_kind(call: Invocation[Device]) -> str:
    name = str(call.block.header.values["name"])
    return "D channel" if ":" in name else name.rstrip("0123456789/.")


def _only(call: Invocation[Device], *kinds: str) -> None:
    """A command that other kinds of interface do not know: the caret stands under its first word."""
    if _interface_kind(call) not in kinds:
        raise InvalidInput(0)


@handlers.register("fast_ethernet_only")
def _fast_ethernet(call: Invocation[Device]) -> None:
    _only(call, "FastEthernet")


@handlers.register("serial_only")
def _serial(call: Invocation[Device]) -> None:
    _only(call, "Serial")


@handlers.register("isdn_only")
def _isdn(call: Invocation[Device]) -> None:
    _only(call, "D channel")


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
    return rewritten(call, f"pri-group timeslots {spans((*chosen, D_CHANNEL[trunk.kind] + 1))}")


@handlers.register("pri_group_made")
def _pri_group_made(call: Invocation[Device]) -> None:
    device, trunk = call.device, _trunk(call)
    serial, port = device.chassis.serial_for(trunk), device.chassis.voice_port_for(trunk)
    if call.block.flag("pri-group"):
        add_d_channel(device, serial)
        device.config.ensure(f"voice-port {port}")
        return
    root = device.config.root
    for block in (root.block("interface", name=serial), root.block("voice-port", port=port)):
        if block is not None:
            device.config.discard(block, force=True)


def d_channel_lines(device: Device) -> tuple[str, ...]:
    """What stands in the interface of a D channel by itself."""
    switch = device.config.root.value("isdn switch-type", "type")
    return (*([f"isdn switch-type {switch}"] if switch else []), "no cdp enable")


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
    """A global switch type reaches the D channels that have none of their own."""
    switch = call.device.config.root.value("isdn switch-type", "type")
    mode = call.device.catalogue.mode("interface")
    for block in call.device.config.root.children("interface"):
        name = str(block.header.values["name"]) if block.header is not None else ""
        if switch and ":" in name and not block.all("isdn switch-type"):
            call.device.config.apply(block, match(mode, f"isdn switch-type {switch}"))
