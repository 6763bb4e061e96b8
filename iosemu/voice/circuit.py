"""A switched PSTN circuit between two subscribers, as both ends see it.

Rule: the exchange makes a `Circuit` for a call; each `End` is given to one party, which answers through it and
registers what it wants to hear. Delivery is immediate: whoever sends a line signal has already waited for its duration.
Source: ITU-T Q.850 (cause values).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from iosemu.fax.line import LineSignal


class Cause(IntEnum):
    """Q.850 cause values that a fax call meets; `text` is how IOS spells them."""

    UNALLOCATED = 1
    NO_ROUTE = 3
    NORMAL = 16
    USER_BUSY = 17
    NO_USER_RESPONDING = 18
    NO_ANSWER = 19
    REJECTED = 21
    OUT_OF_ORDER = 27
    INVALID_NUMBER = 28
    NORMAL_UNSPECIFIED = 31
    NO_CIRCUIT = 34
    NETWORK_OUT_OF_ORDER = 38
    TEMPORARY_FAILURE = 41
    NO_RESOURCE = 47
    BEARER_NOT_AUTHORIZED = 57
    BEARER_NOT_AVAILABLE = 58
    SERVICE_UNAVAILABLE = 63
    NOT_IMPLEMENTED = 79
    INVALID_CONTENTS = 100
    TIMER_EXPIRED = 102
    INTERWORKING = 127

    @property
    def text(self) -> str:
        return _CAUSE_TEXT[self]


_CAUSE_TEXT = {
    Cause.UNALLOCATED: "unassigned number",
    Cause.NO_ROUTE: "no route to destination",
    Cause.NORMAL: "normal call clearing",
    Cause.USER_BUSY: "user busy",
    Cause.NO_USER_RESPONDING: "no user response",
    Cause.NO_ANSWER: "no user answer",
    Cause.REJECTED: "call rejected",
    Cause.OUT_OF_ORDER: "destination out of order",
    Cause.INVALID_NUMBER: "invalid number",
    Cause.NORMAL_UNSPECIFIED: "normal, unspecified",
    Cause.NO_CIRCUIT: "no circuit",
    Cause.NETWORK_OUT_OF_ORDER: "network out of order",  # recalled
    Cause.TEMPORARY_FAILURE: "temporary failure",
    Cause.NO_RESOURCE: "no resource",
    Cause.BEARER_NOT_AUTHORIZED: "bearer capability not authorized",  # recalled
    Cause.BEARER_NOT_AVAILABLE: "bearer capability not presently available",  # recalled
    Cause.SERVICE_UNAVAILABLE: "service or option not available, unspecified",
    Cause.NOT_IMPLEMENTED: "service or option not implemented, unspecified",  # recalled
    Cause.INVALID_CONTENTS: "invalid information element contents",  # recalled
    Cause.TIMER_EXPIRED: "recovery on timer expiry",  # recalled
    Cause.INTERWORKING: "interworking, unspecified",
}


def _ignore(*args: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class CallSetup:
    """What the calling side asks of the network: digits as dialled, no punctuation."""

    called: str
    calling: str = ""
    redirecting: str = ""
    calling_name: str = ""


class End:
    """One end of a circuit. Set the `on_*` callables before acting; after a release nothing more is delivered."""

    def __init__(self, setup: CallSetup) -> None:
        self.setup = setup
        self.on_alerting: Callable[[], object] = _ignore
        self.on_answer: Callable[[], object] = _ignore
        self.on_signal: Callable[[LineSignal], object] = _ignore
        self.on_release: Callable[[Cause], object] = _ignore
        self._far: End | None = None

    @property
    def up(self) -> bool:
        """Whether the circuit still stands."""
        return self._far is not None

    def alert(self) -> None:
        """The called side rings."""
        if self._far is not None:
            self._far.on_alerting()

    def answer(self) -> None:
        """The called side goes off-hook."""
        if self._far is not None:
            self._far.on_answer()

    def send(self, signal: LineSignal) -> None:
        if self._far is not None:
            self._far.on_signal(signal)

    def release(self, cause: Cause = Cause.NORMAL) -> None:
        """Hang up: both ends are free, the far one hears `cause`."""
        far, self._far = self._far, None
        if far is not None:
            far._far = None
            far.on_release(cause)


@dataclass(slots=True)
class Circuit:
    """The two ends of one call."""

    setup: CallSetup
    calling: End = field(init=False)
    called: End = field(init=False)

    def __post_init__(self) -> None:
        self.calling, self.called = End(self.setup), End(self.setup)
        self.calling._far, self.called._far = self.called, self.calling
