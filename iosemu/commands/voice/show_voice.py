"""`show dial-peer voice`, `show dialplan number|incall`, `show voice port summary`, `show num-exp`, `show call
application voice|sessions`, `call application voice load`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.registry import handlers
from iosemu.commands.voice import voice_text
from iosemu.commands.voice.peer_text import BlockOf, PeerStatus, peer_block

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.dial_plan import DialPeer
    from iosemu.voice.service import VoiceService


def peer_status(voice: VoiceService, peer: DialPeer) -> PeerStatus:
    """What changes about a peer, from the call table."""
    control = voice.control
    release = Release.of(voice.chassis.platform.version)
    row = control.statistics.row(peer.tag)
    return PeerStatus(voice.operational(peer), control.connections(peer.tag), row, release)


def block_of(call: Invocation[Device]) -> BlockOf:
    """Finds the configuration block of a peer."""
    root = call.device.config.root
    return lambda peer: root.block("dial-peer voice", tag=peer.tag)


@handlers.register("show_dial_peer_voice")
def _dial_peer(call: Invocation[Device]) -> None:
    voice = call.device.voice
    plan = voice.settings.plan
    if call.values.get("summary"):
        call.write(voice_text.peer_summary(plan.peers, lambda peer: peer_status(voice, peer), plan.hunt))
        return
    tag, find = call.values.get("tag"), block_of(call)
    for peer in plan.peers:
        if tag is None or peer.tag == tag:
            call.write(peer_block(peer, peer_status(voice, peer), find(peer)))


@handlers.register("show_dialplan_number")
def _dialplan(call: Invocation[Device]) -> None:
    voice = call.device.voice
    plan, number = voice.settings.plan, str(call.values["digits"])
    huntstop = bool(call.values.get("huntstop"))
    call.write(
        voice_text.dialplan_number(
            plan, number, lambda peer: peer_status(voice, peer), block_of(call), huntstop=huntstop
        )
    )


@handlers.register("show_dialplan_incall")
def _incall(call: Invocation[Device]) -> None:
    voice = call.device.voice
    port, called = str(call.values["port"]), str(call.values.get("called", ""))
    calling = str(call.values.get("calling", ""))
    if port not in voice.ports:
        call.write(f"Voice port {port} does not exist\n")  # inferred
        return
    call.write(
        voice_text.dialplan_incall(
            voice.settings.plan, port, called, calling, lambda peer: peer_status(voice, peer), block_of(call)
        )
    )


@handlers.register("show_dialplan_in")
def _sources(call: Invocation[Device]) -> None:
    from iosemu.voice.dial_plan import PeerType

    voice, words = call.device.voice, call.match.tokens
    command = {"in-carrier": "carrier-id"}.get(words[2], "trunk-group-label")
    kind, name = PeerType.VOIP if "voip" in words else PeerType.POTS, str(call.values["carrier"])
    plan = voice.settings.plan
    call.write(
        voice_text.dialplan_source(plan, kind, command, name, lambda peer: peer_status(voice, peer), block_of(call))
    )


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


@handlers.register("show_call_application_sessions")
def _sessions(call: Invocation[Device]) -> None:
    """A fax that an application carries is a session of it; no VoiceXML document is ever run."""
    control = call.device.voice.control
    sessions = [leg for leg in control.active if leg.peer is not None and leg.peer.application_in]
    call.write(voice_text.application_sessions(sessions))


@handlers.register("call_application_voice_load")
def _load(call: Invocation[Device]) -> None:
    """Scripts are not run, so that one is as fresh as before; none is loaded again under its calls (command reference).

    The texts are inferred.
    """
    voice, name = call.device.voice, str(call.values["name"])
    found = voice.settings.applications.find(name)
    if found is None:
        call.write(f"Application {name} not found.\n")
    elif not found.location:
        call.write(f"Application {found.name} is built in, it has no script to load.\n")
    elif voice.calls_of(found):
        call.write(f"Application {found.name} has active calls, it is not loaded.\n")
