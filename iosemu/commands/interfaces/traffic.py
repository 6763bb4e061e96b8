"""Counts the calls and mails that go in and out by each interface, for `show interfaces`.

Rule: only what the router really sent or received is counted: the Q.931 messages of its D channels, each a LAPD frame
that a frame of the other side acknowledges; what a call has carried on its B channel, once it has ended; and the mail
dialogues, each line of them (a message: as many as it fills) a TCP segment that is acknowledged, on the Ethernet that
has the router's first address. Telnet is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.controllers.bearer_channels import channel_name
from iosemu.commands.interfaces.counters import Traffic
from iosemu.commands.ip.tcp_connections import TcpData, follow_data
from iosemu.voice.events import LegClosed
from iosemu.voice.legs import Telephony
from iosemu.voice.q931 import FRAME_OCTETS, Q931Message

if TYPE_CHECKING:
    from iosemu.commands.context import Device

_SEGMENT_OCTETS = 1460
_HEADERS_OCTETS = 14 + 20 + 20
_ACKNOWLEDGEMENT_OCTETS = 60  # the shortest frame of an Ethernet, its check sequence not counted


def attach(device: Device) -> None:
    """Count from now on what the device's bus tells of."""

    def exchange(interface: str, sent: bool, octets: int, answer_octets: int) -> None:
        traffic = device.traffic.setdefault(interface, Traffic())
        there, back = (traffic.output, traffic.input) if sent else (traffic.input, traffic.output)
        there.count(octets, device.clock.now())
        back.count(answer_octets, device.clock.now())

    def on_message(message: Q931Message) -> None:
        exchange(message.interface, message.sent, message.length + FRAME_OCTETS, FRAME_OCTETS)

    def on_dialogue(data: TcpData) -> None:
        interface, octets = _ethernet(device), data.octets
        if interface is None:
            return
        while True:
            piece = min(octets, _SEGMENT_OCTETS)
            exchange(
                interface, data.sent, max(piece + _HEADERS_OCTETS, _ACKNOWLEDGEMENT_OCTETS), _ACKNOWLEDGEMENT_OCTETS
            )
            octets -= _SEGMENT_OCTETS
            if octets <= 0:
                return

    def on_leg(closed: LegClosed) -> None:
        leg = closed.leg
        port = device.voice.ports.get(leg.detail.port) if isinstance(leg.detail, Telephony) else None
        if port is None or port.d_channel is None or not isinstance(leg.detail, Telephony) or not leg.detail.channel:
            return
        traffic = device.traffic.setdefault(channel_name(port, leg.detail.channel), Traffic())
        ways = (traffic.input, leg.rx_packets, leg.rx_octets), (traffic.output, leg.tx_packets, leg.tx_octets)
        for way, packets, octets in ways:
            if packets:
                each = octets // packets
                way.count(each, device.clock.now(), packets - 1)
                way.count(octets - each * (packets - 1), device.clock.now())

    device.bus.subscribe(LegClosed, on_leg)
    device.bus.subscribe(Q931Message, on_message)
    follow_data(device.bus, on_dialogue)


def _ethernet(device: Device) -> str | None:
    """The interface of the router's own address, the first that is up and has one."""
    for interface in device.config.root.children("interface"):
        address = interface.get("ip address")
        if interface.flag("shutdown") or address is None or "address" not in address.values:
            continue
        assert interface.header is not None
        return str(interface.header.values["name"])
    return None
