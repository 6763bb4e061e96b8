"""The switch ports of an EtherSwitch network module, and what comes with them: VLAN interfaces and port channels.

Rule: a switch port is told by its hardware. It is up from the start, has no address until `no switchport` makes a
routed port of it, and alone knows the `switchport` lines; a router without such a module has no VLAN interface.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli.match import InvalidInput
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, RunningConfig

HARDWARE = "Fast Ethernet"
"""What `show interfaces` calls such a port; the routed ones are told by their chips."""
MADE = {"Port-channel": (1, 6), "Vlan": (1, 4094)}
"""Kinds of interface that configuration can make where there is a switch, with lowest and highest number."""

_LIST = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*")
_VLANS = range(1, 4095)
# 1002 to 1005 are those of Token Ring and FDDI.


def is_switch_port(chassis: Chassis, name: str) -> bool:
    """Is the interface of that name a port of a switch module?"""
    return any(interface.name == name and interface.hardware == HARDWARE for interface in chassis.interfaces)


def has_switch(chassis: Chassis) -> bool:
    """Is there a switch module?"""
    return any(interface.hardware == HARDWARE for interface in chassis.interfaces)


def install(config: RunningConfig, chassis: Chassis) -> None:
    """Put the lines of switch ports, and VLAN 1, into the configuration of a router that nobody has configured."""
    if not has_switch(chassis):
        return
    for interface in chassis.interfaces:
        if is_switch_port(chassis, interface.name):
            _settle(config, config.ensure(f"interface {interface.name}"))
    config.ensure("interface Vlan1")


def _settle(config: RunningConfig, block: Block) -> None:
    """A port that switches has no address, and says nothing of it."""
    places = config.schema.mode(block.mode).places["ip address"]
    block.unsaid = frozenset(places if block.flag("switchport") else ())


@handlers.register("switch_port")
def _switch_port(call: Invocation[Device]) -> None:
    if not is_switch_port(call.device.chassis, str(call.block.header.values["name"])):
        raise InvalidInput(0)
    vlans = call.values.get("vlans")
    if vlans is not None and not _is_list(str(vlans)):
        raise call.invalid("vlans")


def _is_list(text: str) -> bool:
    """VLANs and ranges of them, ascending."""
    if not _LIST.fullmatch(text):
        return False
    numbers = [int(number) for number in re.split("[,-]", text)]
    return all(number in _VLANS for number in numbers) and numbers == sorted(set(numbers))


@handlers.register("switch_port_set")
def _switch_port_set(call: Invocation[Device]) -> None:
    _settle(call.device.config, call.block)


@handlers.register("vlan_only")
def _vlan(call: Invocation[Device]) -> None:
    if not str(call.block.header.values["name"]).startswith("Vlan"):
        raise InvalidInput(0)
