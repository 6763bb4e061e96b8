"""Groups of time slots as voice ports, trunk groups, and which peer a call hunts on to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iosemu.chassis import platform
from iosemu.chassis.hardware import Chassis
from iosemu.cli.catalogue import Catalogue
from iosemu.mail.envelope import FaxMail
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.ports import CasSignalling
from tests.voice.conftest import OFF_RAMP, ON_RAMP, Rig

MakeMail = Callable[..., FaxMail]


def cas(text: str, type_: str) -> str:
    """A configuration whose voice port 0:D is a ds0-group instead."""
    group = f"controller T1 0\n ds0-group 1 timeslots 1-4,7 type {type_}"
    lines = text.replace("controller T1 0\n pri-group timeslots 1-24", group)
    return lines.replace("0:D", "0:1")


@pytest.mark.parametrize("type_", ["e&m-fgb dtmf dnis", "e&m-immediate-start", "fxs-loop-start", "r1-itu dnis"])
def test_a_fax_comes_in_and_goes_out_on_a_ds0_group(commands: Catalogue, mail: MakeMail, type_: str) -> None:
    rig = Rig(cas(ON_RAMP, type_), commands)
    machine = rig.fax()
    rig.clock.run()
    assert machine.result.ok
    fax, _ = rig.history()
    assert (fax.detail.port, fax.detail.channel, fax.detail.called, fax.text) == (
        "0:1",
        1,
        "5550199",
        "Normal connection",
    )
    assert rig.at_rest()

    rig = Rig(cas(OFF_RAMP, type_), commands)
    machine = rig.machine()
    assert rig.deliver(mail("9-555-8354"), machine).ok
    assert (machine.setup.called, machine.setup.calling) == ("5558354", "")
    assert rig.history()[0].detail.channel == 1  # the lowest; a primary rate interface takes the highest
    assert rig.at_rest()


def test_the_caller_is_told_where_ani_is_asked_for(commands: Catalogue) -> None:
    for type_, caller in (("e&m-fgb mf ani-dnis", "15551234"), ("e&m-fgb dtmf dnis", ""), ("fgd-eana", "15551234")):
        rig = Rig(cas(ON_RAMP, type_), commands)
        rig.fax()
        rig.clock.run()
        assert rig.history()[0].detail.calling == caller


def test_signalling_tells_kind_and_caller() -> None:
    def kind(text: str) -> str:
        return CasSignalling(tuple(text.split())).kind

    words = (
        "e&m-wink-start",
        "fxs-ground-start",
        "fxo-loop-start",
        "r2-digital r2-compelled ani",
        "fgd-os mf",
        "r1-itu",
    )
    assert [kind(text) for text in words] == ["E&M", "FXS", "FXO", "R2", "E&M", "E&M"]
    assert CasSignalling(("r2-digital", "r2-compelled", "ani")).tells_caller
    assert not CasSignalling(("r2-digital", "dtmf", "dnis")).tells_caller


def test_a_full_group_refuses_and_takes_the_next_when_one_ended(commands: Catalogue) -> None:
    rig = Rig(cas(ON_RAMP, "e&m-fgb dtmf dnis"), commands)
    machines = [rig.fax(machine=rig.machine(number=str(at))) for at in range(6)]
    rig.clock.run(until_s=2)
    assert [machine.released for machine in machines] == [None] * 5 + [Cause.NO_CIRCUIT]
    refused = rig.history()[-1]
    assert (refused.text, refused.detail.channel) == ("no circuit (34)", 0)
    machines[0].hang_up()
    late = rig.fax()
    rig.clock.run()
    assert late.result.ok
    assert [machine.result.ok for machine in machines[1:5]] == [True] * 4
    assert rig.at_rest()


def test_a_group_signalled_by_something_else_takes_no_call(commands: Catalogue) -> None:
    rig = Rig(cas(ON_RAMP, "none"), commands)
    machine = rig.fax()
    rig.clock.run()
    assert machine.released is Cause.OUT_OF_ORDER
    rig.configure("controller T1 0\n ds0-group 2 timeslots 10-11 type e&m-fgb dtmf dnis")
    machine = rig.fax()
    rig.clock.run()
    assert machine.result.ok
    assert rig.history()[-2].detail.port == "0:2"


def test_groups_of_one_controller_share_its_cable(commands: Catalogue) -> None:
    rig = Rig(ON_RAMP.replace("timeslots 1-24", "timeslots 1-2"), commands)
    rig.configure("controller T1 0\n ds0-group 1 timeslots 10-11 type e&m-fgb dtmf dnis")
    for at in range(4):
        rig.fax(machine=rig.machine(number=str(at)))
    rig.clock.run()
    used = [(leg.detail.port, leg.detail.channel) for leg in rig.history() if hasattr(leg.detail, "port")]
    assert sorted(used) == [("0:1", 10), ("0:1", 11), ("0:D", 1), ("0:D", 2)]


def test_a_changed_ds0_group_keeps_its_calls_and_goes_with_its_line(commands: Catalogue) -> None:
    rig = Rig(cas(ON_RAMP, "e&m-fgb dtmf dnis"), commands)
    rig.fax()
    rig.clock.run(until_s=2)
    before = rig.voice.ports["0:1"].channels[0]
    rig.configure("controller T1 0\n no ds0-group 1\n ds0-group 1 timeslots 1-8 type fxs-loop-start")
    port = rig.voice.ports["0:1"]
    assert (port.kind, len(port.channels), port.channels[0] is before) == ("FXS", 8, True)
    rig.configure("controller T1 0\n no ds0-group 1")
    assert "0:1" not in rig.voice.ports


# Trunk groups and hunting.

GROUPED = (
    OFF_RAMP.replace(" port 0:D\n", " trunkgroup far\n")
    + """
