"""The text of `debug isdn q931` and `debug isdn event`, made from the messages of the D channels.

Rule: a line is written only while its switch is on; a message is a line, each of its elements another; from 12.3 on
what an element says is spelled out below it. The forms are those of published captures, the events are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.interfaces.state import short_name
from iosemu.voice.circuit import Cause
from iosemu.voice.q931 import ChannelConnected, Element, Q931Message

if TYPE_CHECKING:
    from iosemu.commands.context import Device

Q931 = "isdn q931"
EVENT = "isdn event"

# What Q.931 lines call a cause.  # recalled but for 16
_CAUSES = {
    Cause.UNALLOCATED: "Unallocated/unassigned number",
    Cause.NO_ROUTE: "No route to destination",
    Cause.NORMAL: "Normal call clearing",
    Cause.USER_BUSY: "User busy",
    Cause.NO_USER_RESPONDING: "No user responding",
    Cause.NO_ANSWER: "User alerting, no answer",
    Cause.REJECTED: "Call rejected",
    Cause.OUT_OF_ORDER: "Destination out of order",
    Cause.INVALID_NUMBER: "Invalid number format (incomplete number)",
    Cause.NORMAL_UNSPECIFIED: "Normal, unspecified",
    Cause.NO_CIRCUIT: "No circuit/channel available",
    Cause.TEMPORARY_FAILURE: "Temporary failure",
    Cause.NO_RESOURCE: "Resource unavailable, unspecified",
    Cause.SERVICE_UNAVAILABLE: "Service/option not available, unspecified",
    Cause.INVALID_CONTENTS: "Invalid information element contents",
    Cause.INTERWORKING: "Interworking error, unspecified",
}
_CAUSE_BITS, _REFERENCE_BITS = 0x7F, 0x7FFF


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    spelled = Release.of(device.chassis.platform.version) >= Release.of("12.3")

    # By interface, reference, and whether the router gave it: called and calling number, until the call is released.
    calls: dict[tuple[str, int, bool], tuple[str, str]] = {}

    def passes(message: Q931Message) -> bool:
        """Is text of the message's call written?"""
        own = message.sent is (message.reference <= _REFERENCE_BITS)
        key = message.interface, message.reference & _REFERENCE_BITS, own
        if message.name == "SETUP":
            digits = {element.name: element.digits for element in message.elements}
            calls[key] = digits.get("Called Party Number", ""), digits.get("Calling Party Number", "")
        numbers = calls.get(key, ("", ""))
        if message.name == "RELEASE_COMP":
            calls.pop(key, None)
        if not device.debug_calls.conditions:
            return True
        ports = device.voice.ports.values()
        port = next((p.name for p in ports if getattr(p.d_channel, "interface", "") == message.interface), "")
        return device.debug_calls.passes_numbers(*numbers, port)

    def on_message(message: Q931Message) -> None:
        if not passes(message):
            return
        if Q931 in device.debugs:
            for line in q931_lines(message, spelled=spelled):
                device.log.debug(line)
        if EVENT in device.debugs:
            for line in event_lines(message):
                device.log.debug(line)

    def on_connected(event: ChannelConnected) -> None:
        if EVENT in device.debugs:
            trunk, _, channel = event.interface.rpartition(":")
            port = next(port for port in device.voice.ports.values() if _is_of(port.d_channel, trunk))
            if not device.debug_calls.passes_numbers(event.number, event.number, port.name):
                return
            d_channel = port.d_channel
            assert d_channel is not None
            where = f"on B{int(channel) + 1} at 64 Kb/s"
            device.log.debug(f"ISDN {short_name(d_channel.interface)}: Event: Connected to {event.number} {where}")

    device.bus.subscribe(Q931Message, on_message)
    device.bus.subscribe(ChannelConnected, on_connected)


def _is_of(d_channel: object, trunk: str) -> bool:
    return getattr(d_channel, "interface", "").rpartition(":")[0] == trunk


