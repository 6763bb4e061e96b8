"""`show ip interface brief`, `show interfaces`, `show ip route`: the interfaces as configuration and chassis make them.

Rule: state follows from what is configured: an Ethernet that is not shut down has its cable in; a D channel lives with
its controller; a serial port has no cable. Counters stand still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.show_controllers import is_plugged

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block


@dataclass(frozen=True, slots=True)
class InterfaceState:
    """An interface at this moment; `address` and `mask` are "" where it has none."""

    name: str
    address: str
    mask: str
    shutdown: bool
    up: bool
    description: str = ""

    @property
    def status(self) -> str:
        """The column Status of the brief table."""
        if self.shutdown:
            return "administratively down"
        return "up" if self.up else "down"

    @property
    def protocol(self) -> str:
        return "up" if self.up and not self.shutdown else "down"


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
    has_address = address is not None and not address.negated
    assert address is not None or not has_address
    description = block.value("description", "text", "")
    return InterfaceState(
        name,
        str(address.values["address"]) if address is not None and has_address else "",
        str(address.values["mask"]) if address is not None and has_address else "",
        block.flag("shutdown"),
        _is_up(device, name),
        str(description),
    )


def _is_up(device: Device, name: str) -> bool:
    if not name.startswith("Serial"):
        return True
    controller = next((c for c in device.chassis.controllers if device.chassis.serial_for(c) == name), None)
    return controller is not None and is_plugged(device, controller)


def brief_text(device: Device) -> str:
    """The text of `show ip interface brief`."""
    saved = device.files.startup_config or ""
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol"]
    for state in states(device):
        address = state.address or "unassigned"
        if f"ip address {state.address} {state.mask}" in saved:
            method = "NVRAM"
        else:
            method = "manual" if state.address else "unset"
        lines.append(f"{state.name:<26} {address:<15} YES {method:<6} {state.status:<21} {state.protocol}")
    return "\n".join(lines) + "\n"


_HARDWARE = {
    "Ethernet": ("AmdP2", "10000", "1000", "ARPA"),
    "FastEthernet": ("DEC21140A", "100000", "100", "ARPA"),
    "Serial": ("DSX1", "64", "20000", "HDLC"),
    "Loopback": ("Loopback", "8000000", "5000", "LOOPBACK"),
}


def interface_text(state: InterfaceState) -> str:
    """One interface as `show interfaces` prints it."""
    from ipaddress import IPv4Interface

    kind = state.name.rstrip("0123456789/:.")
    hardware, bandwidth, delay, encapsulation = _HARDWARE.get(kind, _HARDWARE["Serial"])
    spoofing = " (spoofing)" if ":" in state.name and state.protocol == "up" else ""
    lines = [
        f"{state.name} is {state.status}, line protocol is {state.protocol}{spoofing} ",
        f"  Hardware is {hardware}",
    ]
    if state.description:
        lines.append(f"  Description: {state.description}")
    if state.address:
        lines.append(f"  Internet address is {IPv4Interface(f'{state.address}/{state.mask}').with_prefixlen}")
    lines += [
        f"  MTU 1500 bytes, BW {bandwidth} Kbit, DLY {delay} usec, ",
        "     reliability 255/255, txload 1/255, rxload 1/255",
        f"  Encapsulation {encapsulation}, loopback not set",
        "  Last input never, output never, output hang never",
        '  Last clearing of "show interface" counters never',
        "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0",
        "  Queueing strategy: fifo",
        "  Output queue :0/40 (size/max)",
        "  5 minute input rate 0 bits/sec, 0 packets/sec",
        "  5 minute output rate 0 bits/sec, 0 packets/sec",
        "     0 packets input, 0 bytes, 0 no buffer",
        "     0 packets output, 0 bytes, 0 underruns",
    ]
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
    wanted = call.values.get("interface")
    found = [state for state in states(call.device) if wanted in (None, state.name)]
    if wanted is not None and not found:
        raise call.invalid("interface")
    call.write("".join(map(interface_text, found)))


@handlers.register("show_ip_route")
def _route(call: Invocation[Device]) -> None:
    call.write(route_text(call.device))


@handlers.register("clear_counters")
async def _clear(call: Invocation[Device]) -> None:
    from iosemu.commands.questions import confirmed

    await confirmed(call, 'Clear "show interface" counters on all interfaces [confirm]')
