"""`show spe`, `show spe version` and `show spe voice`: the service processing elements of NextPort modules.

Rule: everything follows from the channels in use and from what they have done. The form of `show spe voice` is
published, those of the others are recalled. A fax that is stored and forwarded is a fax relay call to its element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.nextport import Element, asked_for, in_use
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iosemu.chassis.dsp import DspChannel
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.processor_statistics import ChannelRecord

_CALLS = {"VOICE": "v", "FAX_RELAY": "f", "FAX_MAIL": "f"}
FIRMWARE = "0.7.12.60"  # recalled: of an image of 12.2(15)T

_HEADING = """\
Settings :
==========
Country code configuration: default T1 (u-Law)
Polling interval: 8 secs.
History log events: 50(per port)
Port legends:
============
Port state: (s)shutdown (r)recovery (t)test (a)active call
            (b)busiedout (d)download (B)bad (p)busyout pending
Call type : (m)modem  (d)digital  (v)voice  (f)fax-relay  (_)not in use

System resources summary:
=========================
"""
_TABLE = """\

              SPE        SPE SPE SPE Port   Call
SPE#   Port # State     Busy Shut Crash State  Type
"""


def spe_text(device: Device, elements: Iterable[Element]) -> str:
    """The text of `show spe`: a row for each element."""
    used, rows = in_use(device), list(elements)
    channels = [used.get((each.card.slot, port)) for each in rows for port in each.ports]
    busy = [channel for channel in channels if channel is not None]
    voice = sum(channel.use.name == "VOICE" for channel in busy)
    summary = (
        f"Total ports: {len(channels):6}, in use ports: {len(busy):6}, disabled ports: {0:6},"
        f" free ports: {len(channels) - len(busy):6}\n"
        f"Total active modem calls: {0:6}, Total active voice calls: {voice:6}\n"
        f"Total active digital calls: {0:6}, Total active fax-relay calls: {len(busy) - voice:6}\n"
    )
    return _HEADING + summary + _TABLE + "".join(f"{_row(each, used)}\n" for each in rows)


def _row(element: Element, used: dict[tuple[str, int], DspChannel]) -> str:
    ports = element.ports
    channels = [used.get((element.card.slot, number)) for number in ports]
    states = "".join("_" if channel is None else "a" for channel in channels)
    calls = "".join("_" if channel is None else _CALLS[channel.use.name] for channel in channels)
    busy = sum(channel is not None for channel in channels)
    place = f"{element.slot}/{element.number:02}"
    return f"{place:<5}  {ports[0]:04}-{ports[-1]:04} ACTIVE    {busy:4} {0:4} {0:5} {states:<6} {calls:<6}"


def version_text(elements: Iterable[Element]) -> str:
    """The text of `show spe version`."""
    lines = [
        "IOS-Bundled Default      Firmware-Filename          Version     Firmware-Type",
        "===================      =================          =======     =============",
        f"system:/ucode/np_spe_firmware1                      {FIRMWARE:<12}SPE firmware",
        "",
        "On-Flash Firmware-Filename                          Version     Firmware-Type",
        "==========================                          =======     =============",
        "",
        "SPE-#    SPE-Type   SPE-Port Range  Version      UPG  Firmware Filename",
    ]
    for each in elements:
        place = f"{each.slot}/{each.number:02}"
        lines.append(
            f"{place:<9}CSMV6      {each.ports[0]:04} {each.ports[-1]:04}       {FIRMWARE:<12} N/A  ios-bundled default"
        )
    return "\n".join(lines) + "\n"


_ERRORS = """\
Last clearing of statistics counters          :  never
{incoming:10} Incoming calls             {outgoing:10} Outgoing calls
   Voice:
         0 Payload Type Violation              0 Buffer Overflow Errors
         0 End-point Detection Errors          0 Packets Received Early
         0 Packets Received Late               0 Bad Protocol Headers
   Fax-relay:
         0 Payload Type Violation              0 Buffer Overflow Errors
         0 Buffer Underflow Errors             0 End-point Detection Errors
         0 Bad Protocol Headers
"""
_CODECS = (
    ("G.711 u-Law", "G.729", "G.723.1 6.3K", "GSM FR"),
    ("G.711 a-Law", "G.729B", "G.723.1 5.3K", "GSM HR"),
    ("G.726 40K", "G.729A", "G.723.1A 6.3K", "GSM EFR"),
    ("G.726 32K", "G.729AB", "G.723.1A 5.3K"),
    ("G.726 24K", "G.728", "Clear Channel"),
    ("G.726 16K",),
)
_WIDTHS = ((12, 7), (9, 6), (15, 6), (9, 6))


def voice_text(device: Device, elements: Sequence[Element], *, active: bool = False) -> str:
    """The text of `show spe voice`; with `active` only of elements that carry a call."""
    used = in_use(device)
    if active:
        elements = [each for each in elements if any((each.card.slot, port) in used for port in each.ports)]
    return "\n".join(f"#SPE {each.slot}/{each.number:02}\n{_voice(device, each.slot, [each])}" for each in elements)


def summary_text(device: Device, elements: Sequence[Element]) -> str:
    """The text of `show spe voice summary`, slot by slot."""
    slots = dict.fromkeys(each.slot for each in elements)
    return "\n".join(_voice(device, slot, [each for each in elements if each.slot == slot]) for slot in slots)


def _voice(device: Device, slot: str, elements: Sequence[Element]) -> str:
    records = [device.voice.processors.of(each.card.slot, port) for each in elements for port in each.ports]
    first, last = elements[0].ports[0], elements[-1].ports[-1]
    calls = {
        "incoming": sum(record.incoming for record in records),
        "outgoing": sum(record.outgoing for record in records),
    }
    codecs = "".join(f"{line}\n" for line in _codecs(records))
    return f"Cisco Universal SPE (Managed); Port {slot}/{first} - {slot}/{last}\n{_ERRORS.format(**calls)}{codecs}"


def _codecs(records: Iterable[ChannelRecord]) -> Iterator[str]:
    """What the calls that talked were coded by: here all by the first."""
    counts = {_CODECS[0][0]: sum(record.voice for record in records)}
    yield "Codec         Calls   Codec     Calls   Codec           Calls   Codec     Calls"
    for row in _CODECS:
        cells = (
            f"{name:<{left}}{counts.get(name, 0):{right}}" for name, (left, right) in zip(row, _WIDTHS, strict=False)
        )
        yield "   ".join(cells)


@handlers.register("show_spe")
def _spe(call: Invocation[Device]) -> None:
    call.write(spe_text(call.device, asked_for(call)))


@handlers.register("show_spe_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(asked_for(call)))


@handlers.register("show_spe_voice")
def _voice_of(call: Invocation[Device]) -> None:
    call.write(voice_text(call.device, asked_for(call), active=call.values.get("only") is not None))


@handlers.register("show_spe_voice_summary")
def _summary(call: Invocation[Device]) -> None:
    call.write(summary_text(call.device, asked_for(call)))
