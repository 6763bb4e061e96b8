"""`show ip interface [brief]`, `show interfaces`, `show ip route`: interfaces by configuration and chassis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interface_state import InterfaceState, states
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


def _is_saved(device: Device, state: InterfaceState) -> bool:
    """Does NVRAM have the address of this interface?"""
    return f"ip address {state.address} {state.mask}" in (device.files.startup_config or "")


def brief_text(device: Device) -> str:
    """The text of `show ip interface brief`."""
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for state in states(device):
        address = state.address or "unassigned"
        configured = "NVRAM" if _is_saved(device, state) else "manual"
        method = configured if state.address else "unset"
        lines.append(f"{state.name:<26} {address:<15} YES {method:<6} {state.status:<21} {state.protocol}")
    return "\n".join(lines) + "\n"


_CODES = """\
Codes: C - connected, S - static, I - IGRP, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area 
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2, E - EGP
       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area
       * - candidate default, U - per-user static route, o - ODR
       P - periodic downloaded static route

"""  # noqa: W291  (device text, literal)


def route_text(device: Device) -> str:
    """The text of `show ip route`: connected networks and static routes, without the grouping by class of network."""
    lines = [*_connected(device), *_static(device)]
    default = next((line for line in device.config.root.all("ip route") if line.values["prefix"] == "0.0.0.0"), None)
    gateway = default.values.get("gateway", "0.0.0.0") if default is not None else None
    last = f"Gateway of last resort is {gateway} to network 0.0.0.0" if gateway else "Gateway of last resort is not set"
    return _CODES + "\n".join([last, "", *lines]) + "\n"


def _connected(device: Device) -> Iterator[str]:
    from ipaddress import IPv4Interface

    for state in states(device):
        if state.address and state.protocol == "up":
            network = IPv4Interface(f"{state.address}/{state.mask}").network
            yield f"C    {network.with_prefixlen} is directly connected, {state.name}"


def _static(device: Device) -> Iterator[str]:
    from ipaddress import IPv4Network

    for line in device.config.root.all("ip route"):
        network = IPv4Network(f"{line.values['prefix']}/{line.values['mask']}", strict=False)
        mark = "S*  " if network.prefixlen == 0 else "S   "
        distance = line.values.get("distance", 1)
        if "gateway" in line.values:
            yield f"{mark} {network.with_prefixlen} [{distance}/0] via {line.values['gateway']}"
        else:
            yield f"{mark} {network.with_prefixlen} is directly connected, {line.values['interface']}"


@handlers.register("show_ip_interface_brief")
def _brief(call: Invocation[Device]) -> None:
    call.write(brief_text(call.device))


@handlers.register("show_interfaces")
def _interfaces(call: Invocation[Device]) -> None:
    from iosemu.commands.interface_text import interface_text

    call.write("".join(interface_text(call.device, state) for state in _wanted(call)))


@handlers.register("show_ip_interface")
def _ip_interfaces(call: Invocation[Device]) -> None:
    from iosemu.commands.interface_text import ip_interface_text

    device = call.device
    call.write("".join(ip_interface_text(state, saved=_is_saved(device, state)) for state in _wanted(call)))


@handlers.register("show_ipv6_interface")
def _ipv6_interfaces(call: Invocation[Device]) -> None:
    # It lists the interfaces on which IPv6 is enabled; no command here enables it.
    _wanted(call)


def _wanted(call: Invocation[Device]) -> list[InterfaceState]:
    """The interface that was named, or all."""
    wanted = call.values.get("interface")
    found = [state for state in states(call.device) if wanted in (None, state.name)]
    if wanted is not None and not found:
        raise call.invalid("interface")
    return found


@handlers.register("show_ip_route")
def _route(call: Invocation[Device]) -> None:
    call.write(route_text(call.device))


@handlers.register("clear_counters")
async def _clear(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    device, wanted = call.device, call.values.get("interface")
    found = _wanted(call)
    which = "all interfaces" if wanted is None else "this interface"
    if not await confirmed(call, f'Clear "show interface" counters on {which} [confirm]'):
        return
    device.counters_cleared |= dict.fromkeys((state.name for state in found), device.clock.now())
    name, who = "all interfaces" if wanted is None else f"interface {wanted}", call.session.user or "console"
    device.log.event("CLEAR", 5, "COUNTERS", f"Clear counter on {name} by {who}")
