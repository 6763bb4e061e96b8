"""The frame of the two notices an off-ramp sends, of delivery and of disposition: a multipart/report (RFC 1892) in the
gateway's form.

Rule: a notice goes to one address with the null path as its envelope sender; its three parts are words for people,
fields for programs, and what came in. The form is that of a real delivery notification.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from iosemu.mail.dates import header_date
from iosemu.mail.envelope import FaxMail
from iosemu.mail.fields import CRLF, boundary, content_id, flat, multipart, octets, received
from iosemu.mail.ids import IdSource
from iosemu.mail.settings import Identity, SendSettings


@dataclass(frozen=True, slots=True)
class NotificationIds:
    """Ids of boundary, message and the three parts."""

    boundary: str
    message: str
    parts: tuple[str, str, str]

    @classmethod
    def take(cls, source: IdSource, opened: datetime, written: datetime) -> NotificationIds:
        """The boundary's stamp is older than the others: it is taken when the delivery opens."""
        first, second = source.take(opened), source.take(written)
        return cls(first, second, (source.take(written), source.take(written), source.take(written)))


@dataclass(frozen=True, slots=True)
class Returned:
    """The third part: its type, its part headers beside it, and its lines."""

    kind: str
    lines: tuple[str, ...]
    more: tuple[str, ...] = ()


def introduced(mail: FaxMail, sentence: str) -> list[str]:
    """How the part for people begins: with an empty line of its own, what kind of notice it is, and of which mail."""
    return [
        "",
        sentence,
        f"  dated: {flat(mail.content.header('Date'))}",
        f"  subject: {flat(mail.content.header('Subject'))}",
        f"  received at: {header_date(mail.arrived)}",
        "",
        "",
    ]


def recipient_fields(mail: FaxMail) -> list[str]:
    """To whom the mail went, in the part for programs (RFC 1894 sections 2.3.1 and 2.3.2)."""
    original = [f"Original-Recipient: {flat(mail.recipient.original)}"] if mail.recipient.original else []
    return [*original, f"Final-Recipient: rfc822; {mail.recipient.text}"]


def returned_headers(mail: FaxMail) -> Returned:
    """The header of a mail that came in; none of its values starts a line of its own."""
    return Returned(
        "message/rfc822-headers", tuple(f"{flat(name)}: {flat(text)}" for name, text in mail.content.headers)
    )


def returned_whole(mail: FaxMail) -> Returned:
    """A mail as it came in."""
    octets = mail.message.read()
    eight = () if octets.isascii() else ("Content-Transfer-Encoding: 8bit",)
    return Returned("message/rfc822", (octets.decode("utf-8", "surrogateescape").removesuffix(CRLF),), eight)


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in the frame: `report_type` of RFC 1892 (`delivery-status`), the lines of its three parts."""

    recipient: str
    subject: str
    report_type: str
    told: list[str]
    fields: list[str]
    returned: Returned


def compose_notice(
    notice: Notice, send: SendSettings, identity: Identity, ids: NotificationIds, date: datetime
) -> bytes:
    """The whole message, CRLF line ends."""
    limit = boundary(identity, ids.boundary)
    lines = [
        received(identity, notice.recipient, date),
        f"To: {flat(notice.recipient)}",
        f"Message-ID: <{ids.message}@{identity.name}>",
        f"Date: {header_date(date)}",
        f"Subject: {notice.subject}",
        f"X-Mailer: {identity.x_mailer}",
        "MIME-Version: 1.0",
        multipart(f"report; report-type={notice.report_type}", limit),
        f"From: Fax Daemon <{flat(send.postmaster or f'postmaster@{identity.name}')}>",
        "",
    ]
    returned = notice.returned
    parts: tuple[tuple[list[str], list[str]], ...] = (
        ([], notice.told),
        ([f"Content-Type: message/{notice.report_type}"], notice.fields),
        ([f"Content-Type: {returned.kind}", *returned.more], [*returned.lines]),
    )
    for part_id, (head, body) in zip(ids.parts, parts, strict=True):
        lines += [f"--{limit}", content_id(identity, part_id), *head, "", *body, ""]
    lines += [f"--{limit}--", ""]
    return octets(CRLF.join(lines))
