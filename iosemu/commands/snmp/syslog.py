"""CISCO-SYSLOG-MIB: the history table of the log, and what managers are told of its messages.

Rule: a row a message that `show logging history` has; severities count from 1 there. Source: the MIB as published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from iosemu.commands.snmp import settings as snmp_settings
from iosemu.commands.snmp.values import FALSE, MANAGEMENT, TRUE, counter, integer, text, ticks
from iosemu.management.snmp.mib import Scalar, Table, Value
from iosemu.management.snmp.notifications import Notification
from iosemu.management.snmp.views import Oid

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.management.log_history import HistoryMessage

_SYSLOG: Oid = (*MANAGEMENT, 41)
_BASIC, _HISTORY, _ENTRY = (*_SYSLOG, 1, 1), (*_SYSLOG, 1, 2), (*_SYSLOG, 1, 2, 3, 1)
_GENERATED: Oid = (*_SYSLOG, 2, 0, 1)


def _columns(device: Device) -> dict[int, Callable[[HistoryMessage], Value]]:
    return {
        2: lambda row: text(row.facility),
        3: lambda row: integer(row.severity + 1),
        4: lambda row: text(row.mnemonic),
        5: lambda row: text(row.text),
        6: lambda row: ticks(row.at_s - device.booted_s),
    }


def syslog_objects(device: Device) -> Iterator[Scalar | Table[Any]]:
    """What stands there of the log."""
    history = device.log.history
    sends = snmp_settings.tells
    yield Scalar((*_BASIC, 2), lambda: integer(TRUE if sends(device, "syslog") else FALSE))
    yield Scalar((*_BASIC, 3), lambda: integer(history.level + 1))
    yield Scalar((*_BASIC, 4), lambda: counter(history.ignored))
    yield Scalar((*_BASIC, 5), lambda: counter(0))
    yield Scalar((*_HISTORY, 1), lambda: integer(history.size))
    yield Scalar((*_HISTORY, 2), lambda: counter(history.flushed))
    yield Table(_ENTRY, _columns(device), lambda: [((row.index,), row) for row in history.messages])


def syslog_notification(device: Device, message: HistoryMessage) -> Notification:
    """What managers are told of a message."""
    bound = [((*_ENTRY, column, message.index), read(message)) for column, read in _columns(device).items()]
    return Notification(_GENERATED, bound)
