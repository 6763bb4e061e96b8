"""The delivery status notification an off-ramp sends: multipart/report in the gateway's form (RFC 1892, RFC 1894).

The body is that of a real notification of a 2008 gateway, line by line. Its header was re-ordered by the mail server
that it went through, exactly as that server re-ordered a fax message of the same gateway; so the fields stand here in
the order of the gateway's other messages. Success and delay are inferred from the failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from iosemu.mail.dates import header_date
from iosemu.mail.envelope import FaxMail, Verdict
from iosemu.mail.fields import flat
from iosemu.mail.report import (
    Notice,
    NotificationIds,
    compose_notice,
    introduced,
    recipient_fields,
    returned_headers,
    returned_whole,
)
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings

SUBJECT = "Delivery Status Notification"
FEATURES = "(| (TIFF-S) (TIFF-F) )"
FIRST_LINE = "This is a Delivery Status Notification for your message"


class Action(Enum):
    """The Action of RFC 1894 section 2.3.3 and the sentence that tells it."""

    FAILED = "failed"
    DELIVERED = "delivered"
    DELAYED = "delayed"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Action.FAILED: "Delivery was unsuccessful to the following recipient(s):",
    Action.DELIVERED: "Delivery was successful to the following recipient(s):",
    Action.DELAYED: "Delivery was delayed to the following recipient(s):",
}


@dataclass(frozen=True, slots=True)
class Report:
    """How one recipient fared.

    `cause`: Q.850 cause with its number, `call rejected (21)`. `fax_error`: the text of the fax call, "" prints as
    none.
    """

    action: Action
    verdict: Verdict
    cause: str
    fax_error: str = ""
    pages: int = 0


def compose_notification(
    send: SendSettings,
    receive: ReceiveSettings,
    identity: Identity,
    mail: FaxMail,
    report: Report,
    ids: NotificationIds,
    date: datetime,
) -> bytes:
    """The whole notification to `mail.sender`, CRLF line ends. A failure brings the mail back whole where RET=FULL asks
    for that (RFC 1891 section 6.2); else its header alone comes."""
    whole = mail.return_full and report.action is Action.FAILED
    notice = Notice(
        mail.sender,
        SUBJECT,
        "delivery-status",
        _told(mail, report),
        _status(receive.names(identity)[0], mail, report),
        returned_whole(mail) if whole else returned_headers(mail),
    )
    return compose_notice(notice, send, identity, ids, date)


def _told(mail: FaxMail, report: Report) -> list[str]:
    """The part for people."""
    fax_error = report.fax_error or "none"
    lines = [*introduced(mail, FIRST_LINE), report.action.sentence, f"  <{mail.recipient.text}> "]
    if report.action is Action.DELIVERED:
        return lines
    return [
        *lines,
        f"Failed with the status of: {report.verdict.line}",
        f"The cause code is: {report.cause}",
        f"The fax error text is: {fax_error}",
    ]


def _status(host: str, mail: FaxMail, report: Report) -> list[str]:
    """The part for programs: RFC 1894 fields as the gateway writes them, Status with the whole reply."""
    action = report.action.value
    if report.action is not Action.DELIVERED:
        action += f" with cause code - {report.cause}; fax error text - {report.fax_error or 'none'}"
    envelope = [f"Original-Envelope-Id: {flat(mail.envelope_id)}"] if mail.envelope_id else []
    return [
        *envelope,
        f"Reporting-MTA: x-local-hostname; {host}",
        "Received-From-MTA: ",
        f"Arrival-Date: {header_date(mail.arrived)}",
        "",
        *recipient_fields(mail),
        f"Action: {action}",
        f"Status: {report.verdict.line}",
        f"X-Total-Pages: {report.pages}",
        f"X-Accept-Features: {FEATURES}",
    ]
