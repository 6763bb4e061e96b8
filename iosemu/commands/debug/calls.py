"""The text of `debug voip ccapi inout`, `vtsp session|dsp`, `vpm signal`, `dialpeer`, `voip ivr`, made from call legs.

Rule: a line is written only while its switch is on and its call is wanted. Forms: what the release says, see
`debug_headers`; those of VTSP and of the lines themselves are recalled where no published capture has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.chassis.show_csm import CHANNELS_OF_A_DSP, DSPS_OF_A_MODULE
from iosemu.commands.debug import call_control as debug_call_control
from iosemu.commands.debug import ccapi as debug_ccapi
from iosemu.commands.debug.debugged import tell
from iosemu.commands.debug.headers import Said, Style, headed, style
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, LegClosed, LegConnected, LegOpened, Ramp, Step
from iosemu.voice.legs import LegRecord, Origin, Telephony

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iosemu.commands.context import Device
    from iosemu.voice.dial_plan import DialPeer

CCAPI = "voip ccapi inout"
SESSION = "vtsp session"
DSP = "vtsp dsp"
SIGNAL = "vpm signal"
DIAL_PEER = "dialpeer"
IVR = "voip ivr"
# The events of the call control API by the names that applications print.
_EVENTS = {
    Step.HANDOFF: "CC_EV_CALL_HANDOFF",
    Step.CONFERENCE: "CC_EV_CONF_CREATE_DONE",
    Step.CONNECTED: "CC_EV_CALL_CONNECTED",
    Step.DISCONNECTED: "CC_EV_CALL_DISCONNECTED",
}


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    legs: dict[int, LegRecord] = {}
    modules: dict[int, str] = {}
    ending: dict[int, LegRecord] = {}

    def on_line(leg: LegRecord, what: str) -> None:
        port = device.voice.ports.get(leg.detail.port) if isinstance(leg.detail, Telephony) else None
        if port is not None and port.d_channel is None:
            tell(device, SIGNAL, leg.call_id, lambda: signal_lines(leg, what, port.kind))
        if isinstance(leg.detail, Telephony):
            if what != "closed":
                modules[leg.call_id] = _module(device, leg)
            # Its signal processor is gone when a leg has ended.
            module = modules[leg.call_id] if what != "closed" else modules.pop(leg.call_id, "")
            lines = session_lines(leg, what, module, style(device))
            tell(device, SESSION, leg.call_id, lambda: headed(device, lines))

    def control(leg: LegRecord, lines: Iterable[Said]) -> None:
        tell(device, CCAPI, leg.call_id, lambda: headed(device, lines))

    def others(leg: LegRecord) -> LegRecord | None:
        """The other leg of a leg's call, the oldest where there are several."""
        return next((one for one in legs.values() if one.connection == leg.connection and one is not leg), None)

    def opened(event: LegOpened) -> None:
        leg = event.leg
        on_line(leg, "opened")
        said = style(device)
        if leg.origin is Origin.ORIGINATE:
            texts = debug_call_control if said is Style.NAMED else debug_ccapi
            control(leg, texts.request_lines(leg, others(leg)))
        elif said is Style.NAMED:
            control(leg, debug_call_control.setup_lines(leg))
        else:
            control(leg, debug_ccapi.setup_lines(leg, listed=said is Style.HEADED))
        legs[leg.call_id] = leg

    def connected(event: LegConnected) -> None:
        leg = legs[event.leg.call_id] = event.leg
        on_line(leg, "connected")
        texts = debug_call_control if style(device) is Style.NAMED else debug_ccapi
        control(leg, texts.connected_lines(leg, others(leg)))

    def closed(event: LegClosed) -> None:
        """The side that ends a call is told of first, whichever leg is taken down first."""
        leg = event.leg
        legs.pop(leg.call_id, None)
        other = others(leg)
        if leg.released_by_us and other is not None and debug_ccapi.is_session(leg):
            ending[leg.connection.number] = leg
            return
        after = ending.pop(leg.connection.number, None)
        texts = debug_call_control if style(device) is Style.NAMED else debug_ccapi
        for one, bridged in ((leg, after), (after, None)):
            if one is not None:
                on_line(one, "closed")
                control(one, texts.closed_lines(one, bridged))

    def stepped(event: FaxStep) -> None:
        peer = device.voice.settings.plan.peer(event.peer_tag) if event.peer_tag else None
        texts = debug_call_control if style(device) is Style.NAMED else debug_ccapi
        lines = texts.step_lines(event, peer, legs.get(event.call_id))
        tell(device, CCAPI, event.call_id, lambda: headed(device, lines))
        tell(device, IVR, event.call_id, lambda: ivr_lines(event, peer))
        tell(device, DIAL_PEER, event.call_id, lambda: peer_lines(event, peer))

    def refused(event: CallRefused) -> None:
        if DIAL_PEER in device.debugs and not device.debug_calls.conditions:
            number = event.setup.called
            device.log.debug(f"dpMatchPeersMoreArg: Result=NO_MATCH(-1), called number {number} on {event.port}")

    def media(event: FaxMedia) -> None:
        if DSP in device.debugs:
            tell(device, DSP, event.call_id, lambda: dsp_lines(event))

    device.bus.subscribe(LegOpened, opened)
    device.bus.subscribe(LegConnected, connected)
    device.bus.subscribe(LegClosed, closed)
    device.bus.subscribe(FaxStep, stepped)
    device.bus.subscribe(CallRefused, refused)
    device.bus.subscribe(FaxMedia, media)


