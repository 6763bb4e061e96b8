"""`show gateway`, `show translation-rule`, `show voice call [PORT | status]`: the gateway for who looks at a call.

Rule: the gateway registers nowhere (no gatekeeper is in reach), so its aliases are what is configured. The states of
voice ports are those of `show voice call summary`. Forms: Cisco IOS Voice Command Reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.controllers.show_trunks import legs_by_channel, line_state, vtsp_state
from iosemu.commands.registry import handlers
from iosemu.voice.legs import LegRecord, Telephony

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block
    from iosemu.voice.ports import BearerChannel, VoicePort

_RULES = 0x61AB94F8


def gateway_text(device: Device) -> str:
    """The text of `show gateway`."""
    name = device.hostname
    for interface in device.config.root.children("interface"):
        name = str(interface.value("h323-gateway voip h323-id", "name", name))
    lines = [f"Gateway {name} is not registered to any gatekeeper", "", "Gateway alias list", f"H323-ID {name}", ""]
    gateway = device.config.root.block("gateway")
    threshold = gateway.get("resource threshold") if gateway is not None else None
    if threshold is None or threshold.negated:
        return "\n".join([*lines, "H323 resource thresholding is Disabled"]) + "\n"
    low, high = threshold.values.get("low", 90), threshold.values.get("high", 90)
    lines += [
        "H323 resource thresholding is Enabled but NOT Active",
        "H323 resource threshold values:",
        f"DSP: Low threshold {low}, High threshold {high}",
        f"DS0: Low threshold {low}, High threshold {high}",
    ]
    return "\n".join(lines) + "\n"


def rule_text(block: Block, place: int) -> Iterator[str]:
    """One set of `show translation-rule`."""
    assert block.header is not None
    yield f"Translation rule address:0x{_RULES + place * 0x1ECE:X}"
    yield f"Tag name:{block.header.values['tag']}"
    yield "Translation rule in_used 1"
    for number, line in enumerate(block.all("Rule"), 1):
        yield "**** Xrule rule table *******"
        yield f"        Rule :{number}"
        yield "        in_used state:1"
        yield f"        Match pattern:{line.values['pattern']}"
        yield f"        Sub  pattern:{line.values['replacement']}"
        yield f"        Match  type:{line.values.get('match_type', 'unknown')}"
        yield f"        Sub type:{line.values.get('new_type', 'unknown')}"


def call_text(port: VoicePort, channel: BearerChannel, leg: LegRecord | None) -> Iterator[str]:
    """One channel of `show voice call`; a port without channels of its own is one."""
    name = f"{port.name} {channel.number:<2}" if port.digital else port.name
    if port.shutdown:
        yield f"{name} is shutdown"
        return
    vtsp = vtsp_state(leg)
    head = f"{name} vtsp level 0 state = {vtsp}" if vtsp else f"{name}- "
    vpm = f"vpm level 1 state = {line_state(port, leg) or 'S_TSP_IDLE'}"
    if vtsp:
        yield head
        yield vpm
    else:
        yield f"{head}      {vpm}" if port.digital else f"{name} {vpm}"
    yield f"vpm level 0 state = {'S_UP' if port.up else 'S_DOWN'}"


def status_text(device: Device) -> str:
    """The text of `show voice call status`: the telephony legs in progress."""
    legs = [leg for leg in device.voice.control.active if isinstance(leg.detail, Telephony)]
    if not legs:
        return "No active calls found\n"
    lines = ["CallID     CID  ccVdb      Port      DSP/Ch  Called #   Codec    Dial-peers"]
    channels = {channel.call_id: channel for channel in device.chassis.dsp.in_use}
    for leg in legs:
        tele = leg.detail
        assert isinstance(tele, Telephony)
        dsp = channels.get(leg.call_id)
        where = f"{dsp.card.slot}/{dsp.number}" if dsp is not None else ""
        others = [one for one in device.voice.control.active if one.connection == leg.connection]
        tags = "/".join(str(one.tag) for one in sorted(others, key=lambda one: one.origin is not leg.origin))
        codec = "g711ulaw" if tele.speech else "None"
        lines.append(
            f"{f'0x{leg.call_id:X}':<10} {leg.connection.number:04X} 0x831721D8 "
            f"{f'{tele.port}.{tele.channel}':<9} {where:<7} {tele.called:<10} {codec:<8} {tags}"
        )
    plural = "s" if len(legs) > 1 else ""
    return "\n".join([*lines, f"{len(legs)} active call{plural} found"]) + "\n"


@handlers.register("show_gateway")
def _gateway(call: Invocation[Device]) -> None:
    call.write(gateway_text(call.device))


@handlers.register("show_translation_rule")
def _rules(call: Invocation[Device]) -> None:
    wanted = call.values.get("tag")
    blocks = call.device.config.root.children("translation-rule")
    for place, block in enumerate(blocks):
        if block.header is not None and wanted in (None, block.header.values["tag"]):
            call.write("".join(f"{line}\n" for line in rule_text(block, place)))


@handlers.register("show_voice_call")
def _call(call: Invocation[Device]) -> None:
    wanted, legs = call.values.get("port"), legs_by_channel(call.device)
    ports = call.device.voice.ports
    if wanted is not None and wanted not in ports:
        call.write(f"Voice port {wanted} does not exist\n")  # inferred
        return
    for port in ports.values():
        if wanted in (None, port.name):
            for channel in port.channels:
                leg = legs.get((port.name, channel.number if port.digital else 1))
                call.write("".join(f"{line}\n" for line in call_text(port, channel, leg)))


@handlers.register("show_voice_call_status")
def _status(call: Invocation[Device]) -> None:
    call.write(status_text(call.device))
