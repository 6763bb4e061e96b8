"""Everything that makes debug text, attached to a router in the order in which its lines of one moment are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.debug import calls as debug_calls
from iosemu.commands.debug import documents as debug_documents
from iosemu.commands.debug import fax as debug_fax
from iosemu.commands.debug import ip as debug_ip
from iosemu.commands.debug import isdn as debug_isdn
from iosemu.commands.debug import lapd as debug_lapd
from iosemu.commands.debug import mta as debug_mta
from iosemu.commands.debug import ntp as debug_ntp
from iosemu.commands.debug import snmp as debug_snmp
from iosemu.commands.debug import t38 as debug_t38
from iosemu.commands.debug import tcp as debug_tcp
from iosemu.commands.debug import voip as debug_voip

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def attach(device: Device) -> None:
    """Subscribe on the device's bus."""
    device.debug_calls.attach(device.bus)
    device.tcp.attach(device.bus)
    debug_tcp.attach(device)
    debug_ip.attach(device)
    debug_lapd.attach(device)
    debug_isdn.attach(device)
    debug_calls.attach(device)
    debug_voip.attach(device)
    debug_t38.attach(device, lambda: int(device.uptime_s * 1000))
    debug_fax.attach(device)
    debug_documents.attach(device)
    debug_mta.attach(device)
    debug_snmp.attach(device)
    debug_ntp.attach(device)
