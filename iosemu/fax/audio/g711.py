"""A G.711 channel with noise: what goes in as linear samples comes out as a telephone network leaves them.

Rule: samples are 16 bit in this machine's order. Noise is white, its level in dBm0. Source: ITU-T G.711 (mu-law).
"""

from __future__ import annotations

import ctypes
from typing import Final

from iosemu.fax.audio.library import ModemLibrary, Samples

_MU_LAW: Final = 1
_FULL_SCALE: Final = 32767


class Channel:
    """One direction; `noise_dbm0` None is a line without noise."""

    def __init__(self, library: ModemLibrary, noise_dbm0: float | None = None, seed: int = 1) -> None:
        self._library = library.functions
        self._law = library.make(self, "g711", _MU_LAW)
        self._noise: int | None = None
        if noise_dbm0 is not None:
            # The library's generator is begun with a negative number.
            self._noise = library.make(self, "awgn", -seed, noise_dbm0, init="awgn_init_dbm0")

    def carry(self, samples: Samples) -> None:
        """Change the samples to what arrives."""
        if self._noise is not None:
            awgn, noise = self._library.awgn, self._noise
            for at, sample in enumerate(samples):
                samples[at] = max(-_FULL_SCALE, min(_FULL_SCALE, sample + awgn(noise)))
        count = len(samples)
        coded = (ctypes.c_uint8 * count)()
        self._library.g711_encode(self._law, coded, samples, count)
        self._library.g711_decode(self._law, samples, coded, count)
