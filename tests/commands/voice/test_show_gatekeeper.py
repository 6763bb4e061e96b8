"""A gatekeeper tells its zones and prefixes as they are configured."""

from __future__ import annotations

from tests.commands.show_scenarios import Scene

GATEKEEPER = """
interface Ethernet0
 ip address 10.0.0.1 255.255.255.0
gatekeeper
 zone local sj.xyz.com xyz.com
 zone remote tokyo.xyz.com xyz.com 10.0.0.2 1719
 zone prefix sj.xyz.com 408.......
 gw-type-prefix 12#* default-technology
 gw-type-prefix 7#* hopoff tokyo.xyz.com
 accounting
 no shutdown
"""


def test_zones_and_prefixes_are_those_of_the_configuration() -> None:
    user = Scene(GATEKEEPER).user
    zones = user.type("show gatekeeper zone status").splitlines()
    assert zones[5] == "sj.xyz.com   xyz.com       10.0.0.1        1719  LS             0"
    assert zones[-1] == "tokyo.xyz.co xyz.com       10.0.0.2        1719  RS             0"
    assert user.type("show gatekeeper zone prefix").splitlines()[-1].split() == ["sj.xyz.com", "408......."]
    assert "Dynamic GW-priority" in user.type("show gatekeeper zone prefix all")
    assert user.type("show gatekeeper gw-type-prefix").splitlines()[2:] == [
        "Prefix:12#*     (Default gateway-technology)",
        "Prefix:7#*      (Hopoff zone tokyo.xyz.com)",
    ]
    status = user.type("show gatekeeper status")
    assert "    Gatekeeper State: UP\n" in status
    assert "    Accounting:       ENABLED\n" in status


def test_without_a_zone_it_is_down_and_nobody_is_registered() -> None:
    user = Scene().user
    assert user.type("show gatekeeper status") == "    Gatekeeper State: DOWN\n"
    assert user.type("show gatekeeper calls") == "Total number of active calls = 0.\n"
    assert user.type("show gatekeeper endpoints").endswith("Total number of active registrations = 0\n")
