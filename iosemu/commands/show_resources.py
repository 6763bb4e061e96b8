"""What carries calls inside an access server: `show spe`, `show csm voice`, `show call resource voice stats`.

Rule: everything follows from the channels in use: of the signal processors, of the trunks, and the call legs on both.
The forms of `show csm voice` are published, those of the others recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.router_time import clock_digits
from iosemu.voice.legs import LegRecord, Origin, Telephony

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.dsp import DspCard, DspChannel
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_PORTS = 6
"""Of one signal processing element of a NextPort module."""
_CALLS = {"VOICE": "v", "FAX_RELAY": "f", "FAX_MAIL": "f"}

_SPE_HEADING = """\
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
_SPE_TABLE = """\

              SPE        SPE SPE SPE Port   Call
SPE#   Port # State     Busy Shut Crash State  Type
"""


def _used(device: Device) -> dict[tuple[str, int], DspChannel]:
    return {(channel.card.slot, channel.number): channel for channel in device.chassis.dsp.in_use}


def spe_text(device: Device) -> str:
    """The text of `show spe`: one row for each element of the NextPort modules."""
    cards = [card for card in device.chassis.dsp.cards if card.technology == "NextPort"]
    used = _used(device)
    total, busy = sum(card.channels for card in cards), len(used)
    voice = sum(channel.use.name == "VOICE" for channel in used.values())
    summary = (
        f"Total ports: {total:6}, in use ports: {busy:6}, disabled ports: {0:6}, free ports: {total - busy:6}\n"
        f"Total active modem calls: {0:6}, Total active voice calls: {voice:6}\n"
        f"Total active digital calls: {0:6}, Total active fax-relay calls: {busy - voice:6}\n"
    )
    rows = "".join(f"{row}\n" for card in cards for row in _elements(card, used))
    return _SPE_HEADING + summary + _SPE_TABLE + rows


def _elements(card: DspCard, used: dict[tuple[str, int], DspChannel]) -> Iterator[str]:
    slot = card.slot.partition("/")[0]
    for first in range(0, card.channels, _PORTS):
        channels = [used.get((card.slot, number)) for number in range(first, min(first + _PORTS, card.channels))]
        states = "".join("_" if channel is None else "a" for channel in channels)
        calls = "".join("_" if channel is None else _CALLS[channel.use.name] for channel in channels)
        last = first + len(channels) - 1
        busy = sum(channel is not None for channel in channels)
        place = f"{slot}/{first // _PORTS:02}"
        yield f"{place:<5}  {first:04}-{last:04} ACTIVE    {busy:4} {0:4} {0:5} {states:<6} {calls:<6}"


def resource_text(device: Device) -> str:
    """The text of `show call resource voice stats`."""
    pool = device.chassis.dsp
    busy = len(pool.in_use)
    ports = [port for port in device.voice.ports.values() if port.digital]
    slots = sum(controller.timeslots for controller in device.chassis.controllers)
    channels = sum(len(port.channels) for port in ports)
    idle = sum(port.idle_channels for port in ports if port.up)
    taken = sum(not channel.idle for port in ports for channel in port.channels)
    share = 100 * busy // pool.total if pool.total else 0
    return (
        "Resource Monitor -  Dial-up Resource Statistics Information:\n"
        f"DSP Statistics:\nUtilization: {share} percent\nTotal channels: {pool.total}\nInuse channels: {busy}\n"
        f"Disabled channels: 0\nPending channels: 0\nFree channels: {pool.total - busy}\n"
        f"DS0 Statistics:\nTotal channels: {slots}\nAddressable channels: {channels}\nInuse channels: {taken}\n"
        f"Disabled channels: {channels - taken - idle}\nFree channels: {idle}\n"
    )


# The modules of a voice feature card: its channels by module, processor and channel of that.
_DSPS_OF_A_MODULE, _CHANNELS_OF_A_DSP = 6, 2
_IDLE = ("0x0000", "CSM_IDLE_STATE")


