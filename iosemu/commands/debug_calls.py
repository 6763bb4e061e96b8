"""The text of `debug voip ccapi inout`, `vtsp session|dsp`, `vpm signal`, `dialpeer`, `voip ivr`, made from call legs.

Rule: a line is written only while its switch is on and its call is wanted. The forms of the call control API are those
of published captures of 12.2; the other lines follow the function names of the field and are recalled. Addresses of
memory are made from the numbers of call legs: the same leg has the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.debugged import tell
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, LegClosed, LegConnected, LegOpened, Ramp, Step
from iosemu.voice.legs import LegRecord, Mail, Origin, Telephony, Voip

if TYPE_CHECKING:
    from iosemu.commands.context import Device
    from iosemu.voice.dial_plan import DialPeer

CCAPI = "voip ccapi inout"
SESSION = "vtsp session"
DSP = "vtsp dsp"
SIGNAL = "vpm signal"
DIAL_PEER = "dialpeer"
IVR = "voip ivr"
_POINTERS = {Telephony: 0x831721D8, Mail: 0x824C6344, Voip: 0x8308B3F4}
_KINDS = {Telephony: "telephony", Mail: "mail", Voip: "voip"}
_MADE_OF = 0x83149130
# Numbers of the call control API: the interface types, and the events by the names that applications print.
_TYPES = {"telephony": 13, "mail": 4, "voip": 1}
_EVENTS = {
    Step.HANDOFF: "CC_EV_CALL_HANDOFF",
    Step.CONFERENCE: "CC_EV_CONF_CREATE_DONE",
    Step.CONNECTED: "CC_EV_CALL_CONNECTED",
    Step.DISCONNECTED: "CC_EV_CALL_DISCONNECTED",
}


def attach(device: Device) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    def opened(event: LegOpened) -> None:
        leg = event.leg
        tell(device, SIGNAL, leg.call_id, lambda: signal_lines(leg, "opened"))
        tell(device, SESSION, leg.call_id, lambda: session_lines(leg, "opened"))
        tell(device, CCAPI, leg.call_id, lambda: opened_lines(leg))

    def connected(event: LegConnected) -> None:
        leg = event.leg
        tell(device, SIGNAL, leg.call_id, lambda: signal_lines(leg, "connected"))
        tell(device, SESSION, leg.call_id, lambda: session_lines(leg, "connected"))
        tell(device, CCAPI, leg.call_id, lambda: iter((f"cc_api_call_connected({_of(leg)})",)))

    def closed(event: LegClosed) -> None:
        leg = event.leg
        tell(device, SIGNAL, leg.call_id, lambda: signal_lines(leg, "closed"))
        tell(device, SESSION, leg.call_id, lambda: session_lines(leg, "closed"))
        tell(device, CCAPI, leg.call_id, lambda: closed_lines(leg))

    def stepped(event: FaxStep) -> None:
        peer = device.voice.settings.plan.peer(event.peer_tag) if event.peer_tag else None
        tell(device, CCAPI, event.call_id, lambda: step_lines(event, peer))
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


def _pointer(leg: LegRecord) -> str:
    return f"0x{_POINTERS[type(leg.detail)]:X}"


def _of(leg: LegRecord) -> str:
    return f"vdbPtr={_pointer(leg)}, callID=0x{leg.call_id:X}"


def _made(call_id: int) -> str:
    return f"0x{_MADE_OF + call_id * 0x168:X}"


def opened_lines(leg: LegRecord) -> Iterator[str]:
    """`debug voip ccapi inout`: a leg begins, from outside or to outside."""
    kind = _KINDS[type(leg.detail)]
    called = "" if isinstance(leg.detail, Mail) else leg.detail.called
    calling = leg.peer_address if isinstance(leg.detail, Mail) else leg.detail.calling
    if leg.origin is Origin.ANSWER:
        yield (
            f"cc_api_call_setup_ind (vdbPtr={_pointer(leg)}, callInfo={{called={called},called_oct3=0x80,"
            f"calling={calling},calling_oct3=0x0,calling_oct3a=0x83,calling_xlated=false,"
            f"subscriber_type_str=RegularLine,fdest=1,peer_tag={leg.tag}, prog_ind=0}},callID={_made(leg.call_id)})"
        )
        yield f"cc_API_call_setup_ind type {_TYPES[kind]} , prot 0"
        yield f"cc_process_call_setup_ind (event={_made(leg.call_id)})"
        return
    guid = ".".join(f"{word >> 16:04x}.{word & 0xFFFF:04x}" for word in leg.connection.words)
    yield (
        f"ccCallSetupRequest (Inbound call = 0x{leg.connection.number:X}, outbound peer ={leg.tag}, dest=, "
        f"params={_made(leg.call_id)} mode=0, *callID={_made(leg.call_id + 1)}, prog_ind = 0)"
    )
    yield f"callingNumber={calling}, calledNumber={called or leg.peer_address}, redirectNumber= display_info="
    yield f"accountNumber=, finalDestFlag=1, guid={guid}"
    yield f"peer_tag={leg.tag}"


def closed_lines(leg: LegRecord) -> Iterator[str]:
    """`debug voip ccapi inout`: a leg is over; who ended it is the function that is named first."""
    cause = f"cause=0x{leg.cause.value if leg.cause is not None else 0:X}"
    if leg.released_by_us:
        yield f"ccCallDisconnect (callID=0x{leg.call_id:X}, {cause} tag=0x0)"
    else:
        yield f"cc_API_call_disconnected({_of(leg)}, {cause})"
    yield f"cc_API_call_disconnect_done({_of(leg)}, disp=0, tag=0x0)"


def step_lines(event: FaxStep, peer: DialPeer | None) -> Iterator[str]:
    """`debug voip ccapi inout`: what call control does for an application."""
    match event.step:
        case Step.HANDOFF:
            application = (peer.application_in if peer is not None else "") or "DEFAULT"
            yield f'>>>>CCAPI handed cid {event.call_id} with tag {event.peer_tag} to app "{application}"'
        case Step.CONFERENCE:
            yield f"ccConferenceCreate (confID={_made(event.call_id)}, callID1=0x{event.call_id:X}, tag=0x0)"


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


def _where(leg: LegRecord, tele: Telephony) -> str:
    return f"[{tele.port}:{leg.call_id}"


def session_lines(leg: LegRecord, what: str) -> Iterator[str]:
    """`debug vtsp session`: the state machine of a telephony leg."""
    tele = leg.detail
    if not isinstance(tele, Telephony):
        return
    head = f"vtsp_process_event: vtsp:{_where(leg, tele)}"
    incoming = leg.origin is Origin.ANSWER
    match what:
        case "opened" if incoming:
            numbers = f"calling_number={tele.calling}, called_number={tele.called}"
            yield f"vtsp_tsp_call_setup_ind ({numbers}): peer_tag={leg.tag}"
            yield f"{head}, S_SETUP_INDICATED, E_CC_PROCEEDING]act_proceeding"
        case "opened":
            yield f"{head}, S_SETUP_REQUEST, E_CC_SETUP_REQ]act_setup_request"
        case "connected":
            yield f"{head}, " + (
                "S_PROCEEDING, E_CC_CONNECT]act_connect" if incoming else "S_ALERTING, E_TSP_CONNECT]act_connect_ind"
            )
        case "closed" if leg.released_by_us:
            yield f"{head}, S_CONNECT, E_CC_DISCONNECT]act_disconnect"
        case "closed":
            yield f"{head}, S_CONNECT, E_TSP_DISCONNECT_IND]act_disconnect_ind"


def signal_lines(leg: LegRecord, what: str) -> Iterator[str]:
    """`debug vpm signal`: the line itself; analog ports and channel-associated trunks only."""
    tele = leg.detail
    if not isinstance(tele, Telephony) or tele.port.endswith(":D") or tele.port.endswith((":15", ":23")):
        return
    event = {
        "opened": "E_DSP_SIG_1100]" if leg.origin is Origin.ANSWER else "E_HTSP_SETUP_REQ]",
        "connected": "E_HTSP_CONNECT]",
        "closed": "E_HTSP_RELEASE_REQ]" if leg.released_by_us else "E_DSP_SIG_0000]",
    }[what]
    yield f"htsp_process_event: [{tele.port}, {event}"


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
