"""The text of the ISDN debugs, and what the log says of calls."""

from __future__ import annotations

from typing import Any

from iosemu.commands.debug import isdn as debug_isdn
from iosemu.commands.interfaces import traffic as interface_traffic
from iosemu.commands.voice import call_messages
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.events import CallRefused
from iosemu.voice.q931 import Element, Q931Message
from tests.commands.routers import User, device

CONFIG = "controller T1 0\n pri-group timeslots 1-24\n"


class Office:
    """An exchange whose calls ring."""

    def place(self, setup: CallSetup) -> End:
        circuit = Circuit(setup)
        self.called = circuit.called
        return circuit.calling


def called(*debugs: str) -> tuple[Any, User, End, list[str]]:
    """A router with a primary rate interface that is called and has answered; its caller's end, and what it logged."""
    router = device()
    user = User(router)
    user.configure("isdn switch-type primary-ni", "controller T1 0", "pri-group timeslots 1-24")
    for watcher in (call_messages, debug_isdn, interface_traffic):
        watcher.attach(router)
    said: list[str] = []
    router.log.attach_console(said.append)
    user.type(*(f"debug {debug}" for debug in debugs))
    router.voice.plug("T1 0", Office())
    circuit = Circuit(CallSetup("5550199", "4085551234"))
    router.voice.offer("T1 0", circuit.called)  # no peer names it: it hears a dial tone
    return router, user, circuit.calling, said


def lines(said: list[str]) -> list[str]:
    return [line.partition(": ")[2] for line in said if "ISDN" in line or "        " in line]


def test_later_releases_spell_out_what_an_element_says() -> None:
    elements = (
        Element("Bearer Capability", bytes.fromhex("8090A2")),
        Element("Channel ID", bytes.fromhex("A98381")),
        Element("Called Party Number", bytes.fromhex("A1"), "5555"),
    )
    message = Q931Message("Serial3/0:23", False, "SETUP", 0x5A, elements)
    assert list(debug_isdn.q931_lines(message, spelled=True)) == [
        "ISDN Se3/0:23 Q931: RX <- SETUP pd = 8  callref = 0x005A",
        "        Bearer Capability i = 0x8090A2",
        "                Standard = CCITT",
        "                Transfer Capability = Speech",
        "                Transfer Mode = Circuit",
        "                Transfer Rate = 64 kbit/s",
        "        Channel ID i = 0xA98381",
        "                Exclusive, Channel 1",
        "        Called Party Number i = 0xA1, '5555'",
        "                Plan:ISDN, Type:National",
    ]


def test_the_switches_of_isdn_are_listed_with_their_d_channels() -> None:
    _, user, _, _ = called("isdn q931")
    assert user.type("show debugging").splitlines()[:6] == [
        "ISDN:",
        "  ISDN Q931 packets debugging is on",
        "  ISDN Q931 packets debug DSLs. (On/Off/No DSL:1/0/-)",
        "  DSL  0 --> 31",
        "  1 - - - - - - -  - - - - - - - -  - - - - - - - -  - - - - - - - -  ",
        "",
    ]


def test_q931_in_the_form_of_published_captures() -> None:
    _, _, caller, said = called("isdn q931")
    assert lines(said)[:5] == [
        "ISDN Se0:23: RX <-  SETUP pd = 8  callref = 0x0001",
        "        Bearer Capability i = 0x9090A2",
        "        Channel ID i = 0xA98381",
        "        Calling Party Number i = 0x0083, '4085551234', Plan:Unknown, Type:Unknown",
        "        Called Party Number i = 0x80, '5550199', Plan:Unknown, Type:Unknown",
    ]
    said.clear()
    caller.release(Cause.NORMAL)
    assert lines(said)[:4] == [
        "ISDN Se0:23: RX <-  DISCONNECT pd = 8  callref = 0x0001",
        "        Cause i = 0x8290 - Normal call clearing",
        "ISDN Se0:23: TX ->  RELEASE pd = 8  callref = 0x8001",
        "ISDN Se0:23: RX <-  RELEASE_COMP pd = 8  callref = 0x0001",
    ]


