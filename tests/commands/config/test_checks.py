"""The configuration against the hardware."""

from __future__ import annotations

import pytest

from iosemu.commands.controllers.trunk_config import spans
from iosemu.commands.loading import load
from iosemu.config import nvgen
from tests.commands.routers import CARET, User, device

LACKING = {
    "as5300": [
        "interface FastEthernet0/0",
        "interface Serial0:23",
        "controller T1 4",
        "controller E1 0",
        "voice-port 0:D",
    ],
    "as5350": [
        "interface FastEthernet0",
        "interface Ethernet0",
        "controller T1 0",
        "controller T1 3/8",
        "voice-port 3/0:D",
    ],
}


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in LACKING.items() for line in lines])
def test_what_the_chassis_lacks_gets_the_caret(name: str, line: str) -> None:
    router = device(name)
    before = nvgen.render(router.config)
    assert User(router).configure(line).endswith(CARET)
    assert nvgen.render(router.config) == before


@pytest.mark.parametrize(
    ("name", "trunk", "serial", "port"),
    [("as5300", "T1 2", "Serial2:23", "2:D"), ("as5350", "T1 3/1", "Serial3/1:23", "3/1:D")],
)
def test_a_primary_rate_group_makes_its_interface_and_port_and_takes_them_away(
    name: str, trunk: str, serial: str, port: str
) -> None:
    router = device(name)
    user = User(router)
    before = nvgen.render(router.config)
    user.configure("isdn switch-type primary-ni", f"controller {trunk}", "pri-group timeslots 1-24")
    text = nvgen.render(router.config)
    assert f"interface {serial}\n no ip address\n isdn switch-type primary-ni\n no cdp enable\n!\n" in text
    assert f"voice-port {port}\n!\n" in text
    assert user.configure(f"voice-port {port}", "description the PBX") == ""
    user.configure("no isdn switch-type", f"controller {trunk}", "no pri-group")
    assert nvgen.render(router.config) == before


def test_the_d_channel_belongs_to_the_group_and_no_list_means_all() -> None:
    router = device()
    User(router).configure("controller T1 0", "pri-group timeslots 1-10", "controller T1 1", "pri-group")
    text = nvgen.render(router.config)
    assert " pri-group timeslots 1-10,24\n" in text
    assert " pri-group timeslots 1-24\n" in text
    assert spans((1, 2, 3, 7, 24, 23)) == "1-3,7,23-24"


def test_a_global_switch_type_reaches_the_d_channels() -> None:
    router = device()
    User(router).configure("controller T1 0", "pri-group timeslots 1-24", "isdn switch-type primary-5ess")
    assert "interface Serial0:23\n no ip address\n isdn switch-type primary-5ess\n" in nvgen.render(router.config)


def test_physical_interfaces_cannot_be_removed_and_loopbacks_can() -> None:
    router = device()
    user = User(router)
    assert user.configure("no interface FastEthernet0") == "% Removal of physical interfaces is not permitted\n"
    user.configure("interface Loopback0", "ip address 192.0.2.1 255.255.255.255")
    assert nvgen.render(router.config).index("Loopback0") < nvgen.render(router.config).index("Ethernet0")
    user.configure("no interface Loopback0")
    assert "Loopback0" not in nvgen.render(router.config)


@pytest.mark.parametrize(
    ("interface", "line"),
    [
        ("Ethernet0", "duplex full"),
        ("Ethernet0", "isdn incoming-voice modem"),
        ("FastEthernet0", "clockrate 64000"),
        ("Serial0:23", "speed 100"),
    ],
)
def test_an_interface_knows_only_the_commands_of_its_kind(interface: str, line: str) -> None:
    user = User(device())
    user.configure("controller T1 0", "pri-group timeslots 1-24")
    assert user.configure(f"interface {interface}", line).endswith(CARET)


def test_a_dial_peer_needs_its_kind_once() -> None:
    router = device()
    user = User(router)
    assert user.configure("dial-peer voice 7").startswith("% Incomplete command.")
    user.configure("dial-peer voice 7 mmoip", "mdn")
    assert user.configure("dial-peer voice 7", "dsn failure") == ""
    assert user.configure("dial-peer voice 7 pots").startswith("% ")
    assert "dial-peer voice 7 mmoip\n mdn\n dsn failure\n!\n" in nvgen.render(router.config)
    assert user.configure("no dial-peer voice 7") == ""
    assert "dial-peer voice 7" not in nvgen.render(router.config)


def test_a_peer_of_one_kind_does_not_know_the_commands_of_another() -> None:
    user = User(device())
    assert user.configure("dial-peer voice 1 pots", "session target mailto:tom@example.com").endswith(CARET)
    assert user.configure("dial-peer voice 2 mmoip", "direct-inward-dial").endswith(CARET)
    assert user.configure("dial-peer voice 2 mmoip", "image encoding jpeg").endswith(CARET)


def test_a_peer_takes_only_a_port_that_is_there() -> None:
    router = device()
    user = User(router)
    assert user.configure("dial-peer voice 1 pots", "port 0:D").endswith(CARET)
    user.configure("controller T1 0", "pri-group timeslots 1-24")
    assert user.configure("dial-peer voice 1 pots", "port 0:D") == ""
    assert " port 0:D\n" in nvgen.render(router.config)


def test_peers_are_printed_in_the_order_in_which_they_were_made() -> None:
    router = device()
    User(router).configure("dial-peer voice 20 mmoip", "dial-peer voice 3 pots")
    text = nvgen.render(router.config)
    assert text.index("dial-peer voice 20") < text.index("dial-peer voice 3 pots")


def test_default_interface_leaves_what_it_has_by_nature() -> None:
    router = device()
    user = User(router)
    before = user.type("show running-config")
    user.configure("interface FastEthernet0", "ip address 10.0.0.1 255.0.0.0", "shutdown", "speed 100")
    told = "Building configuration...\n\nInterface FastEthernet0 set to default configuration\n"
    assert user.configure("interface Ethernet0", "default interface fa 0") == told
    assert user.type("show running-config") == before
    assert user.configure("default interface FastEthernet7").endswith(CARET)
    assert user.configure("default interface Loopback3").endswith(CARET)
    assert user.configure("default interface").startswith("% Incomplete command.")


def test_default_interface_empties_a_loopback_and_keeps_the_switch_type_of_a_d_channel() -> None:
    router = device()
    user = User(router)
    user.configure("isdn switch-type primary-ni", "controller T1 0", "framing esf", "pri-group timeslots 1-24")
    before = user.type("show running-config")
    user.configure("interface Serial0:23", "isdn incoming-voice modem", "description x", "default interface Serial0:23")
    assert user.type("show running-config") == before
    user.configure("interface Loopback3", "ip address 10.3.0.1 255.255.0.0", "default interface Loopback3")
    assert "interface Loopback3\n no ip address\n!" in user.type("show running-config")
    assert load(router, "default interface Loopback3\n") == []
