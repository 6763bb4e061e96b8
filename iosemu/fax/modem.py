"""The sending half of a Group 3 modem: bursts go on the line in their own time.

Rule: one transmission at a time; tones and carriers are put out as they begin, frames and data when their last bit has
crossed the line, and `done` is called after the last one. Durations: T.30 clause 4 (tones), 5.3.1 (preamble); flags and
FCS count, stuffed zeros do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from iosemu.clock import Clock, Timer
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn

CHUNK_S = 0.04
"""High-speed data is put out in pieces of this duration, the usual packet time of T.38 gateways."""

FLAGS_S = 0.2
"""Flags in front of the frames of an error-corrected page (T.4 annex A)."""

_FCS_AND_FLAG_OCTETS = 3
_CARRIER_OFF = CarrierOff()


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing on the line for a while."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class ToneBurst:
    tone: Tone


@dataclass(frozen=True, slots=True)
class FrameBurst:
    """A carrier with HDLC frames (each without its FCS); V.21 for everything but error-corrected pages."""

    frames: tuple[bytes, ...]
    modulation: Modulation = Modulation.V21
    short: bool = False


@dataclass(frozen=True, slots=True)
class DataBurst:
    """A high-speed carrier with plain bits: a training check or a page; first bit rightmost."""

    modulation: Modulation
    short: bool
    octets: bytes


Burst = Silence | ToneBurst | FrameBurst | DataBurst


class Transmitter:
    """Plays bursts on the clock into `transmit`."""

    def __init__(self, clock: Clock, transmit: Callable[[LineSignal], None]) -> None:
        self._clock = clock
        self._transmit = transmit
        self._playing: Iterator[float] | None = None
        self._timer: Timer | None = None
        self._done: Callable[[], object] = _nothing
        self._carrier = False

    @property
    def busy(self) -> bool:
        return self._playing is not None

    def send(self, bursts: Sequence[Burst], done: Callable[[], object]) -> None:
        """Play `bursts`, then call `done`; what was playing is stopped first and its `done` is not called."""
        self.stop()
        self._playing = self._play(bursts)
        self._done = done
        self._advance()

    def stop(self) -> None:
        """Fall silent at once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._playing = None
        if self._carrier:
            self._carrier = False
            self._transmit(_CARRIER_OFF)

    def _advance(self) -> None:
        playing = self._playing
        if playing is None:
            return
        delay_s = next(playing, None)
        if self._playing is not playing:  # a signal just put out made the owner stop or send something else
            return
        if delay_s is not None:
            self._timer = self._clock.call_later(delay_s, self._advance)
            return
        self._playing = self._timer = None
        self._done()

    def _play(self, bursts: Sequence[Burst]) -> Iterator[float]:
        """Put the signals out; yields how long to wait before the next step."""
        for burst in bursts:
            match burst:
                case Silence(duration_s):
                    yield duration_s
                case ToneBurst(tone):
                    self._transmit(ToneOn(tone))
                    yield tone.duration_s
                case FrameBurst(frames, modulation, short):
                    yield self._start(modulation, short)
                    if modulation is not Modulation.V21:
                        yield FLAGS_S
                    for frame in frames:
                        yield 8 * (len(frame) + _FCS_AND_FLAG_OCTETS) / modulation.rate_bps
                        self._transmit(HdlcFrame(frame))
                    self._end()
                case DataBurst(modulation, short, octets):
                    yield self._start(modulation, short)
                    rate_bps = modulation.rate_bps
                    size = round(rate_bps * CHUNK_S / 8)
                    transmit = self._transmit
                    for at in range(0, len(octets), size):
                        chunk = octets[at : at + size]
                        yield 8 * len(chunk) / rate_bps
                        transmit(Data(chunk))
                    self._end()

    def _start(self, modulation: Modulation, short: bool) -> float:
        self._carrier = True
        self._transmit(CarrierOn(modulation, short))
        return modulation.training_s(short=short)

    def _end(self) -> None:
        self._carrier = False
        self._transmit(_CARRIER_OFF)


def _nothing() -> None:
    pass
