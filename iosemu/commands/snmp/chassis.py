"""ENTITY-MIB, OLD-CISCO-CHASSIS-MIB and CISCO-DSP-MGMT-MIB: the hardware of a router.

Rule: everything follows from the cards of the chassis; entities are numbered in the order chassis, slots with what is
in them, ports of the processor board. Serial numbers and descriptions are those of `show inventory`. Source: RFC 2737,
the MIBs of Cisco as published. A card has no number of its own among the types of the MIBs: they say "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iosemu.commands.boot import config_register
from iosemu.commands.chassis.eeprom import Eeprom
from iosemu.commands.chassis.show_version import banner_lines
from iosemu.commands.snmp import settings as snmp_settings
from iosemu.commands.snmp.interfaces import index_of
from iosemu.commands.snmp.values import CISCO, MANAGEMENT, MIB_2, TRUE, counter, gauge, identifier, integer, text, ticks
from iosemu.commands.voice.show_voice_dsp import channels_of_a_dsp
from iosemu.management.snmp.mib import Scalar, Table
from iosemu.management.snmp.views import Oid

if TYPE_CHECKING:
    from iosemu.chassis.dsp import DspCard
    from iosemu.chassis.hardware import Card, Chassis
    from iosemu.commands.context import Device

_VENDOR_TYPES: Oid = (*CISCO, 12, 3, 1)
_CHASSIS_TYPES: Oid = (*_VENDOR_TYPES, 3)
_SLOT: Oid = (*_VENDOR_TYPES, 5, 1)
_UNKNOWN: Oid = (0, 0)
_OTHER, _CHASSIS, _CONTAINER, _MODULE, _PORT = 1, 3, 5, 9, 10
_OLD: Oid = (*CISCO, 3, 6)
_DSP: Oid = (*MANAGEMENT, 86, 1)
_CARD_UP = 2
_BOARD_ID = re.compile(r"Processor board ID (\w+)")
_REVISION = re.compile(r"\(revision (\S+)\)")


@dataclass(frozen=True, slots=True)
class Entity:
    """A row of entPhysicalTable; `place` is that of a card, `dsp` the card and number of a signal processor."""

    index: int
    text: str
    name: str
    kind: int
    within: int
    position: int
    vendor_type: Oid = _UNKNOWN
    version: str = ""
    serial: str = ""
    model: str = ""
    interface: str = ""
    place: str = ""
    dsp: tuple[DspCard, int] | None = None


def board_serial(chassis: Chassis) -> str:
    """The serial number of the chassis, as its processor board says it."""
    found = _BOARD_ID.search("\n".join(chassis.platform.processor))
    return found[1] if found else ""


def entities(chassis: Chassis) -> list[Entity]:
    """All parts of a router, by number."""
    platform = chassis.platform
    revision = _REVISION.search("\n".join(platform.processor))
    name = f"{platform.product} chassis"
    found = [
        Entity(
            1,
            f"{name}, Hw Serial#: {board_serial(chassis)}, Hw Revision: {revision[1] if revision else '1.0'}",
            name,
            _CHASSIS,
            0,
            -1,
            (*_CHASSIS_TYPES, platform.chassis_vendor_type),
            revision[1] if revision else "1.0",
            board_serial(chassis),
            platform.product,
        )
    ]
    by_place: dict[str, int] = {}
    for position, slot in enumerate(platform.slots):
        container = len(found) + 1
        found.append(Entity(container, f"Chassis Slot {slot}", f"Slot {slot}", _CONTAINER, 1, position, _SLOT))
        for card in (card for card in chassis.cards if card.slot == slot or card.place == slot):
            within = container if card.place == slot else by_place.get(card.slot, container)
            by_place[card.place] = len(found) + 1
            found.append(_card(chassis, card, len(found) + 1, within))
            found += _processors(chassis, card, len(found))
    for position, port in enumerate(platform.builtin_interfaces):
        own = port.kind + port.unit
        chip = port.hardware or port.kind
        found.append(Entity(len(found) + 1, chip, own, _PORT, 1, position, interface=own))
    return found


def _card(chassis: Chassis, card: Card, index: int, within: int) -> Entity:
    eeprom = Eeprom.of(chassis, card)
    version = ".".join(map(str, eeprom.hardware_version))
    position = int(card.bay) if card.place != card.slot else 0
    return Entity(
        *(index, card.module.description, f"Slot {card.place}", _MODULE, within, position, _UNKNOWN),
        *(version, eeprom.serial, card.name),
        place=card.place,
    )


def _processors(chassis: Chassis, card: Card, before: int) -> list[Entity]:
    """The signal processors of a card, which is the entity number `before`."""
    pool = next((one for one in chassis.dsp.cards if one.slot == card.place), None)
    if pool is None:
        return []
    count = -(-pool.channels // channels_of_a_dsp(chassis, pool))
    return [
        Entity(
            *(before + number + 1, f"{pool.technology} DSP", f"DSP {card.place}/{number}", _OTHER, before, number),
            dsp=(pool, number),
        )
        for number in range(count)
    ]


def chassis_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The three MIBs."""
    parts = entities(device.chassis)
    release = device.chassis.platform.version

    yield Table(
        (*MIB_2, 47, 1, 1, 1, 1),
        {
            2: lambda row: text(row.text),
            3: lambda row: identifier(row.vendor_type),
            4: lambda row: integer(row.within),
            5: lambda row: integer(row.kind),
            6: lambda row: integer(row.position),
            7: lambda row: text(row.name),
            8: lambda row: text(row.version),
            9: lambda row: text(device.chassis.platform.rom if row.kind == _CHASSIS else ""),
            10: lambda row: text(release if row.kind == _CHASSIS else ""),
            11: lambda row: text(row.serial),
            12: lambda row: text("cisco" if row.serial else ""),
            13: lambda row: text(row.model),
            14: lambda row: text(""),
            15: lambda row: text(""),
            16: lambda row: integer(TRUE if row.kind in (_CHASSIS, _MODULE) else 2),
        },
        lambda: [((part.index,), part) for part in parts],
    )
    yield Table(  # entAliasMappingTable
        (*MIB_2, 47, 1, 3, 2, 1),
        {2: lambda row: identifier((*MIB_2, 2, 2, 1, 1, index_of(device, row.interface)))},
        lambda: [((part.index, 0), part) for part in parts if part.interface],
    )
    yield from _old_chassis(device)
    yield from _signal_processors(device, parts)


