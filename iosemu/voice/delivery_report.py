"""The delivery report that an off-ramp mails to the sender of a fax.

Rule: a failure is told unless the sender asked not to hear of it (NOTIFY without FAILURE) or `mta receive disable-dsn`;
success only where it was asked for; never to the null path, so that no report answers a report (RFC 1891 section 6.2,
RFC 3461). The report goes through the `mta send server` like any mail of the gateway.
"""

from __future__ import annotations

from iosemu.mail.dsn import Action, NotificationIds, Report, compose_notification
from iosemu.mail.envelope import Envelope, FaxMail, Notify, Verdict
from iosemu.voice.context import FaxContext
from iosemu.voice.verdicts import FaxResult


def send_report(context: FaxContext, mail: FaxMail, result: FaxResult, verdict: Verdict) -> bool:
    """Start the mail with the report where one is due; tells whether."""
    settings = context.settings()
    if settings.receive.disable_dsn or not mail.sender or not _wanted(mail.recipient.notify, result):
        return False
    written = context.now()
    report = Report(
        Action.DELIVERED if result.ok else Action.FAILED,
        verdict,
        result.cause_text,
        result.fax_text,
        result.pages,
    )
    ids = NotificationIds.take(context.ids, mail.arrived, written)
    message = compose_notification(settings.send, settings.receive, settings.identity, mail, report, ids, written)

    hold = context.clock.hold()

    async def send() -> None:
        with hold:
            await context.mailer(settings.send, Envelope("", mail.sender), message)

    context.spawn(send())
    return True


def _wanted(notify: Notify | None, result: FaxResult) -> bool:
    if result.ok:
        return notify is not None and Notify.SUCCESS in notify
    return notify is None or Notify.FAILURE in notify
