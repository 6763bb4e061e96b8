"""What a configured routing process works with: its interfaces, its router ID.

Rule: a process runs on the interfaces that its `network` lines cover and that are up; of several lines the first
counts. In this network no neighbour speaks to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.interfaces.state import InterfaceState, states
from iosemu.commands.routing.routing_config import natural_mask

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

_ALL = 0xFFFFFFFF


def router_id(device: Device, block: Block) -> str:
    """The configured one, else the greatest address, of the loopbacks first."""
    said = block.value("router-id", "address") or block.value("bgp router-id", "address")
    if said:
        return str(said)
    up = [state for state in states(device) if state.address and state.protocol == "up"]
    ranked = max(((state.kind == "Loopback", internet4.number(state.address)) for state in up), default=None)
    return internet4.text(ranked[1]) if ranked else "0.0.0.0"


def covered(device: Device, block: Block) -> Iterator[tuple[InterfaceState, Line]]:
    """The interfaces of a process with addresses that are up, each with the `network` line that brought it in."""
    lines = [line for line in block.all("network") if not line.negated and "address" in line.values]
    for state in states(device):
        if not state.address or state.protocol != "up":
            continue
        line = next((line for line in lines if _covers(line, state.address)), None)
        if line is not None:
            yield state, line


def is_passive(block: Block, name: str) -> bool:
    """Does the process keep silent on that interface?"""
    lines = block.all("passive-interface")
    own = next((line for line in lines if str(line.values.get("interface")) == name), None)
    if own is not None:
        return not own.negated
    return any("default" in line.tokens and not line.negated for line in lines)


def _covers(line: Line, address: str) -> bool:
    network = internet4.number(str(line.values["address"]))
    wildcard = line.values.get("wildcard")
    mask = natural_mask(network) if wildcard is None else ~internet4.number(str(wildcard)) & _ALL
    return internet4.number(address) & mask == network & mask
