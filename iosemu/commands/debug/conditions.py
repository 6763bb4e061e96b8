"""`debug condition`, `debug fax receive called-number`: of which calls debug text is written.

Rule: without a condition of every call; with some, of the calls that fulfil one of them. A call is all its legs: what
is known of one counts for the others, and for no longer than they last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.events import EventBus
    from iosemu.voice.legs import LegRecord

# A leg is asked about for a while after it has ended: its last lines come from the events of other engines.
KEPT = 512
BY_NUMBER = {
    "fax receive called-number": "called",
    "fax receive calling-number": "calling",
    "fax relay t30 called-number": "called",
    "fax relay t30 calling-number": "calling",
}
"""Switches that take a number, and which number of a call that is."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `kind` is "called", "calling", "voice-port" or "application voice"; a number may be given by its
    first digits."""

    kind: str
    value: str

    def met_by(self, leg: LegRecord) -> bool:
        from iosemu.voice.legs import Telephony, Voip  # a router without a call never needs the voice side

        if self.kind == "application voice":
            peer = leg.peer
            return peer is not None and self.value in (peer.application_in, peer.application_out)
        if isinstance(leg.detail, Voip):
            return self.met_by_numbers(leg.detail.called, leg.detail.calling, "")
        if not isinstance(leg.detail, Telephony):
            return False
        return self.met_by_numbers(leg.detail.called, leg.detail.calling, leg.detail.port)

    def met_by_numbers(self, called: str, calling: str, port: str) -> bool:
        if self.kind == "application voice":
            return False  # no application has it yet
        if self.kind == "voice-port":
            return port == self.value
        return (called if self.kind == "called" else calling).startswith(self.value)


class CallFilter:
    """The conditions of a router by their numbers, and the calls that are judged by them."""

    def __init__(self) -> None:
        self.conditions: dict[int, Condition] = {}
        self._legs: dict[int, LegRecord] = {}

    def attach(self, bus: EventBus) -> None:
        """Hear of the legs from now on."""
        from iosemu.voice.events import LegClosed, LegOpened

        bus.subscribe(LegOpened, lambda event: self._note(event.leg))
        bus.subscribe(LegClosed, lambda event: self._note(event.leg))

    def add(self, condition: Condition) -> int | None:
        """Number a condition; None where it is there already."""
        if condition in self.conditions.values():
            return None
        number = max(self.conditions, default=0) + 1
        self.conditions[number] = condition
        return number

    def remove(self, condition: Condition) -> int | None:
        """The number that it had; None where it was not there."""
        number = next((number for number, known in self.conditions.items() if known == condition), None)
        if number is not None:
            del self.conditions[number]
        return number

    def passes(self, call_id: int) -> bool:
        """Is text of that call leg written?"""
        return not self.conditions or any(self.meets(call_id, one) for one in self.conditions.values())

    def passes_numbers(self, called: str, calling: str, port: str) -> bool:
        """The same of a call that has no leg yet."""
        return not self.conditions or any(
            condition.met_by_numbers(called, calling, port) for condition in self.conditions.values()
        )

    def passes_mail(self, recipients: tuple[str, ...]) -> bool:
        """Is text of a mail to them written? A mail is that of the call whose leg goes to one of them."""
        if not self.conditions:
            return True
        return any(self.passes(leg.call_id) for leg in self._legs.values() if leg.peer_address in recipients)

    def meets(self, call_id: int, condition: Condition) -> bool:
        leg = self._legs.get(call_id)
        if leg is None:
            return False
        call = leg.connection.number
        return any(condition.met_by(other) for other in self._legs.values() if other.connection.number == call)

    def _note(self, leg: LegRecord) -> None:
        self._legs[leg.call_id] = leg
        while len(self._legs) > KEPT:
            del self._legs[next(iter(self._legs))]
