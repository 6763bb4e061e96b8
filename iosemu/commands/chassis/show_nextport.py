"""`show nextport` and `show port operational-status`: NextPort modules, and what is on one of their ports.

Rule: a session is the call leg whose channel the port is; counters are those of the calls that it has carried, with
the one under way. Sources: published output of `show nextport`; the voice form of `show port operational-status` is
recalled, its fax form inferred from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.nextport import (
    ELEMENTS_OF_A_MODULE,
    PORTS_OF_A_MODULE,
    PORTS_OF_AN_ELEMENT,
    Element,
    cards,
    elements,
    in_use,
    leg_on,
    port_asked_for,
)
from iosemu.commands.chassis.show_csm import device_lines
from iosemu.commands.chassis.show_spe import FIRMWARE
from iosemu.commands.registry import handlers
from iosemu.voice.legs import Telephony

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iosemu.chassis.dsp import DspCard
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord

_SERVICES = {"VOICE": "VOICE", "FAX_RELAY": "FAX RELAY", "FAX_MAIL": "FAX RELAY"}  # recalled
_ABSENT = "MODULE NOT INSERTED"
_LEAST_WIDTH = 108
"""Terminal lines that each slot has at least, with or without a module."""
_FIRST_TTY = 217  # published: that of port 1 of slot 1 is 217


# Modules.


def modules_text(device: Device) -> str:
    """The text of `show nextport mm`: every place of a module, with what is there."""
    by_slot = {card.slot.partition("/")[0]: card for card in cards(device)}
    slots = sorted(int(slot) for slot in device.chassis.platform.slots)
    each = max([3, *(-(-card.channels // PORTS_OF_A_MODULE) for card in by_slot.values())])
    lines: list[str] = []
    for slot in slots:
        for module in range(each):
            card = by_slot.get(str(slot))
            channels = card.channels - module * PORTS_OF_A_MODULE if card is not None else 0
            lines += _module(slot * each + module, slot, module, channels)
    return "\n".join(lines) + "\n"


def _module(number: int, slot: int, module: int, channels: int) -> Iterator[str]:
    if channels <= 0:
        yield "IOS bundled NextPort image version: 0.0.0.0"
        yield f"NP Module({number:<2}): state = {_ABSENT}"
        return
    count = min(ELEMENTS_OF_A_MODULE, -(-channels // PORTS_OF_AN_ELEMENT))
    yield f"IOS bundled NextPort image version: {FIRMWARE}"
    yield f"NP Module({number:<2}): slot={slot}, dfc=0, module={module}"
    yield "               state = MODULE RUNNING"
    yield f"               crash=0, bad=0, restarts=0, num SPEs={count}"
    yield "               max_mpt_redundancy_session = 18"
    yield "               spe country code = 0"
    yield "               session handle enable = TRUE"


# Sessions.


def session_text(device: Device, element: Element, port: int) -> str:
    """The text of `show nextport session SLOT/PORT`."""
    slot = int(element.slot)
    channel = in_use(device).get((element.card.slot, port))
    session = slot * _slot_width(device) + port
    service = "DATA FAX MODEM" if channel is None else _SERVICES[channel.use.name]
    module, place = divmod(element.number, ELEMENTS_OF_A_MODULE)
    return (
        "Session Information Display\n"
        f"  slot/port : {slot}/{port} TTY# : {_tty(device, element.card, port)} Session ID : 0x{session:04X}\n"
        f"  Module Address : Slot {slot} DFC 0 Module {module} SPE {place} Channel {port % PORTS_OF_AN_ELEMENT}\n"
        f"  Service Type   : {service}\n"
        f"  Session State  : {'IDLE' if channel is None else 'ACTIVE'}\n"
        "  TDM Information:\n"
        f"   DSP is connected to TDM stream {port // 128}, channel {port % 128} on the NextPort module\n"
    )


def _slot_width(device: Device) -> int:
    return max([_LEAST_WIDTH, *(card.channels for card in cards(device))])


def _tty(device: Device, card: DspCard, port: int) -> int:
    """The terminal line of a port: those of each slot begin where a full slot before it would end."""
    width = _slot_width(device)
    return _FIRST_TTY - 1 + (int(card.slot.partition("/")[0]) - 1) * width + port


def device_text(device: Device, element: Element, port: int) -> str:
    """The text of `show nextport ssm vdev SLOT/PORT`."""
    leg = leg_on(device, in_use(device).get((element.card.slot, port)))
    handle = 0xC0D92000 + int(element.slot) * 0x10000 + port * 0x120
    return "\n".join([f"vdev_common handle @ 0x{handle:08X}", *device_lines(device, element.card, port, leg)]) + "\n"


# Packets.


class _Counted:
    """What ports have carried, with the calls that are up."""

    def __init__(self, device: Device, card: DspCard, ports: Iterable[int]) -> None:
        used, self.rx, self.tx, self.seconds = in_use(device), 0, 0, 0
        self.rx_octets = self.tx_octets = 0
        self.active = False
        for port in ports:
            done, leg = device.voice.processors.of(card.slot, port), leg_on(device, used.get((card.slot, port)))
            self.rx += done.rx_packets
            self.tx += done.tx_packets
            if leg is not None:
                self.active = True
                self.rx += leg.rx_packets
                self.tx += leg.tx_packets
                self.rx_octets += leg.rx_octets
                self.tx_octets += leg.tx_octets
                self.seconds = int(leg.duration_s(device.voice.control.uptime()))

    @property
    def status(self) -> str:
        return "Active" if self.active else "Idle"


def _statistics(title: str, status: str, counted: _Counted | None, pad: str, *more: str) -> str:
    rx, tx = (counted.rx, counted.tx) if counted is not None else (0, 0)
    reasons = ("queue destroyed", "buffer pool depleted", "invalid packet", "wrong session packet", *more)
    return (
        f"{title}\nStatus: {status}\nRx Statistics\n{pad}rx_successful= {rx}\n{pad}rx_failed= 0\n"
        + "".join(f"{pad * 2}{reason} = 0\n" for reason in reasons)
        + f"Tx Statistics\n{pad}tx_successful= {tx}\n{pad}tx_acked_by_ifd= {tx}\n{pad}tx_failed= 0\n"
        + f"{pad * 2}rejection by IFD = 0\n"
    )


def statistics_text(device: Device) -> str:
    """The text of `show nextport vpd statistics`, slot by slot; a slot with a module is active."""
    by_slot = {card.slot.partition("/")[0]: card for card in cards(device)}
    texts = []
    for slot in sorted(device.chassis.platform.slots, key=int):
        card = by_slot.get(slot)
        counted = _Counted(device, card, range(card.channels)) if card is not None else None
        status = "Active" if card is not None else "Idle"
        texts.append(
            _statistics(f"Voice Statistics for slot {slot}", status, counted, " ", "rejection by dsp api layer")
        )
    return "".join(texts)


def port_statistics_text(device: Device, element: Element, port: int) -> str:
    """The same of one port."""
    title = f"Voice Instance for slot {element.slot} port {port}"
    counted = _Counted(device, element.card, [port])
    return _statistics(title, counted.status, counted, "  ")


def traffic_text(device: Device, element: Element, port: int) -> str:
    """The text of `show nextport vpd traffic SLOT/PORT`."""
    now = _Counted(device, element.card, [port])
    seconds = max(now.seconds, 1)
    return (
        f"Voice Instance for slot {element.slot} port {port}\nStatus: {now.status}\n"
        f"Session Duration in second: {now.seconds}\n"
        f"Rx traffic Statistics\n  total rx bytes: {now.rx_octets}\n  total rx packets: {now.rx}\n"
        f"  average rx packets per second: {now.rx // seconds}\n"
        f"Tx traffic Statistics\n  total tx bytes: {now.tx_octets}\n  total tx packets: {now.tx}\n"
        f"  average tx packets per second: {now.tx // seconds}\n"
    )


# One port.

_VOICE = """\
Voice Codec                       : G.711 u-Law
Echo Canceler Length              : 8 ms
Echo Cancellation Control         : Echo cancellation - enabled
                                    Echo update         - enabled
                                    Non-linear processor - enabled
                                    Echo reset coefficients - disabled
                                    High pass filter enable - enabled
