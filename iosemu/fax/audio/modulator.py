"""The sending half of a modem: line signals become sound.

Rule: a signal comes when its last bit should have crossed the line, so the sound is later: by `LAG_S` where data has to
be there in time, and by the longest frame of a burst. What comes too late still is bridged by flags between frames, and
by ones or fill in a page. Bursts keep their order and the silence between them. Source: ITU-T T.30 clause 5, T.38
clause 8.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from typing import Final, Protocol

from iosemu.fax.audio.expectation import Expectation
from iosemu.fax.audio.library import SAMPLES_PER_S, UNDERFLOW_HANDLER, ModemLibrary, Samples
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn

LAG_S: Final = 0.08
GAP_S: Final = 0.075
PREAMBLE_S: Final = 1.0
FLAGS_S: Final = 0.2
_TONE_AMPLITUDE: Final = 5800  # -12 dBm0
_FLAGS_BETWEEN: Final = 2


class _Sound(Protocol):
    """Something that is put on the line for a while."""

    def fill(self, to: int, count: int) -> int:
        """Write up to `count` samples to the address; fewer when it is over."""
        ...


class Modulator:
    """Takes line signals, gives samples."""

    def __init__(self, library: ModemLibrary) -> None:
        self._library = library
        self._expectation = Expectation()
        self._waiting: deque[tuple[int, _Sound]] = deque()
        """What is to sound, each with the sample before which it may not begin."""
        self._carrier: _Carrier | None = None
        """What frames and data go into: the carrier that came last."""
        self._playing: _Sound | None = None
        self._at = 0
        self._silent_until = 0

    def take(self, signal: LineSignal) -> None:
        """A signal from the line."""
        match signal:
            case ToneOn(tone):
                self._waiting.append((self._at, _ToneSound(tone)))
            case CarrierOn(modulation, short):
                self._end_carrier()
                expected = self._expectation
                framed = modulation is Modulation.V21 or expected.framed
                self._carrier = _Carrier(self._library, modulation, short, framed, expected.training_check)
                lag = 0.0 if framed else LAG_S
                self._waiting.append((self._at + round(lag * SAMPLES_PER_S), self._carrier))
            case HdlcFrame(octets, fcs_ok) if self._carrier is not None:
                self._carrier.frame(octets, fcs_ok)
                if fcs_ok and self._carrier.modulation is Modulation.V21:
                    self._expectation.frame(octets)
            case Data(octets) if self._carrier is not None:
                self._carrier.data(octets)
            case CarrierOff():
                self._end_carrier()
            case _:
                pass

    @property
    def busy(self) -> bool:
        """Does something sound, or wait for it?"""
        return self._playing is not None or bool(self._waiting)

    def _end_carrier(self) -> None:
        if self._carrier is not None:
            if self._carrier.modulation is not Modulation.V21:
                self._expectation.carrier()
            self._carrier.end()
            self._carrier = None

    def samples(self, count: int) -> Samples:
        """The next samples."""
        block = (ctypes.c_int16 * count)()
        done = 0
        while done < count:
            if self._playing is None:
                self._playing = self._next(done)
                if self._playing is None:
                    break
            done += self._playing.fill(ctypes.addressof(block) + 2 * done, count - done)
            if done < count:
                self._playing = None
                self._silent_until = self._at + done + round(GAP_S * SAMPLES_PER_S)
        self._at += count
        return block

    def _next(self, done: int) -> _Sound | None:
        if self._waiting and self._at + done >= max(self._waiting[0][0], self._silent_until):
            return self._waiting.popleft()[1]
        return None


class _ToneSound:
    def __init__(self, tone: Tone) -> None:
        self._step = 2 * math.pi * tone.frequency_hz / SAMPLES_PER_S
        self._at, self._end = 0, round(tone.duration_s * SAMPLES_PER_S)

    def fill(self, to: int, count: int) -> int:
        count = min(count, self._end - self._at)
        block = (ctypes.c_int16 * count).from_address(to)
        for index in range(count):
            block[index] = round(_TONE_AMPLITUDE * math.sin(self._step * (self._at + index)))
        self._at += count
        return count


class _Carrier:
    """A carrier with frames, or with the bits of a training check or a page."""

    def __init__(
        self, library: ModemLibrary, modulation: Modulation, short: bool, framed: bool, training_check: bool
    ) -> None:
        self._library, self.modulation = library, modulation
        self._frames: deque[tuple[bytes, bool]] = deque()
        self._ended = False
        self._idle = False
        """Have flags been sent since the last frame, or the preamble, and nothing to follow them?"""
        functions = library.functions
        self._underflow = UNDERFLOW_HANDLER(self._underflowed)  # the library calls it while the carrier lives
        self._hdlc = self._buffer = 0
        if framed:
            self._hdlc = library.make(self, "hdlc_tx", False, _FLAGS_BETWEEN, False, self._underflow, None)
            flags_s = PREAMBLE_S if modulation is Modulation.V21 else FLAGS_S
            functions.hdlc_tx_flags(self._hdlc, round(flags_s * modulation.rate_bps / 8))
        else:
            self._buffer = library.make(self, "t38_non_ecm_buffer", not training_check, 0)
        get_bit = functions.hdlc_tx_get_bit if framed else functions.t38_non_ecm_buffer_get_bit
        self._state = library.transmitter(self, modulation, short, get_bit, self._hdlc or self._buffer)

    def frame(self, octets: bytes, fcs_ok: bool) -> None:
        if self._hdlc:
            self._frames.append((reverse_bits(octets), fcs_ok))
            if self._idle:
                self._load()

    def data(self, octets: bytes) -> None:
        if self._buffer:
            self._library.functions.t38_non_ecm_buffer_inject(self._buffer, reverse_bits(octets), len(octets))

    def end(self) -> None:
        """Nothing more comes for it."""
        self._ended = True
        if self._buffer:
            self._library.functions.t38_non_ecm_buffer_push(self._buffer)
        elif self._idle:
            self._load()

    def _underflowed(self, user: int | None) -> None:
        self._load()

    def _load(self) -> None:
        """The line wants the next frame."""
        functions = self._library.functions
        while self._frames:
            octets, fcs_ok = self._frames.popleft()
            if functions.hdlc_tx_frame(self._hdlc, octets, len(octets)):
                continue  # no modem sends a frame that long
            if not fcs_ok:
                functions.hdlc_tx_corrupt_frame(self._hdlc)
            self._idle = False
            return
        self._idle = not self._ended
        if self._ended:
            functions.hdlc_tx_frame(self._hdlc, None, 0)

    def fill(self, to: int, count: int) -> int:
        return self._library.transmit(self.modulation, self._state, to, count)
