"""Tones on G.711: what is played is heard, in both laws, and neither noise nor speech is taken for a tone."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import pytest

from iosemu.fax.line import Tone
from iosemu.voice.g711 import FRAME, Law, ToneEar, frame


def heard(law: Law, frames: list[bytes]) -> list[tuple[str, Tone]]:
    told: list[tuple[str, Tone]] = []
    ear = ToneEar(law, lambda tone: told.append(("began", tone)), lambda tone: told.append(("ended", tone)))
    for octets in frames:
        ear.hear(octets)
    return told


@pytest.mark.parametrize("law", Law)
@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_heard_and_its_end(law: Law, tone: Tone) -> None:
    length = round(tone.duration_s / 0.02)
    assert heard(law, [law.silence, *[frame(tone, law)] * length, law.silence]) == [("began", tone), ("ended", tone)]


@pytest.mark.parametrize("law", Law)
def test_a_short_tone_is_none(law: Law) -> None:
    assert heard(law, [*[frame(Tone.CED, law)] * 20, law.silence]) == []


@pytest.mark.parametrize(("hertz", "tone"), [(2085, Tone.CED), (2115, Tone.CED), (1062, Tone.CNG), (1138, Tone.CNG)])
def test_a_tone_may_be_off_by_what_t30_allows(hertz: int, tone: Tone) -> None:
    """15 Hz of CED, 38 Hz of CNG."""
    assert heard(Law.MU, waves(2000, hertz, 60)) == [("began", tone)]


@pytest.mark.parametrize("hertz", [350, 440, 480, 620, 697, 1209, 1477, 1850, 2300])
def test_other_tones_are_none(hertz: int) -> None:
    assert heard(Law.MU, waves(4000, hertz, 60)) == []


def test_noise_and_silence_are_no_tone() -> None:
    chance = random.Random(1)
    noise = [bytes(chance.randrange(256) for _ in range(FRAME)) for _ in range(60)]
    assert heard(Law.MU, noise) == []
    assert heard(Law.A, [Law.A.silence] * 60) == []


def waves(amplitude: float, hertz: float, frames: int) -> list[bytes]:
    step = 2 * math.pi * hertz / 8000
    octets = bytes(Law.MU.encode(amplitude * math.sin(step * at)) for at in range(FRAME * frames))
    return [octets[at : at + FRAME] for at in range(0, len(octets), FRAME)]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="audioop has left the standard library")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_samples_are_those_of_another_decoder() -> None:
    audioop: Any = pytest.importorskip("audioop")
    for law, decode in ((Law.MU, audioop.ulaw2lin), (Law.A, audioop.alaw2lin)):
        linear = decode(bytes(range(256)), 2)
        theirs = [int.from_bytes(linear[at : at + 2], sys.byteorder, signed=True) for at in range(0, 512, 2)]
        assert list(law.samples) == theirs