Digit detection enable            : DTMF signaling      - enabled
Voice activity detection          : Enabled
Comfort noise generation          : Generate comfort noise
Digit relay enable                : OOB Digit relay     - disabled
                                    IB Digit relay      - disabled
Information field size            : 20 ms
Playout de-jitter mode            : adaptive
Encapsulation protocol            : RTP
Input Gain                        : 0.0 dB
Output Gain                       : 0.0 dB
"""


def operational_text(device: Device, element: Element, port: int) -> str:
    """The text of `show port operational-status SLOT/PORT`."""
    channel = in_use(device).get((element.card.slot, port))
    leg = leg_on(device, channel)
    title = f"Slot/SPE/Port -- {element.slot}/{element.number}/{port}\n"
    if channel is None or leg is None:
        return f"{title}Service Type                      : None\n"  # inferred
    if channel.use.name == "VOICE":
        return f"{title}Service Type                      : Voice service\n{_VOICE}{_carried(device, leg)}"
    return f"{title}Service Type                      : Fax relay service\n{_fax(leg)}{_carried(device, leg)}"


def _fax(leg: LegRecord) -> str:
    detail = leg.detail
    assert isinstance(detail, Telephony)
    rate = f"{detail.rate_bps} bps" if detail.rate_bps else "negotiating"
    return (
        f"Fax modulation rate               : {rate}\n"
        f"Fax pages                         : {detail.pages}\n"
        f"Remote fax identification         : {detail.remote_id.strip()}\n"
    )


def _carried(device: Device, leg: LegRecord) -> str:
    milliseconds = int(leg.duration_s(device.voice.control.uptime()) * 1000)
    return (
        f"Tx/Rx Voice packets               : {leg.tx_packets}/{leg.rx_packets}\n"
        "Tx/Rx signaling packets           : 0/0\n"
        "Tx/Rx comfort noise packets       : 0/0\n"
        f"Tx/Rx duration                    : {milliseconds}/{milliseconds} ms\n"
        "Out of sequence packets           : 0\n"
        "Bad protocol headers              : 0\n"
        "Num. of late packets              : 0\n"
        "Num. of early packets             : 0\n"
        f"Tx/Rx byte count                  : {leg.tx_octets}/{leg.rx_octets}\n"
    )


@handlers.register("show_nextport_mm")
def _modules(call: Invocation[Device]) -> None:
    call.write(modules_text(call.device))


@handlers.register("show_nextport_session")
def _session(call: Invocation[Device]) -> None:
    call.write(session_text(call.device, *port_asked_for(call)))


@handlers.register("show_nextport_vdev")
def _vdev(call: Invocation[Device]) -> None:
    call.write(device_text(call.device, *port_asked_for(call)))


@handlers.register("show_nextport_vpd_statistics")
def _vpd_statistics(call: Invocation[Device]) -> None:
    if call.values.get("port") is None:
        call.write(statistics_text(call.device))
    else:
        call.write(port_statistics_text(call.device, *port_asked_for(call)))


@handlers.register("show_nextport_vpd_traffic")
def _vpd_traffic(call: Invocation[Device]) -> None:
    call.write(traffic_text(call.device, *port_asked_for(call)))


@handlers.register("show_port_operational_status")
def _operational(call: Invocation[Device]) -> None:
    wanted = [port_asked_for(call)] if call.values.get("port") is not None else _all(call.device)
    call.write("\n".join(operational_text(call.device, element, port) for element, port in wanted))


def _all(device: Device) -> list[tuple[Element, int]]:
    return [(element, port) for element in elements(device) for port in element.ports]
