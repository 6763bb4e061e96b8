"""The notices that an off-ramp mails to the sender of a fax: of its delivery (DSN), and of its disposition (MDN).

Rule: a failure is told unless the sender asked not to hear of it (NOTIFY without FAILURE) or `mta receive disable-dsn`;
success only where it was asked for, a delay only where that was asked for and failure was not; a disposition with `mta
receive generate-mdn` alone, after the last page. Never to the null path, so that no report answers a report (RFC 1891
section 6.2, RFC 3461, RFC 3798). A notice goes through the `mta send server` like any mail of the gateway.
"""

from __future__ import annotations

from iosemu.mail.dsn import Action, Report, compose_notification
from iosemu.mail.envelope import FaxMail, Notify, Verdict
from iosemu.mail.mdn import compose_receipt, receipt_wanted
from iosemu.mail.report import NotificationIds
from iosemu.voice.context import FaxContext
from iosemu.voice.verdicts import FaxResult


def send_report(context: FaxContext, mail: FaxMail, result: FaxResult, verdict: Verdict) -> bool:
    """Start the mail with the delivery report where one is due; tells whether."""
    settings = context.settings()
    action = _action(mail.recipient.notify, result, verdict)
    if action is None or settings.receive.disable_dsn or not mail.sender:
        return False
    written = context.now()
    report = Report(action, verdict, result.cause_text, result.fax_text, result.pages)
    ids = NotificationIds.take(context.ids, mail.arrived, written)
    message = compose_notification(settings.send, settings.receive, settings.identity, mail, report, ids, written)
    context.post(mail.sender, message)
    return True


def send_receipt(context: FaxContext, mail: FaxMail, result: FaxResult) -> bool:
    """Start the mail that tells the disposition of a fax where one is due; tells whether."""
    settings = context.settings()
    if not (result.ok and settings.receive.generate_mdn and receipt_wanted(mail)):
        return False
    written = context.now()
    ids = NotificationIds.take(context.ids, mail.arrived, written)
    message = compose_receipt(settings.send, settings.receive, settings.identity, mail, result.pages, ids, written)
    context.post(mail.sender, message)
    return True


def _action(notify: Notify | None, result: FaxResult, verdict: Verdict) -> Action | None:
    """What there is to tell; a failure that the client will try again is a delay for who wants to hear of that only."""
    if result.ok:
        return Action.DELIVERED if notify is not None and Notify.SUCCESS in notify else None
    if notify is None or Notify.FAILURE in notify:
        return Action.FAILED
    return Action.DELAYED if Notify.DELAY in notify and verdict.code < 500 else None
