"""The text of `debug foip on-ramp|off-ramp` and `debug fmsp receive|send t30`, made from the events of the fax calls.

Rule: one event, one line or a few; a line is written only while its switch is on. Function names and the fields after
them follow the shapes known from the field (`lapp_on_*`, `lapp off:`, `loff*`, `faxmsp_*`); no listing of these
debugs is at hand, so every wording below is inferred except where marked recalled.
"""

from __future__ import annotations

from collections.abc import Iterator

from iosemu.commands.debug.debugged import Debugged, is_on_by_number, tell
from iosemu.fax import events as fax
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, Ramp, Step

ON_RAMP = "foip on-ramp"
OFF_RAMP = "foip off-ramp"
RECEIVE = "fmsp receive t30"
SEND = "fmsp send t30"

# The kind of a dial peer in `encap(N)`: MMoIP peers, POTS peers (numbers of the recalled line and inferred).
_ENCAP = {Ramp.ON: 4, Ramp.OFF: 1}


def attach(device: Debugged) -> None:
    """Subscribe on the device's bus; text goes to its log while the switch is on."""

    def on_step(event: FaxStep) -> None:
        lines = on_ramp_lines if event.ramp is Ramp.ON else off_ramp_lines
        tell(device, ON_RAMP if event.ramp is Ramp.ON else OFF_RAMP, event.call_id, lambda: lines(event))

    def on_media(event: FaxMedia) -> None:
        # Datagrams are too many to be looked at twice.
        if not device.debugs or isinstance(event.event, fax.DatagramSent):
            return
        if event.ramp is Ramp.ON and is_on_by_number(device, "fax receive", event.call_id):
            for line in media_lines(event):
                device.log.debug(line)
        else:
            tell(device, RECEIVE if event.ramp is Ramp.ON else SEND, event.call_id, lambda: media_lines(event))

    def on_refusal(event: CallRefused) -> None:
        if event.ramp is Ramp.ON and ON_RAMP in device.debugs and not device.debug_calls.conditions:
            for line in refused_lines(event):
                device.log.debug(line)

    device.bus.subscribe(FaxStep, on_step)
    device.bus.subscribe(FaxMedia, on_media)
    device.bus.subscribe(CallRefused, on_refusal)


def on_ramp_lines(event: FaxStep) -> Iterator[str]:
    """`debug foip on-ramp`."""
    call = f"CallID {event.call_id}"
    match event.step:
        case Step.HANDOFF:
            yield f"lapp_on_application: Incoming Event: CC_EV_CALL_HANDOFF, {call}"
            yield f"lapp_on_call_handoff: called number={event.text}, callid=0x{event.call_id:X}, tag={event.peer_tag}"
        case Step.PEER_CHOSEN:
            yield f"lapp_on_setup: destination={event.text}, tag({event.peer_tag}),encap({_ENCAP[event.ramp]})"
        case Step.CONFERENCE:
            yield "lapp_on_conference_vtsp_fmsp: Begin conferencing VTSP and FMSP..."  # recalled
        case Step.CONNECTED:
            yield f"lapp_on_application: Incoming Event: CC_EV_CALL_CONNECTED, {call}"
        case Step.PAGE:
            yield f"lapp_on_msp_event: page {event.text} received, {call}"
        case Step.MAIL_STARTED:
            yield f"lapp_on_setup_mspi: Envelope To={event.text}"
        case Step.MAIL_ANSWERED:
            yield f"lapp_on_mspi_event: SMTP server said: {event.text}"
        case Step.DISCONNECTED:
            yield f"lapp_on_application: Incoming Event: CC_EV_CALL_DISCONNECTED, {call}"
            yield f"lapp_on_call_disconnected: {event.text}"


def off_ramp_lines(event: FaxStep) -> Iterator[str]:
    """`debug foip off-ramp`; the forms of hand-off, set-up and connection are recalled."""
    cid = f"0x{event.call_id:X}"
    match event.step:
        case Step.HANDOFF:
            yield f"lapp off: CC_EV_CALL_HANDOFF, cid({cid})"
            yield f"loffHandoff: called number={event.text}, callid={cid}"
        case Step.PEER_CHOSEN:
            yield f"loffSetupPeer: cid1({cid})"
            yield f" destPat({event.text}),tag({event.peer_tag}),encap({_ENCAP[event.ramp]})"
        case Step.CONFERENCE:
            yield f"lapp off: CC_EV_CONF_CREATE_DONE, cid({cid})"
        case Step.CONNECTED:
            yield "lapp off: CC_EV_CALL_CONNECTED"
        case Step.PAGE:
            yield f"lapp off: page {event.text} confirmed, cid({cid})"
        case Step.DISCONNECTED:
            yield f"lapp off: CC_EV_CALL_DISCONNECTED, cid({cid}), {event.text}"
        case Step.MAIL_STARTED | Step.MAIL_ANSWERED:
            return


def refused_lines(event: CallRefused) -> Iterator[str]:
    """An on-ramp call that was not taken."""
    yield f"lapp_on_call_handoff: call to {event.setup.called} on {event.port} refused, {event.reason}"
    yield f"lapp_on_call_handoff: cause = {event.cause.text} ({event.cause.value})"


def media_lines(event: FaxMedia) -> Iterator[str]:
    """`debug fmsp receive t30`, `debug fmsp send t30`: T.30 as the FMSP speaks and hears it."""
    call = f"call id={event.call_id}"
    match event.event:
        case fax.FrameSent(name, octets):
            yield f"faxmsp_t30: {call}, sent {name} {octets.hex(' ').upper()}"
        case fax.FrameReceived(name, octets, fcs_ok):
            bad = "" if fcs_ok else ", bad FCS"
            yield f"faxmsp_t30: {call}, received {name} {octets.hex(' ').upper()}{bad}"
        case fax.RemoteId(frame, text):
            yield f"faxmsp_t30: {call}, remote {frame} {text}"
        case fax.Negotiated(modulation, rate, page_format, min_scan):
            width, y_dpi = page_format.width_px, page_format.resolution.y_dpi
            yield (
                f"faxmsp_t30: {call}, {modulation} {rate} bps, {page_format.coding.value}, {width} pixels, "
                f"{y_dpi} dpi, {min_scan} ms/line"
            )
        case fax.TrainingChecked(ok, rate):
            yield f"faxmsp_t30: {call}, training {'success' if ok else 'failure'} at {rate} bps"
        case fax.PageStarted(index, _):
            yield f"faxmsp_t30: {call}, start of page {index + 1}"
        case fax.PageEnded(index, more):
            yield f"faxmsp_t30: {call}, end of page {index + 1}, {'more pages' if more else 'last page'}"
        case fax.PageSent(index, octets):
            yield f"faxmsp_t30: {call}, page {index + 1} sent, {octets} bytes"
        case fax.PageConfirmed(index):
            yield f"faxmsp_t30: {call}, page {index + 1} confirmed"
        case fax.PageRefused(index):
            yield f"faxmsp_t30: {call}, page {index + 1} refused"
        case fax.Finished(ok, cause, pages):
            yield f"faxmsp_t30: {call}, {'success' if ok else 'failure'}, {pages} pages, {cause.text}"
