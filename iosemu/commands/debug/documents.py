"""The text of `debug dmsp`, `mspi`, `text-to-fax`, `tiff` and `mmoip aaa`, made from the steps of the fax applications.

Rule: pages and mails are told where they pass from one part of the gateway to the next. Function names follow those of
the field (`docmsp_*`, `mspi_*`); the wordings are inferred.
"""

from __future__ import annotations

from collections.abc import Iterator

from iosemu.commands.debug.debugged import Debugged, tell
from iosemu.fax import events as fax
from iosemu.mail import events as mta
from iosemu.voice.events import DocumentRead, FaxMedia, FaxStep, LegClosed, LegOpened, Ramp, Step
from iosemu.voice.legs import LegRecord, Mail, Origin

TO_DOCUMENT = "dmsp fax-to-doc"
TO_FAX = "dmsp doc-to-fax"
SEND = "mspi send"
RECEIVE = "mspi receive"
TEXT = "text-to-fax"
READER = "tiff reader"
WRITER = "tiff writer"
AAA = "mmoip aaa"


def attach(device: Debugged) -> None:
    """Subscribe on the device's bus; text goes to its log while a switch is on."""

    def stepped(event: FaxStep) -> None:
        way = SEND if event.ramp is Ramp.ON else RECEIVE
        tell(device, way, event.call_id, lambda: mail_lines(event))
        tell(device, AAA, event.call_id, lambda: accounting_lines(event))

    def media(event: FaxMedia) -> None:
        if not device.debugs or isinstance(event.event, (fax.DatagramSent, fax.PageData)):
            return
        way = TO_DOCUMENT if event.ramp is Ramp.ON else TO_FAX
        tell(device, way, event.call_id, lambda: page_lines(event))
        if event.ramp is Ramp.ON:
            tell(device, WRITER, event.call_id, lambda: writer_lines(event))

    def read(event: DocumentRead) -> None:
        tell(device, TO_FAX, event.call_id, lambda: document_lines(event))
        if event.kind.startswith("text/"):
            tell(device, TEXT, event.call_id, lambda: text_lines(event))
        elif event.kind == "image/tiff":
            tell(device, READER, event.call_id, lambda: reader_lines(event))

    def opened(event: LegOpened) -> None:
        tell(device, RECEIVE, event.leg.call_id, lambda: arrived_lines(event.leg))

    def closed(event: LegClosed) -> None:
        way = RECEIVE if event.leg.origin is Origin.ANSWER else SEND
        tell(device, way, event.leg.call_id, lambda: closed_lines(event.leg))

    def message(event: mta.ServerMessage) -> None:
        if RECEIVE in device.debugs:
            device.log.debug(f"mspi_off_put_buffer: {event.octets} bytes, {event.accepted} parts")

    device.bus.subscribe(FaxStep, stepped)
    device.bus.subscribe(FaxMedia, media)
    device.bus.subscribe(DocumentRead, read)
    device.bus.subscribe(LegOpened, opened)
    device.bus.subscribe(LegClosed, closed)
    device.bus.subscribe(mta.ServerMessage, message)


def mail_lines(event: FaxStep) -> Iterator[str]:
    """`debug mspi send`, `debug mspi receive`: what passes between the application and the mail agent."""
    cid = f"cid=0x{event.call_id:X}"
    match event.step:
        case Step.MAIL_STARTED:
            yield f"mspi_call_setup_request({cid}): dest={event.text}"
            yield f"mspi_check_connect({cid}): MMccb(Count=0)"
        case Step.MAIL_ANSWERED:
            yield f"mspi_bridge({cid}): SMTP status {event.text}"
        case Step.HANDOFF if event.ramp is Ramp.OFF:
            yield f"mspi_off_new_rcpt({cid}): envelope_to FAX={event.text}"
        case Step.DISCONNECTED:
            yield f"mspi_xmit_done({cid}): {event.text}" if event.text else f"mspi_xmit_done({cid})"


def accounting_lines(event: FaxStep) -> Iterator[str]:
    """`debug mmoip aaa`: the records that accounting writes, a start and a stop."""
    if event.step in (Step.CONNECTED, Step.DISCONNECTED):
        kind = "Start" if event.step is Step.CONNECTED else "Stop"
        way = "onramp" if event.ramp is Ramp.ON else "offramp"
        yield f"mmoip_aaa_{way}: Called Accounting({event.call_id}), record {kind}"


def page_lines(event: FaxMedia) -> Iterator[str]:
    """`debug dmsp`: pages as they pass between the fax side and the document side."""
    call = f"call id={event.call_id}"
    match event.event:
        case fax.PageStarted(index, page_format):
            yield f"docmsp_call_setup_request: {call}, page {index + 1}, {page_format.coding.value}"
        case fax.PageEnded(index, _):
            yield f"docmsp_xmit: {call}, DLE ETX, page {index + 1} complete"
        case fax.PageSent(index, octets):
            yield f"docmsp_process_rcv_data: {call}, page {index + 1}, {octets} bytes, DLE ETX"
        case fax.Finished(_, _, pages):
            yield f"docmsp_call_disconnect: {call}, {pages} pages"


def writer_lines(event: FaxMedia) -> Iterator[str]:
    """`debug tiff writer`: the file that the pages go into."""
    match event.event:
        case fax.PageStarted(index, page_format):
            resolution = page_format.resolution
            yield f"tiff_writer_put_tag: IFD {index + 1}, ImageWidth={page_format.width_px}, YRes={resolution.y_dpi}"
        case fax.PageEnded(index, more):
            yield f"tiff_writer_end_page: IFD {index + 1}, {'next IFD follows' if more else 'last IFD'}"


def document_lines(event: DocumentRead) -> Iterator[str]:
    """`debug dmsp doc-to-fax`: a part of the mail became pages."""
    yield f"docmsp_doc_to_fax: call id={event.call_id}, {event.kind}, {event.octets} bytes"


def text_lines(event: DocumentRead) -> Iterator[str]:
    """`debug text-to-fax`."""
    yield f"text_to_fax: call id={event.call_id}, {event.kind}, {event.octets} bytes"


def reader_lines(event: DocumentRead) -> Iterator[str]:
    """`debug tiff reader`."""
    yield f"tiff_reader_engine: call id={event.call_id}, {event.octets} bytes"


def arrived_lines(leg: LegRecord) -> Iterator[str]:
    """`debug mspi receive`: a mail that is to be faxed."""
    if isinstance(leg.detail, Mail) and leg.origin is Origin.ANSWER:
        yield f"mspi_off_open_rcpt(cid=0x{leg.call_id:X}): from {leg.detail.remote}, id {leg.detail.message_id}"


def closed_lines(leg: LegRecord) -> Iterator[str]:
    if isinstance(leg.detail, Mail):
        yield f"mspi_call_disconnect(cid=0x{leg.call_id:X}): cause {leg.cause.value if leg.cause else 0}, {leg.text}"
