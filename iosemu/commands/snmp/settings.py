"""What `snmp-server ...` says of the agent: who may ask, who is told, and what the agent calls itself.

Rule: read from the configuration when asked; loads no library, so that a router without an agent stays light.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

from iosemu.commands.ip.access_lists import permits
from iosemu.commands.ip.source_address import source_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.commands.context import Device
    from iosemu.config.tree import Line

PORT, TRAP_PORT = 161, 162
_PACKET_SIZE = 1500
_ENGINE_OCTETS = 12
_HEX = re.compile(r"[0-9A-Fa-f]{1,64}")
_OWN_ENGINE = "000000090200"  # as published of 12.2: enterprise 9, then 2, 0 and the address of the first Ethernet


@dataclass(frozen=True, slots=True)
class ManagerRefused:
    """Somebody at that address asked with a community that is none, or may not from there."""

    sender: str


@dataclass(frozen=True, slots=True)
class ManagerAsked:
    """A datagram of a manager; `answered`: it was given an answer."""

    sender: str
    answered: bool


@dataclass(frozen=True, slots=True)
class TrapHost:
    """A host of `snmp-server host`; `version` is "1", "2c" or "3", `level` of version 3 "noauth", "auth" or "priv"."""

    host: str
    community: str
    version: str = "1"
    level: str = "noauth"
    port: int = TRAP_PORT
    inform: bool = False
    only: frozenset[str] = frozenset()
    """The kinds of notifications that it is sent, none for all."""


def enabled(device: Device) -> bool:
    """Is the agent on? Something has to be configured by which it can be asked."""
    root = device.config.root
    return bool(root.all("snmp-server community") or root.all("snmp-server group") or device.snmp_users)


def lines(device: Device, command: str) -> list[Line]:
    """The lines of `snmp-server COMMAND` that were set."""
    return [line for line in device.config.root.all(f"snmp-server {command}") if not line.negated]


def said(device: Device, command: str) -> str:
    """The text of `snmp-server contact`, `location`, `chassis-id`."""
    return str(device.config.root.value(f"snmp-server {command}", "text", ""))


def packet_size(device: Device) -> int:
    """Octets of the largest message."""
    return int(str(device.config.root.value("snmp-server packetsize", "bytes", _PACKET_SIZE)))


def engine_id(device: Device) -> bytes:
    """The engine ID in force: short ones are filled up with zeros."""
    own = next((port for port in device.chassis.interfaces if port.kind.endswith("Ethernet")), None)
    address = device.chassis.mac_address(own.name).replace(".", "") if own is not None else ""
    wanted = str(device.config.root.value("snmp-server engineID local", "identifier", ""))
    if not _HEX.fullmatch(wanted):
        wanted = _OWN_ENGINE + address
    digits = wanted.ljust(2 * _ENGINE_OCTETS, "0")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def lets_in(device: Device, access_list: object, sender: str) -> bool:
    """Does an access list, where one is named, let a sender ask? One without an address of IPv4 it does not."""
    if not access_list:
        return True
    try:
        return permits(device.config, str(access_list), str(IPv4Address(sender)))
    except AddressValueError:
        return False


def hosts(device: Device) -> Iterator[TrapHost]:
    """The hosts that are told, in the order of the configuration."""
    for line in lines(device, "host"):
        values = line.values
        yield TrapHost(
            str(values["host"]),
            str(values["community"]),
            str(values.get("version", "1")),
            str(values.get("level", "noauth")),
            int(str(values.get("port", TRAP_PORT))),
            str(values.get("kind", "")).startswith("inform"),
            frozenset(_behind_community(line) if "filter" in values else ()),
        )


def _behind_community(line: Line) -> tuple[str, ...]:
    """The words behind the community of a host: the kinds that it is sent, maybe its port in front."""
    return line.tokens[line.tokens.index(str(line.values["community"]), 3) + 1 :]


def tells(device: Device, kind: str, detail: str = "") -> bool:
    """Is that kind of notification enabled ("config"; "snmp" with "linkup")?"""
    for line in lines(device, "enable traps"):
        if "kind" not in line.values or line.values["kind"] == kind:
            return True
    words = [line.tokens[4:] for line in lines(device, f"enable traps {kind}")]
    return any(not told or not detail or detail in told for told in words)


def trap_source(device: Device) -> str:
    """The address that notifications leave with."""
    return source_address(device, device.config.root.value("snmp-server trap-source", "interface"))
