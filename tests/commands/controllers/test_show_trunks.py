"""What stands on the time slots of trunks, idle and in a call."""

from __future__ import annotations

from typing import Any

from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from tests.commands.routers import User, device


class Office:
    """An exchange whose calls ring."""

    def place(self, setup: CallSetup) -> End:
        self.circuit = Circuit(setup)
        return self.circuit.calling


def trunks() -> tuple[Any, User, Office]:
    """A primary rate interface, a ds0-group that is called out by, and one that is shut down."""
    router, office = device(), Office()
    user = User(router)
    user.configure(
        "isdn switch-type primary-ni",
        "controller T1 0",
        "pri-group timeslots 1-4",
        "controller T1 1",
        "ds0-group 1 timeslots 1-2 type e&m-fgb dtmf dnis",
        "ds0-group 2 timeslots 3 type fxs-ground-start",
        "trunk group out",
        "controller T1 1",
        "cas-custom 1",
        "trunk-group out 3",
        "voice-port 1:2",
        "shutdown",
        "dial-peer voice 1 pots",
        "incoming called-number 555....",
        "direct-inward-dial",
        "dial-peer voice 2 pots",
        "destination-pattern 555....",
        "trunkgroup out",
    )
    for jack in ("T1 0", "T1 1"):
        router.voice.plug(jack, office)
    return router, user, office


def call(router: Any) -> Circuit:
    """A call that comes in by the first trunk and goes out by the second; the caller's circuit."""
    circuit = Circuit(CallSetup("5550199", "4085551234"))
    router.voice.offer("T1 0", circuit.called)
    return circuit


def test_time_slots_by_what_their_group_makes_them() -> None:
    router, user, office = trunks()
    call(router)
    office.circuit.called.answer()
    text = user.type("show controllers timeslots")
    first, second = text.split("T1 1 is up:\n")
    rows = first.splitlines()
    assert rows[0] == "T1 0 is up:"
    assert rows[5].split() == ["1", "pri-voice", "-", "in", "insvc", "busy"]
    assert rows[6] == " 2  pri         -      -   insvc     idle"
    assert rows[28].split() == ["24", "pri-sig", "-", "-", "outofsvc", "reserved"]
    rows = second.splitlines()
    assert rows[4].split() == ["1", "cas-voice", "-", "out", "insvc", "connected", *"11111111"]
    assert rows[5].split() == ["2", "cas", "-", "-", "insvc", "idle", *"00000000"]
    assert rows[6].split()[4] == "outofsvc"
    assert rows[7] == " 4  unused"


def test_calls_are_counted_by_time_slot() -> None:
    router, user, office = trunks()
    circuit = call(router)
    office.circuit.called.answer()
    router.clock.run(until_s=65)
    text = user.type("show controllers T1 call-counters")
    assert "T1 0:\n  DS0's Active: 1\n  DS0's Active High Water Mark: 1\n" in text
    assert "      1       pri           0       00:01:05\n" in text
    circuit.calling.release(Cause.NORMAL)
    text = user.type("show controllers T1 call-counters")
    assert "T1 1:\n  DS0's Active: 0\n  DS0's Active High Water Mark: 1\n" in text
    assert "      1       cas           1       00:01:05\n      2       cas           0       00:00:00\n" in text
    assert text.endswith("System's DS0's Active High Water Mark: 2\n")


def test_a_trunk_group_tells_of_its_members() -> None:
    router, user, _ = trunks()
    call(router)
    text = user.type("show trunk group")
    assert text.startswith("Trunk group: out\n        Description:\n        trunk group label: out\n")
    assert "        Hunt Scheme is least-used\n" in text
    assert "        Trunk 1:1        Preference 3\n                Total channels available : 1\n" in text
    assert "                Data = 0, Voice = 1, Modem = 0, Pending = 0, Free = 1\n" in text
    assert user.type("show trunk group other") == ""


def test_voice_calls_by_port() -> None:
    router, user, office = trunks()
    call(router)
    office.circuit.called.alert()
    rows = {row.split()[0]: row for row in user.type("show voice call summary").splitlines()}
    assert rows["0:D.1"].split() == ["0:D.1", "None", "y", "S_ALERTING", "S_TSP_INCALL"]
    assert rows["0:D.2"].split() == ["0:D.2", "-", "-", "-"]
    assert rows["1:1.1"].split() == ["1:1.1", "None", "y", "S_ALERTING", "EM_OFFHOOK"]
    assert rows["1:1.2"].split()[-1] == "EM_ONHOOK"
    assert rows["1:2.3"].split()[-1] == "*shutdown*"
    office.circuit.called.answer()
    rows = {row.split()[0]: row for row in user.type("show voice call summary").splitlines()}
    assert rows["1:1.1"] == "1:1.1          g711ulaw  y  S_CONNECT             EM_CONNECT"


def test_ports_of_ds0_groups_in_the_tables_of_voice_ports() -> None:
    router, user, _ = trunks()
    call(router)
    table = user.type("show voice port summary")
    assert "1:1             01  e&m-fgb     up    up   seized   seized   y \n" in table
    assert "1:2             03  fxs-gs      down  down on-hook  idle     y \n" in table
    text = user.type("show voice port 1:1")
    assert text.startswith("recEive And transMit 1:1\n Type of VoicePort is E&M\n")
    assert "    1:1        01  e&m-fgb     up   none     none" in text


def test_a_voice_call_is_shown_as_voice_and_not_as_fax() -> None:
    router, user, office = trunks()
    circuit = call(router)
    office.circuit.called.answer()
    router.clock.run(until_s=7)
    assert "Total call-legs: 0\n" in user.type("show call active fax")
    text = user.type("show call active voice")
    assert text.count("InfoType=speech\n") == 2
    assert "CoderTypeRate=g711ulaw\n" in text
    assert "TxDuration=7000 ms\nVoiceTxDuration=7000 ms\nFaxTxDuration=0 ms\n" in text
    brief = user.type("show call active voice brief")
    assert (
        "1    : 0hs.1 +0 pid:1 Answer 4085551234 active\n dur 00:00:07 tx:0/0 rx:0/0\n Tele 0:D (1): tx:7000/7000/0ms"
        in brief
    )
    circuit.calling.release(Cause.NORMAL)
    assert user.type("show call history voice").count("DisconnectCause=10") == 2
    assert "Total call-legs: 0\n" in user.type("show call history fax")
    assert user.type("show call history voice last 1").count("GENERIC") == 1
