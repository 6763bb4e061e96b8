"""The NextPort modules of an access server, as its commands see them: slots, elements, ports and what is on them.

Rule: a module has six service processing elements of six ports, a port is a channel of the pool of signal processors;
`SLOT/SPE` names an element, `SLOT/PORT` a port. Sources: the command references of the AS5350, AS5400 and AS5850.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.dsp import DspCard, DspChannel
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord

PORTS_OF_AN_ELEMENT = 6
ELEMENTS_OF_A_MODULE = 6
PORTS_OF_A_MODULE = PORTS_OF_AN_ELEMENT * ELEMENTS_OF_A_MODULE


class Element(NamedTuple):
    """A service processing element: its card and its number on it."""

    card: DspCard
    number: int

    @property
    def slot(self) -> str:
        return self.card.slot.partition("/")[0]

    @property
    def ports(self) -> range:
        first = self.number * PORTS_OF_AN_ELEMENT
        return range(first, min(first + PORTS_OF_AN_ELEMENT, self.card.channels))


def cards(device: Device) -> list[DspCard]:
    """The cards with NextPort modules, in the order of their slots."""
    pool = device.chassis.dsp
    return [card for card in pool.cards if card.technology == "NextPort" and pool.usable(card)]


def elements(device: Device) -> Iterator[Element]:
    """All elements in order."""
    for card in cards(device):
        for number in range(-(-card.channels // PORTS_OF_AN_ELEMENT)):
            yield Element(card, number)


def in_use(device: Device) -> dict[tuple[str, int], DspChannel]:
    """The channels in use, by slot and number."""
    return {(channel.card.slot, channel.number): channel for channel in device.chassis.dsp.in_use}


def leg_on(device: Device, channel: DspChannel | None) -> LegRecord | None:
    """The call leg on a channel."""
    if channel is None:
        return None
    return next((leg for leg in device.voice.control.active if leg.call_id == channel.call_id), None)


def asked_for(call: Invocation[Device]) -> list[Element]:
    """The elements that an invocation names by `first` and `last`, each SLOT or SLOT/SPE; all where it names none.
    Raises what `call.invalid` gives for what is not there."""
    known = list(elements(call.device))
    if call.values.get("first") is None:
        return known
    first = _named(call, "first", known)
    last = first if call.values.get("last") is None else _named(call, "last", known)
    return known[known.index(first[0]) : known.index(last[-1]) + 1]


def _named(call: Invocation[Device], which: str, known: list[Element]) -> list[Element]:
    slot, _, number = str(call.values[which]).partition("/")
    found = [each for each in known if each.slot == slot and number in ("", str(each.number), f"{each.number:02}")]
    if not found:
        raise call.invalid(which)
    return found


def port_asked_for(call: Invocation[Device]) -> tuple[Element, int]:
    """The port that an invocation names by `port`, SLOT/PORT, with its element."""
    slot, _, number = str(call.values["port"]).partition("/")
    for element in elements(call.device):
        if element.slot == slot and number.isdigit() and int(number) in element.ports:
            return element, int(number)
    raise call.invalid("port")