def ivr_lines(event: FaxStep, peer: DialPeer | None) -> Iterator[str]:
    """`debug voip ivr`: the events that an application is given."""
    name = _EVENTS.get(event.step)
    if name is not None:
        yield f"AppFax: ev({name}), cid({event.call_id}), disp(0)"
    elif event.step is Step.PEER_CHOSEN and peer is not None:
        yield f"AppFax: cid({event.call_id}) peer list: tag({peer.tag}) destination ({event.text})"


def peer_lines(event: FaxStep, peer: DialPeer | None) -> Iterator[str]:
    """`debug dialpeer`: which peer was found, and by what."""
    if peer is None:
        return
    if event.step is Step.HANDOFF:
        yield f"dpAssociateIncomingPeerCore: Called Number={event.text}"
        yield f"dpAssociateIncomingPeerCore: Result=Success(0), Incoming Dial-peer={peer.tag} Is Matched"
    elif event.step is Step.PEER_CHOSEN:
        pattern = peer.destination.text if peer.destination is not None else ""
        yield f"dpMatchPeersMoreArg: destination-pattern={pattern}, Result=Success(0)"
        yield f"dpMatchPeersMoreArg: Dial Peer Tag={peer.tag}"


# What a line does when a call begins, is answered and ends: coming in by it, going out, ended by the line, by us.
_FXS = {
    "opened in": ("FXSLS_ONHOOK, E_DSP_SIG_1100]fxsls_onhook_offhook htsp_setup_ind",),
    "connected in": (
        "FXSLS_OFFHOOK, E_HTSP_SETUP_ACK]",
        "FXSLS_OFFHOOK, E_HTSP_VOICE_CUT_THROUGH]",
        "FXSLS_OFFHOOK, E_HTSP_CONNECT]fxsls_offhook_connect",
    ),
    "opened out": ("FXSLS_ONHOOK, E_HTSP_SETUP_REQ]fxsls_onhook_setup htsp_alert_notify",),
    "connected out": ("FXSLS_WAIT_OFFHOOK, E_DSP_SIG_1100]fxsls_waitoff_offhook",),
    "closed by line": (
        "FXSLS_OFFHOOK, E_DSP_SIG_0100]fxsls_offhook_onhook",
        "FXSLS_OFFHOOK, E_HTSP_EVENT_TIMER]fxsls_offhook_timer",
        "FXSLS_ONHOOK, E_HTSP_RELEASE_REQ]fxsls_onhook_release",
    ),
    "closed by us": ("FXSLS_OFFHOOK, E_HTSP_RELEASE_REQ]fxsls_offhook_release",),
}
_FXO = {
    "opened in": (
        "FXOLS_ONHOOK, E_DSP_SIG_0000]fxols_onhook_ringing",
        "FXOLS_RINGING, E_DSP_SIG_0100]fxols_ringing_not htsp_setup_ind",
    ),
    "connected in": ("FXOLS_PROCEEDING, E_HTSP_CONNECT]fxols_offhook_connect",),
    "opened out": (
        "FXOLS_ONHOOK, E_HTSP_SETUP_REQ]fxols_onhook_setup",
        "FXOLS_WAIT_DIAL_TONE, E_HTSP_EVENT_TIMER]fxols_wait_dial_timer htsp_dial",
    ),
    "connected out": ("FXOLS_OFFHOOK, E_HTSP_VOICE_CUT_THROUGH]",),
    "closed by line": ("FXOLS_CONNECT, E_DSP_SIG_1100]fxols_power_denial",),
    "closed by us": ("FXOLS_CONNECT, E_HTSP_RELEASE_REQ]fxols_offhook_release",),
}
_EM = {
    "opened in": ("EM_ONHOOK, E_DSP_SIG_1100]em_onhook_offhook htsp_setup_ind",),
    "connected in": ("EM_OFFHOOK, E_HTSP_CONNECT]em_offhook_connect",),
    "opened out": ("EM_ONHOOK, E_HTSP_SETUP_REQ]em_onhook_setup em_offhook",),
    "connected out": ("EM_OFFHOOK, E_DSP_SIG_1100]em_offhook_off",),
    "closed by line": ("EM_CONNECT, E_DSP_SIG_0000]em_conn_onhook",),
    "closed by us": ("EM_CONNECT, E_HTSP_RELEASE_REQ]em_conn_release em_onhook",),
}
_LINES = {"FXS": _FXS, "FXO": _FXO}


