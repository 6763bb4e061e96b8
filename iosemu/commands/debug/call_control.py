"""The text of `debug voip ccapi inout` from 12.3(8)T on: each function with the values that it is given, by name.

Rule: one function is one message of several lines. Forms are those of published captures of 12.3(8)T to 12.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.debug.ccapi import TYPES, called_of, calling_of, elements, interface, is_session, memory
from iosemu.commands.debug.headers import Said, identity
from iosemu.voice.events import FaxStep, Step
from iosemu.voice.legs import LegRecord, Origin

if TYPE_CHECKING:
    from iosemu.voice.dial_plan import DialPeer

_LABELS = "Source Trkgrp Route Label=, Target Trkgrp Route Label="


def _said(function: str, leg: LegRecord | None, *lines: str) -> Said:
    return Said("CCAPI", function, "".join(f"\n   {line}".rstrip(" ") for line in lines), leg)


def _calling(number: str, name: str = "") -> str:
    presented = "TON=Unknown, NPI=Unknown, Screening=Not Screened, Presentation=Allowed"
    return f"Calling Number={number},{name}({presented})"


def _called(number: str) -> str:
    return f"Called Number={number}(TON=Unknown, NPI=Unknown)"


def _flag(state: bool) -> str:
    return "TRUE" if state else "FALSE"


def _clip(leg: LegRecord | None, calling: str) -> Iterator[Said]:
    for way in ("In", "Out"):
        yield _said("ccCheckClipClir", leg, f"{way}: {_calling(calling).replace(',(', '(')}")


def _listed(function: str, leg: LegRecord | None, called: str, calling: str) -> Said:
    lines = [line.strip() for line in elements(called, calling)]
    at = lines.index("cisco-rdn=")
    lines[at:at] = ["cisco-rdie=FFFFFFFF"]
    lines[-1] += "   fwd_final_type =0"
    return _said(
        "cc_api_display_ie_subfields",
        leg,
        f"{function}:",
        *lines,
        "final_redirectNumber =",
        "hunt_group_timeout =0",
        "",
    )


def setup_lines(leg: LegRecord) -> Iterator[Said]:
    """A call comes in."""
    called, calling = called_of(leg), calling_of(leg)
    yield _listed("cc_api_call_setup_ind_common", None, called, calling)
    yield _said(
        "cc_api_call_setup_ind_common",
        None,
        f"Interface=0x{interface(leg):X}, Call Info(",
        f"{_calling(calling, '(Calling Name=)')},",
        f"{_called(called)},",
        "Calling Translated=FALSE, Subscriber Type Str=RegularLine, FinalDestinationFlag=TRUE,",
        f"Incoming Dial-peer={leg.tag}, Progress Indication=NULL(0), Calling IE Present={_flag(bool(calling))},",
        f"{_LABELS}, CLID Transparent=FALSE), Call Id={leg.call_id}",
    )
    yield from _clip(None, calling)
    yield _said("cc_process_call_setup_ind", leg, f"Event=0x{memory(leg.call_id):X}")
    yield _said("ccCallSetContext", leg, f"Context=0x{memory(leg.call_id, 2):X}")
    if is_session(leg):
        application = (leg.peer.application_in if leg.peer is not None else "") or "_ManagedAppProcess_Default"
        yield _handed(leg, leg.call_id, leg.tag, application)


def _handed(leg: LegRecord | None, call_id: int, tag: int, application: str) -> Said:
    return _said(
        "cc_process_call_setup_ind", leg, f'>>>>CCAPI handed cid {call_id} with tag {tag} to app "{application}"'
    )


def request_lines(leg: LegRecord, inbound: LegRecord | None) -> Iterator[Said]:
    """A call goes out, for the leg that came in."""
    called, calling, cid = called_of(leg), calling_of(leg), leg.call_id
    source = inbound if inbound is not None else leg
    peer = leg.peer
    if inbound is not None and is_session(leg):
        yield _said("ccCallProceeding", inbound, "Progress Indication=NULL(0)")
    yield _said(
        "ccCallSetupRequest",
        source,
        f"Destination=, Calling IE Present={_flag(bool(calling))}, Mode=0,",
        f"Outgoing Dial-peer={leg.tag}, Params=0x{memory(cid):X}, Progress Indication=NULL(0)",
    )
    yield from _clip(source, calling)
    destination = peer.destination.text if peer is not None and peer.destination is not None else ""
    yield _said(
        "ccCallSetupRequest",
        source,
        f"Destination Pattern={destination}, Called Number={called}, "
        f"Digit Strip={_flag(peer is not None and peer.digit_strip)}",
    )
    yield _said(
        "ccCallSetupRequest",
        source,
        f"{_calling(calling).replace(',(', '(')},",
        f"{_called(called)},",
        "Redirect Number=, Display Info=",
        "Account Number=, Final Destination Flag=TRUE,",
        f"Guid={identity(leg.connection.words)}, Outgoing Dial-peer={leg.tag}",
    )
    yield _listed("ccCallSetupRequest", source, called, calling)
    yield _said(
        "ccIFCallSetupRequestPrivate",
        source,
        f"Interface=0x{interface(leg):X}, Interface Type={TYPES[type(leg.detail)]}, Destination=, Mode=0x0,",
        f"Call Params({_calling(calling, '(Calling Name=)')},",
        f"{_called(called)}, Calling Translated=FALSE,",
        "Subscriber Type Str=RegularLine, FinalDestinationFlag=TRUE, "
        f"Outgoing Dial-peer={leg.tag}, Call Count On=FALSE,",
        f"{_LABELS}, tg_label_flag=0, Application Call Id=)",
    )
    yield _said(
        "ccIFCallSetupRequestPrivate",
        leg,
        f"SPI Call Setup Request Is Success; Interface Type={TYPES[type(leg.detail)]}, FlowMode=1",
    )
    yield _said("ccCallSetContext", leg, f"Context=0x{memory(cid, 2):X}")
    yield _said("ccSaveDialpeerTag", source, f"Outgoing Dial-peer={leg.tag}")


def connected_lines(leg: LegRecord, inbound: LegRecord | None) -> Iterator[Said]:
    """A side is connected: what came in is answered once what goes out is."""
    answered = leg if leg.origin is Origin.ANSWER else inbound
    if leg.origin is Origin.ANSWER and is_session(leg):
        return
    if leg.origin is Origin.ORIGINATE:
        yield _said(
            "cc_api_call_connected",
            leg,
            f"Interface=0x{interface(leg):X}, Data Bitmask=0x0, Progress Indication=NULL(0),",
            "Connection Handle=0",
        )
        if inbound is None or not is_session(leg):
            return
        yield _said(
            "ccConferenceCreate",
            inbound,
            f"Conference Id=0x{memory(leg.call_id, 4):X}, Call Id1={inbound.call_id}, Call Id2={leg.call_id}, Tag=0x0",
        )
        for one, other in ((inbound, leg), (leg, inbound)):
            yield _said("cc_api_bridge_done", one, *_bridge(one, other))
    yield _said("ccCallConnect", answered, "Progress Indication=NULL(0), Data Bitmask=0x0")


def _bridge(one: LegRecord, other: LegRecord) -> tuple[str, str]:
    return (
        f"Conference Id=0x{one.connection.number:X}, Source Interface=0x{interface(one):X}, "
        f"Source Call Id={one.call_id},",
        f"Destination Call Id={other.call_id}, Disposition=0x0, Tag=0x0",
    )


def closed_lines(leg: LegRecord, other: LegRecord | None) -> Iterator[Said]:
    """A leg is over; `other` is the one that it was bridged to and that ends with it, None where there is none left."""
    cause = leg.cause.value if leg.cause is not None else 0
    entry = f"Call Entry(Responsed=TRUE, Cause Value={cause}"
    if not leg.released_by_us:
        yield _said(
            "cc_api_call_disconnected",
            leg,
            f"Cause Value={cause}, Interface=0x{interface(leg):X}, Call Id={leg.call_id}",
        )
        yield _said("cc_api_call_disconnected", leg, f"{entry}, Retry Count=0)")
        if other is not None and is_session(leg) and leg.connect_s is not None:
            yield _said("ccConferenceDestroy", leg, f"Conference Id=0x{leg.connection.number:X}, Tag=0x0")
            for one, two in ((leg, other), (other, leg)):
                yield _said("cc_api_bridge_drop_done", one, *_bridge(one, two))
    if leg.released_by_us or is_session(leg):
        before = 0 if leg.released_by_us else cause
        yield _said(
            "ccCallDisconnect",
            leg,
            f"Cause Value={cause}, Tag=0x0, Call Entry(Previous Disconnect Cause={before}, Disconnect Cause={cause})",
        )
        yield _said("ccCallDisconnect", leg, f"Cause Value={cause}, {entry})")
    yield _said(
        "cc_api_call_disconnect_done",
        leg,
        f"Disposition=0, Interface=0x{interface(leg):X}, Tag=0x0, Call Id={leg.call_id},",
        f"Call Entry(Disconnect Cause={cause}, Voice Class Cause Code=0, Retry Count=0)",
    )
    yield _said("cc_api_call_disconnect_done", leg, "Call Disconnect Event Sent")


def step_lines(event: FaxStep, peer: DialPeer | None, leg: LegRecord | None) -> Iterator[Said]:
    """What call control does for a fax application."""
    match event.step:
        case Step.HANDOFF:
            application = (peer.application_in if peer is not None else "") or "_ManagedAppProcess_Default"
            yield _handed(leg, event.call_id, event.peer_tag, application)
        case Step.CONFERENCE:
            conference = f"Conference Id=0x{memory(event.call_id, 4):X}, Call Id1={event.call_id}"
            yield _said("ccConferenceCreate", leg, f"{conference}, Tag=0x0")
