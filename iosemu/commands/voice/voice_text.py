"""The text of `show dial-peer voice summary`, `show dialplan` and `show voice port summary` in the form of 12.2(15)T.

Rule: pure functions of dial peers, counters and ports. Source: Cisco IOS Voice Command Reference, chapters s5 and s9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iosemu.commands.voice.peer_text import BlockOf, StatusOf, pattern, peer_block, up
from iosemu.voice.applications import BUILT_IN, Application, Applications
from iosemu.voice.dial_plan import DialPeer, DialPlan, PeerType
from iosemu.voice.digits import NumberExpansion
from iosemu.voice.legs import LegRecord, Telephony
from iosemu.voice.ports import VoicePort


def peer_summary(peers: Iterable[DialPeer], status_of: StatusOf, hunt: int = 0) -> str:
    """`show dial-peer voice summary`, columns of the 12.2T form."""
    lines = [
        f"dial-peer hunt {hunt}",
        f"{'PASS':>58}",
        "  TAG TYPE   ADMIN OPER PREFIX   DEST-PATTERN     PREF THRU SESS-TARGET    PORT",
    ]
    for peer in peers:
        through = "syst" if peer.type is PeerType.VOIP else ""
        lines.append(
            f"{peer.tag:>5} {peer.type.keyword:<6} {up(not peer.shutdown):<5} {up(status_of(peer).operational):<4} "
            f"{peer.prefix:<8} {pattern(peer.destination):<17} {peer.preference:<3} {through:<4} "
            f"{peer.session_target:<14} {peer.port}".rstrip()
        )
    return "\n".join(lines) + "\n"


NO_MATCH = "No match, result=-1\n"  # recalled, no stored sample


def dialplan_number(
    plan: DialPlan, number: str, status_of: StatusOf, block_of: BlockOf, *, huntstop: bool = False
) -> str:
    """`show dialplan number N`: what the number becomes and every peer that it leads to, best first; with `huntstop` up
    to the first that stops hunting."""
    expanded = plan.expand(number)
    text = f"Macro Exp.: {expanded}\n"
    routes = plan.outbound(expanded)
    if not routes:
        return text + NO_MATCH
    for route in routes:
        text += peer_block(route.peer, status_of(route.peer), block_of(route.peer))
        text += f"Matched: {route.match.matched}   Digits: {route.match.explicit}\n"
        text += f"Target: {route.peer.session_target}".rstrip() + "\n"
        if huntstop and route.peer.huntstop:
            break
    return text


def dialplan_incall(
    plan: DialPlan, port: str, number: str, calling: str, status_of: StatusOf, block_of: BlockOf
) -> str:
    """`show dialplan incall PORT number N`: the peer that a call which comes in by a voice port meets."""
    text = f"Macro Exp.: {number}\n"
    peer = plan.inbound(PeerType.POTS, called=number, calling=calling, port=port)
    if peer is None:
        return text + NO_MATCH
    found = [read.match(number) for read in (peer.incoming_called, peer.destination) if read is not None]
    match = next((one for one in found if one is not None), None)
    text += peer_block(peer, status_of(peer), block_of(peer))
    text += f"Matched: {match.matched if match else ''}   Digits: {match.explicit if match else 0}\n"
    return text + f"Target: {peer.session_target}".rstrip() + "\n"


def dialplan_source(
    plan: DialPlan, kind: PeerType, command: str, name: str, status_of: StatusOf, block_of: BlockOf
) -> str:
    """`show dialplan in-carrier|in-trunk-group-label NAME`: the peers that take calls from it."""
    text = f" Inbound {kind.keyword} dialpeer Matching based on source {command}\n"
    for peer in plan.peers:
        block = block_of(peer)
        lines = block.all(command) if block is not None and peer.type is kind else []
        if any(line.values.get("way") == "source" and line.values.get("name") == name for line in lines):
            text += f"{peer_block(peer, status_of(peer), block)}Matched:   Digits:0\nTarget:\n"
    return text


# By kind of port: its signalling type, and what its two directions say when idle and in a call.  # R2 inferred
_SIGNALLING = {
    "PRI": ("isdn-voice", ("none", "none"), ("none", "none")),
    "BRI": ("isdn-voice", ("none", "none"), ("none", "none")),
    "FXS": ("fxs-ls", ("on-hook", "idle"), ("off-hook", "ring")),
    "FXO": ("fxo-ls", ("idle", "on-hook"), ("idle", "off-hook")),
    "E&M": ("e&m-wnk", ("idle", "idle"), ("seized", "seized")),
    "R2": ("r2-digital", ("idle", "idle"), ("seized", "seized")),
}
# How a kind of start is written.  # recalled
_STARTS = {
    "wink-start": "wnk",
    "immediate-start": "imd",
    "delay-dial": "dly",
    "loop-start": "ls",
    "ground-start": "gs",
}


def signalling(port: VoicePort) -> str:
    """The column SIG-TYPE: "isdn-voice", "fxs-ls", "e&m-wnk"."""
    if port.cas is None:
        return _SIGNALLING[port.kind][0]
    family, _, start = port.cas.name.partition("-")
    return f"{family}-{_STARTS.get(start, start)}" if start else family


def port_summary(ports: Sequence[VoicePort]) -> str:
    """`show voice port summary`."""
    lines = [
        f"{'':43}IN       OUT",
        "PORT            CH   SIG-TYPE   ADMIN OPER STATUS   STATUS   EC",
        "=============== == ============ ===== ==== ======== ======== ==",
    ]
    for port in ports:
        admin = "down" if port.shutdown else "up"
        _, idle, busy = _SIGNALLING[port.kind]
        for channel in port.channels:
            oper = "down" if not port.in_service else "dorm" if channel.idle else "up"
            number = f"{channel.number:02d}" if port.digital else "--"
            inward, outward = idle if channel.idle else busy
            status = f"{inward:<8} {outward:<8} y "
            lines.append(f"{port.name:<15} {number}  {signalling(port):<11} {admin:<5} {oper:<4} {status}")
    return "\n".join(lines) + "\n"


def number_expansions(lines: Iterable[NumberExpansion]) -> str:
    """`show num-exp`."""
    return "".join(
        f"Dest Digit Pattern = {_quoted(line.extension):<11}Translation = {_quoted(line.expanded)}\n" for line in lines
    )


def _quoted(text: str) -> str:
    return f"'{text}'"


_INTERPRETERS = (
    "TCL Script Version 2.0 supported.",
    "TCL Script Version 1.1 supported.",
    "Voice Browser Version 2.0 for VoiceXML 1.0 & 2.0 supported.",
)


def application_summary(applications: Applications) -> str:
    """`show call application voice summary`: what is built in, then what was loaded."""
    rows = [f"{app.name:<20} {app.about or app.location}" for app in (*BUILT_IN, *applications.loaded)]
    return "\n".join(["name                 description", *rows, "", *_INTERPRETERS]) + "\n"


def application_sessions(legs: Sequence[LegRecord]) -> str:
    """`show call application sessions`: the legs that were handed to applications."""
    lines = ["TCL Sessions"]
    if legs:
        lines.append(f"    There are {len(legs)} active TCL sessions")
        lines.append("     SID  Name        Called     Calling                App Name               Legs")
        for leg in legs:
            called = leg.detail.called if isinstance(leg.detail, Telephony) else ""
            name = leg.peer.application_in if leg.peer is not None else ""
            lines.append(
                f"{leg.connection.number:>8X}  {'':<12}{called:<11}{leg.peer_address:<23}{name:<23}{leg.call_id:X}"
            )
    else:
        lines.append("    No running TCL sessions")
    return "\n".join([*lines, "VXML Sessions", "    No running VXML sessions"]) + "\n"


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
