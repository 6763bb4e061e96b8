"""The text of `debug voip ccapi inout` up to 12.3(4)T: functions of call control and of the session application.

Rule: a call of the default application goes through the session application, whose lines stand between those of the
API; a fax goes to the application of its dial peer, which says nothing here. Forms and order are those of published
captures of 12.2. Addresses of memory are made from the numbers of call legs: the same leg has the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.debug.headers import Said
from iosemu.voice.dial_plan import PeerType
from iosemu.voice.events import FaxStep, Step
from iosemu.voice.legs import LegRecord, Mail, Origin, Telephony, Voip

if TYPE_CHECKING:
    from iosemu.voice.dial_plan import DialPeer

_API, _SESSION = "CCAPI", "SSAPP"
# Numbers of the API: the interfaces by kind of leg, their types, and the encapsulation of a peer.
INTERFACES = {Telephony: 0x831721D8, Mail: 0x824C6344, Voip: 0x8308B3F4}
TYPES = {Telephony: 13, Mail: 4, Voip: 3}
_ENCAPSULATIONS = {PeerType.POTS: 1, PeerType.VOIP: 2, PeerType.MMOIP: 4}
_MEMORY = 0x83149130


def memory(call_id: int, place: int = 0) -> int:
    """An address that belongs to a leg."""
    return _MEMORY + call_id * 0x168 + place * 0x24


def interface(leg: LegRecord) -> int:
    """The address of the interface that a leg is on."""
    return INTERFACES[type(leg.detail)]


def called_of(leg: LegRecord) -> str:
    """The called number of a leg, the address of a mail; a voice call goes out for the number before digits went."""
    if isinstance(leg.detail, Mail) or (leg.origin is Origin.ORIGINATE and is_session(leg)):
        return leg.peer_address
    return leg.detail.called


def calling_of(leg: LegRecord) -> str:
    """The calling number; a mail has none."""
    return "" if isinstance(leg.detail, Mail) else leg.detail.calling


def is_session(leg: LegRecord) -> bool:
    """Is it a leg of the default application?"""
    return isinstance(leg.detail, Voip) or (isinstance(leg.detail, Telephony) and leg.detail.speech)


def _of(leg: LegRecord) -> str:
    return f"vdbPtr=0x{interface(leg):X}, callID=0x{leg.call_id:X}"


def _session(leg: LegRecord, function: str, rest: str) -> Said:
    return Said(f"{_SESSION}:({leg.tag}):-1:-1", function, rest, leg)


def elements(called: str, calling: str) -> Iterator[str]:
    """The elements of a set-up as they are listed one by one."""
    yield " cisco-username="
    yield "----- ccCallInfo IE subfields -----"
    yield f" cisco-ani={calling}"
    yield from (f" cisco-ani{name}=0" for name in ("type", "plan", "pi", "si"))
    yield f" dest={called}"
    yield " cisco-desttype=0"
    yield " cisco-destplan=0"
    yield " cisco-rdn="
    yield from (f" cisco-rdn{name}=-1" for name in ("type", "plan", "pi", "si"))
    yield " cisco-redirectreason=-1"


def setup_lines(leg: LegRecord, *, listed: bool) -> Iterator[Said]:
    """A call comes in; where calls have headers its elements are `listed` too."""
    called, calling = called_of(leg), calling_of(leg)
    if listed:
        yield Said(_API, "cc_api_call_setup_ind")
        yield from (Said("", "", line) for line in elements(called, calling))
    yield Said(
        _API,
        "cc_api_call_setup_ind",
        f" (vdbPtr=0x{interface(leg):X}, callInfo={{called={called},called_oct3=0x80,calling={calling},"
        f"calling_oct3=0x0,calling_oct3a=0x83,calling_xlated=false,subscriber_type_str=RegularLine,fdest=1,"
        f"peer_tag={leg.tag}, prog_ind=0}},callID=0x{memory(leg.call_id, 1):X})",
    )
    yield Said(_API, "cc_API_call_setup_ind", f" type {TYPES[type(leg.detail)]} , prot 0")
    yield Said(_API, "cc_process_call_setup_ind", f" (event=0x{memory(leg.call_id):X})")
    if is_session(leg):
        yield from _taken(leg, called, calling)


def _handed(leg: LegRecord | None, call_id: int, tag: int, application: str) -> Said:
    rest = f' >>>>CCAPI handed cid {call_id} with tag {tag} to app "{application}"'
    return Said(_API, "cc_process_call_setup_ind", rest, leg, named=False)


def _taken(leg: LegRecord, called: str, calling: str) -> Iterator[Said]:
    """The session application takes it."""
    application = (leg.peer.application_in if leg.peer is not None else "") or "DEFAULT"
    cid = f"cid({leg.call_id})"
    yield _handed(leg, leg.call_id, leg.tag, application)
    yield _session(leg, "sess_appl", f": ev(24=CC_EV_CALL_SETUP_IND), {cid}, disp(0)")
    yield _session(leg, "sess_appl", f": ev(SSA_EV_CALL_SETUP_IND), {cid}, disp(0)")
    yield _session(leg, "ssaCallSetupInd", " ")
    yield Said(_API, "ccCallSetContext", f" (callID=0x{leg.call_id:X}, context=0x{memory(leg.call_id, 2):X})", leg)
    yield _session(
        leg,
        "ssaCallSetupInd",
        f" {cid}, st(SSA_CS_MAPPING),oldst(0), ev(24)ev-> e.evCallSetupInd.nCallInfo.finalDestFlag = 1",
    )
    yield _session(leg, "ssaCallSetupInd", f" finalDest cllng({calling}), clled({called})")


def request_lines(leg: LegRecord, inbound: LegRecord | None) -> Iterator[Said]:
    """A call goes out, for the leg that came in."""
    called, calling, cid = called_of(leg), calling_of(leg), leg.call_id
    source = inbound if inbound is not None else leg
    if inbound is not None and is_session(leg) and leg.peer is not None:
        yield from _chosen(leg, leg.peer, inbound, called)
    yield Said(
        _API,
        "ccCallSetupRequest",
        f" (Inbound call = 0x{source.call_id:X}, outbound peer ={leg.tag}, dest=, params=0x{memory(cid):X} mode=0, "
        f"*callID=0x{memory(cid, 1):X}, prog_ind = 0)",
        source,
    )
    yield Said(_API, "ccCallSetupRequest", " numbering_type 0x80", source)
    destination = leg.peer.destination if leg.peer is not None else None
    strip = int(leg.peer.digit_strip) if leg.peer is not None else 0
    guid = ".".join(f"{word >> 16:04x}.{word & 0xFFFF:04x}" for word in leg.connection.words)
    for rest in (
        f" dest pattern {destination.text if destination is not None else ''}, called {called}, digit_strip {strip}",
        f" callingNumber={calling}, calledNumber={called}, redirectNumber= display_info= calling_oct3a=83",
        f" accountNumber=, finalDestFlag=1, guid={guid}",
        f" peer_tag={leg.tag}",
    ):
        yield Said(_API, "ccCallSetupRequest", rest, source, named=False)
    head = f"(vdbPtr=0x{interface(leg):X}, dest=, callParams={{called={called}"
    yield Said(
        _API,
        "ccIFCallSetupRequestPrivate",
        f": {head},called_oct3=0x80, calling={calling},calling_oct3=0x0, calling_xlated=false,"
        f"subscriber_type_str=RegularLine, fdest=1, voice_peer_tag={leg.tag}}},mode=0x0) "
        f"vdbPtr type = {TYPES[type(leg.detail)]}",
    )
    yield Said(
        _API,
        "ccIFCallSetupRequestPrivate",
        f": {head}, called_oct3 0x80,  calling={calling},calling_oct3 0x0, calling_xlated=false,  fdest=1, "
        f"voice_peer_tag={leg.tag}}}, mode=0x0, xltrc=-5)",
    )
    yield Said(_API, "ccSaveDialpeerTag", f" (callID=0x{source.call_id:X}, dialpeer_tag={leg.tag})", source)
    yield Said(_API, "ccCallSetContext", f" (callID=0x{cid:X}, context=0x{memory(cid, 2):X})", leg)


def _chosen(leg: LegRecord, peer: DialPeer, inbound: LegRecord, called: str) -> Iterator[Said]:
    """The session application has found a dial peer."""
    cid = f"cid({inbound.call_id})"
    match = peer.destination.match(called) if peer.destination is not None else None
    explicit = match.explicit if match is not None else 0
    yield _session(
        inbound, "ssaCallSetupInd", f" {cid}, st(SSA_CS_CALL_SETTING),oldst(0), ev(24)dpMatchPeersMoreArg result= 0"
    )
    yield _session(inbound, "ssaSetupPeer", f" {cid} peer list:  tag({peer.tag}) called number ({called})")
    yield _session(
        inbound,
        "ssaSetupPeer",
        f" {cid}, destPat({called}), matched({explicit}), prefix({peer.prefix}), "
        f"peer({memory(peer.tag, 3):X}), peer->encapType ({_ENCAPSULATIONS[peer.type]})",
    )
    yield Said(_API, "ccCallProceeding", f" (callID=0x{inbound.call_id:X}, prog_ind=0x0)", inbound)


def connected_lines(leg: LegRecord, inbound: LegRecord | None) -> Iterator[Said]:
    """A side is connected: what came in is answered once what goes out is."""
    if leg.origin is Origin.ANSWER:
        if not is_session(leg):
            yield Said(_API, "ccCallConnect", f" (callID=0x{leg.call_id:X})", leg)
        return
    yield Said(_API, "cc_API_call_connected", f"({_of(leg)})", leg)
    if inbound is None or not is_session(leg):
        return
    yield _session(leg, "sess_appl", f": ev(8=CC_EV_CALL_CONNECTED), cid({leg.call_id}), disp(0)")
    sides = f"callID1=0x{inbound.call_id:X}, callID2=0x{leg.call_id:X}"
    yield Said(_API, "ccConferenceCreate", f" (confID=0x{memory(leg.call_id, 4):X}, {sides}, tag=0x0)", inbound)
    for one, other in ((inbound, leg), (leg, inbound)):
        yield Said(_API, "cc_API_bridge_done", f" ({_bridge(one, other)}, disposition=0, tag=0x0)", one)
    yield _session(inbound, "sess_appl", f": ev(29=CC_EV_CONF_CREATE_DONE), cid({inbound.call_id}), disp(0)")
    yield Said(_API, "ccCallConnect", f" (callID=0x{inbound.call_id:X})", inbound)


def _bridge(one: LegRecord, other: LegRecord) -> str:
    return (
        f"confID=0x{one.connection.number:X}, srcIF=0x{interface(one):X}, srcCallID=0x{one.call_id:X}, "
        f"dstCallID=0x{other.call_id:X}"
    )


def closed_lines(leg: LegRecord, other: LegRecord | None) -> Iterator[Said]:
    """A leg is over; `other` is the one that it was bridged to and that ends with it, None where there is none left."""
    value = leg.cause.value if leg.cause is not None else 0
    if leg.released_by_us:
        yield Said(_API, "ccCallDisconnect", f" (callID=0x{leg.call_id:X}, cause=0x{value:X} tag=0x0)", leg)
    else:
        yield Said(_API, "cc_API_call_disconnected", f"({_of(leg)}, cause=0x{value:X})", leg)
        if is_session(leg):
            yield from _left(leg, other, value)
    yield Said(_API, "cc_API_call_disconnect_done", f"({_of(leg)}, disp=0, tag=0x0)", leg)


def _left(leg: LegRecord, other: LegRecord | None, cause: int) -> Iterator[Said]:
    """The session application takes the bridge away, and ends its side."""
    cid, inside = f"cid({leg.call_id})", int(leg.origin is Origin.ANSWER)
    yield _session(leg, "sess_appl", f": ev(11=CC_EV_CALL_DISCONNECTED), {cid}, disp(0)")
    bridged = other is not None and leg.connect_s is not None
    if bridged:
        assert other is not None
        state = f"{cid}st(SSA_CS_ACTIVE)ev(SSA_EV_CALL_DISCONNECTED)oldst(SSA_CS_ACTIVE)cfid({leg.connection.number})"
        for rest in (
            f" {state}csize(2)in({inside})fDest(1)",
            f" -cid2({other.call_id})st2(SSA_CS_ACTIVE)oldst2(SSA_CS_ALERT_RCVD)",
        ):
            yield _session(leg, "ssaTraceSct", rest)._replace(named=False)
    yield _session(leg, "ssa", f": Disconnected {cid} state({5 if bridged else 1}) cause(0x{cause:X})")
    if bridged:
        assert other is not None
        yield Said(_API, "ccConferenceDestroy", f" (confID=0x{leg.connection.number:X}, tag=0x0)", leg)
        for one, two in ((other, leg), (leg, other)):
            yield Said(_API, "cc_API_bridge_drop_done", f" ({_bridge(one, two)}, disposition=0 tag=0x0)", one)
        yield _session(leg, "sess_appl", f": ev(30=CC_EV_CONF_DESTROY_DONE), {cid}, disp(0)")
        yield _session(leg, "ssaConfDestroyDone", " ")
    yield Said(_API, "ccCallDisconnect", f" (callID=0x{leg.call_id:X}, cause=0x{cause:X} tag=0x0)", leg)


def step_lines(event: FaxStep, peer: DialPeer | None, leg: LegRecord | None) -> Iterator[Said]:
    """What call control does for a fax application."""
    match event.step:
        case Step.HANDOFF:
            application = (peer.application_in if peer is not None else "") or "DEFAULT"
            yield _handed(leg, event.call_id, event.peer_tag, application)
        case Step.CONFERENCE:
            conference = f"confID=0x{memory(event.call_id, 4):X}, callID1=0x{event.call_id:X}"
            yield Said(_API, "ccConferenceCreate", f" ({conference}, tag=0x0)", leg)
