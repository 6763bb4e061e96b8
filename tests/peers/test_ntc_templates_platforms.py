"""The templates of ntc-templates read what every platform tells of itself, and count what is in it."""

from __future__ import annotations

from typing import Any

import pytest

from iosemu.chassis import platform as platforms
from iosemu.cli.release import Release
from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import User, device

parse = pytest.importorskip("ntc_templates.parse")
pytestmark = pytest.mark.peer

NAMES = platforms.names()
PROCESSORS = {"as5800": "7206VXR", "as5850": "c5850"}
"""What a chassis of several boxes calls the one that speaks."""


def read(user: User, command: str) -> list[dict[str, Any]]:
    """What the template of that command finds in the answer."""
    rows: list[dict[str, Any]] = parse.parse_output("cisco_ios", command, user.type(command))
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_show_version(name: str) -> None:
    router = device(name)
    (row,) = read(User(router), "show version")
    platform = router.chassis.platform
    assert row["running_image"] == platform.image_file.partition(":")[2]
    assert (row["hostname"], row["config_register"], row["reload_reason"]) == ("Router", "0x2102", "power-on")
    assert row["hardware"] == [PROCESSORS.get(name, platform.product)]
    # The template keeps the last image it sees: where there is a boot helper, that.
    assert row["software_image"] in (platform.image, (platform.bootldr or "").partition("(")[2].partition(")")[0])


@pytest.mark.parametrize("name", NAMES)
def test_interfaces_and_their_addresses(name: str) -> None:
    router = device(name)
    user = User(router)
    ports = [interface.name for interface in router.chassis.interfaces]
    user.configure(f"interface {ports[0]}", "ip address 192.0.2.1 255.255.255.0")
    rows = {row["interface"]: row for row in read(user, "show interfaces")}
    assert set(ports) <= set(rows)
    assert (rows[ports[0]]["ip_address"], rows[ports[0]]["prefix_length"]) == ("192.0.2.1", "24")
    assert all(row["hardware_type"] and row["link_status"] and row["protocol_status"] for row in rows.values())
    brief = {row["interface"]: row for row in read(user, "show ip interface brief")}
    assert set(ports) <= set(brief)
    assert brief[ports[0]]["ip_address"] == "192.0.2.1"
    assert {name: row["status"] for name, row in brief.items()} == {
        name: row["link_status"] for name, row in rows.items() if name in brief
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_d_channel_of_a_trunk(name: str) -> None:
    router = device(name)
    user = User(router)
    for controller in router.chassis.controllers[:1]:
        user.configure(
            "isdn switch-type primary-ni", f"controller {controller.name}", "framing esf", "pri-group timeslots 1-24"
        )
        (isdn,) = read(user, "show isdn status")
        assert isdn["interface"] == router.chassis.serial_for(controller)
        assert isdn["isdn_switchtype"] == "primary-ni"


def later(name: str) -> Device:
    """A router of that platform with a release that has an inventory."""
    from iosemu.chassis import releases

    release = releases.release_for(name, "12.3(4)T", None)
    assert release >= Release.of("12.3(4)T")
    return Router(name, clock=ManualClock(), network=NoNetwork(), store=FileStore(None), release=release).device


@pytest.mark.parametrize("name", NAMES)
def test_show_inventory(name: str) -> None:
    router = later(name)
    first, *cards = read(User(router), "show inventory")
    assert first["name"] == f"{router.chassis.platform.product} chassis"
    assert first["sn"] != ""
    assert [card["pid"].rstrip("=") for card in cards] == [card.name for card in router.chassis.cards]
    assert "% Invalid input" in User(device(name)).type("show inventory")
