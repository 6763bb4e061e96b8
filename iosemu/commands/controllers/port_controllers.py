"""`show controllers` of interfaces: the chip behind a port, its cable, and what it has missed.

Rule: a serial port is the DCE of its cable where a clock rate is configured, else the DTE. Addresses of structures in
memory follow from the place of the port. Registers of chips are not emulated.  # recalled, all of it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.memory_pools import pools
from iosemu.commands.controllers.show_controllers import controller_text, controllers, t3_text
from iosemu.commands.interfaces.state import states
from iosemu.commands.interfaces.text import hardware_of
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState

_NO_COUNTS = {
    "Ethernet": (
        "0 missed datagrams, 0 overruns",
        "0 transmitter underruns, 0 excessive collisions",
        "0 single collisions, 0 multiple collisions",
        "0 dma memory errors, 0 CRC errors",
        "0 alignment errors, 0 runts, 0 tx late collisions, 0 spurious interrupts",
    ),
    "Serial": (
        "0 input aborts on receiving flag sequence",
        "0 throttles, 0 enables",
        "0 overruns",
        "0 transmitter underruns",
        "0 transmitter CTS losts",
    ),
}
_STRUCTURE = 0x8600


def port_text(device: Device, state: InterfaceState) -> str:
    """One interface as `show controllers` prints it; "" for what has no hardware of its own."""
    return "".join(f"{line}\n" for line in _lines(device, state))


def _lines(device: Device, state: InterfaceState) -> Iterator[str]:
    names = [port.name for port in device.chassis.interfaces]
    if state.name not in names:
        return
    kind = "Serial" if state.kind == "Serial" else "Ethernet" if state.kind.endswith("Ethernet") else ""
    yield f"Interface {state.name}"
    yield f"Hardware is {hardware_of(device, state)}"
    if kind == "Serial":
        yield _cable(device, state)
    place = pools(device)[0].head + names.index(state.name) * 2 * _STRUCTURE
    yield f"idb at 0x{place:08X}, driver data structure at 0x{place + _STRUCTURE:08X}"
    yield from _NO_COUNTS.get(kind, ())
    yield ""


def _cable(device: Device, state: InterfaceState) -> str:
    if not device.network.carrier(state.name):
        return "No serial cable attached"
    rate = state.block.value("clockrate", "rate")
    return f"DCE V.35, clock rate {rate}" if rate is not None else "DTE V.35 TX and RX clocks detected"


@handlers.register("show_controllers")
def _all(call: Invocation[Device]) -> None:
    device = call.device
    wanted = call.values.get("interface")
    found = [state for state in states(device) if wanted in (None, state.name)]
    if wanted is not None and not any(port.name == wanted for port in device.chassis.interfaces):
        raise call.invalid("interface")
    text = "".join(port_text(device, state) for state in found)
    if wanted is None:
        text += "".join(t3_text(device, unit) for unit in device.chassis.t3s)
        text += "".join(controller_text(device, controller) for controller in controllers(device))
    call.write(text)