def signal_lines(leg: LegRecord, what: str, kind: str) -> Iterator[str]:
    """`debug vpm signal`: the line itself; analog ports and channel-associated trunks only.  # recalled"""
    assert isinstance(leg.detail, Telephony)
    if what == "closed":
        how = "by us" if leg.released_by_us else "by line"
    else:
        how = "in" if leg.origin is Origin.ANSWER else "out"
    for text in _LINES.get(kind, _EM)[f"{what} {how}"]:
        yield f"htsp_process_event: [{leg.detail.port}, {text}"


def _module(device: Device, leg: LegRecord) -> str:
    """VTSP as a header has it: the port of the leg, its channel, and the place of its signal processor."""
    tele = leg.detail
    assert isinstance(tele, Telephony)
    channel = next((one for one in device.chassis.dsp.in_use if one.call_id == leg.call_id), None)
    if channel is None or not tele.channel:
        return f"VTSP:({tele.port}):-1:-1:-1"
    place = channel.number + 1
    if device.chassis.platform.family == "as5300":  # slot, module, processor and channel, a nibble each
        dsp, on_dsp = divmod(channel.number, CHANNELS_OF_A_DSP)
        module, on_module = divmod(dsp, DSPS_OF_A_MODULE)
        place = int(channel.card.slot) << 12 | (module + 1) << 8 | (on_module + 1) << 4 | on_dsp
    digital = device.voice.ports[tele.port].digital
    return f"VTSP:({tele.port}):{tele.channel - 1 if digital else -1}:0:{place}"


