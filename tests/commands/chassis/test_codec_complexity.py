"""Codecs of high complexity halve the channels of a voice card."""

from __future__ import annotations

import pytest

from iosemu.chassis.dsp import Use
from tests.commands.routers import User, device
from tests.commands.test_show_voice_hardware import router_with


@pytest.mark.parametrize(
    ("card", "medium", "high"), [("NM-HDV-1T1-24", 24, 12), ("NM-HDV-2E1-60", 60, 30), ("NM-2V", 4, 4)]
)
def test_a_card_has_half_its_channels(card: str, medium: int, high: int) -> None:
    router = device("3660", {"1": "empty", "2": card})
    user, pool = User(router), router.chassis.dsp
    assert pool.total == medium
    user.configure("voice-card 2", "codec complexity high")
    assert pool.total == high
    taken = [pool.take(Use.FAX_MAIL) for _ in range(high)]
    assert None not in taken
    assert pool.take(Use.FAX_MAIL) is None
    text = user.type("show voice dsp")
    assert len([line for line in text.splitlines() if line.startswith("C549")]) == high
    user.configure("voice-card 2", "codec complexity medium")
    assert pool.total == medium
    assert (pool.take(Use.FAX_MAIL) is None) is (medium == high)


def test_other_cards_keep_theirs_and_a_free_channel_says_which_codecs_it_is_for() -> None:
    router = device("3745", {"1": "NM-HDV-1T1-24", "2": "NM-HDV-1T1-24", "AIM0": "AIM-VOICE-30"})
    user = User(router)
    user.configure("voice-card 1", "codec complexity high")
    assert router.chassis.dsp.total == 12 + 24 + 30
    rows = user.type("show voice dsp").splitlines()[3:]
    assert [sum(word in row for row in rows) for word in ("{high}", "{medium}")] == [12, 54]
    user.configure("voice-card 0", "codec complexity high")
    assert router.chassis.dsp.total == 12 + 24 + 15


def test_it_is_in_force_from_the_start() -> None:
    config = "voice-card 1\n codec complexity high\n"
    router = router_with("3660", config)
    assert router.device.chassis.dsp.total == 12
    User(router.device).type("write memory")
    router.reload()
    assert router.device.chassis.dsp.total == 12
