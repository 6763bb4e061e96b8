"""What the H.323 gateway of a router has counted: messages of H.225, and the causes of calls that have ended.

Rule: the calls of H.323 peers are signalled as those of SIP are, so that a message counts as the one of H.225 whose
place it takes; a call counts its cause for the side that ended it.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from iosemu.voice.circuit import Cause
from iosemu.voice.legs import LegRecord, Voip
from iosemu.voice.sip_statistics import REFUSALS, SipStatistics

_AS_H225: Final = {
    "Setup": ("Invite",),
    "Setup confirm": ("OkInvite",),
    "Alert": ("Ringing",),
    "Progress": ("SessionProgress",),
    "Call proceeding": ("Trying",),
    "Release": ("Bye", "Cancel", *REFUSALS),
}


class H323Statistics:
    """`messages` as they were signalled; `other_peer` and `h323_peer` by cause, for the side that ended the call."""

    def __init__(self) -> None:
        self.clear()

    def clear(self, *, messages: bool = True, causes: bool = True) -> None:
        """Begin again from nought."""
        if messages:
            self.messages = SipStatistics()
        if causes:
            self.other_peer: Counter[Cause] = Counter()
            self.h323_peer: Counter[Cause] = Counter()

    def of(self, request: str) -> tuple[int, int]:
        """How many of that request of H.225 were sent, and received."""
        names = _AS_H225.get(request, ())
        return (
            sum(self.messages.sent[name] for name in names),
            sum(self.messages.received[name] for name in names),
        )

    def ended(self, leg: LegRecord) -> None:
        """A leg has ended; only those over H.323 count."""
        if isinstance(leg.detail, Voip) and not leg.detail.sip and leg.cause is not None:
            (self.other_peer if leg.released_by_us else self.h323_peer)[leg.cause] += 1
