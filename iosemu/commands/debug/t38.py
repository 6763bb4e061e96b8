"""The text of `debug fmsp receive|send t38` and `debug fax relay t30`, made from the datagrams and frames of fax calls.

Rule: one datagram, one line; a packet is named as ITU-T T.38 names it. Page data is most of a call: of packets alike
that follow each other the first is told, and at the end how many there were. The `fr-*` words are those of published
captures, the rest is inferred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iosemu.commands.debug.debugged import Debugged, is_on, is_on_by_number
from iosemu.fax import events as fax
from iosemu.fax import ifp, udptl
from iosemu.voice.events import FaxMedia, LegClosed, LegOpened, Ramp, RelayMedia
from iosemu.voice.legs import Telephony

RECEIVE = "fmsp receive t38"
SEND = "fmsp send t38"
RELAY = "fax relay t30 all"


def attach(device: Debugged, now_ms: Callable[[], int]) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on; `now_ms()` is the router's uptime."""
    runs: dict[tuple[int, fax.Direction], tuple[str, int]] = {}

    def datagram(event: FaxMedia, sent: fax.DatagramSent) -> None:
        switch = RECEIVE if event.ramp is Ramp.ON else SEND
        if not is_on(device, switch, event.call_id):
            return
        name = packet_name(sent.octets)
        way = event.call_id, sent.direction
        last, count = runs.get(way, ("", 0))
        if name == last:
            runs[way] = name, count + 1
            return
        for line in datagram_lines(event.call_id, sent.direction, name, count):
            device.log.debug(line)
        runs[way] = name, 0

    def media(event: FaxMedia) -> None:
        if not device.debugs:
            return
        if isinstance(event.event, fax.DatagramSent):
            datagram(event, event.event)
        elif is_on(device, RELAY, event.call_id) or is_on_by_number(device, "fax relay t30", event.call_id):
            for line in relay_lines(event, now_ms()):
                device.log.debug(line)

    def entered(event: LegOpened) -> None:
        tele = event.leg.detail
        if isinstance(tele, Telephony) and not tele.speech and is_on(device, RELAY, event.leg.call_id):
            device.log.debug(f"{now_ms()} fr-entered (10ms)")

    def closed(event: LegClosed) -> None:
        for direction in fax.Direction:
            runs.pop((event.leg.call_id, direction), None)

    device.bus.subscribe(FaxMedia, media)
    device.bus.subscribe(LegOpened, entered)
    device.bus.subscribe(LegClosed, closed)


def packet_name(octets: bytes) -> str:
    """What a datagram carries, as T.38 names it."""
    try:
        packet = ifp.decode(udptl.decode(octets).primary)
    except (udptl.UdptlError, ifp.IfpError):
        return "damaged"
    if isinstance(packet, ifp.Indicator):
        return f"t30ind: {packet.name}"
    return f"t30data: {packet.kind.name} {'+'.join(field.kind.name for field in packet.fields)}"


def datagram_lines(call_id: int, direction: fax.Direction, name: str, repeated: int) -> Iterator[str]:
    """`debug fmsp receive t38`, `debug fmsp send t38`."""
    source, target = direction.value
    head = f"faxmsp_t38: call id={call_id}, {source} -> {target}"
    if repeated:
        yield f"{head} last packet repeated {repeated} times"
    yield f"{head} {name}"


def relay_lines(event: FaxMedia | RelayMedia, stamp_ms: int) -> Iterator[str]:
    """`debug fax relay t30`: T.30 as the signal processor hears it on the line and speaks it there."""
    match event.event:
        case fax.FrameReceived(name, _, fcs_ok):
            yield f"timestamp={stamp_ms} fr-msg-det {name if fcs_ok else 'bad'}"
        case fax.FrameSent(name, _):
            yield f"timestamp={stamp_ms} fr-msg-tx {name}"
        case fax.Finished():
            yield f"timestamp={stamp_ms} fr-end"
