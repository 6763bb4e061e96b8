"""`show controllers` of interfaces: chip, cable, and every trunk behind them."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis import platform
from tests.commands.routers import CARET, User, device


class Cabled:
    """A network in which some ports have their cables in."""

    def __init__(self, *ports: str) -> None:
        self._ports = ports

    def carrier(self, interface: str) -> bool | None:
        return interface in self._ports


def test_a_serial_port_tells_of_its_cable_and_who_gives_the_clock() -> None:
    router = device("2621", {"0/0": "WIC-2T"})
    user = User(router)
    assert "Hardware is PowerQUICC Serial\nNo serial cable attached\n" in user.type("show controllers Serial0/0")
    router.network = Cabled("Serial0/0")  # type: ignore[assignment]
    assert "DTE V.35 TX and RX clocks detected\n" in user.type("show controllers serial 0/0")
    user.configure("interface Serial0/0", "clock rate 64000")
    assert "DCE V.35, clock rate 64000\n" in user.type("show controllers Serial0/0")
    assert "No serial cable attached\n" in user.type("show controllers Serial0/1")


@pytest.mark.parametrize("name", platform.names())
def test_every_port_and_trunk_is_told_of_once(name: str) -> None:
    router = device(name)
    user = User(router)
    text = user.type("show controllers")
    names = [interface.name for interface in router.chassis.interfaces]
    assert sorted(re.findall(r"^Interface (\S+)$", text, re.MULTILINE)) == sorted(names)
    trunks = [controller.name for controller in router.chassis.controllers]
    assert re.findall(r"^([TE]1 \S+) is ", text, re.MULTILINE) == trunks
    assert user.type(f"show controllers {names[0]}").startswith(f"Interface {names[0]}\nHardware is ")


def test_what_has_no_hardware_has_no_controller() -> None:
    user = User(device("3660"))
    user.configure("interface Loopback0")
    assert user.type("show controllers Loopback0").endswith(CARET)
    assert "Loopback0" not in user.type("show controllers")
