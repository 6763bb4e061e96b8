"""NextPort modules, voice cards of an AS5800 and their calls: as they are shown idle, in a call, and after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iosemu.router import Router
from iosemu.voice.circuit import Circuit
from iosemu.voice.legs import Telephony
from tests.commands.routers import CARET, User
from tests.commands.test_show_voice_hardware import ON_RAMP, in_a_call, router_with

SHOWS = Path(__file__).parents[4] / "shared" / "corpus" / "show"
CONTROLLERS = {"as5350": "3/0", "as5400": "6/0", "as5800": "1/0/0", "as5850": "0/0"}


def gateway(platform: str = "as5350") -> Router:
    """A gateway with an on-ramp on its first trunk."""
    unit = CONTROLLERS[platform]
    return router_with(platform, ON_RAMP.replace("T1 1/0", f"T1 {unit}").replace("1/0:23", f"{unit}:D"))


def with_a_call(platform: str = "as5350") -> tuple[Router, Circuit, User]:
    router = gateway(platform)
    circuit = in_a_call(router, f"T1 {CONTROLLERS[platform]}")
    assert len(router.device.chassis.dsp.in_use) == 1
    return router, circuit, User(router.device)


def published(name: str) -> list[str]:
    """The lines of a published output, but for the command at its beginning."""
    found = sorted(SHOWS.glob(f"{name}__*.txt"))
    if not found:
        pytest.skip(f"no published {name}")
    text = found[0].read_text("utf-8", "replace")
    return [re.sub(r"^\S+[#>] ?show [\w/ -]*?(?=#SPE|$)", "", line).rstrip() for line in text.splitlines()]


def form(line: str) -> str:
    """A line without its figures and without how far apart its words stand."""
    return re.sub(r"\s+", " ", re.sub(r"\d+", "0", line)).strip()


def test_an_element_has_the_lines_of_the_published_one() -> None:
    text = User(gateway().device).type("show spe voice 2/1")
    assert text.startswith("#SPE 2/01\nCisco Universal SPE (Managed); Port 2/6 - 2/11\n")
    wanted = {form(line.replace(" -", "-").replace("- ", "-")) for line in published("show-spe-voice") if line}
    assert {form(line.replace(" -", "-").replace("- ", "-")) for line in text.splitlines()} <= wanted | {"#SPE 0/0"}


def test_what_elements_have_done_is_counted_when_a_call_has_ended() -> None:
    router, circuit, user = with_a_call()
    assert "#SPE 2/00\n" in user.type("show spe voice active")
    assert re.search(r" 0 Incoming calls +0 Outgoing", user.type("show spe voice 2/0"))
    circuit.calling.release()
    router.device.clock.run(until_s=10)
    assert user.type("show spe voice active") == ""
    for command in ("show spe voice 2/0", "show spe voice summary", "show spe voice summary 2"):
        assert re.search(r" 1 Incoming calls +0 Outgoing", user.type(command))
    assert re.search(r" 0 Incoming calls +0 Outgoing", user.type("show spe voice 2/1"))


def test_elements_are_named_by_slot_and_number_and_from_one_to_another() -> None:
    user = User(gateway().device)
    rows = lambda command: re.findall(r"^2/\d\d(?=  )", user.type(command), re.MULTILINE)  # noqa: E731
    assert rows("show spe 2/3 2/5") == ["2/03", "2/04", "2/05"]
    assert rows("show spe 2/17") == ["2/17"]
    assert len(rows("show spe 2")) == 18
    assert rows("show spe version 2/4") == ["2/04"]
    for command in ("show spe 1", "show spe 2/18", "show spe 2/1 3", "show spe voice x"):
        assert user.type(command).endswith(CARET)


def test_a_session_on_a_port() -> None:
    router, circuit, user = with_a_call()
    busy, idle = user.type("show nextport session 2/0"), user.type("show nextport session 2/1")
    assert "  Service Type   : FAX RELAY\n  Session State  : ACTIVE\n" in busy
    assert "  Module Address : Slot 2 DFC 0 Module 0 SPE 0 Channel 1\n" in idle
    assert "  Service Type   : DATA FAX MODEM\n  Session State  : IDLE\n" in idle
    assert "Module 2 SPE 5 Channel 5\n" in user.type("show nextport session 2/107")
    assert user.type("show nextport session 2/108").endswith(CARET)
    status = user.type("show port operational-status 2/0")
    assert status.startswith("Slot/SPE/Port -- 2/0/0\nService Type                      : Fax relay service\n")
    assert ": None\n" in user.type("show port operational-status 2/6")
    assert user.type("show port operational-status").count("Slot/SPE/Port") == 108
    device = user.type("show nextport ssm vdev 2/0")
    assert "VDEV_STATUS_ACTIVE_CALL" in device
    assert "The calling party phone number = 4085550000\n" in device
    assert device.endswith(user.type("show csm voice 2/0"))
    circuit.calling.release()
    router.device.clock.run(until_s=10)
    after = user.type("show csm voice 2/0")
    assert "=CSM_IDLE_STATE," in after
    assert "ic_failure=1, ic_complete=0\n" in after
    assert "The called party phone number  = 5551234\n" in after


def test_packets_by_slot_and_by_port() -> None:
    _, _, user = with_a_call()
    slots = user.type("show nextport vpd statistics")
    assert re.findall(r"slot (\d)\nStatus: (\w+)", slots) == [("1", "Idle"), ("2", "Active"), ("3", "Idle")]
    assert slots.count("\n rx_successful= 0\n rx_failed= 0\n  queue destroyed = 0\n") == 3
    assert "slot 2 port 0\nStatus: Active\n" in user.type("show nextport vpd statistics 2/0")
    assert "slot 2 port 1\nStatus: Idle\n" in user.type("show nextport vpd traffic 2/1")


def test_modules_are_where_cards_are() -> None:
    text = User(gateway("as5400").device).type("show nextport mm")
    places = re.findall(r"^NP Module\((\d+) *\): (.*)$", text, re.MULTILINE)
    assert [int(number) for number, _ in places] == list(range(3, 24))
    assert [place for _, place in places if place.startswith("slot")] == [
        f"slot=4, dfc=0, module={module}" for module in range(3)
    ]
    assert text.count("state = MODULE NOT INSERTED\n") == 18
    assert text.count("num SPEs=6\n") == 3


def test_time_slots_name_the_port_that_carries_their_call() -> None:
    router, _, user = with_a_call()
    lines = user.type("show tdm mapping controller t1 3/0").splitlines()
    assert lines[0] == "T1 3/0 is up:"
    (channel,) = router.device.voice.control.active
    assert isinstance(channel.detail, Telephony)
    assert [line.split() for line in lines if "VOICE" in line] == [[str(channel.detail.channel), "2/0", "VOICE"]]
    assert lines[-1].split() == ["24", "Freedm", "Signaling"]
    assert user.type("show tdm mapping").count(" is ") == 8
    assert user.type("show tdm mapping controller t1 9/9").endswith(CARET)


def test_call_rates_move_with_the_clock() -> None:
    router, circuit, user = with_a_call("as5850")
    clock = router.device.clock
    graph = user.type("show csm call rate")
    assert "    1 #\n      0....5....1....1....2....2....3....3....4....4....5....5....\n" in graph
    assert "CSM call switching rate per second (last 60 seconds)\n" in graph
    circuit.calling.release()
    # The call was released before its caller's machine had trained: it has failed.
    assert "    1 #\n" in user.type("show csm call failed").split("(last 60 seconds)")[0]
    clock.run(until_s=200)
    second, minute, hour = user.type("show csm call total").split("CSM total calls (last")[:3]
    assert "#" not in second
    assert "    1    #\n" in minute
    assert "    1 #\n" in hour
    table = User(router_with("as5300").device).type("show csm call-rate table").splitlines()
    assert table[:4] == [
        "          CSM call switching rate per second (last 60 seconds)",
        "Period     Actual     Average",
        "--------------------------------------",
        " 1-5            0          0",
    ]


def test_devices_of_an_as5800() -> None:
    _, _, user = with_a_call("as5800")
    active = user.type("show vrm active_calls all")
    assert active.startswith("slot =  2 virtual voice dev (tag) =  1 channel id = 1\n")
    assert active == user.type("show vrm active_calls 2")
    assert user.type("show vrm active_calls 0").endswith(CARET)
    one = user.type("show vrm vdevices 2 1")
    wanted = {form(line) for line in active.splitlines()} | {"Resource (vdev_common) status = 0 means :idle"}
    assert {form(line) for line in one.splitlines()} <= wanted
    summary = user.type("show vrm vdevices summary")
    assert "number of modules = 16 number of voice devices (DSPs) = 96\n" in summary
    assert (
        "chans per vdevice = 2 tot chans = 192 tot active calls = 1\nmodule presense bit map = FFFF tdm mode" in summary
    )
    assert "1                     1        1     1     0       0      0\n" in summary
    assert "96                    16       6     0     0       0      0\n" in summary
    assert user.type("show vrm vdevices alarms 2").count("READY CD") == 192


@pytest.mark.parametrize("what", ["cap-list", "default-file"])
def test_files_of_a_feature_card_are_the_published_ones(what: str) -> None:
    user = User(router_with("as5300", s2="empty").device)
    printed = user.type(f"show vfc 1 {what}")
    files = [file for file in SHOWS.glob("show-vfc-1__*.txt") if f"show vfc 1 {what}" in file.read_text("utf-8")]
    if not files:
        pytest.skip("no published show vfc")
    text = files[0].read_text("utf-8").partition(what)[2].strip()
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in text.splitlines()]
    assert user.type(f"show vfc 2 {what}").endswith(CARET)
    assert "\n1 .  vcw-vfc-mz.gsm.VCW               292628\n" in user.type("show vfc 1 directory")
    assert "\n10.  cdc-g728-l.0.1.bin               22270\n" in user.type("show vfc 1 directory")


def test_thresholds_follow_the_configuration_and_the_load() -> None:
    _, _, user = with_a_call()
    plain = user.type("show call resource voice threshold")
    assert plain.count("High Water Mark: 90\nLow Water Mark: 90\nThreshold State: init\n") == 2
    user.configure("gateway", "resource threshold all high 4 low 2")
    states = re.findall(
        r"^(\w+) Threshold:\n(?:.*\n){3}Threshold State: (\w+)$",
        user.type("show call resource voice threshold"),
        re.MULTILINE,
    )
    # One of 23 time slots, one of 108 channels.
    assert states == [("DS0", "high_threshold_hit"), ("DSP", "low_threshold_hit")]
