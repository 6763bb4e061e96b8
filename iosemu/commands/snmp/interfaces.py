"""IF-MIB, and the addresses of IP-MIB: the interfaces, D channels, voice ports and dial peers of a router.

Rule: one row for each, numbered as call records number them (`InterfaceIndexes`): the ports of the chassis, D channels,
voice ports, dial peers, then B channels and what configuration made besides. Source: RFC 2863, RFC 2011,
IANAifType-MIB; which type an interface is given where the standard leaves a choice is recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING, Any

from iosemu.commands.controllers.bearer_channels import states_with_channels
from iosemu.commands.interfaces.counters import Traffic, Way
from iosemu.commands.interfaces.state import InterfaceState
from iosemu.commands.interfaces.text import speed_and_mtu
from iosemu.commands.snmp.values import (
    FALSE,
    MIB_2,
    TRUE,
    address,
    counter,
    counter64,
    gauge,
    identifier,
    integer,
    octets,
    text,
    ticks,
)
from iosemu.management.snmp.mib import Scalar, Table
from iosemu.management.snmp.views import Oid
from iosemu.voice.dial_plan import DialPeer, PeerType
from iosemu.voice.ports import VoicePort

if TYPE_CHECKING:
    from iosemu.commands.context import Device

IF_ENTRY: Oid = (*MIB_2, 2, 2, 1)
IF_INDEX, IF_DESCR, IF_TYPE, IF_OPER_STATUS = 1, 2, 3, 8
_IFX_ENTRY: Oid = (*MIB_2, 31, 1, 1, 1)
_IP: Oid = (*MIB_2, 4)

UP, DOWN, DORMANT = 1, 2, 5
_ETHERNET, _SERIAL, _LAPD, _DS0, _LOOPBACK, _OTHER = 6, 22, 77, 81, 24, 1
_VOICE_TYPES = {"FXS": 102, "FXO": 101, "E&M": 100}
_ISDN_VOICE = 63
PEER_TYPES = {PeerType.POTS: 103, PeerType.VOIP: 104, PeerType.MMOIP: 139}
"""By kind of dial peer: its ifType (voiceEncap, voiceOverIp, mediaMailOverIp)."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class IfRow:
    """One interface; `speed` in bits a second."""

    index: int
    name: str
    short: str
    type: int
    mtu: int
    speed: int
    admin: int
    oper: int
    mac: bytes = b""
    alias: str = ""
    traps: bool = True
    traffic: Traffic | None = None

    def packets(self, output: bool) -> int:
        return self._way(output).packets

    def octets(self, output: bool) -> int:
        return self._way(output).octets

    def _way(self, output: bool) -> Way:
        traffic = self.traffic or Traffic()
        return traffic.output if output else traffic.input


def rows(device: Device) -> list[IfRow]:
    """All interfaces, by number."""
    indexes = device.voice.indexes
    found = [_interface(device, state, index) for state, index in _numbered(device)]
    for name, index in indexes.ports.items():
        found.append(_voice_port(device.voice.ports[name], index))
    for peer in device.voice.settings.plan.peers:
        found.append(_peer(device, peer, indexes.peers[peer.tag]))
    return sorted(found, key=lambda row: row.index)


def index_of(device: Device, name: str) -> int:
    """The ifIndex of an interface by its name, 0 where there is none."""
    return next((index for state, index in _numbered(device) if state.name == name), 0)


def _numbered(device: Device) -> Iterator[tuple[InterfaceState, int]]:
    indexes = device.voice.indexes
    physical = [interface.name for interface in device.chassis.interfaces]
    channel = len(physical) + 1
    made = len(physical) + 2 * len(indexes.ports) + len(indexes.peers) + 1
    channels = {device.chassis.serial_for(controller) for controller in device.chassis.controllers}
    for state in states_with_channels(device):
        if state.name in physical:
            yield state, physical.index(state.name) + 1
        elif state.name in channels and channel <= len(physical) + len(indexes.ports):
            yield state, channel
            channel += 1
        else:
            yield state, made
            made += 1


