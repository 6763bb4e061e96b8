"""Access lists asked about a packet: does it pass, which entry said so, and what the log says of it.

Rule: entries are asked in their order, the first that fits decides and counts it, and what none fits is denied; a list
that is not there, or has no entries, lets everything through. A packet that an entry with `log` decided on is logged at
once, further ones of the same flow five minutes later, together. An entry counts while its time range is in force.
Reflected entries and all headers but addresses, protocol, ports, ICMP messages and TCP flags are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.ip import access_entry, access_lists
from iosemu.network import ICMP, TCP, UDP, Packet

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

_LOG_AGAIN_S = 300.0
_NUMBERS = {name: number for number, name in access_entry.PROTOCOLS.items()}
_PORTS = {protocol: {name: number for number, name in table.items()} for protocol, table in access_entry.PORTS.items()}
_PORTS["tcp"]["syslog"] = 514
_PORT_NAMES = {TCP: _PORTS["tcp"], UDP: _PORTS["udp"]}
_MESSAGES = {name: message for message, name in access_entry.MESSAGES.items()}
_OPEN, _CLOSE = frozenset({"ack"}), frozenset({"rst"})


def passes(device: Device, name: object, packet: Packet) -> bool:
    """Does the list let the packet through? Counts and logs where the list is there."""
    block = access_lists.find(device.config, str(name))
    entries = access_lists.entries(block) if block is not None else []
    if not entries:
        return True
    line = next((entry for entry in entries if _fits(entry.values, packet) and _is_in_force(device, entry)), None)
    if line is None:
        return False
    device.ip_counters.matches[str(name), line.identity] += packet.copies
    if "log" in line.values or "log-input" in line.values:
        _log(device, str(name), line, packet)
    return line.values["entry"] == "permit"


def _is_in_force(device: Device, entry: Line) -> bool:
    name = entry.values.get("range")
    if name is None:
        return True
    from iosemu.commands.ip.time_ranges import is_active
    from iosemu.commands.system.router_time import now

    return is_active(device.config.root.block("time-range", name=name), now(device))


def _fits(values: access_entry.Values, packet: Packet) -> bool:
    if not _is_in(values, "source", packet.source):
        return False
    if "protocol" not in values:
        return True
    said = values["protocol"]
    protocol = said if isinstance(said, int) else _NUMBERS.get(str(said), 0)
    if said != "ip" and protocol != packet.protocol:
        return False
    return (
        _is_in(values, "destination", packet.destination)
        and _port_fits(values, "source", packet.protocol, packet.source_port)
        and _port_fits(values, "destination", packet.protocol, packet.destination_port)
        and _message_fits(values, packet)
        and _flags_fit(values, packet)
        and "fragments" not in values
    )


def _is_in(values: access_entry.Values, side: str, address: int) -> bool:
    network, wildcard = access_entry.network(values, side)
    return address & ~wildcard & access_entry.ALL_ONES == network


def _port_fits(values: access_entry.Values, side: str, protocol: int, port: int) -> bool:
    operator = values.get(f"{side}_operator")
    if operator is None:
        return True
    names = _PORT_NAMES.get(protocol, {})
    said = values[f"{side}_port"]
    low, high = (
        value if isinstance(value, int) else names[str(value)] for value in (said, values.get(f"{side}_last", said))
    )
    if operator in ("eq", "range"):
        return low <= port <= high
    return {"neq": port != low, "gt": port > low, "lt": port < low}[str(operator)]


def _message_fits(values: access_entry.Values, packet: Packet) -> bool:
    if "message" in values:
        kind, code = _MESSAGES[str(values["message"])]
    elif "type" in values:
        kind, code = int(str(values["type"])), values.get("code")  # type: ignore[assignment]
    else:
        return True
    return packet.protocol == ICMP and packet.message[0] == kind and code in (None, packet.message[1])


def _flags_fit(values: access_entry.Values, packet: Packet) -> bool:
    if "established" in values and not packet.flags & (_OPEN | _CLOSE):
        return False
    return all(flag in packet.flags for flag in access_entry.FLAGS[1:] if flag in values)


_Flow = tuple[str, str, str]


def _log(device: Device, name: str, line: Line, packet: Packet) -> None:
    mnemonic, text = _words(name, line, packet)
    flow = (name, mnemonic, text)
    waiting = device.ip_counters.logged
    if flow in waiting:
        waiting[flow] += packet.copies
        return
    waiting[flow] = packet.copies - 1
    _tell(device, flow, 1)
    device.clock.call_later(_LOG_AGAIN_S, lambda: _tell(device, flow, waiting.pop(flow, 0)))


def _tell(device: Device, flow: _Flow, packets: int) -> None:
    if packets:
        _, mnemonic, text = flow
        device.log.event("SEC", 6, mnemonic, f"{text} {packets} packet{'s' if packets > 1 else ''} ")


def _words(name: str, line: Line, packet: Packet) -> tuple[str, str]:
    """The mnemonic of the message, and its text without the number of packets."""
    verdict = "permitted" if line.values["entry"] == "permit" else "denied"
    source, destination = internet4.text(packet.source), internet4.text(packet.destination)
    if "protocol" not in line.values:
        return "IPACCESSLOGS", f"list {name} {verdict} {source}"
    protocol = access_entry.PROTOCOLS.get(packet.protocol, str(packet.protocol))
    start = f"list {name} {verdict} {protocol} "
    if packet.protocol == ICMP:
        kind, code = packet.message
        return "IPACCESSLOGDP", f"{start}{source} -> {destination} ({kind}/{code}),"
    if packet.protocol not in (TCP, UDP):
        return "IPACCESSLOGNP", f"{start}{source} -> {destination},"
    ports = packet.source_port, packet.destination_port
    # The ports are looked at, and told, only where an entry asks for them.
    if not any(f"{side}_operator" in line.values for side in ("source", "destination")):
        ports = 0, 0
    return "IPACCESSLOGP", f"{start}{source}({ports[0]}) -> {destination}({ports[1]}),"
