"""A trunk in `show controllers`: the cable of an E1, and what the trunk cards of modular routers tell besides."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device


def test_the_cable_of_an_e1_is_balanced_unless_it_has_75_ohms() -> None:
    user = User(device("as5300", {"0": "AS53-4CE1"}))
    text = user.type("show controllers E1 0")
    assert text.startswith("E1 0 is down.\n  Applique type is Channelized E1 - balanced\n  Transmitter is sending")
    assert "alarm-trigger" not in text
    user.configure("controller E1 0", "line-termination 75-ohm")
    assert "Channelized E1 - unbalanced\n" in user.type("show controllers E1 0")


@pytest.mark.parametrize(("name", "card"), [("3640", "NM-HDV-1T1-24"), ("2621", "NM-HDV-1T1-24")])
def test_modular_routers_tell_of_firmware_and_alarm_triggers(name: str, card: str) -> None:
    user = User(device(name, {"1": card}))
    text = user.type("show controllers T1 1/0")
    assert "  alarm-trigger is not set\n  Version info Firmware: " in text
    assert text.index("Version info") < text.index("Framing is")
    user.configure("controller T1 1/0", "ds0-group 1 timeslots 1-4 type e&m-wink-start", "alarm-trigger blue 1")
    assert "  alarm-trigger is set\n" in user.type("show controllers T1 1/0")
