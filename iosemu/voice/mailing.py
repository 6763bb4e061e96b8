"""The mail of an on-ramp call: its letters, and how far the mail servers have them.

Rule: the letters go one after the other until one is not taken: who hears of the fax hears yes or no. So `stage` is one
for all of them, and the call leg of each mailbox is closed by `close`, whatever became of its letter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto

from iosemu.clock import Hold
from iosemu.fax.document import PageFormat, Quality
from iosemu.mail.envelope import Envelope, Failure, Outcome
from iosemu.mail.message import FaxCall, MessageIds
from iosemu.mail.spool import Spool
from iosemu.voice.ccapi import Leg
from iosemu.voice.context import FaxContext
from iosemu.voice.events import FaxStep, Ramp, Step
from iosemu.voice.legs import Mail, Notification, Origin
from iosemu.voice.letter import Letter, sorted_by_form
from iosemu.voice.onramp_way import Target
from iosemu.voice.settings import VoiceSettings


class MailStage(Enum):
    """How far the mail of a call is."""

    COLLECTING = auto()
    """Pages may come, nothing was sent."""
    BARRED = auto()
    """The call was cut before anything was sent, and nothing goes any more."""
    SENDING = auto()
    TAKEN = auto()
    """The mail servers have all letters."""
    NOT_TAKEN = auto()
    """One letter was refused or lost."""


class Mailing:
    """The letters to `targets`; `leg` is the call's on the voice port, `answered` hears once whether all were taken."""

    def __init__(
        self,
        context: FaxContext,
        leg: Leg,
        targets: Sequence[Target],
        account_id: str,
        answered: Callable[[bool], object],
    ) -> None:
        self._context, self._leg = context, leg
        self._account_id = account_id
        self._all_answered = answered
        self.stage = MailStage.COLLECTING
        # When the first page began (the header of the mail has that time), and when the last one did.
        self._first_page = self._last_page = datetime.min
        self._letters = [
            Letter(alike, [self._open_leg(target) for target in alike], lambda: self._last_page)
            for alike in sorted_by_form(targets)
        ]

    def _open_leg(self, target: Target) -> Leg:
        return self._context.control.open(
            Origin.ORIGINATE,
            Mail(
                target=f"mailto:{target.recipient}",
                account_id=self._account_id,
                notification=Notification.of(dsn=bool(target.peer.dsn), mdn=target.peer.mdn),
            ),
            connection=self._leg.record.connection,
            peer=target.peer,
            peer_address=target.recipient,
        )

    # The pages.

    @property
    def any_page(self) -> bool:
        """Whether there is a whole page to mail."""
        return bool(self._letters[0].document.pages)

    def quality(self, index: int) -> Quality | None:
        """How well page `index`, which has just ended, can be read; None where no row of it can."""
        pages = self._letters[0].document.pages
        return pages[index].quality if len(pages) == index + 1 else None

    def page_started(self, index: int, page_format: PageFormat) -> None:
        for letter in self._letters:
            letter.page_started(index, page_format)
        self._last_page = self._context.now()
        if not index:
            self._first_page = self._last_page

    def feed(self, octets: bytes) -> None:
        """The next octets of the DLE stream."""
        for letter in self._letters:
            letter.document.feed(octets)

    def page_refused(self) -> None:
        """The page that ended last does not stand."""
        for letter in self._letters:
            letter.document.page_refused()

    # The sending.

    def start(self, call: FaxCall, opened: datetime) -> None:
        """Send what has come; `opened` is when the delivery counts as opened."""
        self.stage = MailStage.SENDING
        for letter in self._letters:
            for target in letter.targets:
                self._step(Step.MAIL_STARTED, target, target.recipient)
        self._context.spawn(self._deliver(call, opened, self._context.clock.hold(), self._context.settings()))

    def bar(self) -> None:
        """Begin no mail any more; one under way goes on."""
        if self.stage is MailStage.COLLECTING:
            self.stage = MailStage.BARRED

    def close(self) -> None:
        """End the legs of all mailboxes."""
        for letter in self._letters:
            letter.close()

    async def _deliver(self, call: FaxCall, opened: datetime, hold: Hold, settings: VoiceSettings) -> None:
        with hold:
            for letter in self._letters:
                outcome = Outcome(False, 0, "", "", Failure.LOST)  # what stands if this is cancelled
                try:
                    outcome = await self._context.mailer(settings.send, *self._write(letter, call, opened, settings))
                except OSError:  # no room for the message
                    pass
                finally:
                    self._answered(letter, outcome)
                if not outcome.ok:
                    break

    def _write(
        self, letter: Letter, call: FaxCall, opened: datetime, settings: VoiceSettings
    ) -> tuple[Envelope, Spool]:
        ids = MessageIds.take(self._context.ids, opened, self._first_page, self._context.now())
        return letter.write(settings, call, ids, self._first_page)

    def _answered(self, letter: Letter, outcome: Outcome) -> None:
        letter.answered(outcome)
        for target in letter.targets:
            self._step(Step.MAIL_ANSWERED, target, f"{outcome.code} {outcome.text}")
        if outcome.ok and letter is not self._letters[-1]:
            return
        self.stage = MailStage.TAKEN if outcome.ok else MailStage.NOT_TAKEN
        self._all_answered(outcome.ok)

    def _step(self, step: Step, target: Target, text: str) -> None:
        self._context.emit(FaxStep(Ramp.ON, step, self._leg.call_id, target.peer.tag, text))
