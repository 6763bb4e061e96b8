"""Lines that lose frames or spoil data, for tests of T.30 calls."""

from __future__ import annotations

from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import frames


def names_of(signal: LineSignal) -> str:
    return frames.label(signal.octets) if isinstance(signal, HdlcFrame) else ""


class LoseFrames:
    """A line that loses the first `count` frames called `name` (none for ever with count = -1)."""

    def __init__(self, name: str, count: int = 1) -> None:
        self.name, self.count = name, count

    def __call__(self, signal: LineSignal) -> LineSignal | None:
        if names_of(signal) == self.name and self.count:
            self.count -= 1
            return None
        return signal


class SpoilData:
    """A line on which the first `count` carriers of a modulation bring only ones."""

    def __init__(self, modulation: Modulation, count: int = 1) -> None:
        self.modulation, self.count = modulation, count
        self.spoiling = False

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self.spoiling = signal.modulation is self.modulation and self.count > 0
            self.count -= self.spoiling
        elif isinstance(signal, Data) and self.spoiling:
            return Data(b"\xff" * len(signal.octets))
        return signal
