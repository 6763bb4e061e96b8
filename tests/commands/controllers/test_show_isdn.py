"""`show isdn status` layer by layer: shut down, network side, one interface, and what later releases add."""

from __future__ import annotations

from iosemu.chassis.releases import release_for
from iosemu.clock import ManualClock
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import CARET, User

CONFIG = """
isdn switch-type primary-net5
controller E1 3/0
 pri-group timeslots 1-31
controller E1 3/1
 pri-group timeslots 1-31
"""


def gateway(release: str | None = None) -> tuple[Router, User]:
    router = Router(
        "as5350",
        clock=ManualClock(),
        network=NoNetwork(),
        store=FileStore(None),
        modules={"3": "AS535-DFC-2CE1"},
        release=release_for("as5350", release, None),
    )
    assert router.load(CONFIG) == []
    router.plug("E1 3/0", Office())
    return router, User(router.device)


def test_one_interface_or_all() -> None:
    _, user = gateway()
    whole = user.type("show isdn status")
    assert whole.count("interface\n") == 2
    one = user.type("show isdn status Serial3/1:15")
    assert one.count("interface\n") == 1
    assert one.startswith("Global ISDN Switchtype = primary-net5\nISDN Serial3/1:15 interface\n        dsl 1, ")
    assert user.type("show isdn status Serial3/0:16").endswith(CARET)
    assert "L2 Session" not in whole


def test_a_channel_that_is_shut_down_has_no_layer_2() -> None:
    _, user = gateway()
    up = user.type("show isdn status Serial3/0:15")
    assert "    Layer 1 Status:\n        ACTIVE\n" in up
    assert "State = MULTIPLE_FRAME_ESTABLISHED\n" in up
    user.configure("interface Serial3/0:15", "shutdown")
    down = user.type("show isdn status Serial3/0:15")
    assert "    Layer 1 Status:\n        SHUTDOWN\n    Layer 2 Status:\n        Layer 2 NOT Activated\n" in down
    assert "    The Free Channel Mask:  0x00000000\n" in down
    assert "        DEACTIVATED\n" in user.type("show isdn status Serial3/1:15")


def test_the_side_of_the_network_says_so() -> None:
    _, user = gateway()
    user.configure("interface Serial3/0:15", "isdn protocol-emulate network")
    assert user.type("show isdn status").count("******* Network side configuration *******") == 1


def test_later_releases_number_the_sessions_of_layer_2() -> None:
    _, user = gateway("12.4")
    text = user.type("show isdn status")
    assert "    Number of L2 Discards = 0, L2 Session ID = 1\n" in text
    assert "    Number of L2 Discards = 0, L2 Session ID = 0\n" in text
