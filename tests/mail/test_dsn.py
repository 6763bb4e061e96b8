"""The off-ramp's notification is that of a real gateway; only the header's order went through another server."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime

from iosemu.mail.address import FaxAddress
from iosemu.mail.dsn import Action, Report, compose_notification
from iosemu.mail.envelope import Content, FaxMail, FaxRecipient, Verdict
from iosemu.mail.ids import IdSource
from iosemu.mail.report import NotificationIds
from iosemu.mail.settings import Identity, ReceiveSettings, SendSettings
from iosemu.mail.spool import Spool

HEADER = """\
Received:  by mgw01 for <353857093334@mail.testmoip.mymeteor.ie> (with Cisco NetWorks); Mon, 31 Mar 2008 14:50:59 +0000
To: 353857093334@mail.testmoip.mymeteor.ie
Message-ID: <00912008145059282@mgw01>
Date: Mon, 31 Mar 2008 14:50:59 +0000
Subject: Delivery Status Notification
X-Mailer: Technical Support: http://www.cisco
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="yradnuoB=_00902008145058746.mgw01"
From: Fax Daemon <postmaster@mymeteor.ie>
"""

BODY = """\
--yradnuoB=_00902008145058746.mgw01
Content-ID: <00922008145059282@mgw01>


This is a Delivery Status Notification for your message
  dated: Mon, 31 Mar 2008 15:50:40 +0100 (IST)
  subject: Fax Message
  received at: Mon, 31 Mar 2008 14:50:43 +0000


Delivery was unsuccessful to the following recipient(s):
  <FAX=014@fax.mail.testmoip.mymeteor.ie>\x20
Failed with the status of: 554 5.3.0 An unknown error occurred
The cause code is: call rejected (21)
The fax error text is: none

--yradnuoB=_00902008145058746.mgw01
Content-ID: <00932008145059282@mgw01>
Content-Type: message/delivery-status

Reporting-MTA: x-local-hostname; mgw01.testmoip.mymeteor.ie
Received-From-MTA:\x20
Arrival-Date: Mon, 31 Mar 2008 14:50:43 +0000

Original-Recipient: rfc822;FAX=014@mfc
Final-Recipient: rfc822; FAX=014@fax.mail.testmoip.mymeteor.ie
Action: failed with cause code - call rejected (21); fax error text - none
Status: 554 5.3.0 An unknown error occurred
X-Total-Pages: 0
X-Accept-Features: (| (TIFF-S) (TIFF-F) )

--yradnuoB=_00902008145058746.mgw01
Content-ID: <00942008145059282@mgw01>
Content-Type: message/rfc822-headers

Date: Mon, 31 Mar 2008 15:50:40 +0100 (IST)
Subject: Fax Message

--yradnuoB=_00902008145058746.mgw01--
"""

WRITTEN = datetime(2008, 3, 31, 14, 50, 59, 282000, UTC)
MAIL = FaxMail(
    sender="353857093334@mail.testmoip.mymeteor.ie",
    recipient=FaxRecipient("FAX=014@fax.mail.testmoip.mymeteor.ie", FaxAddress("014"), original="rfc822;FAX=014@mfc"),
    content=Content((("Date", "Mon, 31 Mar 2008 15:50:40 +0100 (IST)"), ("Subject", "Fax Message")), ()),
    arrived=datetime(2008, 3, 31, 14, 50, 43, 0, UTC),
    host="mgw01.testmoip.mymeteor.ie",
)
FAILED = Report(Action.FAILED, Verdict(554, "5.3.0", "An unknown error occurred"), "call rejected (21)")


def notification(report: Report = FAILED, mail: FaxMail = MAIL) -> str:
    opened = WRITTEN.replace(second=58, microsecond=746000)
    return compose_notification(
        SendSettings(postmaster="postmaster@mymeteor.ie"),
        ReceiveSettings(aliases=("mgw01.testmoip.mymeteor.ie",)),
        Identity("mgw01", mailer="Technical Support: http://www.cisco.com/techsupport", dotted=False),
        mail,
        report,
        NotificationIds.take(IdSource(0x90), opened, WRITTEN),
        WRITTEN,
    ).decode("utf-8", "surrogateescape")


def test_a_real_failure_notification_is_rebuilt_byte_for_byte() -> None:
    assert notification() == (HEADER + "\n" + BODY).replace("\n", "\r\n")


def test_mail_programs_read_the_report() -> None:
    message = email.message_from_string(notification())
    assert message.get_content_type() == "multipart/report"
    assert [part.get_content_type() for part in message.get_payload()] == [
        "text/plain",
        "message/delivery-status",
        "message/rfc822-headers",
    ]


def test_a_success_tells_pages_and_no_cause() -> None:
    text = notification(Report(Action.DELIVERED, Verdict(250, "2.0.0", "OK"), "normal call clearing (16)", pages=3))
    assert "Delivery was successful" in text
    assert "\r\nAction: delivered\r\n" in text
    assert "\r\nX-Total-Pages: 3\r\n" in text
    assert "cause code" not in text


def test_headers_of_the_mail_cannot_add_lines_to_the_notification() -> None:
    content = Content((("Subject", "a\r\n\r\n--x"),), ())
    mail = FaxMail(MAIL.sender, MAIL.recipient, content, MAIL.arrived, MAIL.host)
    assert "\r\nSubject: a --x\r\n" in notification(mail=mail)


def test_a_failure_brings_the_mail_back_whole_where_that_was_asked_for() -> None:
    came = b"Subject: Fax Message\r\nContent-Type: text/plain\r\n\r\nhello \xe9\r\n"
    whole = replace(MAIL, return_full=True, message=Spool(came))
    text = notification(mail=whole)
    assert "message/rfc822-headers" not in text
    head = "\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert text.partition(head)[2].partition("\r\n--")[0].encode("utf-8", "surrogateescape") == came
    success = notification(Report(Action.DELIVERED, Verdict(250, "2.0.0", "OK"), ""), whole)
    assert "message/rfc822-headers" in success


def test_an_envelope_id_comes_back() -> None:
    assert "\r\nOriginal-Envelope-Id: QQ+1\r\n" in notification(mail=replace(MAIL, envelope_id="QQ+1"))
