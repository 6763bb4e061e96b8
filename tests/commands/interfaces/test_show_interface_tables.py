"""The tables of interfaces."""

from __future__ import annotations

from iosemu.commands.interfaces.counters import Traffic
from tests.commands.routers import User, device
from tests.commands.show_scenarios import Scene


def test_descriptions_stand_behind_the_state() -> None:
    user = User(device("3640", {"0": "NM-1FE2W", "0/0": "WIC-1T"}))
    user.configure("interface FastEthernet0/0", "description to the house", "interface Serial0/0", "shutdown")
    assert user.type("show interfaces description").splitlines() == [
        "Interface                      Status         Protocol Description",
        "Fa0/0                          up             up       to the house",
        "Se0/0                          admin down     down     ",
    ]


def test_one_interface_may_be_named_in_front() -> None:
    user = User(device("3640", {"0": "NM-1FE2W", "0/0": "WIC-1T"}))
    assert len(user.type("show interfaces fa0/0 description").splitlines()) == 2
    assert "% Invalid input" in user.type("show interfaces fa3/0 description")


def test_stats_are_what_the_router_sent_and_got() -> None:
    router = device("3640", {"0": "NM-1FE2W", "0/0": "WIC-1T"})
    user = User(router)
    user.configure("interface Serial0/0", "shutdown")
    router.traffic["FastEthernet0/0"] = traffic = Traffic()
    traffic.input.count(60, 1.0, packets=3)
    traffic.output.count(100, 1.0)
    assert user.type("show interfaces stats").splitlines() == [
        "FastEthernet0/0",
        "          Switching path    Pkts In   Chars In   Pkts Out  Chars Out",
        "               Processor          3        180          1        100",
        "             Route cache          0          0          0          0",
        "                   Total          3        180          1        100",
        "Interface Serial0/0 is disabled",
        "",
    ]


def test_accounting_tells_protocols_and_summary_all_interfaces() -> None:
    scene = Scene("interface Ethernet0\n no shutdown\n")
    assert "No traffic sent or received on this interface.\n" in scene.user.type("show interfaces Ethernet0 accounting")
    traffic = scene.router.device.traffic.setdefault("Ethernet0", Traffic())
    traffic.input.count(100, 0.0)
    told = scene.user.type("show interfaces Ethernet0 accounting").splitlines()
    assert told[1].split() == ["Protocol", "Pkts", "In", "Chars", "In", "Pkts", "Out", "Chars", "Out"]
    assert told[2].split() == ["IP", "1", "100", "0", "0"]
    rows = scene.user.type("show interfaces summary").splitlines()
    assert any(row.startswith("* Ethernet0 ") for row in rows)
    assert scene.user.type("show interfaces Ethernet0 rate-limit") == ""
