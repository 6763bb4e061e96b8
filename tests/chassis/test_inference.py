"""The cards of a router are told by its configuration."""

from __future__ import annotations

import pytest

from iosemu.chassis import platform
from iosemu.chassis.hardware import EMPTY, Chassis
from iosemu.chassis.inference import infer, modules_for, named_hardware, provided


def filled(name: str, text: str) -> dict[str, str]:
    return {place: module for place, module in infer(platform.load(name), text).items() if module != EMPTY}


def test_a_configuration_that_names_no_hardware_leaves_the_chassis_as_it_is() -> None:
    assert infer(platform.load("3660"), "hostname R1\nip routing\n") == {}
    assert modules_for("3660", {"2": "NM-4T"}, None) == {"2": "NM-4T"}


def test_each_slot_gets_the_card_that_brings_what_is_named_and_little_besides() -> None:
    text = """
interface FastEthernet0/0
interface Serial0/0
interface Serial0/1
interface FastEthernet1/0.20
interface Loopback0
controller E1 2/0
"""
    assert filled("3745", text) == {"0/0": "WIC-2T", "1": "NM-1FE-TX", "2": "NM-HDV-1E1-30"}


def test_lines_of_a_voice_port_tell_what_kind_it_is() -> None:
    text = """
voice-port 1/0/0
 supervisory disconnect dualtone mid-call
!
voice-port 1/0/1
!
voice-port 1/1/0
 operation 4-wire
!
dial-peer voice 1 pots
 port 2/0/1
"""
    assert filled("3640", text) == {
        "1": "NM-2V",
        "1/0": "VIC-2FXO",
        "1/1": "VIC-2E/M",
        "2": "NM-1V",
        "2/0": "VIC-2FXS",
    }


def test_the_d_channel_and_its_voice_port_name_a_trunk() -> None:
    assert filled("3660", "interface Serial3/0:23\n") == {"3": "NM-HDV-1T1-24"}
    assert "trunk 1/0" in named_hardware("dial-peer voice 1 pots\n port 1/0:23\n")


def test_dsp_cards_stay_since_no_line_of_a_configuration_names_them() -> None:
    found = filled("as5300", "interface Serial2\ncontroller T1 0\n")
    assert found == {"0": "AS53-4CT1+4S", "1": "AS53-VFC-60", "2": "AS53-VFC-60"}


def test_what_was_asked_for_comes_before_what_is_inferred() -> None:
    modules = modules_for("2621", {"1": "NM-HDV-2T1-48"}, "controller T1 1/0\n")
    assert modules["1"] == "NM-HDV-2T1-48"


@pytest.mark.parametrize("name", platform.names())
def test_what_a_chassis_has_by_default_is_found_again_from_its_configuration(name: str) -> None:
    """Writing down every port and inferring from that gives a chassis with the same ports."""
    chassis = Chassis(platform.load(name))
    lines = [f"interface {interface.name}" for interface in chassis.interfaces]
    lines += [f"controller {controller.name}" for controller in chassis.controllers]
    for port in chassis.analog_ports:
        lines += [f"voice-port {port.unit}", *([" supervisory disconnect anytone"] if port.kind == "FXO" else [])]
    again = Chassis(platform.load(name), infer(platform.load(name), "\n".join(lines)))
    assert provided(again) == provided(chassis)


def test_an_analog_module_goes_on_through_its_expansion_modules() -> None:
    text = "voice-port 1/0/0\n!\nvoice-port 1/0/4\n!\nvoice-port 1/0/11\n"
    assert filled("2621xm", text) == {"1": "NM-HDA-4FXS", "1/0": "EM-HDA-8FXS"}
    chassis = Chassis(platform.load("3640"), {"2": "NM-HDA-4FXS", "2/0": "EM-HDA-4FXO", "2/1": "EM-HDA-4FXO"})
    assert [port.unit for port in chassis.analog_ports] == [f"2/0/{n}" for n in range(8)] + [
        f"2/1/{n}" for n in range(4)
    ]


def test_a_trunk_that_talks_has_processors_on_the_board_where_its_card_has_none() -> None:
    trunk = "interface FastEthernet0/0\ncontroller E1 0/0\n"
    assert filled("2651xm", trunk + "interface Serial0/0:15\n") == {"0/0": "VWIC-1MFT-E1"}
    voice = filled("2651xm", f"{trunk}voice-port 0/0:0\n")
    assert voice == {"0/0": "VWIC-1MFT-E1", "AIM0": "AIM-VOICE-30"}
    assert Chassis(platform.load("2651xm"), {**voice, "1": EMPTY}).dsp.total == 30


def test_terminal_lines_name_their_card() -> None:
    assert filled("2621", "interface FastEthernet0/0\nline con 0\nline 33 48\n modem InOut\nline aux 0\n") == {
        "1": "NM-16A"
    }
    assert filled("3640", "interface Ethernet0/0\nline 97 128\nline 130\n") == {"0": "NM-1E", "3": "NM-32A"}
