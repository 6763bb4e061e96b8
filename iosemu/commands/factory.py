"""The configuration of a router that nobody has configured: the blocks that hardware and image bring along.

Rule: every physical interface, controller and line has its block, with the lines that a router prints in it; the
blocks that the image brings along are those that the catalogue marks `.shown`. Interfaces are not shut down: a pasted
running-config that says nothing of `shutdown` must come up as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.declaration import CONFIG
from iosemu.commands import interface_order, line_blocks

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.config.tree import RunningConfig

INTERFACE_LINES = {"FastEthernet": ("duplex auto", "speed auto")}
"""By kind: what stands in a physical interface by itself."""


def install(config: RunningConfig, chassis: Chassis) -> None:
    """Put the built-in blocks into an empty configuration."""
    for interface in chassis.interfaces:
        config.ensure(f"interface {interface.name}", *INTERFACE_LINES.get(interface.kind, ()))
    for controller in chassis.controllers:
        config.ensure(f"controller {controller.name}")
    for port in chassis.analog_ports:
        config.ensure(f"voice-port {port.unit}")
    for command in config.schema.mode(CONFIG).commands:
        if command.shown and command.enters:
            config.ensure(command.default)
    line_blocks.install(config)
    config.orders["interface"] = lambda line: interface_order.place(chassis, str(line.values["name"]))
