"""`show dial-peer voice`, `show dialplan number`, `show voice port summary`, `show num-exp`, `show call application
voice`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands import voice_text
from iosemu.commands.registry import handlers
from iosemu.commands.voice_text import PeerStatus

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.dial_plan import DialPeer
    from iosemu.voice.service import VoiceService


def peer_status(voice: VoiceService, peer: DialPeer) -> PeerStatus:
    """What changes about a peer, from the call table."""
    control = voice.control
    return PeerStatus(voice.operational(peer), control.connections(peer.tag), control.statistics.row(peer.tag))


@handlers.register("show_dial_peer_voice")
def _dial_peer(call: Invocation[Device]) -> None:
    voice = call.device.voice
    plan = voice.settings.plan
    if call.values.get("summary"):
        call.write(voice_text.peer_summary(plan.peers, lambda peer: peer_status(voice, peer)))
        return
    tag = call.values.get("tag")
    for peer in plan.peers:
        if tag is None or peer.tag == tag:
            call.write(voice_text.peer_block(peer, peer_status(voice, peer)))


@handlers.register("show_dialplan_number")
def _dialplan(call: Invocation[Device]) -> None:
    voice = call.device.voice
    number = str(call.values["digits"])
    call.write(voice_text.dialplan_number(voice.settings.plan, number, lambda peer: peer_status(voice, peer)))


@handlers.register("show_voice_port_summary")
def _ports(call: Invocation[Device]) -> None:
    call.write(voice_text.port_summary(tuple(call.device.voice.ports.values())))


@handlers.register("show_num_exp")
def _num_exp(call: Invocation[Device]) -> None:
    call.write(voice_text.number_expansions(call.device.voice.settings.plan.expansions))


@handlers.register("show_call_application_voice")
def _applications(call: Invocation[Device]) -> None:
    voice = call.device.voice
    applications = voice.settings.applications
    name = call.values.get("name")
    if name is None:
        call.write(voice_text.application_summary(applications))
        return
    found = applications.find(str(name))
    call.write(
        voice_text.application_block(found, voice.calls_of(found))
        if found is not None
        else f"Application {name} not found.\n"  # inferred
    )
