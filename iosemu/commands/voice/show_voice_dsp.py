"""`show voice dsp` and `show vfc`: the channels of the signal processors, and what runs on a voice feature card.

Rule: a row is a channel of the chassis' pool; one that carries a call names the voice port, the time slot and the
packets of the call leg that took it. The table is that of published output for the processors of the modular routers,
the other form that of a 1750; the access servers have neither and tell of their cards with `show vfc` (AS5300).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.chassis.dsp import Use
from iosemu.commands.registry import handlers
from iosemu.voice.legs import Telephony

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.dsp import DspCard, DspChannel
    from iosemu.chassis.hardware import Chassis
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.legs import LegRecord

_DSPWARE = "4.1.32"  # recalled
_VCWARE, _VFC_MONITOR, _VFC_DSPWARE = "7.35", "1.3", "3.4.46L"
# What lies in the flash of a voice feature card, and what of it is loaded: published for a card of that kind.
_VFC_FLASH = {
    "vcw-vfc-mz.gsm.VCW": 292628,
    "btl-vfc-l.0.13.0.bin": 4174,
    "cor-vfc-l.0.1.bin": 54560,
    "jbc-vfc-l.0.13.0.bin": 16760,
    "fax-vfc-l.0.1.bin": 64290,
    "bas-vfc-l.0.1.bin": 54452,
    "cdc-g711-l.0.1.bin": 190,
    "cdc-g729-l.0.1.bin": 21002,
    "cdc-g726-l.0.1.bin": 190,
    "cdc-g728-l.0.1.bin": 22270,
    "cdc-gsmfr-l.0.1.bin": 190,
}
_VFC_CAPABILITIES = (
    "fax-vfc-l.0.1.bin",
    "bas-vfc-l.0.1.bin",
    *(f"cdc-{codec}-l.0.1.bin" for codec in ("g729", "g711", "g726", "g728", "gsmfr")),
)
_VFC_DEFAULTS = (
    "btl-vfc-l.0.13.0.bin",
    "cor-vfc-l.0.1.bin",
    "bas-vfc-l.0.1.bin",
    "cdc-g729-l.0.1.bin",
    "fax-vfc-l.0.1.bin",
    "jbc-vfc-l.0.13.0.bin",
)
_HEADING = """\
DSP  DSP             DSPWARE CURR  BOOT                         PAK     TX/RX
TYPE NUM CH CODEC    VERSION STATE STATE   RST AI VOICEPORT TS ABORT  PACK COUNT
==== === == ======== ======= ===== ======= === == ========= == ===== ============
"""
_CODECS = {Use.VOICE: "g711ulaw", Use.FAX_RELAY: "fax-relay", Use.FAX_MAIL: "fax"}  # inferred
_VFC = "AS5300 VFC"
_PORTS_OF_A_DSP, _AT_REST = 2, "G711 ulaw"
"""On a 1750."""


def dsp_text(device: Device) -> str:
    """The text of `show voice dsp`."""
    chassis = device.chassis
    legs = {record.call_id: record for record in device.voice.control.active}
    used = {(channel.card.slot, channel.number): channel for channel in chassis.dsp.in_use}
    if chassis.platform.family == "1700":
        return "".join(f"{line}\n" for line in _listed(chassis, used, legs))
    rows = (row for card in chassis.dsp.cards for row in _rows(chassis, card, used, legs))
    return _HEADING + "".join(f"{row}\n" for row in rows)


def channels_of_a_dsp(chassis: Chassis, card: DspCard) -> int:
    """How many channels one processor of that card has: four of medium complexity, two of high complexity or where the
    card is a carrier of voice interface cards (NM-1V, NM-2V)."""
    carrier = any(own.place == card.slot and own.module.bays and not own.module.ports for own in chassis.cards)
    return 2 if carrier or card.slot in chassis.dsp.high else 4


_Used = dict[tuple[str, int], "DspChannel"]


def _rows(chassis: Chassis, card: DspCard, used: _Used, legs: dict[int, LegRecord]) -> Iterator[str]:
    each = channels_of_a_dsp(chassis, card)
    complexity = "{high}" if card.slot in chassis.dsp.high else "{medium}"
    for number in range(chassis.dsp.usable(card)):
        dsp, place = divmod(number, each)
        channel = used.get((card.slot, number))
        line, packets = _line(channel, legs)
        codec, state = (complexity, "IDLE") if channel is None else (_CODECS[channel.use], "busy")
        port, timeslot = line or ("", "")
        alarm = "0" if place == 0 else ""
        yield (
            f"{card.technology:<4} {dsp + 1:03} {place + 1:02} {codec:<8} {_DSPWARE:>7} {state:<5} {'idle':<7}"
            f" {'0':>3} {alarm:>2} {port:<9} {timeslot:>2} {'0':>5} {packets:>12}"
        )


def _line(channel: DspChannel | None, legs: dict[int, LegRecord]) -> tuple[tuple[str, str] | None, str]:
    """Voice port and time slot of the call on a channel, and its packets out and in."""
    leg = legs.get(channel.call_id) if channel is not None else None
    if leg is None or not isinstance(leg.detail, Telephony):
        return None, "0/0"
    return (leg.detail.port, f"{leg.detail.channel:02}"), f"{leg.tx_packets}/{leg.rx_packets}"


def _listed(chassis: Chassis, used: _Used, legs: dict[int, LegRecord]) -> Iterator[str]:
    """The form of a 1750. Each analog port keeps a channel, two of them share a processor; a channel of a trunk is
    there while it carries a call. A processor without channels is not started."""
    lists: list[list[tuple[str, str]]] = []
    analog = [port.unit for port in chassis.analog_ports]
    codecs: dict[str, str] = {}
    for card in chassis.dsp.cards:
        each = channels_of_a_dsp(chassis, card)
        for dsp in range(-(-card.channels // each)):
            lists.append([])
            taken = (used.get((card.slot, number)) for number in range(dsp * each, (dsp + 1) * each))
            for channel in (channel for channel in taken if channel is not None):
                line, _ = _line(channel, legs)
                port, codec = line[0] if line else "", _CODECS[channel.use].replace("g711ulaw", _AT_REST)
                if port in analog:
                    codecs[port] = codec
                else:
                    lists[-1].append((port, codec))
    for at, port in enumerate(analog[: _PORTS_OF_A_DSP * len(lists)]):
        lists[at // _PORTS_OF_A_DSP].append((port, codecs.get(port, _AT_REST)))
    for number, listed in enumerate(lists):
        yield f"DSP#{number}: state {'IN SERVICE' if listed else 'RESET'}, {len(listed)} channels allocated"
        for place, (port, codec) in enumerate(listed):
            yield f"channel#{place}: voice port {port}, codec {codec}, state UP"


def _feature_card(call: Invocation[Device]) -> str:
    """The technology of the voice feature card in the slot that was named."""
    slot = str(call.values["slot"])
    for card in call.device.chassis.cards:
        if card.place == slot and card.module.form == _VFC and card.module.dsp is not None:
            return card.module.dsp
    raise call.invalid("slot")  # inferred


@handlers.register("show_voice_dsp")
def _dsp(call: Invocation[Device]) -> None:
    call.write(dsp_text(call.device))


@handlers.register("show_vfc_technology")
def _technology(call: Invocation[Device]) -> None:
    call.write(f"Technology in VFC slot {call.values['slot']} is {_feature_card(call)}\n")


@handlers.register("show_vfc_version")
def _version(call: Invocation[Device]) -> None:
    slot, technology = call.values["slot"], _feature_card(call)
    if call.values.get("what") == "dspware":
        call.write(f"DSPWare version in VFC slot {slot} is {_VFC_DSPWARE}\n")
    else:
        call.write(
            f"Voice Feature Card in Slot {slot}:\nVCWare Version     : {_VCWARE}\nROM Monitor Version: {_VFC_MONITOR}\n"
            f"     DSPWare Version    : {_VFC_DSPWARE}\n     Technology         : {technology}\n"
        )
    call.write("VCWare/DSPWare version compatibility OK\n")


@handlers.register("show_vfc_files")
def _files(call: Invocation[Device]) -> None:
    slot, what = call.values["slot"], str(call.values["what"])
    _feature_card(call)
    if what == "directory":
        rows = [f"{number:<2}.  {name:<33}{size}" for number, (name, size) in enumerate(_VFC_FLASH.items(), 1)]
        heading = [f"Files in slot {slot}  VFC flash:", f"{'':5}{'File Name':<33}Size (Bytes)"]
        call.write("\n".join([*heading, *rows]) + "\n")
        return
    title, names = ("Capability", _VFC_CAPABILITIES) if what == "cap-list" else ("Default", _VFC_DEFAULTS)
    rows = [f"{number}. {name}" for number, name in enumerate(names, 1)]
    call.write("\n".join([f"{title} List for VFC in slot {slot}:", *rows]) + "\n")
