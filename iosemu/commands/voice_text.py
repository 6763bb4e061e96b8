"""The text of `show dial-peer voice`, `show dialplan number` and `show voice port summary` in the form of 12.2(15)T.

Rule: pure functions of dial peers, counters and ports. Source: Cisco IOS Voice Command Reference, chapters s5 and s9;
the block of an MMoIP peer is inferred from the POTS block and CISCO-MMAIL-DIAL-CONTROL-MIB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from iosemu.voice.applications import BUILT_IN, Application, Applications
from iosemu.voice.dial_plan import DialPeer, DialPlan, Dsn, PeerType
from iosemu.voice.digits import NumberExpansion, Pattern
from iosemu.voice.peer_statistics import PeerCounters
from iosemu.voice.ports import VoicePort

INDENT = " " * 8


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """What changes about a peer while the router runs."""

    operational: bool
    connections: int
    counters: PeerCounters


StatusOf = Callable[[DialPeer], PeerStatus]


def peer_block(peer: DialPeer, status: PeerStatus) -> str:
    """`show dial-peer voice TAG`."""
    maximum = peer.max_connections if peer.max_connections is not None else "unlimited"
    lines = [
        f"information type = {peer.information},",
        f"description = `{peer.description}',",
        f"tag = {peer.tag}, destination-pattern = `{_pattern(peer.destination)}',",
        f"answer-address = `{_pattern(peer.answer_address)}', preference={peer.preference},",
        "numbering Type = `unknown'",
        f"group = {peer.tag}, Admin state is {_up(not peer.shutdown)}, Operation state is {_up(status.operational)},",
        f"incoming called-number = `{_pattern(peer.incoming_called)}', connections/maximum = "
        f"{status.connections}/{maximum},",
        "DTMF Relay = disabled,",
        f"huntstop = {_enabled(peer.huntstop)},",
        f"in bound application associated: '{peer.application_in or 'DEFAULT'}'",
        f"out bound application associated: '{peer.application_out}'",
        "permission :both",
        "incoming COR list:maximum capability",
        "outgoing COR list:minimum requirement",
        *{PeerType.POTS: _pots, PeerType.VOIP: _voip, PeerType.MMOIP: _mmoip}[peer.type](peer),
        *_counters(status.counters),
    ]
    return f"{peer.type.heading}{peer.tag}\n" + "".join(f"{INDENT}{line}\n" for line in lines)


def _pots(peer: DialPeer) -> list[str]:
    return [
        f"type = pots, prefix = `{peer.prefix}',",
        f"forward-digits {peer.forward_digits}",
        f"session-target = `', voice-port = `{peer.port}',",
        f"direct-inward-dial = {_enabled(peer.direct_inward_dial)},",
        f"digit_strip = {_enabled(peer.digit_strip)},",
        "register E.164 number with GK = TRUE",
        "fax rate = system,   payload size =  20 bytes",
    ]


def _voip(peer: DialPeer) -> list[str]:
    return [
        f"type = voip, session-target = `{peer.session_target}',",
        "technology prefix: ",
        f"session-protocol = {peer.session_protocol or 'cisco'}, session-transport = system,",
        "fax rate = voice,   payload size =  20 bytes",
        "codec = g729r8,   payload size =  20 bytes,",
    ]


def _mmoip(peer: DialPeer) -> list[str]:
    dsn = [word.value for word in (Dsn.DELAY, Dsn.FAILURE, Dsn.SUCCESS) if word in peer.dsn]
    return [
        f"type = mmoip, session-target = `{peer.session_target}',",
        f"session-protocol = {peer.session_protocol or 'smtp'},",
        f"image encoding = {peer.image_encoding.value}, image resolution = {peer.image_resolution.value},",
        f"mdn = {_enabled(peer.mdn)}, dsn = `{' '.join(dsn)}',",
    ]


def _counters(row: PeerCounters) -> list[str]:
    cause = f"{row.last_cause:<4X}" if row.last_cause is not None else ""
    return [
        "Time elapsed since last clearing of voice call statistics never",
        f"Connect Time = {row.connect_time}, Charged Units = 0,",
        f"Successful Calls = {row.successful}, Failed Calls = {row.failed}, Incomplete Calls = 0",
        f"Accepted Calls = {row.accepted}, Refused Calls = {row.refused},",
        f'Last Disconnect Cause is "{cause}",',
        f'Last Disconnect Text is "{row.last_text}",',
        f"Last Setup Time = {row.last_setup}.",
    ]


def peer_summary(peers: Iterable[DialPeer], status_of: StatusOf) -> str:
    """`show dial-peer voice summary`, columns of the 12.2T form."""
    lines = [
        "dial-peer hunt 0",
        f"{'PASS':>58}",
        "  TAG TYPE   ADMIN OPER PREFIX   DEST-PATTERN     PREF THRU SESS-TARGET    PORT",
    ]
    for peer in peers:
        through = "syst" if peer.type is PeerType.VOIP else ""
        lines.append(
            f"{peer.tag:>5} {peer.type.keyword:<6} {_up(not peer.shutdown):<5} {_up(status_of(peer).operational):<4} "
            f"{peer.prefix:<8} {_pattern(peer.destination):<17} {peer.preference:<3} {through:<4} "
            f"{peer.session_target:<14} {peer.port}".rstrip()
        )
    return "\n".join(lines) + "\n"


def dialplan_number(plan: DialPlan, number: str, status_of: StatusOf) -> str:
    """`show dialplan number N`: what the number becomes and every peer that it leads to, best first."""
    expanded = plan.expand(number)
    text = f"Macro Exp.: {expanded}\n"
    routes = plan.outbound(expanded)
    if not routes:
        return text + "No match, result=-1\n"  # recalled, no stored sample
    for route in routes:
        text += peer_block(route.peer, status_of(route.peer))
        text += f"Matched: {route.match.matched}   Digits: {route.match.explicit}\n"
        text += f"Target: {route.peer.session_target}".rstrip() + "\n"
    return text


# By kind of port: its signalling type, and what its two directions say when idle and in a call.
_SIGNALLING = {
    "PRI": ("isdn-voice", ("none", "none"), ("none", "none")),
    "FXS": ("fxs-ls", ("on-hook", "idle"), ("off-hook", "ring")),
    "FXO": ("fxo-ls", ("idle", "on-hook"), ("idle", "off-hook")),
    "E&M": ("e&m-wnk", ("idle", "idle"), ("seized", "seized")),
}


def port_summary(ports: Sequence[VoicePort]) -> str:
    """`show voice port summary`."""
    lines = [
        f"{'':43}IN       OUT",
        "PORT            CH   SIG-TYPE   ADMIN OPER STATUS   STATUS   EC",
        "=============== == ============ ===== ==== ======== ======== ==",
    ]
    for port in ports:
        admin = "down" if port.shutdown else "up"
        signalling, idle, busy = _SIGNALLING[port.kind]
        for channel in port.channels:
            oper = "down" if not port.up else "dorm" if channel.idle else "up"
            number = f"{channel.number:02d}" if port.kind == "PRI" else "--"
            inward, outward = idle if channel.idle else busy
            lines.append(f"{port.name:<15} {number}  {signalling:<11} {admin:<5} {oper:<4} {inward:<8} {outward:<8} y ")
    return "\n".join(lines) + "\n"


def number_expansions(lines: Iterable[NumberExpansion]) -> str:
    """`show num-exp`."""
    return "".join(
        f"Dest Digit Pattern = {_quoted(line.extension):<11}Translation = {_quoted(line.expanded)}\n" for line in lines
    )


def _quoted(text: str) -> str:
    return f"'{text}'"


def application_summary(applications: Applications) -> str:
    """`show call application voice summary`: what is built in, then what was loaded."""
    rows = [f"{app.name:<20} {app.treatment.value}" for app in BUILT_IN]
    rows += [f"{app.name:<20} {app.location}" for app in applications.loaded]
    return "\n".join(["name                 description", *rows, "TCL Script Version 2.0 supported.", ""])


def application_block(application: Application, calls: int) -> str:
    """`show call application voice NAME`, up to the script itself, which is not kept."""
    if application.location:
        origin = f"The script is read from URL {application.location}"  # inferred
    else:
        origin = "The script is compiled into the image"
    return (
        f"Application {application.name}\n    {origin}\n    It has {calls} calls active.\n"
        "    Interpreted by infrastructure version 2.0\n"
    )


def _pattern(pattern: Pattern | None) -> str:
    return pattern.text if pattern is not None else ""


def _up(state: bool) -> str:
    return "up" if state else "down"


def _enabled(state: bool) -> str:
    return "enabled" if state else "disabled"
