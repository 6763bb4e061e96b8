"""What the interfaces of a router are at this moment.

Rule: state follows from what is configured and cabled. Where the network knows no cables, an Ethernet that is not shut
down has its cable in, and a serial port has none; a D channel lives with its controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iosemu.commands.controllers.show_controllers import controller_state

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block


class InterfaceState(NamedTuple):
    """An interface at this moment; `address` and `mask` are "" where it has none."""

    name: str
    address: str
    mask: str
    shutdown: bool
    up: bool
    description: str
    block: Block
    """What is configured on it."""

    @property
    def kind(self) -> str:
        """Its name without the unit."""
        return self.name.rstrip("0123456789/:.")

    @property
    def status(self) -> str:
        """The column Status of the brief table."""
        if self.shutdown:
            return "administratively down"
        return "up" if self.up else "down"

    @property
    def protocol(self) -> str:
        return "up" if self.up and not self.shutdown else "down"


def short_name(name: str) -> str:
    """The name of an interface as narrow columns have it: `Et0`, `Fa0/1`, `Lo0`."""
    kind = name.rstrip("0123456789/:.")
    return name[:2] + name[len(kind) :]


def states(device: Device) -> list[InterfaceState]:
    """All interfaces: the physical ones as on the chassis, then those that configuration made."""

    def place(block: Block) -> tuple[bool, tuple[int, ...]]:
        assert block.header is not None
        return not block.builtin, device.config.orders["interface"](block.header)

    return [_state(device, block) for block in sorted(device.config.root.children("interface"), key=place)]


def _state(device: Device, block: Block) -> InterfaceState:
    assert block.header is not None
    name = str(block.header.values["name"])
    address = block.get("ip address")
    has_address = address is not None and "address" in address.values
    assert address is not None or not has_address
    description = block.value("description", "text", "")
    return InterfaceState(
        name,
        str(address.values["address"]) if address is not None and has_address else "",
        str(address.values["mask"]) if address is not None and has_address else "",
        block.flag("shutdown"),
        is_up(device, name),
        str(description),
        block,
    )


def is_up(device: Device, name: str) -> bool:
    """Is the line of an interface alive, shut down or not?"""
    if device.chassis.is_out(name):
        return False
    cable = device.network.carrier(name)
    if cable is not None:
        return cable
    if not name.startswith("Serial"):
        return True
    controller = next((c for c in device.chassis.controllers if device.chassis.serial_for(c) == name), None)
    return controller is not None and controller_state(device, controller) == "up"
