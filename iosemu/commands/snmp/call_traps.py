"""The notifications of DIAL-CONTROL-MIB: a leg was set up, a leg has ended. Source: RFC 2128 section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.snmp.calls import ACTIVE_ENTRY, DIAL_CONTROL, FAX, HISTORY_ENTRY, SPEECH, cause
from iosemu.commands.snmp.interfaces import DOWN, IF_ENTRY, IF_OPER_STATUS, UP
from iosemu.commands.snmp.values import integer, text, ticks
from iosemu.commands.voice.call_text import is_voice
from iosemu.management.snmp.notifications import Notification
from iosemu.voice.legs import Telephony

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord

_INFORMATION, _SETUP = (*DIAL_CONTROL, 2, 0, 1), (*DIAL_CONTROL, 2, 0, 2)


def call_notification(device: Device, leg: LegRecord, *, ended: bool) -> Notification:
    """What is told of a leg when it was set up, or when it has ended; its row is the first of its time."""
    indexes = device.voice.indexes
    peer = indexes.peers.get(leg.tag, 0)
    port = indexes.ports.get(leg.detail.port, 0) if isinstance(leg.detail, Telephony) else 0
    up = leg.peer is not None and device.voice.operational(leg.peer)
    status = ((*IF_ENTRY, IF_OPER_STATUS, peer), integer(UP if up else DOWN))
    kind, origin = integer(SPEECH if is_voice(leg) else FAX), integer(leg.origin.value)
    row = (round(leg.setup_s * 100), 1)
    identity = [integer(leg.tag), integer(peer), integer(port)]
    address = [text(leg.peer_address), text("")]
    if not ended:
        columns = dict(zip((5, 6, 7, 3, 4, 12, 10), (*identity, *address, kind, origin), strict=True))
        bound = [((*ACTIVE_ENTRY, column, *row), value) for column, value in columns.items()]
        return Notification(_SETUP, [*bound[:3], status, *bound[3:]])
    times = [cause(leg), ticks(leg.connect_s), ticks(leg.disconnect_s)]
    columns = dict(zip((3, 4, 5, 1, 2, 6, 8, 9, 12, 10), (*identity, *address, *times, kind, origin), strict=True))
    bound = [((*HISTORY_ENTRY, column, *row), value) for column, value in columns.items()]
    return Notification(_INFORMATION, [*bound[:3], status, *bound[3:]])
