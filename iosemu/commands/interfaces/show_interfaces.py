"""`show ip interface [brief]`, `show interfaces`: interfaces by configuration and chassis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.controllers.bearer_channels import states_with_channels
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState


def _is_saved(device: Device, state: InterfaceState) -> bool:
    """Does NVRAM have the address of this interface?"""
    return f"ip address {state.address} {state.mask}" in (device.files.startup_config or "")


def brief_text(device: Device) -> str:
    """The text of `show ip interface brief`."""
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for state in states_with_channels(device):
        address = state.address or "unassigned"
        configured = "NVRAM" if _is_saved(device, state) else "manual"
        method = configured if state.address else "unset"
        lines.append(f"{state.name:<26} {address:<15} YES {method:<6} {state.status:<21} {state.protocol}")
    return "\n".join(lines) + "\n"


@handlers.register("show_ip_interface_brief")
def _brief(call: Invocation[Device]) -> None:
    call.write(brief_text(call.device))


@handlers.register("show_interfaces")
def _interfaces(call: Invocation[Device]) -> None:
    from iosemu.commands.interfaces.text import interface_text

    call.write("".join(interface_text(call.device, state) for state in wanted(call)))


@handlers.register("show_ip_interface")
def _ip_interfaces(call: Invocation[Device]) -> None:
    from iosemu.commands.interfaces.text import ip_interface_text

    device = call.device
    call.write("".join(ip_interface_text(state, saved=_is_saved(device, state)) for state in wanted(call)))


@handlers.register("show_ipv6_interface")
def _ipv6_interfaces(call: Invocation[Device]) -> None:
    # It lists the interfaces on which IPv6 is enabled; no command here enables it.
    wanted(call)


def wanted(call: Invocation[Device]) -> list[InterfaceState]:
    """The interface that was named, or all; raises InvalidInput where there is none of that name."""
    name = call.values.get("interface")
    found = [state for state in states_with_channels(call.device) if name in (None, state.name)]
    if name is not None and not found:
        raise call.invalid("interface")
    return found


@handlers.register("clear_counters")
async def _clear(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    device, said = call.device, call.values.get("interface")
    found = wanted(call)
    which = "all interfaces" if said is None else "this interface"
    if not await confirmed(call, f'Clear "show interface" counters on {which} [confirm]'):
        return
    for state in found:
        traffic = device.traffic.get(state.name)
        if traffic is not None:
            traffic.input.clear()
            traffic.output.clear()
    device.counters_cleared |= dict.fromkeys((state.name for state in found), device.clock.now())
    name, who = "all interfaces" if said is None else f"interface {said}", call.session.user or "console"
    device.log.event("CLEAR", 5, "COUNTERS", f"Clear counter on {name} by {who}")
