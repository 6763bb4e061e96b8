"""Who gets a notice that a mail was faxed, and what it says."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iosemu.mail.address import FaxAddress
from iosemu.mail.envelope import Content, FaxMail, FaxRecipient
from iosemu.mail.ids import IdSource
from iosemu.mail.mdn import compose_receipt, receipt_wanted
from iosemu.mail.report import NotificationIds
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings

ASKED = ("Disposition-Notification-To", "Tom <tom@Example.org>")
WRITTEN = datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC)


def mail(*headers: tuple[str, str], sender: str = "tom@example.org") -> FaxMail:
    return FaxMail(
        sender=sender,
        recipient=FaxRecipient("FAX=1@gw.example.com", FaxAddress("1"), original="rfc822;one@example.org"),
        content=Content((("Message-ID", "<1@example.org>"), ("Subject", "a\r\nX: b"), *headers), ()),
        arrived=WRITTEN,
        host="gw.example.com",
    )


def test_the_sender_who_asks_gets_one() -> None:
    assert receipt_wanted(mail(ASKED))


@pytest.mark.parametrize(
    "letter",
    [
        mail(),
        mail(ASKED, sender=""),
        mail(ASKED, sender="other@example.org"),
        mail(ASKED, sender="Tom@example.org"),
        mail(("Disposition-Notification-To", "tom@example.org, eve@example.org")),
        mail(ASKED, ("Disposition-Notification-To", "eve@example.org")),
        mail(("Disposition-Notification-To", "")),
        mail(("Disposition-Notification-To", "nobody")),
        mail(ASKED, ("Disposition-Notification-Options", "signed-receipt=required,pkcs7")),
        mail(ASKED, ("Content-Type", "multipart/report; report-type=disposition-notification")),
    ],
)
def test_where_a_person_would_have_to_consent_none_is_sent(letter: FaxMail) -> None:
    assert not receipt_wanted(letter)


def test_mail_programs_read_what_became_of_the_mail() -> None:
    message = email.message_from_bytes(
        compose_receipt(
            SendSettings(postmaster="fax-admin@example.com"),
            ReceiveSettings(),
            Identity("gw", "example.com", "IOS (tm) 5350 Software (C5350-JS-M), Version"),
            mail(ASKED),
            3,
            NotificationIds.take(IdSource(), WRITTEN, WRITTEN),
            WRITTEN,
        )
    )
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "disposition-notification"
    assert (message["To"], message["From"]) == ("tom@example.org", "Fax Daemon <fax-admin@example.com>")
    told, fields, returned = message.get_payload()
    assert "  subject: a X: b\r\n" in told.get_payload()
    assert "Pages sent: 3" in told.get_payload()
    assert fields.get_content_type() == "message/disposition-notification"
    assert dict(fields.get_payload()[0].items()) == {
        "Reporting-UA": "gw.example.com; Cisco NetWorks",
        "Original-Recipient": "rfc822;one@example.org",
        "Final-Recipient": "rfc822; FAX=1@gw.example.com",
        "Original-Message-ID": "<1@example.org>",
        "Disposition": "automatic-action/MDN-sent-automatically; dispatched",
    }
    assert returned.get_content_type() == "message/rfc822-headers"


def test_without_a_message_id_none_is_told() -> None:
    letter = replace(mail(ASKED), content=Content((ASKED,), ()))
    ids = NotificationIds.take(IdSource(), WRITTEN, WRITTEN)
    text = compose_receipt(SendSettings(), ReceiveSettings(), Identity("gw"), letter, 1, ids, WRITTEN)
    assert b"Original-Message-ID" not in text
