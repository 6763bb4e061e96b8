"""The text of `debug ccsip messages|calls|states`, and of `debug fax relay t30` for calls over IP.

Rule: a SIP message is told as it stood on the wire; messages of what stands for H.323 are told by no switch. Source:
captures of `debug ccsip` of 12.2; the lines of `ccsip calls` and `ccsip states` are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.debug.debugged import is_on, is_on_by_number, tell
from iosemu.commands.debug.t38 import RELAY, relay_lines
from iosemu.commands.voice.sip_states import SipStates
from iosemu.voice.events import LegClosed, RelayMedia, RelayStarted, SignallingMessage
from iosemu.voice.legs import LegRecord, Voip

if TYPE_CHECKING:
    from iosemu.commands.context import Device

MESSAGES, CALLS, STATES = "ccsip messages", "ccsip calls", "ccsip states"
_BY_NUMBER = "fax relay t30"
_BLOCKS = 0x624C8F00
"""Where the control blocks of calls are in memory."""


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    def stamp_ms() -> int:
        return int(device.uptime_s * 1000)

    states = SipStates()

    def message(event: SignallingMessage) -> None:
        if not event.sip:
            return
        change = states.see(event.octets, event.sent)
        if change is not None and STATES in device.debugs:
            number, before, after = change
            device.log.debug(
                f"0x{_BLOCKS + number * 0x168:X} : State change from (STATE_{before}, SUBSTATE_NONE)  "
                f"to (STATE_{after}, SUBSTATE_NONE)"
            )
        if MESSAGES in device.debugs:
            text = event.octets.decode("utf-8", "replace").replace("\r\n", "\n")
            device.log.debug(f"{'Sent' if event.sent else 'Received'}: \n{text}")

    def relayed(event: RelayMedia) -> None:
        if device.debugs and (
            is_on(device, RELAY, event.call_id) or is_on_by_number(device, _BY_NUMBER, event.call_id)
        ):
            for line in relay_lines(event, stamp_ms()):
                device.log.debug(line)

    def took_over(event: RelayStarted) -> None:
        tell(device, RELAY, event.call_id, lambda: iter((f"{stamp_ms()} fr-entered (10ms)",)))

    def closed(event: LegClosed) -> None:
        leg, detail = event.leg, event.leg.detail
        if isinstance(detail, Voip) and detail.sip:
            tell(device, CALLS, leg.call_id, lambda: call_lines(leg, detail))

    device.bus.subscribe(SignallingMessage, message)
    device.bus.subscribe(RelayStarted, took_over)
    device.bus.subscribe(RelayMedia, relayed)
    device.bus.subscribe(LegClosed, closed)


def call_lines(leg: LegRecord, voip: Voip) -> Iterator[str]:
    """`debug ccsip calls`: what a call was, when it is over."""
    yield "The Call Setup Information is : "
    yield f" Call Control Block (CCB) : 0x{_BLOCKS + leg.call_id * 0x168:X}"
    yield " State of The Call        : STATE_DEAD"
    yield " TCP Sockets Used         : NO"
    yield f" Calling Number           : {voip.calling}"
    yield f" Called Number            : {voip.called}"
    yield f" Negotiated Codec         : {voip.codec}"
    yield f" Destn  IP Address (Media): {voip.media}"
    yield f" Destn  IP Addr:Port      : {voip.remote}:{voip.remote_port}"
    yield f" Disconnect Cause (CC)    : {leg.cause.value if leg.cause is not None else 0}"
