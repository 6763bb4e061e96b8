"""G.711: 20 ms of sound as 160 octets, in either law, and what the fax tones sound like.

Rule: a frame is 20 ms. Both fax tones have whole numbers of waves in it, so a tone is one frame again and again.
Source: ITU-T G.711, T.30 clause 4 (frequencies), RFC 3551.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property
from typing import Final

from iosemu.fax.line import Tone

FRAME: Final = 160
"""Samples, and octets, in a frame."""
FRAME_S: Final = 0.02
SAMPLES_PER_S: Final = 8000
_AMPLITUDE: Final = 5800  # -12 dBm0
_HALF: Final = 0x8000


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
        self.read = tuple(read(octet) for octet in range(256))
        self.silence = bytes((silence,)) * FRAME

    def decode(self, octets: bytes) -> array[int]:
        """The samples of octets, 16 bit."""
        return array("h", map(self.read.__getitem__, octets))

    def encode(self, samples: Iterable[int]) -> bytes:
        """The octets of samples of 16 bit: for each the one whose sample is the nearest."""
        table = self._nearest
        return bytes(table[sample + _HALF] for sample in samples)

    @cached_property
    def _nearest(self) -> bytes:
        """The octet of each sample, from the lowest on."""
        order = sorted(range(256), key=lambda octet: (self.read[octet], octet))
        found = bytearray()
        for lower, upper in zip(order, [*order[1:], None], strict=True):
            middle = (self.read[lower] + self.read[upper] + 1) // 2 if upper is not None else _HALF
            found += bytes((lower,)) * (middle + _HALF - len(found))
        return bytes(found)


def frame(tone: Tone, law: Law) -> bytes:
    """20 ms of a tone."""
    step = 2 * math.pi * tone.frequency_hz / SAMPLES_PER_S
    return law.encode(round(_AMPLITUDE * math.sin(step * at)) for at in range(FRAME))
