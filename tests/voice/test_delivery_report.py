"""Which notices an off-ramp mails to the sender of a fax."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest

from iosemu.fax.events import FaxCause
from iosemu.mail.envelope import FaxMail, Notify, Recipient
from iosemu.voice.circuit import Cause
from iosemu.voice.delivery_report import send_receipt, send_report
from iosemu.voice.verdicts import FaxResult

MakeMail = Callable[..., FaxMail]
OK = FaxResult(Cause.NORMAL, FaxCause.OK, 2)
BUSY = FaxResult(Cause.USER_BUSY)
GONE = FaxResult(Cause.UNALLOCATED)
ASKING = b"Disposition-Notification-To: tom@example.org\r\nSubject: x\r\n\r\nhello\r\n"


@pytest.mark.parametrize(
    ("notify", "result", "action"),
    [
        (None, OK, ""),
        (None, BUSY, "failed"),
        (None, GONE, "failed"),
        (Notify.NONE, OK, ""),
        (Notify.NONE, BUSY, ""),
        (Notify.NONE, GONE, ""),
        (Notify.SUCCESS, OK, "delivered"),
        (Notify.SUCCESS, GONE, ""),
        (Notify.FAILURE, OK, ""),
        (Notify.FAILURE | Notify.DELAY, BUSY, "failed"),
        (Notify.DELAY, BUSY, "delayed"),
        (Notify.DELAY, GONE, ""),
        (Notify.DELAY, OK, ""),
    ],
)
def test_who_asked_for_what_is_told_of_it(
    off_ramp: Any, mail: MakeMail, notify: Notify | None, result: FaxResult, action: str
) -> None:
    letter = mail("95558354")
    letter = replace(letter, recipient=replace(letter.recipient, notify=notify))
    sent = send_report(off_ramp.voice._context, letter, result, result.verdict())
    assert sent is bool(action)
    assert len(off_ramp.mails) == sent
    if sent:
        ((envelope, message),) = off_ramp.mails
        assert (envelope.sender, envelope.recipients) == ("", (Recipient("tom@example.org"),))
        assert f"\r\nAction: {action}" in message.decode()


def test_a_disposition_is_told_only_as_configured_and_only_after_the_last_page(off_ramp: Any, mail: MakeMail) -> None:
    letter, context = mail("95558354", ASKING), off_ramp.voice._context
    assert not send_receipt(context, letter, OK)
    off_ramp.configure("mta receive generate-mdn\n")
    assert not send_receipt(context, letter, BUSY)
    assert not send_receipt(context, mail("95558354"), OK)
    assert send_receipt(context, letter, OK)
    ((envelope, message),) = off_ramp.mails
    assert (envelope.sender, envelope.recipients) == ("", (Recipient("tom@example.org"),))
    assert message_from_bytes(message).get_param("report-type") == "disposition-notification"
    off_ramp.configure("no mta receive generate-mdn\n")
    assert not send_receipt(context, letter, OK)


def test_no_delivery_is_told_where_that_is_configured(off_ramp: Any, mail: MakeMail) -> None:
    letter, context = mail("95558354"), off_ramp.voice._context
    off_ramp.configure("mta receive disable-dsn\n")
    assert not send_report(context, letter, BUSY, BUSY.verdict())
    off_ramp.configure("no mta receive disable-dsn\n")
    assert send_report(context, letter, BUSY, BUSY.verdict())


@pytest.mark.parametrize("said", ["generate mdn", "generate-mdn"])
def test_dispositions_are_told_by_either_spelling(off_ramp: Any, said: str) -> None:
    off_ramp.configure(f"mta receive {said}\n")
    assert off_ramp.voice.settings.receive.generate_mdn


def test_permanent_errors_are_configured(off_ramp: Any) -> None:
    assert not off_ramp.voice.settings.receive.permanent_error
    off_ramp.configure("mta receive generate permanent-error\n")
    assert off_ramp.voice.settings.receive.permanent_error
