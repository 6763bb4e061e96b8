"""The configuration of a router that nobody has configured: the blocks that hardware and image bring along.

Rule: every physical interface, controller and line has its block, with the lines that a router prints in it; the
blocks that the image brings along are those that the catalogue marks `.shown`. An interface is shut down until
somebody opens it: a user with `no shutdown`, or a whole configuration which names it, since what is kept of an open
interface says nothing of `shutdown`. Whole is one with which the router starts or which it is given as a file, and one
that is pasted from its `version` line on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli.declaration import CONFIG
from iosemu.cli.match import match
from iosemu.cli.release import Release
from iosemu.commands.interfaces import order as interface_order
from iosemu.commands.interfaces import redundancy, switch_ports
from iosemu.commands.lines import blocks as line_blocks
from iosemu.commands.routing import routing_config

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.config.tree import RunningConfig

_INTERFACE_LINES = {"FastEthernet": ("duplex auto", "speed auto")}
_OF_FAMILY = {"1700": {"FastEthernet": ("speed auto",)}}
OF_VOICE = frozenset({"fax interface-type", "voice hpi capture buffer", "voice hpi capture destination"})
"""Defaults that are printed where voice cards are: by configurations of 12.2 and 12.3 routers with and without."""
_COR_FOR_ALL_UNTIL = Release.of("12.3(8)T")
_HEADER = re.compile(r"^interface +([A-Za-z]+) *([\d/]+) *$", re.MULTILINE | re.IGNORECASE)


def install(config: RunningConfig, chassis: Chassis) -> None:
    """Put the built-in blocks into an empty configuration."""
    for interface in chassis.interfaces:
        routed = interface.hardware != switch_ports.HARDWARE
        lines = ("shutdown", *interface_lines(chassis, interface.kind)) if routed else ()
        config.ensure(f"interface {interface.name}", *lines)
    for unit in chassis.t3s:
        config.ensure(f"controller T3 {unit}")
    for controller in chassis.controllers:
        if not controller.of:  # a line of a T3 has its block when the T3 is told so
            config.ensure(f"controller {controller.name}")
    for port in chassis.analog_ports:
        config.ensure(f"voice-port {port.unit}")
    config.absent = _absent(chassis)
    for command in config.schema.mode(CONFIG).commands:
        if command.shown and command.enters and command.id not in config.absent:
            config.ensure(command.default)
    line_blocks.install(config, chassis)
    routing_config.set_orders(config)
    redundancy.set_orders(config)
    switch_ports.install(config, chassis)
    config.orders["interface"] = lambda line: interface_order.place(chassis, str(line.values["name"]))


def interface_lines(chassis: Chassis, kind: str) -> tuple[str, ...]:
    """What stands in a physical interface of that kind by itself; a 1700 says nothing of duplex."""
    return _OF_FAMILY.get(chassis.platform.family, _INTERFACE_LINES).get(kind, ())


def _absent(chassis: Chassis) -> frozenset[str]:
    """What a router without voice hardware says nothing of."""
    if chassis.analog_ports or chassis.dsp.cards:
        return frozenset()
    old = Release.of(chassis.platform.version) < _COR_FOR_ALL_UNTIL
    return OF_VOICE if old else OF_VOICE | {"dial-peer cor custom"}


def open_interfaces(config: RunningConfig, text: str) -> None:
    """The physical interfaces that a configuration names, with which the router starts, are not shut down."""
    named = {(found[1].lower(), found[2]) for found in _HEADER.finditer(text)}
    for block in config.root.children("interface"):
        assert block.header is not None
        kind, unit = _split(str(block.header.values["name"]))
        if block.builtin and any(unit == wanted and kind.lower().startswith(said) for said, wanted in named):
            config.apply(block, match(config.schema.mode(block.mode), "no shutdown"))


def _split(name: str) -> tuple[str, str]:
    kind = name.rstrip("0123456789/")
    return kind, name[len(kind) :]
