"""Fax as sound: line signals modulated to 8 kHz samples and demodulated again, over a G.711 channel with noise.

`modulator` and `demodulator` are the two halves of a modem, `expectation` is what both know of the next carrier, `g711`
the channel between them, `library` the modems of libspandsp.
"""

from __future__ import annotations

from iosemu.fax.audio.demodulator import Demodulator
from iosemu.fax.audio.g711 import Channel
from iosemu.fax.audio.library import MissingLibrary, load
from iosemu.fax.audio.modulator import Modulator

__all__ = ["Channel", "Demodulator", "MissingLibrary", "Modulator", "load"]
