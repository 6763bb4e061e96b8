"""A channelized T3: its lines are trunks of their own, as soon as the T3 has been told which."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis import platform
from iosemu.chassis.inference import infer
from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import CARET, User, device
from tests.commands.test_show_voice_hardware import ON_RAMP, in_a_call, router_with

CONFIG = """
isdn switch-type primary-5ess
controller T3 7/0
 framing m23
 cablelength 0
 t1 1-28 controller
""" + ON_RAMP.replace("T1 1/0", "T1 7/0:1").replace("1/0:23", "7/0:1:D")


def test_its_card_is_told_by_the_configuration() -> None:
    assert infer(platform.load("as5400"), CONFIG)["7"] == "AS54-DFC-CT3"
    assert infer(platform.load("as5850"), "controller T3 5/0\n")["5"] == "CT3_UP216"


def test_lines_are_there_while_the_t3_has_them() -> None:
    user = User(device("as5400", {"7": "AS54-DFC-CT3"}))
    assert user.configure("controller T1 7/0:1").endswith(CARET)
    assert user.configure("controller T3 7/0", "t1 1-2,28 controller", "controller T1 7/0:28") == ""
    shown = user.type("show running-config")
    assert re.findall(r"^controller (\S+ 7\S*)$", shown, re.MULTILINE) == [
        "T3 7/0",
        "T1 7/0:1",
        "T1 7/0:2",
        "T1 7/0:28",
    ]
    user.configure("controller T3 7/0", "no t1 1-2,28 controller")
    assert "T1 7/0:" not in user.type("show running-config")
    assert user.configure("controller T3 7/0", "t1 1-29 controller").endswith(CARET)


def test_a_call_on_a_line() -> None:
    router = router_with("as5400", CONFIG, s7="AS54-DFC-CT3")
    user = User(router.device)
    assert user.type("show controllers T3 7/0").startswith("T3 7/0 is down.\n  Applique type is Channelized T3\n")
    in_a_call(router, "T1 7/0:1")
    assert user.type("show controllers T3").startswith("T3 7/0 is up.\n")
    assert user.type("show controllers T1 7/0:1").startswith("T1 7/0:1 is up.\n")
    status = user.type("show isdn status")
    assert "ISDN Serial7/0:1:23 interface\n" in status
    assert "        1 Active Layer 3 Call(s)\n" in status
    brief = user.type("show ip interface brief")
    assert len(re.findall(r"^Serial7/0:1:\d+ +unassigned", brief, re.MULTILINE)) == 24
    assert len(re.findall(r"^Serial7/0:1:\d+ .* up$", brief, re.MULTILINE)) == 2
    assert "1 Channelized T3 port(s)\n" in user.type("show version")
    user.configure("controller T3 7/0", "shutdown")
    assert user.type("show controllers T1 7/0:1").startswith("T1 7/0:1 is down.\n")
    assert user.type("show controllers T3").startswith("T3 7/0 is administratively down.\n")


@pytest.mark.parametrize("platform_name", ["as5400", "as5850"])
def test_only_lines_that_there_are_count_as_trunks(platform_name: str) -> None:
    slot, card = ("7", "AS54-DFC-CT3") if platform_name == "as5400" else ("5", "CT3_UP216")
    user = User(device(platform_name, {slot: card}))
    assert f"T1 {slot}/0:" not in user.type("show controllers timeslots", "show tdm mapping", "show controllers T1")
    user.configure(f"controller T3 {slot}/0", "t1 3 controller")
    assert f"T1 {slot}/0:3 is down:\n" in user.type("show controllers timeslots")


def test_the_log_tells_of_the_t3_and_of_its_line() -> None:
    router = router_with("as5400", CONFIG, s7="AS54-DFC-CT3")
    router.boot.announce(at_once=True)
    lines: list[str] = []
    router.attach_log(lambda line: lines.append(line.partition("%")[2]))
    router.plug("T1 7/0:1", Office())
    router.device.clock.run(until_s=router.device.clock.now() + 10)
    assert [line for line in lines if not line.startswith("SYS-")] == [
        "CONTROLLER-5-UPDOWN: Controller T3 7/0, changed state to up",
        "CONTROLLER-5-UPDOWN: Controller T1 7/0:1, changed state to up",
        "LINK-3-UPDOWN: Interface Serial7/0:1:23, changed state to up",
        "ISDN-6-LAYER2UP: Layer 2 for Interface Se7/0:1:23, TEI 0 changed to up",
    ]
