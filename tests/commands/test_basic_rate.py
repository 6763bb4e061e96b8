"""Basic rate voice ports: two channels on a port of a voice interface card."""

from __future__ import annotations

from iosemu.chassis import platform
from iosemu.chassis.inference import infer
from iosemu.voice.circuit import CallSetup, Cause, Circuit
from tests.commands.routers import User, device
from tests.commands.test_show_voice_hardware import ON_RAMP, in_a_call, router_with

CONFIG = "isdn switch-type basic-net3\n" + ON_RAMP.replace("controller T1 1/0\n pri-group timeslots 1-24", "").replace(
    "1/0:23", "1/0/0"
)


def test_the_card_is_told_by_its_interface_and_its_voice_port() -> None:
    text = "interface BRI1/0\n!\ninterface BRI1/1\n!\nvoice-port 1/0/0\n!\nvoice-port 1/0/1\n"
    found = infer(platform.load("3640"), text)
    assert (found["1"], found["1/0"]) == ("NM-1V", "VIC-2BRI-S/T-TE")


def test_a_port_carries_two_calls() -> None:
    router = router_with("3640", CONFIG, s1="NM-2V", s1_0="VIC-2BRI-S/T-TE")
    user = User(router.device)
    in_a_call(router, "1/0/0")
    in_a_call(router, "1/0/0")
    third = Circuit(CallSetup("5551234", "4085550000"))
    released: list[Cause] = []
    third.calling.on_release = released.append
    router.offer("1/0/0", third.called)
    assert released == [Cause.NO_CIRCUIT]
    rows = [line.split() for line in user.type("show voice port summary").splitlines() if line.startswith("1/0/")]
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("1/0/0", "01", "isdn-voice", "up"),
        ("1/0/0", "02", "isdn-voice", "up"),
        ("1/0/1", "01", "isdn-voice", "down"),
        ("1/0/1", "02", "isdn-voice", "down"),
    ]
    assert "ISDN 1/0/0 Slot is 1, Sub-unit is 0, Port is 0\n" in user.type("show voice port 1/0/0")
    assert "1/0/0.2" in user.type("show voice call summary")


def test_a_global_switch_type_reaches_the_interfaces_of_its_rate() -> None:
    router = device("3640", {"1": "NM-1V", "1/0": "VIC-2BRI-S/T-TE", "2": "NM-HDV-1T1-24"})
    user = User(router)
    user.configure("controller T1 2/0", "pri-group timeslots 1-24", "exit", "isdn switch-type basic-net3")
    shown = user.type("show running-config")
    assert shown.count("\n isdn switch-type basic-net3\n") == 2
    assert "interface Serial2/0:23\n no ip address\n no cdp enable\n" in shown


def test_its_b_channels_are_interfaces() -> None:
    user = User(device("2621", {"0/0": "WIC-1B-S/T"}))
    brief = [line.split()[0] for line in user.type("show ip interface brief").splitlines()]
    assert brief[1:4] == ["BRI0/0", "BRI0/0:1", "BRI0/0:2"]
    text = user.type("show interfaces BRI0/0:1")
    assert text.startswith("BRI0/0:1 is down, line protocol is down \n  Hardware is PQUICC BRI\n")
    assert "Timeslot" not in text
    user.configure("interface BRI0/0", "shutdown")
    assert user.type("show interfaces BRI0/0:2").startswith("BRI0/0:2 is administratively down, line protocol is down")