def _interface(device: Device, state: InterfaceState, index: int) -> IfRow:
    speed, mtu = speed_and_mtu(state)
    ethernet = state.kind.endswith("Ethernet") and any(port.name == state.name for port in device.chassis.interfaces)
    if state.kind.endswith("Ethernet"):
        kind = _ETHERNET
    elif state.kind.startswith("Serial"):
        kind = _SERIAL if ":" not in state.name else _LAPD if _is_d_channel(device, state.name) else _DS0
    else:
        kind = _LOOPBACK if state.kind == "Loopback" else _OTHER
    mac = bytes.fromhex(device.chassis.mac_address(state.name).replace(".", "")) if ethernet else b""
    traps = state.block.get("snmp trap link-status")
    return IfRow(
        index,
        state.name,
        state.name[:2] + state.name[len(state.kind) :],
        kind,
        mtu,
        speed,
        DOWN if state.shutdown else UP,
        UP if state.protocol == "up" else DOWN,
        mac,
        state.description,
        traps is None or not traps.negated,
        device.traffic.get(state.name),
    )


def _is_d_channel(device: Device, name: str) -> bool:
    return any(device.chassis.serial_for(controller) == name for controller in device.chassis.controllers)


def _voice_port(port: VoicePort, index: int) -> IfRow:
    busy = any(not channel.idle for channel in port.channels)
    return IfRow(
        index,
        port.name,
        port.name,
        _VOICE_TYPES.get(port.kind, _ISDN_VOICE),
        0,
        64_000 * len(port.channels),
        DOWN if port.shutdown else UP,
        DOWN if not port.up else UP if busy else DORMANT,
    )


def _peer(device: Device, peer: DialPeer, index: int) -> IfRow:
    return IfRow(
        index,
        f"{peer.type.heading}{peer.tag}",
        f"{peer.type.heading}{peer.tag}",
        PEER_TYPES[peer.type],
        0,
        0,
        DOWN if peer.shutdown else UP,
        UP if device.voice.operational(peer) else DOWN,
        alias=peer.description,
    )


def interface_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The interfaces group, ifXTable, and the addresses."""

    def indexed() -> list[tuple[Oid, IfRow]]:
        return [((row.index,), row) for row in rows(device)]

    nothing = counter(0)
    yield Scalar((*MIB_2, 2, 1), lambda: integer(len(rows(device))))
    yield Table(
        IF_ENTRY,
        {
            IF_INDEX: lambda row: integer(row.index),
            IF_DESCR: lambda row: text(row.name),
            IF_TYPE: lambda row: integer(row.type),
            4: lambda row: integer(row.mtu),
            5: lambda row: gauge(row.speed),
            6: lambda row: octets(row.mac),
            7: lambda row: integer(row.admin),
            IF_OPER_STATUS: lambda row: integer(row.oper),
            9: lambda row: ticks(device.link_changes.get(row.name, 0.0)),
            10: lambda row: counter(row.octets(False)),
            11: lambda row: counter(row.packets(False)),
            12: lambda row: nothing,
            13: lambda row: nothing,
            14: lambda row: nothing,
            15: lambda row: nothing,
            16: lambda row: counter(row.octets(True)),
            17: lambda row: counter(row.packets(True)),
            18: lambda row: nothing,
            19: lambda row: nothing,
            20: lambda row: nothing,
            21: lambda row: gauge(0),
            22: lambda row: identifier((0, 0)),
        },
        indexed,
    )
    yield Table(
        _IFX_ENTRY,
        {
            1: lambda row: text(row.short),
            2: lambda row: nothing,
            3: lambda row: nothing,
            4: lambda row: nothing,
            5: lambda row: nothing,
            6: lambda row: counter64(row.octets(False)),
            7: lambda row: counter64(row.packets(False)),
            10: lambda row: counter64(row.octets(True)),
            11: lambda row: counter64(row.packets(True)),
            14: lambda row: integer(TRUE if row.traps else FALSE),
            15: lambda row: gauge(row.speed // _MILLION),
            16: lambda row: integer(FALSE),
            17: lambda row: integer(TRUE if row.mac else FALSE),
            18: lambda row: text(row.alias),
            19: lambda row: ticks(0),
        },
        indexed,
    )
    yield Scalar((*_IP, 1), lambda: integer(1 if device.config.root.flag("ip routing") else 2))
    yield Scalar((*_IP, 2), lambda: integer(255))
    yield Table(
        (*_IP, 20, 1),
        {
            1: lambda row: address(row[0].address),
            2: lambda row: integer(row[1]),
            3: lambda row: address(row[0].mask),
            4: lambda row: integer(1),
            5: lambda row: integer(18_024),  # recalled
        },
        lambda: [
            (tuple(IPv4Interface(state.address).packed), (state, index))
            for state, index in _numbered(device)
            if state.address
        ],
    )
