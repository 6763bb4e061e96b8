"""One interface as `show interfaces` and `show ip interface` print it.

Rule: what configuration decides is said as configured; a cable in a port has a full-duplex 100 Mb/s switch at its other
end, so `auto` comes to that. The forms are those of 12.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

from iosemu.commands.controllers.bearer_channels import transitions
from iosemu.commands.interfaces.counters import Traffic, Way
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState

# By kind: the chip where the platform file names none, bandwidth, delay, encapsulation, MTU, output queue.
_HARDWARE = {
    "Ethernet": ("AmdP2", "10000", "1000", "ARPA", 1500, 40),
    "FastEthernet": ("DEC21140A", "100000", "100", "ARPA", 1500, 40),
    "Serial": ("DSX1", "64", "20000", "HDLC", 1500, 40),
    "Loopback": ("Loopback", "8000000", "5000", "LOOPBACK", 1514, 0),
}
_DUPLEX = {"auto": "Full", "full": "Full", "half": "Half"}


def interface_text(device: Device, state: InterfaceState) -> str:
    """One interface as `show interfaces` prints it."""
    traffic = device.traffic.get(state.name) or Traffic()
    _, bandwidth, delay, encapsulation, mtu, queue = _HARDWARE.get(state.kind, _HARDWARE["Serial"])
    if state.kind == "FastEthernet" and state.block.value("speed", "rate") == "10":
        bandwidth, delay = _HARDWARE["Ethernet"][1:3]
    hardware = hardware_of(device, state)
    ethernet = state.kind.endswith("Ethernet")
    if ethernet:
        address = device.chassis.mac_address(state.name)
        hardware = f"{hardware}, address is {address} (bia {address})"
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
        f"  MTU {mtu} bytes, BW {bandwidth} Kbit, DLY {delay} usec, ",
        "     reliability 255/255, txload 1/255, rxload 1/255",
        f"  Encapsulation {encapsulation}, loopback not set",
    ]
    if ethernet or (state.kind == "Serial" and ":" not in state.name):
        lines.append("  Keepalive set (10 sec)")
    if state.kind == "FastEthernet":
        lines.append(f"  {_duplex_and_speed(state)}, 100BaseTX/FX")
    if ethernet:
        lines.append("  ARP type: ARPA, ARP Timeout 04:00:00")
    lines += [
        f"  Last input {_ago(device, traffic.input)}, output {_ago(device, traffic.output)}, output hang never",
        f'  Last clearing of "show interface" counters {_cleared(device, state)}',
        "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0",
        "  Queueing strategy: fifo",
        f"  Output queue :0/{queue} (size/max)",
        f"  5 minute input rate {_rates(device, traffic.input)}",
        f"  5 minute output rate {_rates(device, traffic.output)}",
        f"     {traffic.input.packets} packets input, {traffic.input.octets} bytes, 0 no buffer",
        "     Received 0 broadcasts, 0 runts, 0 giants, 0 throttles",
        f"     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored{'' if ethernet else ', 0 abort'}",
    ]
    if ethernet:
        lines.append("     0 input packets with dribble condition detected")
    lines += [
        f"     {traffic.output.packets} packets output, {traffic.output.octets} bytes, 0 underruns",
        "     0 output errors, 0 collisions, 0 interface resets",
    ]
    if ethernet:
        lines += ["     0 babbles, 0 late collision, 0 deferred", "     0 lost carrier, 0 no carrier"]
    lines.append("     0 output buffer failures, 0 output buffers swapped out")
    if state.kind == "Serial":
        lines.append(f"     {transitions(device, state.name) if ':' in state.name else 0} carrier transitions")
    if state.kind == "Serial" and ":" in state.name:
        lines.append(f"  Timeslot(s) Used:{int(state.name.rpartition(':')[2]) + 1}, Transmitter delay is 0 flags")
    return "\n".join(lines) + "\n"


def hardware_of(device: Device, state: InterfaceState) -> str:
    """The chip of an interface."""
    own = state.name.partition(":")[0] if state.kind == "BRI" else state.name
    physical = next((port for port in device.chassis.interfaces if port.name == own), None)
    usual = _HARDWARE.get(state.kind, _HARDWARE["Serial"])[0]
    return (physical.hardware if physical is not None else "") or usual


def speed_and_mtu(state: InterfaceState) -> tuple[int, int]:
    """Bits a second, as the interface is, and octets of the largest packet."""
    _, bandwidth, _, _, mtu, _ = _HARDWARE.get(state.kind, _HARDWARE["Serial"])
    slow = state.kind == "FastEthernet" and state.block.value("speed", "rate") == "10"
    return int(_HARDWARE["Ethernet"][1] if slow else bandwidth) * 1000, mtu


def delay_us(state: InterfaceState) -> int:
    """The delay of its line in microseconds, as routing protocols count it."""
    slow = state.kind == "FastEthernet" and state.block.value("speed", "rate") == "10"
    return int(_HARDWARE.get("Ethernet" if slow else state.kind, _HARDWARE["Serial"])[2])


def _cleared(device: Device, state: InterfaceState) -> str:
    at = device.counters_cleared.get(state.name)
    return "never" if at is None else clock_digits(int(device.clock.now() - at))


def _ago(device: Device, way: Way) -> str:
    return "never" if way.last_s is None else clock_digits(int(device.clock.now() - way.last_s))


def _rates(device: Device, way: Way) -> str:
    bits, packets = way.rates(device.clock.now())
    return f"{bits} bits/sec, {packets} packets/sec"


def _duplex_and_speed(state: InterfaceState) -> str:
    duplex = str(state.block.value("duplex", "mode", "auto"))
    speed = str(state.block.value("speed", "rate", "auto"))
    if state.protocol != "up":
        duplex_text = "Auto-duplex" if duplex == "auto" else f"{_DUPLEX[duplex]}-duplex"
        return f"{duplex_text}, {'Auto Speed' if speed == 'auto' else f'{speed}Mb/s'}"
    return f"{_DUPLEX[duplex]}-duplex, {'100' if speed == 'auto' else speed}Mb/s"


def ip_interface_text(state: InterfaceState, *, saved: bool) -> str:
    """One interface as `show ip interface` prints it; `saved`: NVRAM has its address."""
    return "\n".join(_ip_lines(state, saved)) + "\n"


def _ip_lines(state: InterfaceState, saved: bool) -> Iterator[str]:
    yield f"{state.name} is {state.status}, line protocol is {state.protocol}"
    if not state.address:
        yield "  Internet protocol processing disabled"
        return
    fast = _on(state, "ip route-cache")
    yield f"  Internet address is {IPv4Interface(f'{state.address}/{state.mask}').with_prefixlen}"
    yield "  Broadcast address is 255.255.255.255"
    yield f"  Address determined by {'non-volatile memory' if saved else 'setup command'}"
    yield f"  MTU is {1514 if state.kind == 'Loopback' else 1500} bytes"
    yield "  Helper address is not set"
    yield "  Directed broadcast forwarding is disabled"
    yield f"  Outgoing access list is {_filter(state, 'out')}"
    yield f"  Inbound  access list is {_filter(state, 'in')}"
    yield f"  Proxy ARP is {_able(_on(state, 'ip proxy-arp'))}"
    yield "  Security level is default"
    yield "  Split horizon is enabled"
    yield f"  ICMP redirects are {'always' if _on(state, 'ip redirects') else 'never'} sent"
    yield f"  ICMP unreachables are {'always' if _on(state, 'ip unreachables') else 'never'} sent"
    yield "  ICMP mask replies are never sent"
    yield f"  IP fast switching is {_able(fast)}"
    yield "  IP fast switching on the same interface is disabled"
    yield "  IP Flow switching is disabled"
    yield "  IP CEF switching is disabled"
    yield f"  IP {'Fast switching' if fast else 'Null'} turbo vector"
    yield f"  IP multicast fast switching is {_able(_on(state, 'ip mroute-cache'))}"
    yield "  IP multicast distributed fast switching is disabled"
    yield f"  IP route-cache flags are {'Fast' if fast else 'None'}"
    yield "  Router Discovery is disabled"
    yield "  IP output packet accounting is disabled"
    yield "  IP access violation accounting is disabled"
    yield "  TCP/IP header compression is disabled"
    yield "  RTP/IP header compression is disabled"
    yield "  Probe proxy name replies are disabled"
    yield "  Policy routing is disabled"
    yield "  Network address translation is disabled"
    yield "  WCCP Redirect outbound is disabled"
    yield "  WCCP Redirect inbound is disabled"
    yield "  WCCP Redirect exclude is disabled"
    yield "  BGP Policy Mapping is disabled"


def _filter(state: InterfaceState, way: str) -> str:
    """The list that filters packets one way."""
    line = next((line for line in state.block.all("ip access-group") if line.values["way"] == way), None)
    return "not set" if line is None else line.tokens[2]


def _on(state: InterfaceState, command: str) -> bool:
    return state.block.flag(command)


def _able(enabled: bool) -> str:
    return "enabled" if enabled else "disabled"