def csm_text(device: Device, slot: str, module: int, dsp: int, place: int) -> str | None:
    """The text of `show csm voice SLOT/DSPM/DSP/CHANNEL`; None where there is no such channel."""
    number = ((module - 1) * _DSPS_OF_A_MODULE + dsp - 1) * _CHANNELS_OF_A_DSP + place
    card = next((card for card in device.chassis.dsp.cards if card.slot == slot), None)
    if card is None or not (0 < dsp <= _DSPS_OF_A_MODULE and 0 <= place < _CHANNELS_OF_A_DSP):
        return None
    if not 0 <= number < card.channels:
        return None
    channel = _used(device).get((slot, number))
    legs = {leg.call_id: leg for leg in device.voice.control.active}
    leg = legs.get(channel.call_id) if channel is not None else None
    return "\n".join(_csm_lines(device, (slot, module, dsp, place), number, leg)) + "\n"


def _csm_lines(device: Device, at: tuple[str, int, int, int], number: int, leg: LegRecord | None) -> Iterator[str]:
    slot, module, dsp, place = at
    detail = leg.detail if leg is not None and isinstance(leg.detail, Telephony) else Telephony("")
    port = device.voice.ports.get(detail.port)
    primary = port is not None and port.d_channel is not None
    trunk = port.cable.split()[1].rpartition("/")[2] if port is not None else "0"
    now_s = device.voice.control.uptime()
    incoming = leg is not None and leg.origin is Origin.ANSWER
    connected = leg is not None and leg.connect_s is not None
    yield f"slot {slot}, dspm {module}, dsp {dsp}, dsp channel {place},"
    status = "0x0002): VDEV_STATUS_ACTIVE_CALL." if leg is not None else "0x0000): VDEV_STATUS_UNLOCKED"
    yield f" slot {slot}, port {number}, tone, device_status({status}"
    if leg is None:
        code, state = _IDLE
    else:
        way = "IC" if incoming else "OC"
        state = f"CSM_{way}6_CONNECTED" if connected else f"CSM_{way}5_WAIT_FOR_CARRIER"
        code = f"0x0{2 if incoming else 4}0{6 if connected else 5}"
    line = f", current call thru {'PRI' if primary else 'CAS'} line" if leg is not None else ", no call"
    yield f"csm_state({code})={state}, csm_event_proc=0x600E2678{line}"
    yield "invalid_event_count=0, wdt_timeout_count=0"
    yield "wdt_timestamp_started is not activated"
    yield "wait_for_dialing:False, wait_for_bchan:False"
    stream = f"s0, u{trunk}, c{detail.channel}"
    yield f"pri_chnl=TDM_PRI_STREAM({stream}), tdm_chnl=TDM_DSP_STREAM(s{slot}, c{number})"
    call_id = leg.call_id if leg is not None else 0
    yield f"dchan_idb_start_index=0, dchan_idb_index=0, call_id=0x{call_id:04X}, bchan_num={detail.channel or -1}"
    yield f"csm_event={'CSM_EVENT_ISDN_CONNECTED' if connected else 'CSM_EVENT_ISDN_DISCONNECTED'}, cause=0x0000"
    if leg is not None:
        yield f"call_duration_started={clock_digits(int(leg.setup_s))}, call_duration_ended=00:00:00, " + (
            f"total_call_duration={clock_digits(int(leg.duration_s(now_s)))}"
        )
        yield f"The calling party phone number = {detail.calling}"
        yield f"The called party phone number  = {detail.called}"
    primaries = [each for each in device.voice.ports.values() if each.d_channel is not None]
    free = sum(each.idle_channels for each in primaries)
    busy = sum(not channel.idle for each in primaries for channel in each.channels)
    yield f"total_free_isdn_channels = {free}, total_busy_isdn_channels = {busy},total_auto_busy_isdn_channels = 0,"
    yield "min_free_device_threshold = 0"


@handlers.register("show_spe")
def _spe(call: Invocation[Device]) -> None:
    call.write(spe_text(call.device))


@handlers.register("show_call_resource")
def _resource(call: Invocation[Device]) -> None:
    call.write(resource_text(call.device))


@handlers.register("show_csm_voice")
def _csm(call: Invocation[Device]) -> None:
    words = str(call.values["channel"]).split("/")
    slot, *numbers = words if len(words) == 4 and all(word.isdigit() for word in words) else [""]
    text = csm_text(call.device, slot, *map(int, numbers)) if numbers else None
    if text is None:
        raise call.invalid("channel")
    call.write(text)
