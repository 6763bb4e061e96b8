"""`show csm voice`, `modem`, `call-rate` and `call`: the call switching module of an access server.

Rule: a call is in the module from its set-up to its end; everything follows from the channels in use, from what they
have done, and from when calls came. Sources: published output of `show csm voice`, `show nextport ssm vdev` and `show
voice call rate`, whose graphs and tables these share; what is of modems only is recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.modems import modem_asked_for, modems
from iosemu.commands.chassis.nextport import in_use, leg_on
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits
from iosemu.voice.call_rates import DAYS, HOUR, MINUTE, Window
from iosemu.voice.legs import LegRecord, Origin, Telephony

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.dsp import DspCard
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

# The modules of a voice feature card: its channels by module, processor and channel of that.
DSPS_OF_A_MODULE, CHANNELS_OF_A_DSP = 6, 2


def feature_card_channel(device: Device, slot: str, module: int, dsp: int, place: int) -> tuple[DspCard, int] | None:
    """The card and the number of the channel that is called SLOT/DSPM/DSP/CHANNEL; None where there is none."""
    number = ((module - 1) * DSPS_OF_A_MODULE + dsp - 1) * CHANNELS_OF_A_DSP + place
    card = next((card for card in device.chassis.dsp.cards if card.slot == slot), None)
    if card is None or not (0 < dsp <= DSPS_OF_A_MODULE and 0 <= place < CHANNELS_OF_A_DSP):
        return None
    return (card, number) if 0 <= number < card.channels else None


def voice_text(device: Device, card: DspCard, number: int) -> str:
    """The text of `show csm voice` for one channel."""
    leg = leg_on(device, in_use(device).get((card.slot, number)))
    heading = []
    if card.technology != "NextPort":
        dsp, place = divmod(number, CHANNELS_OF_A_DSP)
        module, dsp = divmod(dsp, DSPS_OF_A_MODULE)
        heading = [f"slot {card.slot}, dspm {module + 1}, dsp {dsp + 1}, dsp channel {place},"]
    return "\n".join([*heading, *device_lines(device, card, number, leg)]) + "\n"


def modem_text(device: Device, card: DspCard, number: int) -> str:
    """The text of `show csm modem` for one modem."""
    leg = leg_on(device, in_use(device).get((card.slot, number)))
    heading = f"MODEM_INFO: slot {card.slot}, port {number}, unit 0, tone, modem_mask=0x0000, modem_port_offset=0"
    first, *rest = device_lines(device, card, number, leg)
    status = first.partition("device_status(")[2]
    lines = [line.replace("tdm_chnl=TDM_DSP_STREAM", "modem_chnl=TDM_MODEM_STREAM") for line in rest]
    return "\n".join([heading, f"modem_status({status}", *lines]) + "\n"


def device_lines(device: Device, card: DspCard, number: int, leg: LegRecord | None) -> Iterator[str]:
    """What the module knows of a channel and of the call on it."""
    slot, done = card.slot.partition("/")[0], device.voice.processors.of(card.slot, number)
    detail = leg.detail if leg is not None and isinstance(leg.detail, Telephony) else Telephony("")
    port = device.voice.ports.get(detail.port)
    primary = port is not None and port.d_channel is not None
    trunk = port.cable.split()[-1].rpartition("/")[2] if port is not None else "0"
    now_s = device.voice.control.uptime()
    connected = leg is not None and leg.connect_s is not None
    status = "0x0002): VDEV_STATUS_ACTIVE_CALL." if leg is not None else "0x0000): VDEV_STATUS_UNLOCKED"
    yield f" slot {slot}, port {number}, tone, device_status({status}"
    code, state = _state(leg)
    line = f", current call thru {'PRI' if primary else 'CAS'} line" if leg is not None else ""
    yield f"csm_state({code})={state}, csm_event_proc=0x600E2678{line}"
    yield "invalid_event_count=0, wdt_timeout_count=0"
    yield "wdt_timestamp_started is not activated"
    yield "wait_for_dialing:False, wait_for_bchan:False"
    stream = f"s0, u{trunk}, c{detail.channel}"
    yield f"pri_chnl=TDM_PRI_STREAM({stream}), tdm_chnl=TDM_DSP_STREAM(s{slot}, c{number})"
    call_id = leg.call_id if leg is not None else 0
    yield f"dchan_idb_start_index=0, dchan_idb_index=0, call_id=0x{call_id:04X}, bchan_num={detail.channel or -1}"
    if leg is None and done.last is None:
        yield "csm_event=CSM_EVENT_MODEM_ONHOOK, cause=0x0007"
    else:
        yield f"csm_event={'CSM_EVENT_ISDN_CONNECTED' if connected else 'CSM_EVENT_ISDN_DISCONNECTED'}, cause=0x0000"
    now_in = connected and leg is not None and leg.origin is Origin.ANSWER
    now_out = connected and not now_in
    yield f"ring_no_answer=0, ic_failure={done.failed_in}, ic_complete={done.connected_in + now_in}"
    yield f"dial_failure=0, oc_failure={done.failed_out}, oc_complete={done.connected_out + now_out}"
    yield "oc_busy=0, oc_no_dial_tone=0, oc_dial_timeout=0"
    yield "remote_link_disc=0, stat_busyout=0"
    yield "oobp_failure=0"
    yield from _times(leg, done.last, now_s)
    yield from _totals(device)


def _totals(device: Device) -> Iterator[str]:
    """The time slots of the whole chassis."""
    free, busy = _slots(device, primary=False)
    yield (
        f"total_free_rbs_timeslot = {free}, total_busy_rbs_timeslot = {busy},"
        " total_dynamic_busy_rbs_timeslot = 0, total_static_busy_rbs_timeslot = 0,"
    )
    yield "total_sw56_rbs_timeslot = 0, total_sw56_rbs_static_bo_ts = 0,"
    free, busy = _slots(device, primary=True)
    yield f"total_free_isdn_channels = {free}, total_busy_isdn_channels = {busy},total_auto_busy_isdn_channels = 0,"
    yield "min_free_device_threshold = 0"


def _state(leg: LegRecord | None) -> tuple[str, str]:
    if leg is None:
        return "0x0100", "CSM_IDLE_STATE"
    incoming, connected = leg.origin is Origin.ANSWER, leg.connect_s is not None
    state = "6_CONNECTED" if connected else "5_WAIT_FOR_CARRIER"
    return f"0x0{2 if incoming else 4}0{6 if connected else 5}", f"CSM_{'IC' if incoming else 'OC'}{state}"


def _times(leg: LegRecord | None, last: LegRecord | None, now_s: float) -> Iterator[str]:
    """Beginning, end and length of the call, or of the one before, and its numbers."""
    told = leg if leg is not None else last
    detail = told.detail if told is not None and isinstance(told.detail, Telephony) else Telephony("")
    began, ended, lasted = "00:00:00", "00:00:00", "00:00:00"
    if told is not None:
        began = clock_digits(int(told.setup_s))
        ended = clock_digits(int(told.disconnect_s)) if told.disconnect_s is not None else ended
        lasted = clock_digits(int(told.duration_s(now_s)))
    yield f"call_duration_started={began}, call_duration_ended={ended}, total_call_duration={lasted}"
    yield f"The calling party phone number = {detail.calling}"
    yield f"The called party phone number  = {detail.called}"


def _slots(device: Device, *, primary: bool) -> tuple[int, int]:
    """Time slots that are free and busy, of primary rates or of the others."""
    ports = [port for port in device.voice.ports.values() if port.digital and (port.d_channel is not None) is primary]
    free = sum(port.idle_channels for port in ports)
    return free, sum(not channel.idle for port in ports for channel in port.channels)


# Rates.

_UNITS = {MINUTE: ("second", "seconds"), HOUR: ("minute", "minutes"), DAYS: ("hour", "hours")}
_ROWS = 15
_GROUP = 5


def _graph(counts: list[int], what: str) -> str:
    """Counts as columns, the newest period at the left."""
    step = max(1, -(-max(counts) // _ROWS))
    rows = [
        f"{row * step:5} {''.join('#' if count > (row - 1) * step else ' ' for count in counts)}".rstrip()
        for row in range(_ROWS, 0, -1)
    ]
    ticks = range(0, len(counts), _GROUP)
    tens = "".join(f"{at // 10 or at}...." for at in ticks)
    ones = "".join(f"{at % 10 if at >= 10 else ' '}    " for at in ticks)
    return "\n".join([*rows, f"{'':6}{tens}", f"{'':6}{ones}".rstrip(), what, ""])


def _table(counts: list[int], what: str) -> str:
    """Counts by five periods, the newest first."""
    rows = []
    for first in range(0, len(counts), _GROUP):
        actual = sum(counts[first : first + _GROUP])
        period = f"{first + 1:2}-{first + _GROUP}"
        rows.append(f"{period:<6}{actual:11}{round(actual / _GROUP):11}")
    return "\n".join([what, "Period     Actual     Average", "-" * 38, *rows, ""])


def rates_text(device: Device, which: str, *, table: bool = False) -> str:
    """The text of `show csm call rate|failed|total`, window by window."""
    control = device.voice.control
    rate = control.failed if which == "failed" else control.entered
    draw = _table if table else _graph
    return "\n".join(
        draw(rate.periods(window, control.uptime()), _what(which, window, table=table)) for window in _UNITS
    )


def _what(which: str, window: Window, *, table: bool) -> str:
    one, many = _UNITS[window]
    last = f"(last {window.length} {many})"
    title, legend = {
        "rate": (f"CSM call switching rate per {one} {last}", f"calls entering the module per {one}"),
        "failed": (f"CSM call fail/reject rate per {one} {last}", f"calls failing per {one}"),
        "total": (f"CSM total calls {last}", "number of calls"),
    }[which]
    return f"{'':10}{title}" + ("" if table else f"\n{'':10}# = {legend}")


@handlers.register("show_csm_voice")
def _voice(call: Invocation[Device]) -> None:
    device, asked = call.device, call.values.get("channel")
    if asked is None:
        every = [(card, number) for card in device.chassis.dsp.cards for number in range(card.channels)]
        call.write("\n".join(voice_text(device, card, number) for card, number in every))
        return
    found = channel_named(device, str(asked).split("/"))
    if found is None:
        raise call.invalid("channel")
    call.write(voice_text(device, *found))


@handlers.register("show_csm_modem")
def _modem(call: Invocation[Device]) -> None:
    every = modems(call.device) if call.values.get("modem") is None else [modem_asked_for(call)]
    call.write("\n".join(modem_text(call.device, card, number) for card, number in every))


def channel_named(device: Device, words: list[str]) -> tuple[DspCard, int] | None:
    """SLOT/DSPM/DSP/CHANNEL on an AS5300, SLOT/PORT on a chassis with NextPort modules."""
    if not all(word.isdigit() for word in words):
        return None
    if len(words) == 4 and device.chassis.platform.family == "as5300":
        return feature_card_channel(device, words[0], *map(int, words[1:]))
    if len(words) == 2 and device.chassis.platform.family != "as5300":
        for card in device.chassis.dsp.cards:
            if card.slot == words[0] and int(words[1]) < card.channels:
                return card, int(words[1])
    return None


@handlers.register("show_csm_call_rate")
def _call_rate(call: Invocation[Device]) -> None:
    call.write(rates_text(call.device, "rate", table=call.tokens[-1] == "table"))


@handlers.register("show_csm_call")
def _call(call: Invocation[Device]) -> None:
    call.write(rates_text(call.device, str(call.values["which"])))
