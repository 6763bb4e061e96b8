"""What an off-ramp tells the mail client about a fax call, and the words of its delivery report.

Rule: what another try may cure is temporary (4xx), so that the client tries again; the rest is permanent. Proven by
real notifications: `450 4.4.2 Modem timed out` (no answer) and `554 5.3.0 An unknown error occurred` (call rejected);
the other texts are inferred, their codes are those of RFC 1893.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from iosemu.fax.events import FaxCause
from iosemu.mail.envelope import Verdict
from iosemu.voice.circuit import Cause

SENT = Verdict(250, "2.6.0", "Message sent")
TIMED_OUT = Verdict(450, "4.4.2", "Modem timed out")
BUSY = Verdict(450, "4.4.1", "Line is busy")
NO_MODEM = Verdict(450, "4.3.2", "No modem available")
UNKNOWN = Verdict(554, "5.3.0", "An unknown error occurred")
BAD_CONTENT = Verdict(554, "5.6.1", "Message content cannot be sent as a fax")

_BY_CAUSE = {
    Cause.USER_BUSY: BUSY,
    Cause.NO_USER_RESPONDING: TIMED_OUT,
    Cause.NO_ANSWER: TIMED_OUT,
    Cause.NO_CIRCUIT: NO_MODEM,
    Cause.NO_RESOURCE: NO_MODEM,
    Cause.TEMPORARY_FAILURE: NO_MODEM,
}


@dataclass(frozen=True, slots=True)
class FaxResult:
    """How a fax call ended: Q.850 cause, the T.30 end where a fax session was reached, and the pages confirmed."""

    cause: Cause
    fax: FaxCause | None = None
    pages: int = 0
    unusable: str = ""
    """Why the mail could not be made into pages, where it could not."""

    @property
    def ok(self) -> bool:
        return self.fax is FaxCause.OK

    @property
    def cause_text(self) -> str:
        """As in `The cause code is: no user answer (19)`."""
        return f"{self.cause.text} ({self.cause.value})"

    @property
    def fax_text(self) -> str:
        """As in `The fax error text is: no user answer (19): No answer T30 timeout`; empty prints as none."""
        if self.unusable:
            return self.unusable
        return f"{self.cause_text}: {self.fax.text}" if self.fax is not None and not self.ok else ""

    @property
    def leg_text(self) -> str:
        """The text of the leg in the call history."""
        return self.fax.text if self.fax is not None else self.cause_text

    def verdict(self, *, permanent: bool = False) -> Verdict:
        """The SMTP reply; `permanent` is `mta receive generate permanent-error`."""
        if self.ok:
            return SENT
        verdict = BAD_CONTENT if self.unusable else _BY_CAUSE.get(self.cause, UNKNOWN)
        if permanent and verdict.code < 500:
            return replace(verdict, code=554, enhanced=f"5{verdict.enhanced[1:]}")
        return verdict


def after_answer(fax: FaxCause, pages: int, released: Cause | None) -> FaxResult:
    """The result of a call that was answered. Nobody there who speaks T.30 counts as no answer (real: cause 19)."""
    if fax is FaxCause.OK:
        return FaxResult(Cause.NORMAL, fax, pages)
    if fax is FaxCause.NO_ANSWER:
        return FaxResult(Cause.NO_ANSWER, fax, pages)
    cause = released if released is not None and released is not Cause.NORMAL else Cause.NORMAL_UNSPECIFIED
    return FaxResult(cause, fax, pages)
