"""The message an on-ramp sends: header fields in the gateway's order, one TIFF part, multipart/fax-message.

Rule: a function of values alone; the form is that of real messages of an AS5350 and a 3700-class router. Decision: the
part has a Content-Disposition, which an image of 2002 and one of 2006 leave out. Which numbers and mailboxes stand in
From, To and the return path follows from `mta send *`, in the functions above `compose`.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from iosemu.mail.dates import header_date
from iosemu.mail.fields import CRLF, boundary, content_id, flat, multipart, octets, quoted, received
from iosemu.mail.ids import IdSource
from iosemu.mail.settings import CALLING, Identity, SendSettings, SubjectNumbers
from iosemu.mail.spool import Spool

DEFAULT_SUBJECT = "Cisco has received a fax message"
DEFAULT_FILENAME = "Cisco_fax.tif"

# 57 octets make the 76 characters of a base64 line (RFC 2045 section 6.8).
_OCTETS_PER_LINE, _LINE = 57, 76
_LINES_AT_ONCE = 800


@dataclass(frozen=True, slots=True)
class FaxCall:
    """The facts of a received fax that its message tells.

    `remote_id`: the sending machine's TSI, or "". `slot`, `port`: where the call came in, for the origin comment.
    `account_id`: what AAA found (`0` where it was not asked).
    """

    calling: str
    called: str
    remote_id: str = ""
    slot: int = 0
    port: int = 0
    account_id: str = "0"


@dataclass(frozen=True, slots=True)
class MessageIds:
    """The three ids of a message, taken when the delivery opens, when its header is written and when the part
    begins."""

    boundary: str
    message: str
    part: str

    @classmethod
    def take(cls, source: IdSource, opened: datetime, written: datetime, part: datetime) -> MessageIds:
        return cls(source.take(opened), source.take(written), source.take(part))


def return_path(settings: SendSettings, identity: Identity, calling: str) -> str:
    """The envelope sender: `mail-from`, else `postmaster`, else the calling number at the gateway itself."""
    user, host = settings.mail_from_username, settings.mail_from_hostname
    if not user and not host and settings.postmaster:
        return settings.postmaster
    local = flat(calling) if user == CALLING else user
    return f"{local or f'FAX={flat(calling)}'}@{host or identity.name}"


def sender_name(settings: SendSettings, call: FaxCall) -> str:
    """The display name of From: the TSI; the calling number where the mailbox does not tell it; else nothing."""
    fixed = settings.mail_from_username not in ("", CALLING) or (
        not settings.mail_from_username and not settings.mail_from_hostname and bool(settings.postmaster)
    )
    return call.remote_id.strip() or (call.calling if fixed else "")


def recipient_name(recipient: str) -> str:
    """The display name of To: the local part, without its FAX= and options."""
    local = recipient.rpartition("@")[0] or recipient
    return local[4:].partition("/")[0] if local[:4].upper() == "FAX=" else local


def subject(settings: SendSettings, call: FaxCall) -> str:
    """The subject with the numbers `with-subject` asks for (their form is inferred)."""
    numbers = {
        SubjectNumbers.NONE: (),
        SubjectNumbers.CALLED: (call.called,),
        SubjectNumbers.CALLING: (call.calling,),
        SubjectNumbers.BOTH: (call.called, call.calling),
    }[settings.with_subject]
    return " ".join((settings.subject or DEFAULT_SUBJECT, *filter(None, numbers)))


def file_name(settings: SendSettings, date: datetime) -> str:
    """The attachment's name: `.tif` where it has no extension, `_yyyymmdd` before the extension where the date is
    wanted."""
    stem, dot, extension = (settings.filename or DEFAULT_FILENAME).rpartition(".")
    if not dot:
        stem, extension = extension, "tif"
    stamp = f"_{date:%Y%m%d}" if settings.filename_date else ""
    return f"{stem}{stamp}.{extension}"


def receipt_address(settings: SendSettings, identity: Identity, calling: str) -> str:
    """Where a disposition notification shall go: `return-receipt-to`, else `postmaster`, else nowhere ("")."""
    user, host = settings.return_receipt_username, settings.return_receipt_hostname
    if not user and not host:
        return settings.postmaster
    local = flat(calling) if user in (CALLING, "") else user
    return f"{local}@{host or identity.name}"


def compose(
    settings: SendSettings,
    identity: Identity,
    call: FaxCall,
    recipients: Sequence[str],
    image: bytes,
    ids: MessageIds,
    date: datetime,
    *,
    mdn: bool = False,
) -> Spool:
    """The whole message, CRLF line ends; `date` is the router clock, with its zone, when the header is written.

    Received tells the first of several recipients, as it has room for one, To has a line for each (inferred).
    """
    origin = f"{settings.origin_prefix}, slot {call.slot} port {call.port}" if settings.origin_prefix else ""
    limit = boundary(identity, ids.boundary)
    sender = flat(return_path(settings, identity, call.calling))
    header = [
        received(identity, recipients[0], date, origin),
        "To: " + f",{CRLF} ".join(f"{quoted(recipient_name(to))} <{flat(to)}>" for to in recipients),
        f"Message-ID: <{ids.message}@{identity.name}>",
        f"Date: {header_date(date)}",
        f"Subject: {flat(subject(settings, call))}",
        f"X-Mailer: {identity.x_mailer}",
        "MIME-Version: 1.0",
        multipart("fax-message", limit),
        f"From: {quoted(sender_name(settings, call))} <{sender}>",
        f"X-Account-Id: {flat(call.account_id)}",
    ]
    receipt = receipt_address(settings, identity, call.calling) if mdn else ""
    if receipt:
        header.append(f"Disposition-Notification-To: <{flat(receipt)}>")  # its place among the fields is inferred
    kind = f"Content-Type: image/tiff; name={quoted(file_name(settings, date))}; application=faxbw"
    part = [
        f"--{limit}",
        content_id(identity, ids.part),
        *([kind, kind] if identity.types_twice else [kind]),
        "Content-Disposition: attachment",
        "Content-Transfer-Encoding: base64",
    ]
    head = CRLF.join((*header, "", *part, "", ""))
    message = Spool(octets(head))
    for piece in _base64(image):
        message.write(piece)
    message.write(octets(f"{CRLF}--{limit}--{CRLF}"))
    return message


def _base64(data: bytes) -> Iterator[bytes]:
    """Some lines at a time."""
    view, step = memoryview(data), _LINES_AT_ONCE * _OCTETS_PER_LINE
    for begin in range(0, len(data), step):
        text = binascii.b2a_base64(view[begin : begin + step], newline=False)
        yield b"".join(text[at : at + _LINE] + b"\r\n" for at in range(0, len(text), _LINE))