trunk group far
controller T1 1
 pri-group timeslots 1-2,24
interface Serial0:23
 trunk-group far 2
interface Serial1:23
 trunk-group far 1
"""
)


def routed(rig: Rig, mail: MakeMail, moods: list[str]) -> tuple[Any, list[str]]:
    """The result of a mail where the exchange at T1 0, T1 1 ... behaves so, and the ports that were tried."""
    for at, mood in enumerate(moods):
        rig.voice.plug(f"T1 {at}", rig.machine(mood))
    result = rig.deliver(mail("9-555-8354"))
    return result, [leg.detail.port for leg in rig.history() if hasattr(leg.detail, "port")]


def test_a_trunk_group_is_tried_by_preference(commands: Catalogue, mail: MakeMail) -> None:
    rig = Rig(GROUPED, commands)
    assert routed(rig, mail, ["answer", "answer"])[1] == ["1:D"]
    for channel in rig.voice.ports["1:D"].channels:
        channel.call_id = 99
    assert routed(rig, mail, ["answer", "answer"])[1] == ["1:D", "0:D"]


def test_the_least_used_trunk_of_a_group_comes_first(commands: Catalogue, mail: MakeMail) -> None:
    text = GROUPED.replace("far 1", "far").replace("far 2", "far")
    rig = Rig(text, commands)
    rig.voice.ports["0:D"].channels[0].call_id = 99
    assert routed(rig, mail, ["answer", "answer"])[1] == ["1:D"]
    rig = Rig(text + "trunk group far\n hunt-scheme sequential\n", commands)
    rig.voice.ports["0:D"].channels[0].call_id = 99
    assert routed(rig, mail, ["answer", "answer"])[1] == ["0:D"]


def test_a_trunk_group_closes_at_its_most_calls(commands: Catalogue, mail: MakeMail) -> None:
    rig = Rig(GROUPED + "trunk group far\n max-calls any 2 direction out\n", commands)
    rig.voice.ports["0:D"].channels[0].call_id = 99
    assert routed(rig, mail, ["answer", "answer"])[0].ok
    rig.voice.ports["0:D"].channels[1].call_id = 99
    result, ports = routed(rig, mail, ["answer", "answer"])
    assert result.cause is Cause.NO_CIRCUIT
    assert ports == ["1:D"]  # that of the first call


def test_time_slots_that_are_busied_out_take_no_call(commands: Catalogue) -> None:
    rig = Rig(cas(ON_RAMP, "e&m-fgb dtmf dnis") + "controller T1 0\n ds0 busyout 1-3\n", commands)
    rig.fax()
    rig.clock.run(until_s=2)
    assert [channel.number for channel in rig.voice.ports["0:1"].channels if not channel.idle] == [4]
    rig.configure("controller T1 0\n ds0 busyout 1-7")
    late = rig.fax()
    assert late.released is Cause.NO_CIRCUIT
    rig.clock.run()
    assert rig.history()[-1].text == "normal call clearing."  # who was on it before went on
    rig.configure("controller T1 0\n no ds0 busyout 1-7")
    assert rig.voice.ports["0:1"].idle_channels == 5


TWO_PEERS = (
    OFF_RAMP
    + """
