"""The text of `debug isdn q921`: the frames that carry the messages of the D channels, and their acknowledgements.

Rule: a frame is numbered as LAPD numbers it, modulo 128, from the start of its data link; the other side acknowledges
each at once. Source: ITU-T Q.921; the form is that of published captures of 12.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.link_messages import LinkChanged
from iosemu.commands.interfaces.state import short_name
from iosemu.voice.q931 import Q931Message

if TYPE_CHECKING:
    from iosemu.commands.context import Device

Q921 = "isdn q921"
_MODULUS = 128


class _Link:
    """One data link: how many frames went either way."""

    def __init__(self) -> None:
        self.frames: Counter[bool] = Counter()

    def lines(self, message: Q931Message) -> Iterator[str]:
        sent = message.sent
        number, expected = self.frames[sent] % _MODULUS, self.frames[not sent] % _MODULUS
        self.frames[sent] += 1
        way, back = ("TX -> ", "RX <- ") if sent else ("RX <- ", "TX -> ")
        head = f"ISDN {short_name(message.interface)}:"
        yield f"{head} {way} INFOc sapi = 0  tei = 0  ns = {number}  nr = {expected}  i = {message.length} octets"
        yield f"{head} {back} RRr sapi = 0  tei = 0  nr = {(number + 1) % _MODULUS}"


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while the switch is on."""
    links: dict[str, _Link] = {}

    def message(event: Q931Message) -> None:
        lines = list(links.setdefault(event.interface, _Link()).lines(event))
        if Q921 in device.debugs:
            for line in lines:
                device.log.debug(line)

    def link(event: LinkChanged) -> None:
        """A D channel that comes up sets its data link up anew; the router is the user side."""
        if ":" not in event.name:
            return
        links.pop(event.name, None)
        if event.status == "up" and Q921 in device.debugs:
            device.log.debug(f"ISDN {short_name(event.name)}: TX ->  SABMEp sapi = 0  tei = 0")
            device.log.debug(f"ISDN {short_name(event.name)}: RX <-  UAf sapi = 0  tei = 0")

    device.bus.subscribe(Q931Message, message)
    device.bus.subscribe(LinkChanged, link)
