"""The report that the lab's mail server sends when it cannot deliver: RFC 3462 multipart/report with an RFC 3464
status part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import format_datetime

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one recipient did not get a message: the SMTP code (0: no reply came) and text, and who said it."""

    recipient: str
    code: int
    text: str
    server: str = ""

    @property
    def status(self) -> str:
        """The enhanced status code of the reply, or the general one of its class (RFC 3463)."""
        found = _ENHANCED.match(self.text)
        if found:
            return found[1]
        return "5.0.0" if self.code >= 500 else "4.4.7"


def report(
    failure: Failure,
    *,
    sender: str,
    hostname: str,
    domain: str,
    message_id: str,
    arrived: datetime,
    now: datetime,
    message: bytes,
) -> bytes:
    """The whole report to `sender` about `message`, with CRLF line ends."""
    outer = Message()
    outer["From"] = f"postmaster@{domain}"
    outer["To"] = sender
    outer["Date"] = format_datetime(now)
    outer["MIME-Version"] = "1.0"
    outer["Message-ID"] = message_id
    outer["Subject"] = "Delivery Status Notification (Failure)"
    outer.add_header("Content-Type", "multipart/report", **{"report-type": "delivery-status"})
    outer.attach(_words(failure))
    outer.attach(_status(failure, hostname, arrived))
    original = Message()
    original["Content-Type"] = "message/rfc822"
    original.attach(BytesParser(policy=policy.compat32).parsebytes(message))
    outer.attach(original)
    return outer.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))


def _words(failure: Failure) -> Message:
    expired = failure.code < 500
    text = (
        "This is an automatically generated Delivery Status Notification.\n\n"
        + (
            "Delivery to the following recipients was given up after the last attempt failed.\n\n"
            if expired
            else "Delivery to the following recipients failed.\n\n"
        )
        + f"       {failure.recipient}\n\n"
        + f"The last answer was: {f'{failure.code} ' if failure.code else ''}{failure.text}\n"
    )
    part = EmailMessage(policy=policy.compat32)
    part["Content-Type"] = "text/plain; charset=us-ascii"
    part.set_payload(text.encode("ascii", "replace").decode("ascii"))
    return part


def _status(failure: Failure, hostname: str, arrived: datetime) -> Message:
    whole, recipient = Message(), Message()
    whole["Reporting-MTA"] = f"dns;{hostname}"
    whole["Arrival-Date"] = format_datetime(arrived)
    recipient["Final-Recipient"] = f"rfc822;{failure.recipient}"
    recipient["Action"] = "failed"
    recipient["Status"] = failure.status
    if failure.server:
        recipient["Remote-MTA"] = f"dns;{failure.server}"
    if failure.code:
        recipient["Diagnostic-Code"] = f"smtp;{failure.code} {failure.text}"
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.attach(whole)
    part.attach(recipient)
    return part
