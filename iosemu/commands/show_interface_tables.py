"""`show interfaces description` and `show interfaces stats`: all interfaces, or the one that is named, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interface_state import short_name
from iosemu.commands.registry import handlers
from iosemu.commands.show_interfaces import wanted

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interface_state import InterfaceState

_ROW = "{:>24} {:>10} {:>10} {:>10} {:>10}\n"


@handlers.register("show_interfaces_description")
def _description(call: Invocation[Device]) -> None:
    call.write("Interface                      Status         Protocol Description\n")
    for state in wanted(call):
        status = "admin down" if state.shutdown else state.status
        call.write(f"{short_name(state.name):<31}{status:<15}{state.protocol:<9}{state.description}\n")


@handlers.register("show_interfaces_stats")
def _stats(call: Invocation[Device]) -> None:
    """What went over each interface, by how it was switched: every packet here is the router's own."""
    for state in wanted(call):
        call.write(_stats_text(call.device, state))


def _stats_text(device: Device, state: InterfaceState) -> str:
    if state.shutdown:
        return f"Interface {state.name} is disabled\n\n"
    traffic = device.traffic.get(state.name)
    own = (0, 0, 0, 0)
    if traffic is not None:
        own = (traffic.input.packets, traffic.input.octets, traffic.output.packets, traffic.output.octets)
    return (
        f"{state.name}\n"
        + _ROW.format("Switching path", "Pkts In", "Chars In", "Pkts Out", "Chars Out")
        + _ROW.format("Processor", *own)
        + _ROW.format("Route cache", 0, 0, 0, 0)
        + _ROW.format("Total", *own)
    )