def _old_chassis(device: Device) -> Iterator[Scalar | Table[Any]]:
    chassis, platform = device.chassis, device.chassis.platform
    yield Scalar((*_OLD, 1), lambda: integer(platform.chassis_type))
    yield Scalar((*_OLD, 2), lambda: text(entities(chassis)[0].version))
    yield Scalar((*_OLD, 3), lambda: text(snmp_settings.said(device, "chassis-id") or board_serial(chassis)))
    yield Scalar((*_OLD, 4), lambda: text("\r\n".join([platform.rom, *platform.boot.lines[:1]])))
    yield Scalar((*_OLD, 5), lambda: text("\r\n".join(banner_lines(device))))
    yield Scalar((*_OLD, 6), lambda: integer(platform.memory_kb * 1024))
    yield Scalar((*_OLD, 7), lambda: integer(platform.nvram_kb * 1024))
    yield Scalar((*_OLD, 8), lambda: integer(len(device.files.startup_config or "")))
    yield Scalar((*_OLD, 9), lambda: integer(device.register))
    yield Scalar((*_OLD, 10), lambda: integer(config_register.at_next_start(device)))
    yield Scalar((*_OLD, 12), lambda: integer(len(platform.slots)))
    numbers = {card.place: number for number, card in enumerate(chassis.cards, 1)}

    def cards() -> list[tuple[Oid, tuple[int, Card, Eeprom]]]:
        return [((number,), (number, card, Eeprom.of(chassis, card))) for number, card in enumerate(chassis.cards, 1)]

    def place(card: Card) -> int:
        return int(card.place.rpartition("/")[2])

    yield Table(
        (*_OLD, 11, 1),
        {
            1: lambda row: integer(row[0]),
            2: lambda row: integer(1),
            3: lambda row: text(row[1].module.text),
            4: lambda row: integer(row[2].number),
            5: lambda row: text(".".join(map(str, row[2].hardware_version))),
            6: lambda row: text(platform.version),
            7: lambda row: integer(place(row[1])),
            8: lambda row: integer(numbers.get(row[1].slot, 0) if row[1].place != row[1].slot else 0),
            9: lambda row: integer(_CARD_UP),
            10: lambda row: integer(len(row[1].module.bays)),
        },
        cards,
    )


def _signal_processors(device: Device, parts: list[Entity]) -> Iterator[Table[Any]]:
    chassis = device.chassis
    pools = {pool.slot: pool for pool in chassis.dsp.cards}

    def used(pool: DspCard, dsp: int | None = None) -> int:
        """Channels in use on a card, or on one of its processors."""
        each = channels_of_a_dsp(chassis, pool)
        return sum(1 for one in chassis.dsp.in_use if one.card is pool and (dsp is None or one.number // each == dsp))

    def total(pool: DspCard, dsp: int) -> int:
        each = channels_of_a_dsp(chassis, pool)
        return min(each, pool.channels - each * dsp)

    yield Table(
        (*_DSP, 1, 1, 1),
        {
            2: lambda pool: integer(1),
            3: lambda pool: gauge(100 * used(pool) // max(pool.channels, 1)),
            5: lambda pool: ticks(0),
            6: lambda pool: gauge(channels_of_a_dsp(chassis, pool)),
            7: lambda pool: gauge(-(-pool.channels // channels_of_a_dsp(chassis, pool))),
            8: lambda pool: gauge(0),
        },
        lambda: [((part.index,), pools[part.place]) for part in parts if part.place in pools],
    )
    yield Table(
        (*_DSP, 2, 1, 1),
        {
            1: lambda dsp: integer(1),
            2: lambda dsp: counter(0),
            3: lambda dsp: integer(2),
            4: lambda dsp: text(""),
            5: lambda dsp: ticks(0),
            6: lambda dsp: gauge(total(*dsp)),
            7: lambda dsp: gauge(used(*dsp)),
            8: lambda dsp: gauge(used(*dsp)),
        },
        lambda: [((part.index,), part.dsp) for part in parts if part.dsp is not None],
    )
