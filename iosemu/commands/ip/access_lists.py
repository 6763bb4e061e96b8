"""Access lists read: which list a number or name means, and whether it lets an address through.

Rule: entries are asked in their order, the first that fits decides, and what none fits is denied; a list that is not
there, or has no entries, lets everything through. Time ranges, logging and counters change nothing here.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from iosemu.commands.ip import access_entry

if TYPE_CHECKING:
    from iosemu.config.tree import Block, Line, RunningConfig

NUMBERED = "access-list"
STANDARD, EXTENDED = "ip access-list standard", "ip access-list extended"
_IP_MODES = ("acl-standard", "acl-extended")


def ip_lists(config: RunningConfig) -> list[tuple[str, Block]]:
    """The IP lists by number or name: standard ones first, numbered before named."""
    numbered = sorted(
        ((int(str(header.values["list"])), block) for header, block in _headed(config)), key=lambda one: one[0]
    )
    found: list[tuple[str, Block]] = []
    for mode, command_id in zip(_IP_MODES, (STANDARD, EXTENDED), strict=True):
        found += [(str(number), block) for number, block in numbered if block.mode == mode]
        for block in config.root.children(command_id):
            assert block.header is not None
            found.append((str(block.header.values["name"]), block))
    return found


def _headed(config: RunningConfig) -> list[tuple[Line, Block]]:
    return [(block.header, block) for block in config.root.children(NUMBERED) if block.header is not None]


def find(config: RunningConfig, name: str | int) -> Block | None:
    """The IP list of that number or name."""
    for command_id in (NUMBERED, STANDARD, EXTENDED):
        block = config.root.child(command_id, (str(name),))
        if block is not None and block.mode in _IP_MODES:
            return block
    return None


def entries(block: Block) -> list[Line]:
    """The entries of a list that permit or deny, in order."""
    return [line for line in block.all("entry") if line.values.get("entry") in ("permit", "deny")]


def permits(config: RunningConfig, name_or_number: str | int, address: str, port: int = 23) -> bool:
    """Does the list let a TCP connection from `address` in to `port` of the router itself?

    A standard list asks for the source alone. Raises ValueError where `address` is no IPv4 address.
    """
    block = find(config, name_or_number)
    lines = entries(block) if block is not None else []
    source = int(IPv4Address(address))
    for line in lines:
        if _fits(line.values, source, port):
            return line.values["entry"] == "permit"
    return not lines


def _fits(values: access_entry.Values, source: int, port: int) -> bool:
    network, wildcard = access_entry.network(values, "source")
    if (source & ~wildcard & access_entry.ALL_ONES) != network:
        return False
    if "protocol" not in values:
        return True
    # The router's own addresses are not asked for: a destination given by address is taken to be one of them.
    protocol = access_entry.PROTOCOLS.get(values["protocol"], values["protocol"])  # type: ignore[call-overload]
    if protocol == "ip":
        return True
    # The client's port is not known, and a line about flags or fragments is not about a connection that opens.
    if protocol != "tcp" or "source_operator" in values or any(flag in values for flag in access_entry.FLAGS):
        return False
    return _port_fits(values, port)


def _port_fits(values: access_entry.Values, port: int) -> bool:
    operator = values.get("destination_operator")
    if operator is None:
        return True
    numbers = {name: number for number, name in access_entry.PORTS["tcp"].items()} | {"syslog": 514}
    low, high = (
        value if isinstance(value, int) else numbers[str(value)]
        for value in (values["destination_port"], values.get("destination_last", values["destination_port"]))
    )
    if operator in ("eq", "range"):
        return low <= port <= high
    return {"neq": port != low, "gt": port > low, "lt": port < low}[str(operator)]
