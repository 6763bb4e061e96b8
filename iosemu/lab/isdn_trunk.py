"""A primary rate line whose exchange speaks the ISDN of one kind of switch.

Rule: layers 1 and 2 are the same for every switch, so a router that speaks another ISDN sees its line up and has its
calls cleared for what their messages hold. # recalled
"""

from __future__ import annotations

from collections.abc import Callable

from iosemu.clock import Clock
from iosemu.lab.pstn import Subscriber
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.ports import Exchange


class IsdnTrunk:
    """Stands between exchange and router, in both directions: an `Exchange` to one, a `Subscriber` to the other."""

    def __init__(
        self, switch_type: str, spoken: Callable[[], str], clock: Clock, exchange: Exchange, router: Subscriber
    ) -> None:
        """`spoken` gives the switch type that the router has for this line now."""
        self._switch_type, self._spoken = switch_type, spoken
        self._clock, self._exchange, self._router = clock, exchange, router

    def place(self, setup: CallSetup) -> End:
        """A call of the router."""
        if self._understood():
            return self._exchange.place(setup)
        circuit = Circuit(setup)
        self._clock.call_later(0.0, lambda: circuit.called.release(Cause.INVALID_CONTENTS))
        return circuit.calling

    def ring(self, end: End) -> None:
        """A call to the router."""
        if self._understood():
            self._router.ring(end)
        else:
            end.release(Cause.INVALID_CONTENTS)

    def _understood(self) -> bool:
        return self._spoken() == self._switch_type
