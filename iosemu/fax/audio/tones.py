"""Hears the calling and the answering tone of a fax machine.

Rule: a tone counts when most of the power of the line stands at its frequency for a while; it is told once. Source:
ITU-T T.30 clause 4 (CNG 1,100 Hz for 0.5 s, CED 2,100 Hz for 2.6 s and more).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from iosemu.fax.audio.library import SAMPLES_PER_S, Samples
from iosemu.fax.line import Tone

_WANTED_S: Final = {Tone.CNG: 0.3, Tone.CED: 0.5}
_LEAST_AMPLITUDE: Final = 100  # some -45 dBm0
_SHARE: Final = 0.55  # CNG may be off by 38 Hz, which leaves 0.6 of it in 10 ms


class ToneDetector:
    """`heard` is called once for each tone that is long enough."""

    def __init__(self, heard: Callable[[Tone], None]) -> None:
        self._heard = heard
        self._lasted_s = dict.fromkeys(Tone, 0.0)

    def take(self, samples: Samples) -> None:
        """The next samples: 10 ms or more of them."""
        power = sum(sample * sample for sample in samples)
        loud = power > len(samples) * _LEAST_AMPLITUDE**2
        duration_s = len(samples) / SAMPLES_PER_S
        for tone in Tone:
            lasted_s = self._lasted_s[tone]
            if not loud or _share(samples, power, tone.frequency_hz) < _SHARE:
                self._lasted_s[tone] = 0.0
                continue
            self._lasted_s[tone] = lasted_s + duration_s
            if lasted_s < _WANTED_S[tone] <= lasted_s + duration_s:
                self._heard(tone)


def _share(samples: Samples, power: int, frequency_hz: int) -> float:
    """How much of the power stands at the frequency, by Goertzel's filter."""
    factor = 2 * math.cos(2 * math.pi * frequency_hz / SAMPLES_PER_S)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    energy = last * last + before * before - factor * last * before
    return 2 * energy / (len(samples) * power)