controller T1 1
 pri-group timeslots 1-24
dial-peer voice 5 pots
 destination-pattern 9.......
 preference 1
 port 1:D
"""
)


@pytest.mark.parametrize(
    ("mood", "extra", "ports"),
    [
        ("answer", "", ["0:D"]),
        ("cut", "", ["0:D", "1:D"]),
        ("cut", "dial-peer voice 4 pots\n huntstop\n", ["0:D"]),
        ("busy", "", ["0:D"]),
        ("busy", "voice hunt user-busy\n", ["0:D", "1:D"]),
        ("gone", "", ["0:D", "1:D"]),
        ("gone", "no voice hunt unassigned-number\n", ["0:D"]),
        ("busy", "voice hunt all\n", ["0:D", "1:D"]),
        ("silent", "", ["0:D"]),
        ("answer", "dial-peer voice 4 pots\n preference 2\n", ["1:D"]),
    ],
)
def test_the_next_peer_is_tried_where_the_trunk_failed(
    commands: Catalogue, mail: MakeMail, mood: str, extra: str, ports: list[str]
) -> None:
    rig = Rig(TWO_PEERS + extra, commands)
    assert routed(rig, mail, [mood, "answer"])[1] == ports


def test_peers_take_turns_where_the_hunt_order_says_so(commands: Catalogue, mail: MakeMail) -> None:
    rig = Rig(TWO_PEERS + "dial-peer hunt 7\n", commands)
    for at in (0, 1):
        rig.voice.plug(f"T1 {at}", rig.machine())
    for _ in range(3):
        rig.clock.run(until_s=rig.clock.now() + 1)
        assert rig.deliver(mail("9-555-8354")).ok
    assert [leg.detail.port for leg in rig.history() if hasattr(leg.detail, "port")] == ["0:D", "1:D", "0:D"]


# Voice from one port to another.

VOICE = """
hostname gw
controller T1 0
 pri-group timeslots 1-24
controller T1 1
 pri-group timeslots 1-24
dial-peer voice 1 pots
 incoming called-number 7..
 direct-inward-dial
dial-peer voice 2 pots
 destination-pattern 7..
 prefix 555
 port 1:D