def test_events_tell_of_the_call_and_its_channel() -> None:
    _, _, caller, said = called("isdn event")
    assert "ISDN Se0:23: Event: Received a VOICE call from 4085551234 on B1 at 64 Kb/s" in lines(said)
    assert "ISDN Se0:23: Event: Connected to 4085551234 on B1 at 64 Kb/s" in lines(said)
    caller.release(Cause.USER_BUSY)
    assert lines(said)[-2] == "ISDN Se0:23: Event: Call id 0x0001 was disconnected, cause 17"


def test_nothing_is_told_while_no_switch_is_on_but_the_connection() -> None:
    router, _, caller, said = called()
    router.clock.run(until_s=5)
    caller.release(Cause.NORMAL)
    assert lines(said) == [
        "%ISDN-6-CONNECT: Interface Serial0:0 is now connected to 4085551234 N/A",
        "%ISDN-6-DISCONNECT: Interface Serial0:0  disconnected from 4085551234 , call lasted 5 seconds",
    ]


def test_only_a_call_without_a_circuit_is_logged() -> None:
    router, _, _, said = called()
    for cause in (Cause.NO_ROUTE, Cause.USER_BUSY, Cause.NO_CIRCUIT):
        router.bus.publish(CallRefused("0:D", CallSetup("5550199"), cause, "no free channel"))
    (line,) = [line for line in said if "VTSP" in line]
    text = "%VTSP-4-NO_RESOURCE: Call on voice port 0:D to 5550199 refused, no free channel, cause = 34"
    assert line.endswith(text)


def test_show_debugging_names_the_family() -> None:
    _, user, _, _ = called("isdn q931", "isdn event")
    text = user.type("show debugging")
    assert text.startswith("ISDN:\n  ISDN events debugging is on\n  ISDN Q931 packets debugging is on\n")


def test_a_call_moves_the_counters_of_its_d_channel_until_they_are_cleared() -> None:
    router, _, caller, _ = called()
    user = User(router, "")
    text = user.type("show interfaces Serial0:23")
    # SETUP and CONNECT_ACK came in, two frames acknowledged what went out; the other way round as well.
    assert "     4 packets input, " in text
    assert "     4 packets output, " in text
    assert "Last input 00:00:00, output 00:00:00" in text
    assert "0 packets input, 0 bytes" in user.type("show interfaces FastEthernet0")
    user.type("clear counters Serial0:23")
    assert "     0 packets input, 0 bytes" in user.type("show interfaces Serial0:23")
    caller.release(Cause.NORMAL)
    assert "     3 packets input, " in user.type("show interfaces Serial0:23")


def test_what_isdn_shows_of_a_call() -> None:
    router, user, caller, _ = called()
    status = user.type("show isdn status")
    assert "        1 Active Layer 3 Call(s)\n        CCB:callid=1, sapi=0, ces=0, B-chan=1, calltype=VOICE\n" in status
    assert "The Free Channel Mask:  0x807FFFFE" in status
    assert status.endswith("    Total Allocated ISDN CCBs = 1\n")
    router.clock.run(until_s=7)
    row = user.type("show isdn active").splitlines()[-2]
    assert row.split() == ["In", "4085551234", "5550199", "7", "0", "0"]
    caller.release(Cause.NORMAL)
    assert user.type("show isdn active").count("\n") == 7
    row = user.type("show isdn history").splitlines()[-2]
    assert row.split() == ["In", "4085551234", "5550199", "7"]


def test_the_channels_of_an_interface_by_their_state() -> None:
    _, user, caller, _ = called()
    lines = user.type("show isdn service").splitlines()
    assert lines[:3] == [
        "PRI Channel Statistics:",
        "ISDN Se0:23, Channel [1-24]",
        "  Configured Isdn Interface (dsl) 0",
    ]
    assert lines[4] == "    Channel :  1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4"
    assert lines[5] == "    State   :  2 " + "0 " * 22 + "3"
    assert lines[8] == "    State   :  " + "0 " * 23 + "2"
    caller.release(Cause.NORMAL)
    assert user.type("show isdn service").splitlines()[5].split()[2] == "0"


def test_a_condition_chooses_the_calls_of_a_trunk() -> None:
    def told(*debugs: str) -> bool:
        return any("ISDN Se0:23" in line for line in called(*debugs)[3])

    assert told("isdn q931", "condition called 555")
    assert told("isdn q931", "condition calling 408")
    assert told("isdn event", "condition voice-port 0:D")
    assert not told("isdn q931", "condition called 777")
    assert not told("isdn event", "condition voice-port 1:D")
