"""The address that a router's own packets leave with.

Rule: that of the interface which a `source-interface` names, where it is up and has one; else that of the first which
is, in the order of the running-config. (Files are not carried at all from a `source-interface` that is down.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import InterfaceState, states

if TYPE_CHECKING:
    from iosemu.commands.context import Device

NO_ADDRESS = "0.0.0.0"


def able_interfaces(device: Device) -> list[InterfaceState]:
    """The interfaces that are up and have an address."""
    return [state for state in states(device) if state.address and state.protocol == "up"]


def source_interface(device: Device, wanted: object = None) -> InterfaceState | None:
    """The interface of that address; `wanted` is the value of a `source-interface`, None where none is configured."""
    able = able_interfaces(device)
    return next((state for state in able if state.name == wanted), next(iter(able), None))


def source_address(device: Device, wanted: object = None) -> str:
    """Its address; 0.0.0.0 where no interface is up."""
    state = source_interface(device, wanted)
    return state.address if state is not None else NO_ADDRESS
