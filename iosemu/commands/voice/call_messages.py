"""What the system log says of calls: B channels that connect and disconnect, calls that found nothing to be carried by.

Rule: a call that was refused for its number or its called party is no matter of the log; one that found no channel or
no signal processor is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.voice.circuit import Cause
from iosemu.voice.events import CallRefused
from iosemu.voice.q931 import ChannelConnected, ChannelDisconnected

if TYPE_CHECKING:
    from iosemu.commands.context import Device


def attach(device: Device) -> None:
    """Subscribe on the device's bus."""
    log = device.log

    def connected(event: ChannelConnected) -> None:
        text = f"Interface {event.interface} is now connected to {event.number or 'unknown'} N/A"
        log.event("ISDN", 6, "CONNECT", text)

    def disconnected(event: ChannelDisconnected) -> None:
        lasted = f"call lasted {event.seconds} seconds"
        log.event("ISDN", 6, "DISCONNECT", f"Interface {event.interface}  disconnected from {event.number} , {lasted}")

    def refused(event: CallRefused) -> None:
        if event.cause not in (Cause.NO_CIRCUIT, Cause.NO_RESOURCE):
            return
        where = f"on voice port {event.port} to {event.setup.called}"
        # inferred: what a gateway of this release says is not known
        log.event("VTSP", 4, "NO_RESOURCE", f"Call {where} refused, {event.reason}, cause = {event.cause.value}")

    device.bus.subscribe(ChannelConnected, connected)
    device.bus.subscribe(ChannelDisconnected, disconnected)
    device.bus.subscribe(CallRefused, refused)
