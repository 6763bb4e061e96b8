"""The notice of disposition an off-ramp sends for a mail that it faxed (RFC 2298, RFC 3798), with `mta receive
generate-mdn`.

Rule: nobody is there to ask, so it is sent only where the RFC wants no person's consent: to the one address that asks
for it, which is the envelope sender; never for a notice, and not where the request demands what is not understood. No
real one is known: its frame is that of the delivery notification, its texts are inferred.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import getaddresses

from iosemu.mail.address import AddressError, Mailbox, parse_mailbox
from iosemu.mail.envelope import FaxMail
from iosemu.mail.fields import flat
from iosemu.mail.report import (
    Notice,
    NotificationIds,
    compose_notice,
    introduced,
    recipient_fields,
    returned_headers,
)
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings

SUBJECT = "Message Disposition Notification"
PRODUCT = "Cisco NetWorks"
# What was faxed has been sent on, without a word of who has seen it (RFC 2298 section 3.2.6.2 has faxing among its
# examples); the gateway does so of its own.
DISPOSITION = "automatic-action/MDN-sent-automatically; dispatched"


def receipt_wanted(mail: FaxMail) -> bool:
    """Whether the sender of a mail may be sent a notice of its disposition, unasked (RFC 3798 section 2.1)."""
    content = mail.content
    asked = [value for name, value in content.headers if name.lower() == "disposition-notification-to"]
    addresses = {address for _, address in getaddresses(asked)}
    if len(addresses) != 1 or not mail.sender:
        return False
    if "required" in content.header("Disposition-Notification-Options").lower():
        return False
    if content.header("Content-Type").lower().startswith("multipart/report"):
        return False
    try:
        wanted, sender = (_comparable(parse_mailbox(address)) for address in (*addresses, mail.sender))
    except AddressError:
        return False
    return wanted == sender


def compose_receipt(
    send: SendSettings,
    receive: ReceiveSettings,
    identity: Identity,
    mail: FaxMail,
    pages: int,
    ids: NotificationIds,
    date: datetime,
) -> bytes:
    """The whole notice to `mail.sender`, CRLF line ends; `pages` were confirmed by the fax machine."""
    told = [
        *introduced(mail, "This is a Message Disposition Notification for your message"),
        "The message was sent as a fax to the following recipient(s):",
        f"  <{mail.recipient.text}> ",
        f"Pages sent: {pages}",
    ]
    message_id = flat(mail.content.header("Message-ID"))
    fields = [
        f"Reporting-UA: {receive.names(identity)[0]}; {PRODUCT}",
        *recipient_fields(mail),
        *([f"Original-Message-ID: {message_id}"] if message_id else []),
        f"Disposition: {DISPOSITION}",
    ]
    notice = Notice(mail.sender, SUBJECT, "disposition-notification", told, fields, returned_headers(mail))
    return compose_notice(notice, send, identity, ids, date)


def _comparable(mailbox: Mailbox) -> tuple[str, str]:
    """Local parts compare as written, hosts without case."""
    return mailbox.local, mailbox.host
