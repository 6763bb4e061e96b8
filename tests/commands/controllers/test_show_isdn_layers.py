"""Timers and shared D channels follow from the configuration of the trunks."""

from __future__ import annotations

from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import User
from tests.commands.test_show_voice_hardware import router_with

SHARED = """\
isdn switch-type primary-ni
controller T1 0
 pri-group timeslots 1-24 nfas_d primary nfas_int 0 nfas_group 3
controller T1 1
 pri-group timeslots 1-24 nfas_d backup nfas_int 1 nfas_group 3
controller T1 2
 pri-group timeslots 1-24 nfas_d none nfas_int 2 nfas_group 3
"""


def test_the_parts_of_a_group() -> None:
    router = router_with("as5300", SHARED)
    user = User(router.device)
    text = user.type("show isdn nfas group 3")
    assert text.startswith(
        "ISDN NFAS GROUP 0x3 ENTRIES:\n\n"
        "The primary D is Serial0:23.\nThe backup D is Serial1:23.\nThe NFAS member is Serial2:23.\n\n"
        "There are 3 total nfas members.\nThere are 0 total available B channels.\n"
        "The primary D-channel is DSL 0 in state OUT OF SERVICE.\n"
    )
    router.plug("T1 1", Office())
    router.plug("T1 2", Office())
    text = user.type("show isdn nfas group")
    assert "There are 47 total available B channels.\n" in text
    assert text.endswith(
        "The primary D-channel is DSL 0 in state OUT OF SERVICE.\n"
        "The backup D-channel is DSL 1 in state INITIALIZED.\n"
        "The current active layer 2 DSL is 1.\n\n"
    )
    assert user.type("show isdn nfas group 4") == ""


def test_timers_are_those_of_the_standard_unless_they_are_set() -> None:
    router = router_with("as5300", "isdn switch-type primary-net5\ncontroller T1 0\n pri-group timeslots 1-24\n")
    user = User(router.device)
    text = user.type("show isdn timers")
    assert text.startswith("ISDN Serial0:23 Timers (dsl 0) Switchtype = primary-net5\n    ISDN Layer 2 values\n")
    assert "\n        T203 =  30   seconds\n" in text
    assert "\n        T309 Disabled\n        T310 =  40   seconds\n" in text
    user.configure("interface Serial0:23", "isdn T310 120000", "isdn T309-enable", "isdn T203 20000")
    text = user.type("show isdn timers")
    assert "\n        T203 =  20   seconds\n" in text
    assert "\n        T309 =  90   seconds\n        T310 = 120   seconds\n" in text


def test_without_a_switch_type_there_are_none() -> None:
    router = router_with("as5300")
    assert User(router.device).type("show isdn timers").startswith("**** No Global ISDN Switchtype")
