"""`show vrm active_calls` and `show vrm vdevices`: the voice cards of an AS5800 and their signal processors.

Rule: a virtual voice device is a processor of two channels, six of them make a module; what they say follows from the
channels in use and from the calls on them. Source: published output of both commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.nextport import in_use, leg_on
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.chassis.dsp import DspCard, DspChannel
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_CHANNELS, _DEVICES = 2, 6
"""Channels of a device and devices of a module."""
_CONTROLS = 12  # inferred
"""Messages that set a call up on a channel and take it down."""
_RULE = "+" * 59
_ALARM_RULE = "+" * 74


def channel_lines(device: Device, card: DspCard, number: int) -> Iterator[str]:
    """One channel, with what the call on it has carried."""
    tag, place = divmod(number, _CHANNELS)
    channel = in_use(device).get((card.slot, number))
    done, leg = device.voice.processors.of(card.slot, number), leg_on(device, channel)
    into = done.rx_packets + (leg.rx_packets if leg is not None else 0)
    out = done.tx_packets + (leg.tx_packets if leg is not None else 0)
    calls = done.incoming + done.outgoing + (channel is not None)
    yield f"slot =  {card.slot} virtual voice dev (tag) =  {tag + 1} channel id = {place + 1}"
    yield "capabilities list map = 9FFF"
    yield "last/current codec loaded/used = None"
    yield f"TDM timeslot = {number}"
    status = "401 means :active others" if channel is not None else "1 means :idle"  # the latter inferred
    yield f"Resource (vdev_common) status = {status}"
    yield f"tot ingress data =  {into}"
    yield f"tot ingress control  = {calls * _CONTROLS}"
    yield "tot ingress data drops  = 0"
    yield "tot ingress control drops  = 0"
    yield f"tot egress data  = {out}"
    yield f"tot egress control  = {calls * _CONTROLS}"
    yield "tot egress data drops  = 0"
    yield "tot egress control drops  = 0"


def active_text(device: Device, slot: str | None) -> str:
    """The text of `show vrm active_calls`, of one slot or of all."""
    found = [channel for channel in device.chassis.dsp.in_use if slot in (None, channel.card.slot)]
    return "".join(f"{line}\n" for one in found for line in channel_lines(device, one.card, one.number))


def device_text(device: Device, card: DspCard, tag: int) -> str:
    """The text of `show vrm vdevices SLOT DEVICE`."""
    channels = range((tag - 1) * _CHANNELS, tag * _CHANNELS)
    return "".join(f"{line}\n" for number in channels for line in channel_lines(device, card, number))


def summary_text(device: Device) -> str:
    """The text of `show vrm vdevices summary`."""
    stars = "*" * 59
    lines = [stars, "******summary of voice devices for all voice cards*********", stars]
    used = in_use(device)
    for card in device.chassis.dsp.cards:
        lines += _card(card, used)
    lines += [
        f"Total active call channels = {len(used)}",
        "Total busied out channels = 0",
        "Total channels in reset = 0",
        "Total bad channels = 0",
        "Note :Channels could be in multiple states",
    ]
    return "\n".join(lines) + "\n"


def _card(card: DspCard, used: dict[tuple[str, int], DspChannel]) -> Iterator[str]:
    devices = card.channels // _CHANNELS
    modules = devices // _DEVICES
    calls = sum(slot == card.slot for slot, _ in used)
    yield f"slot = {card.slot} major ver = 0 minor ver = 1 core type used = 2"
    yield f"number of modules = {modules} number of voice devices (DSPs) = {devices}"
    yield f"chans per vdevice = {_CHANNELS} tot chans = {card.channels} tot active calls = {calls}"
    present = f"{(1 << modules) - 1:X}"
    yield f"module presense bit map = {present} tdm mode = 1 num_of_tdm_timeslots = {2 * card.channels}"
    yield "auto recovery is on"
    yield "-------------------Voice Device Mapping------------------------"
    yield "Logical Device (Tag)  Module#  DSP#  C_Ac  C_Busy  C_Rst  C_Bad"
    yield "-" * 63
    for tag in range(devices):
        module, dsp = divmod(tag, _DEVICES)
        active = sum((card.slot, tag * _CHANNELS + place) in used for place in range(_CHANNELS))
        yield f"{tag + 1:<22}{module + 1:<9}{dsp + 1:<6}{active:<6}{0:<8}{0:<7}0"
        if dsp == _DEVICES - 1:
            yield _RULE


def alarms_text(card: DspCard) -> str:
    """The text of `show vrm vdevices alarms SLOT`: the emulated processors have none."""
    lines = [
        f"----------------------ALARM STATISTICS FOR SLOT {card.slot} ------------------------",
        "TAG Mod DSP Chn OperStat  AlmCnt   AlmTime     AlmCause     AlmText",
        "-" * 74,
    ]
    for tag in range(card.channels // _CHANNELS):
        module, dsp = divmod(tag, _DEVICES)
        lines.append(f"{tag + 1:<4}{module + 1:<4}{dsp + 1:<4}1   READY CD  0        0           1")
        lines.append(f"{'':12}2   READY CD  0        0           1")
        if dsp == _DEVICES - 1:
            lines.append(_ALARM_RULE)
    return "\n".join(lines) + "\n"


def _card_in(call: Invocation[Device]) -> DspCard:
    slot = str(call.values["slot"])
    for card in call.device.chassis.dsp.cards:
        if card.slot == slot:
            return card
    raise call.invalid("slot")


@handlers.register("show_vrm_active_calls")
def _active(call: Invocation[Device]) -> None:
    slot = call.values.get("slot")
    call.write(active_text(call.device, None if slot is None else _card_in(call).slot))


@handlers.register("show_vrm_vdevices")
def _devices(call: Invocation[Device]) -> None:
    card, tag = _card_in(call), int(str(call.values["device"]))
    if tag * _CHANNELS > card.channels:
        raise call.invalid("device")
    call.write(device_text(call.device, card, tag))


@handlers.register("show_vrm_summary")
def _summary(call: Invocation[Device]) -> None:
    call.write(summary_text(call.device))


@handlers.register("show_vrm_alarms")
def _alarms(call: Invocation[Device]) -> None:
    cards = [_card_in(call)] if call.values.get("slot") is not None else call.device.chassis.dsp.cards
    call.write("".join(alarms_text(card) for card in cards))
