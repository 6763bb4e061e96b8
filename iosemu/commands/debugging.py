"""Everything that makes debug text, attached to a router in the order in which its lines of one moment are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands import (
    debug_calls,
    debug_documents,
    debug_fax,
    debug_ip,
    debug_isdn,
    debug_lapd,
    debug_mta,
    debug_ntp,
    debug_snmp,
    debug_t38,
    debug_tcp,
    debug_voip,
)

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