"""


class Caller:
    """The end of a call that is offered to the router."""

    def __init__(self, rig: Rig, called: str) -> None:
        self.heard: list[object] = []
        circuit = Circuit(CallSetup(called, "15551234"))
        self.end: End = circuit.calling
        self.end.on_answer = lambda: self.heard.append("answer")
        self.end.on_release = self.heard.append
        self.end.on_signal = self.heard.append
        rig.voice.offer("T1 0", circuit.called)


def test_a_voice_call_goes_through_and_ends_with_the_caller(commands: Catalogue) -> None:
    rig = Rig(VOICE, commands)
    far = rig.machine()
    rig.voice.plug("T1 0", rig.machine())
    rig.voice.plug("T1 1", far)
    caller = Caller(rig, "712")
    rig.clock.run(until_s=10)
    assert "answer" in caller.heard
    assert (far.setup.called, far.setup.calling) == ("55512", "15551234")
    assert len(caller.heard) > 1  # the fax machine's tone comes through
    assert [channel.use.name for channel in rig.voice.chassis.dsp.in_use] == ["VOICE", "VOICE"]
    caller.end.release(Cause.NORMAL)
    assert far.released is Cause.NORMAL
    assert rig.at_rest()
    far_leg, near_leg = rig.history()
    assert (near_leg.tag, far_leg.tag, near_leg.connection) == (1, 2, far_leg.connection)
    assert near_leg.detail.speech
    assert near_leg.connect_s == far_leg.connect_s == pytest.approx(4.4)


@pytest.mark.parametrize(("mood", "cause"), [("busy", Cause.USER_BUSY), ("gone", Cause.UNALLOCATED)])
def test_the_caller_hears_why_the_far_side_took_no_call(commands: Catalogue, mood: str, cause: Cause) -> None:
    rig = Rig(VOICE, commands)
    rig.voice.plug("T1 0", rig.machine())
    rig.voice.plug("T1 1", rig.machine(mood))
    caller = Caller(rig, "712")
    rig.clock.run(until_s=10)
    assert caller.heard == [cause]
    assert rig.at_rest()


def test_a_voice_call_hunts_on_too(commands: Catalogue) -> None:
    second = "dial-peer voice 3 pots\n destination-pattern 7..\n prefix 555\n preference 1\n port 2:D\n"
    trunk = "controller T1 2\n pri-group timeslots 1-24\n"
    for extra, mood, answered in (("", "cut", True), ("", "silent", False), ("voice hunt no-answer\n", "silent", True)):
        rig = Rig(VOICE + trunk + second + extra, commands)
        rig.voice.plug("T1 0", rig.machine())
        rig.voice.plug("T1 1", rig.machine(mood))
        rig.voice.plug("T1 2", rig.machine())
        caller = Caller(rig, "712")
        rig.clock.run(until_s=190)
        assert ("answer" in caller.heard) is answered
        if not answered:
            assert caller.heard == [Cause.NO_ANSWER]
        caller.end.release()
        assert rig.at_rest()


def test_without_direct_inward_dialling_a_dial_tone_waits_for_digits(commands: Catalogue) -> None:
    rig = Rig(VOICE.replace(" direct-inward-dial\n", ""), commands)
    rig.voice.plug("T1 0", rig.machine())
    caller = Caller(rig, "712")
    assert caller.heard == ["answer"]
    rig.clock.run()
    assert caller.heard == ["answer", Cause.NORMAL]
    assert rig.clock.now() == 10
    assert rig.at_rest()


def test_switching_the_router_off_cuts_a_voice_call(commands: Catalogue) -> None:
    rig = Rig(VOICE, commands)
    far = rig.machine()
    rig.voice.plug("T1 0", rig.machine())
    rig.voice.plug("T1 1", far)
    caller = Caller(rig, "712")
    rig.clock.run(until_s=6)
    rig.voice.shut_down()
    assert caller.heard[-1] is far.released is Cause.TEMPORARY_FAILURE
    assert rig.at_rest()


@pytest.mark.parametrize("how", ["cable", "controller", "d-channel"])
def test_a_trunk_that_goes_down_takes_its_calls_along(commands: Catalogue, how: str) -> None:
    rig = Rig(VOICE + "interface Serial1:23\n no shutdown\n", commands)
    far = rig.machine()
    rig.voice.plug("T1 0", rig.machine())
    rig.voice.plug("T1 1", far)
    caller = Caller(rig, "712")
    other = Caller(rig, "799")
    other.end.release()
    rig.clock.run(until_s=6)
    if how == "cable":
        rig.voice.plug("T1 1", None)
    else:
        rig.configure("controller T1 1\n shutdown" if how == "controller" else "interface Serial1:23\n shutdown")
    assert caller.heard[-1] is Cause.OUT_OF_ORDER
    assert rig.at_rest()
    late = Caller(rig, "712")
    assert late.heard == [Cause.OUT_OF_ORDER]


def test_every_platform_names_a_group_after_its_controller() -> None:
    for name, unit in (("as5300", "0"), ("as5350", "3/0"), ("3640", "1/0"), ("as5850", "0/0")):
        modules = {"1": "NM-HDV-1T1-24"} if name == "3640" else None
        assert Chassis(platform.load(name), modules).controllers[0].unit == unit
