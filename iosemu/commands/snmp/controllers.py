"""DS1-MIB: the T1 and E1 controllers of a router; and how many DS0s are in use, of CISCO-POP-MGMT-MIB.

Rule: a row a controller, with the state and the seconds without a signal that `show controllers` has; a line that hears
one is free of errors. Source: RFC 2495, the MIB of Cisco as published; the objects of that one are recalled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from iosemu.commands.controllers.show_controllers import INTERVAL_S, INTERVALS, controller_state, controllers
from iosemu.commands.snmp.interfaces import index_of
from iosemu.commands.snmp.values import EXPERIMENT, MIB_2, gauge, integer, text, ticks
from iosemu.management.snmp.mib import Scalar, Table, Value
from iosemu.management.snmp.views import Oid

if TYPE_CHECKING:
    from iosemu.chassis.hardware import Controller
    from iosemu.commands.context import Device

_DS1: Oid = (*MIB_2, 10, 18)
_DS0_USAGE: Oid = (*EXPERIMENT, 19, 1, 1)
_FRAMINGS = {"esf": 2, "sf": 3, "no-crc4": 4, "crc4": 5}
_CODES = {"b8zs": 2, "hdb3": 3, "ami": 5}
_NO_ALARM, _SENDS_FAR_END, _SENDS_AIS, _NO_SIGNAL = 1, 4, 16, 64
_STATUS = {"up": _NO_ALARM, "down": _SENDS_FAR_END | _NO_SIGNAL, "administratively down": _SENDS_AIS | _NO_SIGNAL}
_LINE, _LOCAL = 1, 2
_NONE, _SIGNALS_D_CHANNEL, _ROBBED_BITS, _BITS_OF_16 = 1, 4, 2, 3
_OFF, _ENABLED_DS0 = 1, 2
_COUNTS = range(2, 12)
"""The counters of an interval; the fourth is the seconds without service."""
_UNAVAILABLE = 5

_Row = tuple[int, "Controller"]


def controller_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """The tables of the lines, and the DS0s in use."""

    def rows() -> list[tuple[Oid, _Row]]:
        return [((number,), (number, found)) for number, found in enumerate(controllers(device), 1)]

    def said(row: _Row, command: str, name: str, default: str) -> str:
        block = device.config.root.block(f"controller {row[1].kind}", unit=row[1].unit)
        return default if block is None else str(block.value(command, name, default))

    def interface(row: _Row) -> int:
        serial = device.chassis.serial_for(row[1])
        return index_of(device, serial) if serial else 0

    def signalling(row: _Row) -> int:
        ports = [port for port in device.voice.ports.values() if port.cable == row[1].name]
        if any(port.d_channel is not None for port in ports):
            return _SIGNALS_D_CHANNEL
        return _NONE if not ports else _ROBBED_BITS if row[1].kind == "T1" else _BITS_OF_16

    def clock_source(row: _Row) -> int:
        block = device.config.root.block(f"controller {row[1].kind}", unit=row[1].unit)
        line = block.get("clock source") if block is not None else None
        return _LOCAL if line is not None and "internal" in line.tokens else _LINE

    def spans() -> tuple[int, int]:
        """Whole intervals since the start, a day's at the most, and the seconds of the one under way."""
        whole, elapsed = divmod(int(device.uptime_s), INTERVAL_S)
        return min(whole, INTERVALS), elapsed

    def without(from_s: float, to_s: float) -> Callable[[_Row], Value]:
        return lambda row: gauge(round(device.voice.cables.without_s(row[1].name, from_s, to_s)))

    def current(row: _Row) -> Value:
        now_s = device.clock.now()
        return without(now_s - spans()[1], now_s)(row)

    def total(row: _Row) -> Value:
        whole, elapsed = spans()
        end_s = device.clock.now() - elapsed
        return without(end_s - whole * INTERVAL_S, end_s)(row)

    def counts(unavailable: Callable[[_Row], Value]) -> dict[int, Callable[[_Row], Value]]:
        columns: dict[int, Callable[[_Row], Value]] = {1: lambda row: integer(row[0])}
        columns |= {column: lambda row: gauge(0) for column in _COUNTS}
        return columns | {_UNAVAILABLE: unavailable}

    yield Table(
        (*_DS1, 6, 1),
        {
            1: lambda row: integer(row[0]),
            2: lambda row: integer(interface(row)),
            3: lambda row: integer(spans()[1]),
            4: lambda row: integer(spans()[0]),
            5: lambda row: integer(_FRAMINGS.get(said(row, "framing", "framing", ""), 1)),
            6: lambda row: integer(_CODES.get(said(row, "linecode", "code", ""), 5)),
            7: lambda row: integer(1),
            8: lambda row: text(said(row, "description", "text", "")),
            9: lambda row: integer(1),
            10: lambda row: integer(_STATUS[controller_state(device, row[1])]),
            11: lambda row: integer(signalling(row)),
            12: lambda row: integer(clock_source(row)),
            13: lambda row: integer(1),
            14: lambda row: gauge(0),
            15: lambda row: ticks(device.link_changes.get(row[1].name, 0.0)),
            16: lambda row: integer(2),
            17: lambda row: integer(1),
            18: lambda row: gauge(0),
            19: lambda row: integer(_ENABLED_DS0 if signalling(row) != _NONE else _OFF),
        },
        rows,
    )
    yield Table((*_DS1, 7, 1), counts(current), rows)
    yield Table((*_DS1, 9, 1), counts(total), rows)
    channels = device.voice.control.channels

    def on_trunks() -> int:
        ports = device.voice.ports.values()
        return sum(channels.active[port.name] for port in ports if port.d_channel is not None)

    yield Scalar((*_DS0_USAGE, 2), lambda: gauge(0))
    yield Scalar((*_DS0_USAGE, 3), lambda: gauge(on_trunks()))
    yield Scalar((*_DS0_USAGE, 4), lambda: gauge(channels.active[""]))
    yield Scalar((*_DS0_USAGE, 8), lambda: gauge(channels.most[""]))
