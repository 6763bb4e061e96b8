"""G.711: both laws as another coder has them, and tones that are heard for what they are."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import pytest

from iosemu.fax.audio.tones import ToneDetector
from iosemu.fax.line import Tone
from iosemu.voice.g711 import FRAME, Law, frame


def heard(law: Law, octets: bytes) -> list[Tone]:
    told: list[Tone] = []
    ear = ToneDetector(told.append)
    for at in range(0, len(octets), FRAME // 2):
        ear.take(law.decode(octets[at : at + FRAME // 2]))  # type: ignore[arg-type]
    return told


@pytest.mark.parametrize("law", Law)
@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_heard_once(law: Law, tone: Tone) -> None:
    assert heard(law, law.silence + frame(tone, law) * round(tone.duration_s / 0.02) + law.silence) == [tone]


@pytest.mark.parametrize(("hertz", "tone"), [(2085, Tone.CED), (2115, Tone.CED), (1062, Tone.CNG), (1138, Tone.CNG)])
def test_a_tone_may_be_off_by_what_t30_allows(hertz: int, tone: Tone) -> None:
    """15 Hz of CED, 38 Hz of CNG."""
    assert heard(Law.MU, waves(2000, hertz, 60)) == [tone]


@pytest.mark.parametrize("hertz", [350, 440, 480, 620, 697, 1209, 1477, 1850, 2300])
def test_other_tones_are_none(hertz: int) -> None:
    assert heard(Law.MU, waves(4000, hertz, 60)) == []


def test_noise_and_silence_are_no_tone() -> None:
    chance = random.Random(1)
    assert heard(Law.MU, bytes(chance.randrange(256) for _ in range(60 * FRAME))) == []
    assert heard(Law.A, Law.A.silence * 60) == []


def waves(amplitude: float, hertz: float, frames: int) -> bytes:
    step = 2 * math.pi * hertz / 8000
    return Law.MU.encode(round(amplitude * math.sin(step * at)) for at in range(FRAME * frames))


@pytest.mark.parametrize("law", Law)
def test_every_octet_is_its_own_nearest(law: Law) -> None:
    samples = law.decode(bytes(range(256)))
    assert law.decode(law.encode(samples)) == samples
    assert law.encode(law.decode(law.silence)) in (law.silence, b"\x7f" * FRAME)


@pytest.mark.parametrize("law", Law)
def test_every_sample_has_the_nearest_octet(law: Law) -> None:
    for sample in range(-32768, 32768, 111):
        (octet,) = law.encode([sample])
        assert abs(law.read[octet] - sample) == min(abs(other - sample) for other in law.read)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="audioop has left the standard library")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_samples_are_those_of_another_decoder() -> None:
    audioop: Any = pytest.importorskip("audioop")
    for law, decode in ((Law.MU, audioop.ulaw2lin), (Law.A, audioop.alaw2lin)):
        linear = decode(bytes(range(256)), 2)
        theirs = [int.from_bytes(linear[at : at + 2], sys.byteorder, signed=True) for at in range(0, 512, 2)]
        assert list(law.read) == theirs
