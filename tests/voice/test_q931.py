"""The messages of a D channel, in the order in which they cross the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iosemu.clock import ManualClock
from iosemu.mail.envelope import FaxMail
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.q931 import ChannelConnected, ChannelDisconnected, DChannel, Q931Message

MakeMail = Callable[..., FaxMail]


class Line:
    """A D channel, and both ends of a call on it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.events: list[Any] = []
        self.channel = DChannel(self.clock, self.events.append, "0", 23, "T1")
        self.heard: list[object] = []

    def told(self) -> list[str]:
        """The messages since the last time: `>` was sent, `<` was received."""
        found = [f"{'>' if e.sent else '<'}{e.name} {e.reference:04X}" for e in self.events if type(e) is Q931Message]
        self.events.clear()
        return found

    def arrive(self) -> tuple[End, End]:
        """A call comes in: the exchange's end and the router's."""
        circuit = Circuit(CallSetup("5550199", "15551234"))
        end = self.channel.arrive(circuit.called, 1)
        end.on_release = self.heard.append
        circuit.calling.on_release = self.heard.append
        circuit.calling.on_answer = lambda: self.heard.append("answer")
        return circuit.calling, end

    def place(self) -> tuple[End, End]:
        """A call goes out: the exchange's end and the router's."""
        far: list[End] = []

        def place(setup: CallSetup) -> End:
            circuit = Circuit(setup)
            far.append(circuit.called)
            circuit.called.on_release = self.heard.append
            return circuit.calling

        end = self.channel.place(place, CallSetup("5558354", "14085550000"), 23)
        end.on_release = self.heard.append
        end.on_answer = lambda: self.heard.append("answer")
        return far[0], end


def test_a_call_comes_in_and_the_caller_hangs_up() -> None:
    line = Line()
    network, router = line.arrive()
    (setup,) = line.events
    assert [(element.name, element.octets.hex(), element.digits) for element in setup.elements] == [
        ("Bearer Capability", "9090a2", ""),
        ("Channel ID", "a98381", ""),
        ("Calling Party Number", "0083", "15551234"),
        ("Called Party Number", "80", "5550199"),
    ]
    assert setup.length == 5 + 5 + 5 + 12 + 10
    assert line.told() == ["<SETUP 0001"]
    router.alert()
    assert line.told() == [">CALL_PROC 8001", ">ALERTING 8001"]
    router.answer()
    assert ChannelConnected("Serial0:0", "15551234") in line.events
    assert line.told() == [">CONNECT 8001", "<CONNECT_ACK 0001"]
    assert line.heard == ["answer"]
    line.clock.run(until_s=12.4)
    network.release(Cause.NORMAL)
    assert line.events[0].elements[0].octets.hex() == "8290"
    assert line.events[-1] == ChannelDisconnected("Serial0:0", "15551234", 12)
    assert line.told() == ["<DISCONNECT 0001", ">RELEASE 8001", "<RELEASE_COMP 0001"]
    assert line.heard == ["answer", Cause.NORMAL]


def test_a_call_that_is_refused_at_once_is_released_at_once() -> None:
    line = Line()
    _, router = line.arrive()
    router.release(Cause.NO_RESOURCE)
    assert line.events[-1].elements[0].octets.hex() == "80af"
    assert line.told() == ["<SETUP 0001", ">RELEASE_COMP 8001"]
    assert line.heard == [Cause.NO_RESOURCE]


def test_a_call_goes_out_and_the_router_hangs_up() -> None:
    line = Line()
    network, router = line.place()
    (setup, proceeding) = line.events
    assert [element.octets.hex() for element in setup.elements] == ["8090a2", "a98397", "0083", "80"]
    assert proceeding.elements[0].octets.hex() == "a98397"
    assert line.told() == [">SETUP 0001", "<CALL_PROC 8001"]
    network.alert()
    network.answer()
    assert line.told() == ["<ALERTING 8001", "<CONNECT 8001", ">CONNECT_ACK 0001"]
    router.release(Cause.NORMAL)
    assert line.told() == [">DISCONNECT 0001", "<RELEASE 8001", ">RELEASE_COMP 0001"]
    assert line.heard == ["answer", Cause.NORMAL]


def test_each_call_has_its_own_reference_and_a_busy_one_never_connects() -> None:
    line = Line()
    line.place()
    network, _ = line.place()
    network.release(Cause.USER_BUSY)
    assert line.told()[-3:] == ["<DISCONNECT 8002", ">RELEASE 0002", "<RELEASE_COMP 8002"]
    assert not any(isinstance(event, ChannelDisconnected) for event in line.events)


def test_an_e1_is_told_by_its_law() -> None:
    events: list[Any] = []
    DChannel(ManualClock(), events.append, "3/0", 15, "E1").arrive(Circuit(CallSetup("1")).called, 31)
    assert events[0].interface == "Serial3/0:15"
    assert events[0].elements[0].octets.hex() == "9090a3"
    assert events[0].elements[1].octets.hex() == "a9839f"


def test_a_fax_over_a_primary_rate_interface_is_told_of(off_ramp: Any, mail: MakeMail) -> None:
    assert off_ramp.deliver(mail("9-555-8354"), off_ramp.machine()).ok
    messages = [event for event in off_ramp.events if isinstance(event, Q931Message)]
    assert [message.name for message in messages[:5]] == ["SETUP", "CALL_PROC", "ALERTING", "CONNECT", "CONNECT_ACK"]
    assert {message.interface for message in messages} == {"Serial0:23"}
    assert [message.name for message in messages[5:]] == ["DISCONNECT", "RELEASE", "RELEASE_COMP"]
