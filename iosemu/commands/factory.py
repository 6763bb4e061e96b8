"""The configuration of a router that nobody has configured: the blocks that hardware and image bring along.

Rule: every physical interface, controller and line has its block, with the lines that a 12.2(15)T router prints in it.
Interfaces are not shut down: a pasted running-config that says nothing of `shutdown` must come up as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.config.tree import RunningConfig

INTERFACE_LINES = {"FastEthernet": ("duplex auto", "speed auto")}
"""By kind: what stands in a physical interface by itself."""
_BLOCKS = ("mgcp profile default", "dial-peer cor custom", "line con 0", "line aux 0", "line vty 0 4")


def install(config: RunningConfig, chassis: Chassis) -> None:
    """Put the built-in blocks into an empty configuration."""
    for interface in chassis.interfaces:
        config.ensure(f"interface {interface.name}", *INTERFACE_LINES.get(interface.kind, ()))
    for controller in chassis.controllers:
        config.ensure(f"controller {controller.name}")
    for header in _BLOCKS:
        config.ensure(header)
    config.orders["interface"] = lambda line: _place(chassis, str(line.values["name"]))


def _place(chassis: Chassis, name: str) -> tuple[int, ...]:
    """Where an interface stands: loopbacks first, then as on the chassis; D channels before an unslotted FastEthernet
    (AS5300) or else at the end, by unit."""
    physical = [interface.name for interface in chassis.interfaces]
    if name in physical:
        return 1, physical.index(name), 0
    numbers = tuple(int(part) for part in name.strip("LopbackSeri").replace("/", ":").split(":") if part.isdigit())
    if name.startswith("Loopback"):
        return 0, *numbers
    fast = next((at for at, i in enumerate(chassis.interfaces) if i.kind == "FastEthernet" and "/" not in i.unit), None)
    return 1, len(physical) if fast is None else fast - 1, 1, *numbers
