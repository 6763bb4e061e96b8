"""SNMPv2-MIB: what a router says of itself and of its agent; the processors of CISCO-PROCESS-MIB, the memory of
CISCO-MEMORY-POOL-MIB.

Rule: what a manager sets becomes a line of the configuration. Source: RFC 3418; the MIBs of Cisco as published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from iosemu.commands.chassis.memory_pools import pools
from iosemu.commands.chassis.processes import Process, processes
from iosemu.commands.chassis.show_version import banner_lines
from iosemu.commands.snmp import settings as snmp_settings
from iosemu.commands.snmp.values import (
    CISCO,
    MANAGEMENT,
    MIB_2,
    TRUE,
    counter,
    gauge,
    identifier,
    integer,
    line_of,
    number_of,
    text,
    ticks,
)
from iosemu.management.snmp.mib import BadValue, Scalar, Table, Value
from iosemu.management.snmp.views import Oid

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.management.snmp.counters import Counters

_SYSTEM: Oid = (*MIB_2, 1)
_SNMP: Oid = (*MIB_2, 11)
_LOCAL: Oid = (*CISCO, 2, 1)
_TERMINALS: Oid = (*CISCO, 2, 9)
_NOTHING_SAID, _RELOAD = 1, 2  # tsMsgSend of OLD-CISCO-TS-MIB
_SERVICES = 78  # of an IP router: layers 2, 3, 4 and 7  # recalled
_LONGEST = 255


def product(device: Device) -> Oid:
    """The router's sysObjectID."""
    return (*CISCO, 1, device.chassis.platform.product_id)


def system_objects(device: Device, counters: Counters) -> Iterator[Scalar | Table[Any]]:
    """The system and snmp groups, processors and memory."""
    root = device.config.root

    def configured(command: str, most: int = _LONGEST) -> Callable[[Value], None]:
        def write(value: Value) -> None:
            from iosemu.commands.loading import load

            line = line_of(value, most)
            if load(device, f"{command} {line}" if line else f"no {command}"):
                raise BadValue("wrongValue")

        return write

    def name() -> str:
        domain = str(root.value("ip domain name", "name", ""))
        return f"{device.hostname}.{domain}" if domain else device.hostname

    yield Scalar((*_SYSTEM, 1), lambda: text("\r\n".join(banner_lines(device))))
    yield Scalar((*_SYSTEM, 2), lambda: identifier(product(device)))
    yield Scalar((*_SYSTEM, 3), lambda: ticks(device.uptime_s))
    contact, location = "snmp-server contact", "snmp-server location"
    yield Scalar((*_SYSTEM, 4), lambda: text(snmp_settings.said(device, "contact")), configured(contact))
    yield Scalar((*_SYSTEM, 5), lambda: text(name()), configured("hostname", 63))
    yield Scalar((*_SYSTEM, 6), lambda: text(snmp_settings.said(device, "location")), configured(location))
    yield Scalar((*_SYSTEM, 7), lambda: integer(_SERVICES))
    yield Scalar((*_SYSTEM, 8), lambda: ticks(0))
    for number, read in _agent(counters).items():
        yield Scalar((*_SNMP, number), lambda read=read: counter(read()))  # type: ignore[misc]
    yield Scalar((*_SNMP, 30), lambda: integer(1 if snmp_settings.tells(device, "snmp", "authentication") else 2))
    yield Scalar((*_TERMINALS, 9), lambda: integer(_NOTHING_SAID), _restart(device))
    yield from _processors(device)
    yield from _memory(device)


def _restart(device: Device) -> Callable[[Value], None]:
    """The reload command of SNMP, where `snmp-server system-shutdown` allows it."""

    def write(value: Value) -> None:
        wanted = number_of(value, 4)
        if wanted == _RELOAD and device.config.root.flag("snmp-server system-shutdown") and device.on_reload:
            device.on_reload()
        elif wanted != _NOTHING_SAID:
            raise BadValue("wrongValue")

    return write


def _agent(counters: Counters) -> dict[int, Callable[[], int]]:
    """By number in the snmp group: a counter. Those that are not here have never counted anything."""
    return {
        1: lambda: counters.in_packets,
        2: lambda: counters.out_packets,
        3: lambda: counters.bad_versions,
        4: lambda: counters.bad_communities,
        5: lambda: counters.bad_uses,
        6: lambda: counters.parse_errors,
        13: lambda: counters.requested,
        14: lambda: counters.altered,
        15: lambda: counters.gets,
        16: lambda: counters.nexts,
        17: lambda: counters.sets,
        20: lambda: counters.too_big,
        21: lambda: counters.no_such_names,
        22: lambda: counters.bad_values,
        24: lambda: counters.general_errors,
        28: lambda: counters.responses,
        29: lambda: counters.traps,
    }


def _processors(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The load is what `show processes cpu` says: nothing that a percent could tell of."""
    for number in (56, 57, 58):
        yield Scalar((*_LOCAL, number), lambda: integer(0))
    yield Table(
        (*MANAGEMENT, 109, 1, 1, 1, 1),
        {2: lambda load: integer(1), **dict.fromkeys((3, 4, 5, 6, 7, 8), gauge)},
        lambda: [((1,), 0)],
    )

    def running() -> list[tuple[Oid, Process]]:
        return [((1, process.pid), process) for process in processes(device)]

    yield Table(
        (*MANAGEMENT, 109, 1, 2, 1, 1),
        {
            1: lambda row: gauge(row.pid),
            2: lambda row: text(row.name),
            4: lambda row: gauge(row.run_us),
            5: lambda row: ticks(0),
            6: lambda row: gauge(row.run_us),
        },
        running,
    )


def _memory(device: Device) -> Iterator[Table[Any]]:
    def indexed() -> list[tuple[Oid, Any]]:
        return [((number,), pool) for number, pool in enumerate(pools(device), 1)]

    yield Table(
        (*MANAGEMENT, 48, 1, 1, 1),
        {
            2: lambda pool: text(pool.name),
            3: lambda pool: integer(0),
            4: lambda pool: integer(TRUE),
            5: lambda pool: gauge(pool.used),
            6: lambda pool: gauge(pool.free),
            7: lambda pool: gauge(pool.largest),
        },
        indexed,
    )