def session_lines(leg: LegRecord, what: str, module: str, form: Style) -> Iterator[Said]:
    """`debug vtsp session`: the state machine of a telephony leg."""
    tele = leg.detail
    assert isinstance(tele, Telephony)
    if what == "opened" and leg.origin is Origin.ANSWER:
        of, own = debug_ccapi.memory(leg.call_id, 5), debug_ccapi.memory(leg.call_id, 6)
        numbers = f"calling_number={tele.calling} calling_oct3 = 0x0, called_number={tele.called} called_oct3 = 0x80"
        yield Said(
            module,
            "vtsp_tsp_call_setup_ind",
            f" (sdb=0x{of:X}, tdm_info=0x0, tsp_info=0x{own:X}, {numbers}, oct3a=0x0): peer_tag={leg.tag}",
        )
        yield Said(module, "vtsp_do_call_setup_ind", "", leg)
    for state, event, action in _transitions(leg, what):
        if form is Style.NAMED:
            yield Said(module, "vtsp_process_event", f"\n   [state:{state}, event:{event}]", leg)
            yield Said(module, action, "", leg)
        elif form is Style.HEADED:
            yield Said(module, "vtsp_process_event", f"\n vtsp:[{tele.port} ({leg.call_id}), {state}, {event}]", leg)
            yield Said(module, action, ".", leg)
        else:
            yield Said(module, "vtsp", f":[{tele.port}:{leg.call_id}, {state}, {event}]{action}", leg)


def _transitions(leg: LegRecord, what: str) -> tuple[tuple[str, str, str], ...]:
    """The state, the event that comes, and what is done then."""
    incoming = leg.origin is Origin.ANSWER
    match what:
        case "opened" if incoming:
            return (("S_SETUP_INDICATED", "E_CC_PROCEEDING", "act_proceeding"),)
        case "opened":
            return (("S_SETUP_REQUEST", "E_CC_SETUP_REQ", "act_setup_request"),)
        case "connected" if incoming:
            return (
                ("S_PROCEEDING", "E_CC_BRIDGE", "act_bridge"),
                ("S_PROCEEDING", "E_CC_CONNECT", "act_connect"),
            )
        case "connected":
            return (
                ("S_SETUP_REQ_PROC", "E_TSP_ALERT", "act_alert"),
                ("S_ALERTING", "E_CC_BRIDGE", "act_bridge"),
                ("S_ALERTING", "E_TSP_CONNECT", "act_connect_ind"),
            )
    state = "S_CONNECT" if leg.connect_s is not None else "S_PROCEEDING" if incoming else "S_SETUP_REQ_PROC"
    ended = (
        (state, "E_CC_DISCONNECT", "act_disconnect"),
        ("S_WAIT_STATS", "E_CC_GET_STATS", "act_stats_complete"),
        ("S_WAIT_RELEASE", "E_TSP_DISCONNECT_CONF", "act_wrelease_release"),
        ("S_CLOSE_DSPRM", "E_DSPRM_CLOSE_COMPLETE", "act_terminate"),
    )
    if leg.released_by_us:
        return ended
    dropped = ((state, "E_CC_BRIDGE_DROP", "act_remove_bridge"),) if leg.connect_s is not None else ()
    return ((state, "E_TSP_DISCONNECT_IND", "act_disconnect_ind"), *dropped, *ended)


def dsp_lines(event: FaxMedia) -> Iterator[str]:
    """`debug vtsp dsp`: what the signal processor of a fax call is told and tells."""
    from iosemu.fax import events as fax

    head = f"dsp_fax: call id={event.call_id},"
    way = "receive" if event.ramp is Ramp.ON else "send"
    match event.event:
        case fax.Negotiated(modulation, rate, _, _):
            yield f"{head} {way} at {rate} bps {modulation}"
        case fax.PageStarted(index, _):
            yield f"{head} carrier up, page {index + 1}"
        case fax.Finished(ok, _, _):
            yield f"{head} channel closed, {'ok' if ok else 'failed'}"
