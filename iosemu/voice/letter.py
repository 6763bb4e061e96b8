"""The mail side of an on-ramp call: one message with the fax, to all mailboxes whose dial peers want the same of it.

Rule: a letter owns a document (the fax as its peers' `image encoding` and `image resolution` have it) and a call leg
for each mailbox; it decides nothing, the on-ramp application sends and closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from iosemu.fax.dmsp import FaxToDoc
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.mail.envelope import Envelope, Notify, Outcome, Recipient
from iosemu.mail.message import FaxCall, MessageIds, compose, return_path
from iosemu.mail.spool import Spool
from iosemu.voice.ccapi import Leg
from iosemu.voice.circuit import Cause
from iosemu.voice.dial_plan import DialPeer, Dsn, ImageEncoding, ImageResolution
from iosemu.voice.onramp_way import Form, Target
from iosemu.voice.settings import VoiceSettings

# `image encoding` and `image resolution`; passthrough is not among them.
CODINGS = {ImageEncoding.MH: Coding.MH, ImageEncoding.MR: Coding.MR, ImageEncoding.MMR: Coding.MMR}
RESOLUTIONS = {
    ImageResolution.STANDARD: Resolution.STANDARD,
    ImageResolution.FINE: Resolution.FINE,
    ImageResolution.SUPERFINE: Resolution.SUPERFINE,
}
NOTIFY = {Dsn.SUCCESS: Notify.SUCCESS, Dsn.FAILURE: Notify.FAILURE, Dsn.DELAY: Notify.DELAY}


def sorted_by_form(targets: Sequence[Target]) -> list[list[Target]]:
    """The targets that can share a message, together; in the order of the first of each."""
    together: dict[Form, list[Target]] = {}
    for target in targets:
        together.setdefault(target.form, []).append(target)
    return list(together.values())


class Letter:
    """See the module's rule. `legs` belong to the `targets` one by one; `now` dates the pages of the document."""

    def __init__(self, targets: Sequence[Target], legs: Sequence[Leg], now: Callable[[], datetime]) -> None:
        self.targets, self.legs = tuple(targets), tuple(legs)
        self.outcome: Outcome | None = None
        peer = self._peer = self.targets[0].peer
        self.document = FaxToDoc(
            now, coding=CODINGS.get(peer.image_encoding), resolution=RESOLUTIONS.get(peer.image_resolution)
        )
        self._octets = 0

    def page_started(self, index: int, page_format: PageFormat) -> None:
        self.document.page_started(index, page_format)
        coding = CODINGS.get(self._peer.image_encoding, page_format.coding)
        resolution = RESOLUTIONS.get(self._peer.image_resolution, page_format.resolution)
        for leg in self.legs:
            leg.mail(encoding=coding.value, resolution=resolution.name.lower())

    def write(self, settings: VoiceSettings, call: FaxCall, ids: MessageIds, when: datetime) -> tuple[Envelope, Spool]:
        """The message, dated `when`, and its envelope."""
        image = self.document.tiff()
        self._octets = len(image)
        mailboxes = [target.recipient for target in self.targets]
        message = compose(settings.send, settings.identity, call, mailboxes, image, ids, when, mdn=self._peer.mdn)
        message_id = f"{ids.message}@{settings.identity.name}"
        for leg in self.legs:
            leg.mail(message_id=message_id)
        recipients = tuple(Recipient(target.recipient, _notify(target.peer)) for target in self.targets)
        sender = return_path(settings.send, settings.identity, call.calling)
        return Envelope(sender, recipients, message_id), message

    def answered(self, outcome: Outcome) -> None:
        """The mail server has spoken."""
        self.outcome = outcome
        for leg in self.legs:
            if outcome.server:
                leg.mail(remote=outcome.server)
            if outcome.ok:
                leg.carried(tx_octets=self._octets)
                leg.connected()

    def close(self) -> None:
        """End the legs with what became of the message."""
        for leg in self.legs:
            if self.outcome is None:
                leg.close(Cause.SERVICE_UNAVAILABLE, Cause.SERVICE_UNAVAILABLE.text)
            elif self.outcome.ok:
                leg.close(Cause.NORMAL, f"{Cause.NORMAL.text}.")
            else:
                leg.close(Cause.SERVICE_UNAVAILABLE, self.outcome.cause_text)


def _notify(peer: DialPeer) -> Notify | None:
    """What the peer's `dsn` asks for; None where it has none."""
    asked = Notify.NONE
    for word in peer.dsn:
        asked |= NOTIFY[word]
    return asked or None
