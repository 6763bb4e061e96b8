"""EXEC `ping`: five echos to a host of the router's network.

Rule: an own interface that is up answers; a foreign address answers where the network has it and the router has an
interface to send from. Echos that nobody answers are not waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.host_lookup import find_addresses
from iosemu.commands.interface_state import InterfaceState, states
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

ECHOS = 5
OCTETS = 100
TIMEOUT_S = 2
UNKNOWN_HOST = "% Unrecognized host or address, or protocol not running."


@handlers.register("ping")
def _ping(call: Invocation[Device]) -> None:
    from ipaddress import AddressValueError, IPv4Address

    addresses = find_addresses(call.device, str(call.values["host"]), call.terminal.write)
    try:
        address = str(IPv4Address(addresses[0]))
    except (IndexError, AddressValueError):
        raise Refused(UNKNOWN_HOST) from None
    answered = answers(call.device, address)
    call.write(
        "\nType escape sequence to abort.\n"
        f"Sending {ECHOS}, {OCTETS}-byte ICMP Echos to {address}, timeout is {TIMEOUT_S} seconds:\n"
        f"{('!' if answered else '.') * ECHOS}\n"
    )
    if answered:
        call.write(f"Success rate is 100 percent ({ECHOS}/{ECHOS}), round-trip min/avg/max = 1/2/4 ms\n")
    else:
        call.write(f"Success rate is 0 percent (0/{ECHOS})\n")


def answers(device: Device, address: str) -> bool:
    """Does an echo to `address` come back?"""
    able = [state for state in states(device) if state.address and state.protocol == "up"]
    if any(state.address == address for state in able):
        return True
    source = next((state for state in able if _is_on_link(state, address)), able[0] if able else None)
    return source is not None and device.network.reachable(source.address, address)


def _is_on_link(state: InterfaceState, address: str) -> bool:
    from ipaddress import IPv4Address, IPv4Interface

    return IPv4Address(address) in IPv4Interface(f"{state.address}/{state.mask}").network
