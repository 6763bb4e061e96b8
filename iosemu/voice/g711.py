"""Tones on a G.711 line: how they sound, and that they are heard.

Rule: a frame is 20 ms, 160 octets. Both fax tones have whole numbers of waves in it, so a tone is one frame again and
again. A tone is heard when most of the frame's power is at its frequency, for long enough. Source: ITU-T G.711, T.30
clause 4 (frequencies, durations and their tolerance), RFC 3551.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum
from typing import Final

from iosemu.fax.line import Tone

FRAME: Final = 160
"""Samples, and octets, in a frame."""
FRAME_S: Final = 0.02
_HALF: Final = FRAME // 2
_RATE: Final = 8000
_AMPLITUDE: Final = 8031  # -12 dBm0
_SHARE: Final = 0.5
"""So much of the power has to be at the tone's frequency."""
_QUIET: Final = 100.0**2
"""Mean square of samples below which nothing is heard."""
_HEARD: Final = {Tone.CNG: round(0.4 / FRAME_S), Tone.CED: round(0.5 / FRAME_S)}
"""Frames until a tone counts: CNG lasts 0.425 s at least, CED 2.6 s; answering modems sound like CED too, and no
voice does so long."""


def _from_ulaw(octet: int) -> int:
    octet = ~octet & 0xFF
    magnitude = ((octet & 0x0F) << 3 | 0x84) << (octet >> 4 & 7)
    return 0x84 - magnitude if octet & 0x80 else magnitude - 0x84


def _from_alaw(octet: int) -> int:
    octet ^= 0x55
    exponent = octet >> 4 & 7
    magnitude = (octet & 0x0F) << 4 | 8
    if exponent:
        magnitude = (magnitude | 0x100) << (exponent - 1)
    return magnitude if octet & 0x80 else -magnitude


class Law(Enum):
    """The two codings of G.711; the value is (octet of silence, how an octet is read)."""

    MU = (0xFF, _from_ulaw)
    A = (0xD5, _from_alaw)

    def __init__(self, silence: int, read: Callable[[int], int]) -> None:
        self.samples = tuple(read(octet) for octet in range(256))
        self.silence = bytes((silence,)) * FRAME

    def encode(self, sample: float) -> int:
        """The octet whose sample is the nearest."""
        return min(range(256), key=lambda octet: abs(self.samples[octet] - sample))


def _waves(tone: Tone) -> tuple[tuple[float, float], ...]:
    step = 2 * math.pi * tone.frequency_hz / _RATE
    return tuple((math.cos(step * at), math.sin(step * at)) for at in range(FRAME))


_WAVES: Final = {tone: _waves(tone) for tone in Tone}


def frame(tone: Tone, law: Law) -> bytes:
    """20 ms of a tone."""
    return bytes(law.encode(_AMPLITUDE * sine) for _, sine in _WAVES[tone])


class ToneEar:
    """Listens to frames: `began` is told once a tone is sure, `ended` when it is over."""

    def __init__(self, law: Law, began: Callable[[Tone], object], ended: Callable[[Tone], object]) -> None:
        self._law, self._began, self._ended = law, began, ended
        self._tone: Tone | None = None
        self._frames = 0

    def hear(self, octets: bytes) -> None:
        """The next frame of the line; one of another length is cut into frames, what is over is not heard."""
        for at in range(0, len(octets) - FRAME + 1, FRAME):
            self._frame(octets[at : at + FRAME])

    def _frame(self, octets: bytes) -> None:
        tone = self._recognized(octets)
        if tone is not self._tone:
            before, frames = self._tone, self._frames
            self._tone, self._frames = tone, 0
            if before is not None and frames >= _HEARD[before]:
                self._ended(before)
        if tone is not None:
            self._frames += 1
            if self._frames == _HEARD[tone]:
                self._began(tone)

    def _recognized(self, octets: bytes) -> Tone | None:
        samples = [self._law.samples[octet] for octet in octets]
        power = sum(sample * sample for sample in samples) / FRAME
        if power < _QUIET:
            return None
        halves = samples[:_HALF], samples[_HALF:]
        for tone, waves in _WAVES.items():
            if sum(_power_at(half, waves) for half in halves) / 2 > _SHARE * power:
                return tone
        return None


def _power_at(samples: list[int], waves: tuple[tuple[float, float], ...]) -> float:
    """The power of half a frame at the frequency of `waves`; that much is short enough for a tone that is a bit off."""
    real = imaginary = 0.0
    for sample, (cosine, sine) in zip(samples, waves, strict=False):
        real += sample * cosine
        imaginary += sample * sine
    return 2 * (real * real + imaginary * imaginary) / _HALF**2
