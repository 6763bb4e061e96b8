"""A line and a packet network between two terminals, both in the hands of somebody who means ill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from iosemu.clock import ManualClock
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal
from iosemu.fax.t38 import Redundancy, T38Link


@dataclass
class Evil:
    """What happens to the next things that come by; each counts down."""

    lose_signals: int = 0
    lose_beginnings: int = 0
    lose_ends: int = 0
    lose_frames: int = 0
    spoil_signals: int = 0
    lose_datagrams: int = 0
    double_datagrams: int = 0
    late_datagrams: int = 0
    delay_s: float = 0.0

    def take(self, what: str) -> bool:
        left: int = getattr(self, what)
        if left:
            setattr(self, what, left - 1)
        return left > 0


FAULTS = tuple(field.name for field in fields(Evil) if field.name != "delay_s")


class OneWay:
    """From a terminal over a telephone line to a gateway, and in datagrams to the other terminal."""

    def __init__(self, clock: ManualClock, deliver: Callable[[LineSignal], None], redundancy: Redundancy) -> None:
        self._clock = clock
        self.evil = Evil()
        self._far = T38Link(lambda datagram: None, deliver)
        self._near = T38Link(self._carry, lambda signal: None, redundancy)
        self._line_free_s = 0.0

    def speak(self, signal: LineSignal) -> None:
        """What goes into the line comes out in order, after the delay of the moment."""
        self._line_free_s = max(self._clock.now() + self.evil.delay_s, self._line_free_s)
        self._clock.call_at(self._line_free_s, lambda: self._cross(signal))

    def _cross(self, signal: LineSignal) -> None:
        if self.evil.take("spoil_signals"):
            signal = spoiled(signal)
        kind = _BY_KIND.get(type(signal))
        if kind is not None and self.evil.take(kind):
            return
        if self.evil.take("lose_signals"):
            if not isinstance(signal, Data):
                return
            signal = spoiled(signal)  # a line cannot leave bits out, it brings others
        self._near.signal(signal)

    def _carry(self, datagram: bytes) -> None:
        if self.evil.take("lose_datagrams"):
            return
        if self.evil.take("late_datagrams"):
            self._clock.call_later(0.3, lambda: self._far.datagram(datagram))
            return
        self._far.datagram(datagram)
        if self.evil.take("double_datagrams"):
            self._far.datagram(datagram)


_BY_KIND = {CarrierOn: "lose_beginnings", CarrierOff: "lose_ends", HdlcFrame: "lose_frames"}


def spoiled(signal: LineSignal) -> LineSignal:
    match signal:
        case Data(octets):
            return Data(b"\xff" * len(octets))
        case HdlcFrame():
            return replace(signal, fcs_ok=False)
        case _:
            return signal
