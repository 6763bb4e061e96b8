"""Interfaces in the configuration: which there are, which it can make, and what may stand in them.

Rule: what the chassis lacks does not exist for the parser either and gets the caret, as on a real router. Loopbacks,
tunnels and their like are made by being named, and so is a sub-interface of an interface that has such.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.cli.handlers import Refused
from iosemu.cli.match import Incomplete, InvalidInput, Match, match
from iosemu.commands.config.values import check
from iosemu.commands.controllers.trunk_config import d_channel_lines
from iosemu.commands.factory import interface_lines, open_interfaces
from iosemu.commands.interfaces import switch_ports
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_MADE = {
    "Async": (1, 560),
    "BVI": (1, 255),
    "CTunnel": (0, 2147483647),
    "Dialer": (0, 255),
    "Group-Async": (0, 255),
    "Lex": (0, 255),
    "Loopback": (0, 2147483647),
    "MFR": (0, 2147483647),
    "Multilink": (1, 2147483647),
    "Null": (0, 0),
    "Tunnel": (0, 2147483647),
    "Vif": (1, 1),
    "Virtual-Template": (1, 200),
    "Virtual-TokenRing": (0, 255),
}
"""Kinds that configuration can make, with the lowest and the highest number."""
# Kinds with sub-interfaces; of the second set a new one must say how it is connected.
_DIVIDED = {"Ethernet", "FastEthernet", "GigabitEthernet", "TokenRing", "Port-channel"}
_LINKED = {"Serial", "ATM", "Hssi", "POS", "MFR"}
_MULTICAST = 0b1110
"""How the addresses of groups begin."""
_MADE_NAME = re.compile(r"([A-Za-z-]+)(\d+)")


def _kind(name: str) -> str:
    return name.rstrip("0123456789/.:")


def _can_be_made(device: Device, name: str) -> bool:
    root, chassis = device.config.root, device.chassis
    base, dot, _ = name.partition(".")
    if dot:
        return root.child("interface", (base,)) is not None and _kind(base) in _DIVIDED | _LINKED
    found = _MADE_NAME.fullmatch(name)
    made = _MADE | switch_ports.MADE if switch_ports.has_switch(chassis) else _MADE
    low, high = made.get(found[1], (1, 0)) if found else (1, 0)
    return found is not None and low <= int(found[2]) <= high


@handlers.register("interface_exists")
def _interface(call: Invocation[Device]) -> None:
    name, root = str(call.values["name"]), call.device.config.root
    existing = root.child("interface", (name,))
    if existing is None and (call.negated or call.defaulted or not _can_be_made(call.device, name)):
        raise call.invalid("name")
    link = call.values.keys() & {"point-to-point", "multipoint"}
    if link and ("." not in name or _kind(name) not in _LINKED):
        raise call.invalid(link.pop())
    if existing is None and not link and "." in name and _kind(name) in _LINKED:
        raise Incomplete
    if existing is not None and existing.builtin and call.negated:
        raise Refused("% Removal of physical interfaces is not permitted")


@handlers.register("interface_set")
def _interface_set(call: Invocation[Device]) -> None:
    """`default interface` leaves what the interface has by nature; an interface takes its sub-interfaces along. A whole
    configuration opens the interfaces that it names, as one does with which the router starts."""
    name, config = str(call.values["name"]), call.device.config
    if call.negated:
        for child in config.root.children("interface"):
            if child.header is not None and str(child.header.values["name"]).startswith(f"{name}."):
                config.discard(child)
    if not call.defaulted:
        if call.session in call.device.pasting:
            open_interfaces(config, f"interface {name}")
        return
    block = config.root.block("interface", name=name)
    assert block is not None
    chassis = call.device.chassis
    for line in d_channel_lines(call.device) if ":" in name else interface_lines(chassis, _kind(name)):
        config.apply(block, match(call.device.catalogue.mode(block.mode), line))
    call.write(f"Building configuration...\n\nInterface {name} set to default configuration\n")


def _only(call: Invocation[Device], *kinds: str) -> None:
    """A command that other kinds of interface do not know: the caret stands under its first word."""
    name = str(call.block.header.values["name"])
    if ("D channel" if _is_d_channel(call.device, name) else _kind(name)) not in kinds:
        raise InvalidInput(0)


def _is_d_channel(device: Device, name: str) -> bool:
    return any(name == device.chassis.serial_for(trunk) for trunk in device.chassis.controllers)


@handlers.register("ethernet_only")
def _ethernet(call: Invocation[Device]) -> None:
    _only(call, "Ethernet", "FastEthernet", "GigabitEthernet")


@handlers.register("fast_ethernet_only")
def _fast_ethernet(call: Invocation[Device]) -> Match | None:
    """`duplex` and `speed`: to take one away is to have it negotiated."""
    _only(call, "FastEthernet", "GigabitEthernet")
    return match(call.mode, f"{call.command.id} auto") if call.negated or call.defaulted else None


@handlers.register("serial_only")
def _serial(call: Invocation[Device]) -> None:
    _only(call, "Serial")


@handlers.register("atm_only")
def _atm(call: Invocation[Device]) -> None:
    _only(call, "ATM")


@handlers.register("tunnel_only")
def _tunnel(call: Invocation[Device]) -> None:
    _only(call, "Tunnel")


@handlers.register("isdn_only")
def _isdn(call: Invocation[Device]) -> None:
    _only(call, "D channel", "BRI", "Dchannel")


@handlers.register("ip_address")
def _ip_address(call: Invocation[Device]) -> None:
    if call.negated or call.defaulted:
        if call.block.all("ip address secondary"):
            raise Refused("Must delete secondary before deleting primary")
    else:
        if "address" in call.values:
            _usable(call)
        _take_out(call, "ip unnumbered")


@handlers.register("ip_unnumbered")
def _ip_unnumbered(call: Invocation[Device]) -> None:
    """An interface has its own address or another one's."""
    if not (call.negated or call.defaulted):
        _take_out(call, "ip address secondary")
        _take_out(call, "ip address")


def _take_out(call: Invocation[Device], command_id: str) -> None:
    mode = call.device.catalogue.mode(call.block.mode)
    for line in call.block.all(command_id):
        call.device.config.apply(call.block, match(mode, f"default {line.text}"))


@check("ip_address_secondary")
def _secondary(call: Invocation[Device]) -> Match | None:
    _usable(call)
    return None


def _usable(call: Invocation[Device]) -> None:
    """Refuse an address that no host can have, or whose network another interface has."""
    from iosemu.commands.interfaces.networks import InterfaceNetworks

    address, mask = (internet4.number(str(call.values[name])) for name in ("address", "mask"))
    hosts = ~mask & 0xFFFFFFFF
    if hosts & (hosts + 1):
        raise Refused(f"Bad mask 0x{mask:X} for address {call.values['address']}")
    if not address or address >> 28 == _MULTICAST:
        raise Refused(f"Not a valid host address - {call.values['address']}")
    network, length = address & mask, mask.bit_count()
    if length < 31 and address in (network, network | hosts):
        raise Refused(f"Bad mask /{length} for address {call.values['address']}")
    table = call.block.value("ip vrf forwarding", "name")
    for block in call.device.config.index(InterfaceNetworks).overlapping(network, length):
        if block is call.block or block.header is None or block.value("ip vrf forwarding", "name") != table:
            continue
        raise Refused(f"% {internet4.text(network)} overlaps with {block.header.values['name']}")
