"""The receiving half of a modem: sound becomes line signals.

Rule: V.21 is listened for but while a fast carrier is on; a fast modem is listened for when a command has said which,
but not in a V.21 carrier. A carrier counts from its first flags, or from where its training is recognized, and one that
could not be trained to ends without a bit. Source: ITU-T T.30 clause 5, T.38 clause 8.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

from iosemu.fax.audio.expectation import Expectation
from iosemu.fax.audio.library import (
    CARRIER_DOWN,
    FRAME_HANDLER,
    FRAMING_OK,
    PUT_BIT,
    TRAINING_IN_PROGRESS,
    TRAINING_SUCCEEDED,
    ModemLibrary,
    Samples,
)
from iosemu.fax.audio.tones import ToneDetector
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, ToneOn

_FLAGS_WANTED: Final = 3


class Demodulator:
    """Takes samples, gives line signals to `deliver`."""

    def __init__(self, library: ModemLibrary, deliver: Callable[[LineSignal], None]) -> None:
        self._library, self._deliver = library, deliver
        self._expectation = Expectation()
        self._tones: ToneDetector | None = ToneDetector(lambda tone: deliver(ToneOn(tone)))
        """Until the first frames: phase A is over then."""
        functions = library.functions
        # The library calls these as long as the modems live.
        self._handlers = FRAME_HANDLER(self._on_slow), FRAME_HANDLER(self._on_fast_frame), PUT_BIT(self._on_fast_bit)
        on_slow, on_frame, self._on_bit = self._handlers
        slow_hdlc = library.make(self, "hdlc_rx", False, True, _FLAGS_WANTED, on_slow, None)
        self._slow = library.receiver(self, Modulation.V21, functions.hdlc_rx_put_bit, slow_hdlc)
        self._fast_hdlc = library.make(self, "hdlc_rx", False, True, 1, on_frame, None)
        self._fast: _Fast | None = None
        self._carrier: Modulation | None = None
        self._bits: list[int] = []
        self._restart = False

    def take(self, samples: Samples) -> None:
        """The next samples from the line."""
        if self._tones is not None:
            self._tones.take(samples)
        if self._carrier in (None, Modulation.V21):
            self._library.receive(Modulation.V21, self._slow, samples)
        if self._restart:
            self._wait_for_fast()
        if self._fast is not None and self._carrier is not Modulation.V21:
            self._library.receive(self._fast.modulation, self._fast.state, samples)
            self._tell_bits()

    # V.21.

    def _on_slow(self, user: int, octets: Any, length: int, fcs_ok: int) -> None:
        if length == FRAMING_OK:
            if self._carrier is None:
                self._tones = None
                self._begin(Modulation.V21)
        elif length == CARRIER_DOWN:
            if self._carrier is Modulation.V21:
                self._end()
        elif length > 0 and self._carrier is Modulation.V21:
            frame = reverse_bits(ctypes.string_at(octets, length))
            if fcs_ok:
                self._expectation.frame(frame)
            self._deliver(HdlcFrame(frame, bool(fcs_ok)))

    # The fast modem.

    def _wait_for_fast(self) -> None:
        self._restart = False
        expected = self._expectation
        if expected.modulation is None:
            return
        if self._fast is None or self._fast.modulation is not expected.modulation:
            self._fast = _Fast(self._library, expected.modulation, self._on_bit)
        put_bit = self._library.functions.hdlc_rx_put_bit if expected.framed else self._on_bit
        self._library.restart(expected.modulation, self._fast.state, expected.short, put_bit, self._fast_hdlc)

    def _on_fast_bit(self, user: int, bit: int) -> None:
        if bit >= 0:
            self._bits.append(bit)
        else:
            self._on_status(bit)

    def _on_fast_frame(self, user: int, octets: Any, length: int, fcs_ok: int) -> None:
        if length > 0:
            self._deliver(HdlcFrame(reverse_bits(ctypes.string_at(octets, length)), bool(fcs_ok)))
        else:
            self._on_status(length)

    def _on_status(self, status: int) -> None:
        fast = self._fast
        if fast is None:
            return
        if status in (TRAINING_IN_PROGRESS, TRAINING_SUCCEEDED) and self._carrier is None:
            self._begin(fast.modulation, self._expectation.short and fast.modulation.family == "V.17")
        if status == TRAINING_SUCCEEDED:
            fast.trained = True
            self._bits.clear()
        elif status == CARRIER_DOWN and self._carrier is fast.modulation:
            if fast.trained:
                fast.trained = False
                self._tell_bits(last=True)
                self._expectation.carrier()
            self._end()

    def _tell_bits(self, *, last: bool = False) -> None:
        """What has come since, in whole octets."""
        bits = self._bits
        if self._fast is None or not (self._fast.trained or last):
            return
        count = len(bits) if last else len(bits) // 8 * 8
        if count:
            value = int("".join(map(str, bits[count - 1 :: -1])), 2)
            self._deliver(Data(value.to_bytes((count + 7) // 8, "little")))
            del bits[:count]

    # Both.

    def _begin(self, modulation: Modulation, short: bool = False) -> None:
        self._carrier = modulation
        self._deliver(CarrierOn(modulation, short))

    def _end(self) -> None:
        self._carrier = None
        self._restart = True
        self._deliver(CarrierOff())


class _Fast:
    """A receiver of the library."""

    def __init__(self, library: ModemLibrary, modulation: Modulation, put_bit: object) -> None:
        self.modulation = modulation
        self.trained = False
        self.state = library.receiver(self, modulation, put_bit, None)