def q931_lines(message: Q931Message, *, spelled: bool = False) -> Iterator[str]:
    """`debug isdn q931`; `spelled` as 12.3 does it."""
    way = "TX -> " if message.sent else "RX <- "
    head = f"ISDN {short_name(message.interface)}" + (f" Q931: {way}" if spelled else f": {way} ")
    yield f"{head}{message.name} pd = 8  callref = 0x{message.reference:04X}"
    for element in message.elements:
        yield f"        {_element(element, spelled=spelled)}"
        if spelled:
            yield from (f"                {text}" for text in _meaning(element))


def _element(element: Element, *, spelled: bool) -> str:
    value = f"{element.name} i = 0x{element.octets.hex().upper()}"
    match element.name:
        case "Cause":
            return f"{value} - {_CAUSES[Cause(element.octets[1] & _CAUSE_BITS)]}"
        case "Calling Party Number" | "Called Party Number" if spelled:
            return f"{value}, '{element.digits}'"
        case "Calling Party Number" | "Called Party Number":
            return f"{value}, '{element.digits}', {_numbering(element.octets[0])}"
        case "Display":
            return f"Display i = '{element.digits}'"
        case _:
            return value


# Q.931 sections 4.5.5, 4.5.8, 4.5.13: what the fields of an element say, by the names of the captures.
_PLANS = {1: "ISDN", 3: "Data", 4: "Telex", 8: "National", 9: "Private"}
_TYPES = {1: "International", 2: "National", 3: "Network", 4: "Subscriber(local)", 6: "Abbreviated"}
_CAPABILITIES = {0x00: "Speech", 0x08: "Unrestricted Digital", 0x10: "3.1kHz Audio"}
_EXCLUSIVE = 0x08


def _numbering(octet: int) -> str:
    return f"Plan:{_PLANS.get(octet & 0x0F, 'Unknown')}, Type:{_TYPES.get(octet >> 4 & 0x07, 'Unknown')}"


def _meaning(element: Element) -> Iterator[str]:
    octets = element.octets
    match element.name:
        case "Bearer Capability":
            yield "Standard = CCITT"
            yield f"Transfer Capability = {_CAPABILITIES.get(octets[0] & 0x1F, 'Unknown')}"
            yield "Transfer Mode = Circuit"
            yield "Transfer Rate = 64 kbit/s"
        case "Channel ID":
            chosen = "Exclusive" if octets[0] & _EXCLUSIVE else "Preferred"
            yield f"{chosen}, Channel {octets[-1] & _CAUSE_BITS}"
        case "Calling Party Number" | "Called Party Number":
            yield _numbering(octets[0])


def event_lines(message: Q931Message) -> Iterator[str]:
    """`debug isdn event`, but for what tells of a connection."""
    head = f"ISDN {short_name(message.interface)}:"
    named = {element.name: element for element in message.elements}
    call = f"0x{message.reference:04X}"
    match message.name, message.sent:
        case "SETUP", False:
            caller = named["Calling Party Number"].digits if "Calling Party Number" in named else "<unknown>"
            yield f"{head} Incoming call id = {call}"
            channel = named.get("Channel ID")
            if channel is not None:
                number = channel.octets[-1] & _CAUSE_BITS
                yield f"{head} Event: Received a VOICE call from {caller} on B{number} at 64 Kb/s"
        case "SETUP", True:
            yield f"{head} Outgoing call id = {call}"
            yield f"{head} Event: Call to {named['Called Party Number'].digits} at 64 Kb/s"
        case (("DISCONNECT" | "RELEASE_COMP"), True) if "Cause" in named:
            yield f"{head} Event: Hangup call to call id {call}"
        case "DISCONNECT", False:
            yield f"{head} Event: Call id {call} was disconnected, cause {named['Cause'].octets[1] & _CAUSE_BITS}"
