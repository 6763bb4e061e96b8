"""The documented limits, held by real calls: as many as there may be, one more, and the next when one has ended."""

from __future__ import annotations

import io
from email import message_from_bytes
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from iosemu.chassis import platform
from iosemu.chassis.dsp import Use
from iosemu.chassis.hardware import Chassis
from iosemu.cli import catalogue
from iosemu.commands.voice import call_messages
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.offramp import OffRampDelivery
from iosemu.voice.verdicts import FaxResult
from tests.voice.conftest import Machine, Rig, document, mail_to

ON_RAMP = """
hostname gw
mta send server 10.0.0.25
call application voice onramp flash:onramp.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 555....
 direct-inward-dial
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 555....
 session target mailto:tom@example.org
dial-peer voice 3 pots
 incoming called-number 888....
 direct-inward-dial
dial-peer voice 4 pots
 trunkgroup out
 destination-pattern 888....
trunk group out
"""


OFF_RAMP_PEERS = """
call application voice offramp flash:offramp.tcl
dial-peer voice 5 mmoip
 application offramp
 incoming called-number 9T
dial-peer voice 6 pots
 destination-pattern 9.......
 port 3:D
"""


class Talker:
    """An exchange behind which everybody answers."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    def place(self, setup: CallSetup) -> End:
        circuit = Circuit(setup)
        self._rig.clock.call_later(0.4, circuit.called.answer)
        return circuit.calling


class Gateway:
    """A platform with some of its trunks plugged in: calls come in by the first `inward`, go out by the others."""

    def __init__(self, name: str, *, inward: int, outward: int = 0) -> None:
        self.rig = Rig("", catalogue.load().for_platform(platform.load(name).family), name)
        trunks = [controller.name for controller in self.rig.voice.chassis.controllers[: inward + outward]]
        self.rig.configure(ON_RAMP)
        for at, trunk in enumerate(trunks):
            self.rig.configure(f"controller {trunk}\n pri-group timeslots 1-24")
            if at >= inward:
                self.rig.configure(f"interface Serial{trunk.split()[1]}:23\n trunk-group out")
            self.rig.voice.plug(trunk, Talker(self.rig))
        self._inward = trunks[:inward]
        self._calls = 0
        self.log: list[str] = []
        log: Any = SimpleNamespace(event=lambda *words: self.log.append("%{}-{}-{}: {}".format(*words)))
        call_messages.attach(SimpleNamespace(bus=self.rig.bus, log=log))  # type: ignore[arg-type]

    def _jack(self) -> str:
        self._calls += 1
        return self._inward[self._calls % len(self._inward)]

    def fax(self) -> Machine:
        """A fax machine calls and sends; the clock is not run."""
        rig, jack = self.rig, self._jack()
        machine = rig.machine(number=str(self._calls))
        machine.send(lambda end: rig.voice.offer(jack, end), f"555{self._calls:04}", document())
        return machine

    def talk(self) -> tuple[End, list[Cause]]:
        """A voice call, which takes two sessions; its caller's end, and the cause when it was released."""
        circuit = Circuit(CallSetup(f"888{self._calls:04}", "1"))
        released: list[Cause] = []
        circuit.calling.on_release = released.append
        self.rig.voice.offer(self._jack(), circuit.called)
        return circuit.calling, released

    def run(self, seconds: float) -> None:
        self.rig.clock.run(until_s=self.rig.clock.now() + seconds)

    @property
    def sessions(self) -> int:
        return len(self.rig.voice.chassis.dsp.in_use)

    def refused_calls(self) -> list[str]:
        """What the log says of calls that found nothing to be carried by."""
        return [line for line in self.log if "refused" in line]


@pytest.mark.parametrize(
    ("name", "faxes", "voice", "inward", "outward"),
    [
        ("as5300", 60, 0, 4, 0),
        ("as5300", 40, 40, 3, 1),
        ("as5850", 120, 680, 21, 15),
        ("as5850", 192, 558, 21, 13),
    ],
)
def test_a_platform_at_its_limit(name: str, faxes: int, voice: int, inward: int, outward: int) -> None:
    gate = Gateway(name, inward=inward, outward=outward)
    gate.rig.voice.control.history.max_size = 500
    talks = [gate.talk() for _ in range(voice // 2)]
    gate.run(2)
    machines = [gate.fax() for _ in range(faxes)]
    gate.run(2)
    assert gate.sessions == faxes + voice
    assert gate.refused_calls() == []

    late = gate.fax()
    assert late.released is Cause.NO_RESOURCE
    (line,) = gate.refused_calls()
    assert line.startswith("%VTSP-4-NO_RESOURCE: Call on voice port ")
    assert "no free DSP channel" in line
    row = gate.rig.history()[-1]
    assert (row.text, row.connect_s, row.peer.tag) == ("no resource (47)", None, 1)

    machines[0].hang_up()
    gate.run(1)
    next_one = gate.fax()
    gate.run(300)
    assert next_one.result is not None
    assert all(machine.result is not None and machine.result.ok for machine in (*machines[1:], next_one))
    # Every page came whole: each fax but the one that was cut became a mail with the same picture.
    assert len(gate.rig.mails) == faxes
    pictures = {picture(message) for _, message in gate.rig.mails[:: faxes // 4]}
    assert len(pictures) == 1
    assert all(released == [] for _, released in talks)
    for end, _ in talks:
        end.release()
    gate.run(30)
    assert gate.rig.at_rest()


def picture(message: bytes) -> tuple[bytes, ...]:
    """The rows of the picture in a mail: its TIFF file but for what tells the time."""
    parts = message_from_bytes(message).walk()
    (tiff,) = [part.get_payload(decode=True) for part in parts if part.get_content_type() == "image/tiff"]
    assert isinstance(tiff, bytes)
    with Image.open(io.BytesIO(tiff)) as page:
        return (page.tobytes(),)


def test_a_mail_at_the_limit_is_to_come_again() -> None:
    gate = Gateway("as5300", inward=4)
    gate.rig.configure(OFF_RAMP_PEERS)
    machines = [gate.fax() for _ in range(60)]
    gate.run(2)
    results: list[FaxResult] = []
    OffRampDelivery(gate.rig.voice._context, gate.rig.voice.port_for, mail_to("95558354"), results.append).start()
    (result,) = results
    assert (result.cause, result.verdict().code) == (Cause.NO_RESOURCE, 450)
    (line,) = gate.refused_calls()
    assert "to 5558354 refused, no free DSP channel" in line
    assert [leg.text for leg in gate.rig.history()] == ["no resource (47)"] * 2
    machines[0].hang_up()
    gate.run(1)
    gate.rig.voice.plug("T1 3", gate.rig.machine())
    OffRampDelivery(gate.rig.voice._context, gate.rig.voice.port_for, mail_to("95558354"), results.append).start()
    gate.run(300)
    assert results[1].ok


def test_voice_calls_alone_fill_an_as5300() -> None:
    gate = Gateway("as5300", inward=2, outward=2)
    # The trunks are full before the signal processors: 46 in and 46 out of 120 sessions.
    talks = [gate.talk() for _ in range(46)]
    gate.run(2)
    assert gate.sessions == 92
    _, released = gate.talk()
    assert released == [Cause.NO_CIRCUIT]
    assert gate.rig.history()[-1].text == "no circuit (34)"
    assert len(gate.refused_calls()) == 1
    talks[1][0].release()  # on the trunk that the next one comes in by
    _, released = gate.talk()
    gate.run(2)
    assert released == []
    assert gate.sessions == 92


def test_120_sessions_of_voice_are_the_limit_of_an_as5300_with_eight_trunks(monkeypatch: pytest.MonkeyPatch) -> None:
    base = platform.load("as5300")
    trunks = platform.Slot(base.slots["0"].accepts, "AS53-8CT1+4S")
    made = base._replace(slots={**base.slots, "0": trunks})
    monkeypatch.setattr(platform, "load", lambda name: made)
    gate = Gateway("as5300", inward=4, outward=4)
    talks = [gate.talk() for _ in range(60)]
    gate.run(2)
    assert gate.sessions == 120
    _, released = gate.talk()
    assert released == [Cause.NO_RESOURCE]
    assert gate.fax().released is Cause.NO_RESOURCE
    assert len(gate.refused_calls()) == 2
    assert [leg.text for leg in gate.rig.history()][-2:] == ["no resource (47)"] * 2
    talks[0][0].release()
    gate.run(2)
    assert gate.sessions == 118
    _, released = gate.talk()
    gate.run(2)
    assert (released, gate.sessions) == ([], 120)
    assert all(released == [] for _, released in talks[1:])


@pytest.mark.parametrize(
    ("name", "calls", "inward", "cause"),
    [
        ("3640", 23, 1, Cause.NO_CIRCUIT),
        ("3745", 23, 1, Cause.NO_CIRCUIT),
        ("as5350", 108, 5, Cause.NO_RESOURCE),
        ("as5400", 108, 5, Cause.NO_RESOURCE),
        ("as5800", 192, 9, Cause.NO_RESOURCE),
    ],
)
def test_channels_of_trunks_and_processors_bound_the_others(name: str, calls: int, inward: int, cause: Cause) -> None:
    gate = Gateway(name, inward=inward)
    machines = [gate.fax() for _ in range(calls)]
    gate.run(2)
    assert gate.sessions == calls
    refused = gate.fax()
    assert refused.released is cause
    assert gate.rig.history()[-1].cause is cause
    assert len(gate.refused_calls()) == 1
    for machine in machines:
        machine.hang_up()
    late = gate.fax()
    gate.run(60)
    assert late.result is not None
    assert late.result.ok
    gate.run(60)
    assert gate.rig.at_rest()


LINES = "voice-port 2/0\n connection plar 5550199\nvoice-port 2/1\n connection plar 5550199"
SECOND_IVR = ON_RAMP.replace("onramp.tcl", "app_faxmail_onramp.2.0.1.3.tcl")


@pytest.mark.parametrize(
    ("memory_mb", "script", "needed"),
    [
        (64, ON_RAMP, "128 MB"),
        (128, ON_RAMP, ""),
        (64, SECOND_IVR, "256 MB"),
        (128, SECOND_IVR, "256 MB"),
        (256, SECOND_IVR, ""),
    ],
)
def test_a_1750_wants_its_memory(memory_mb: int, script: str, needed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = platform.load("1750").with_memory(memory_mb)
    monkeypatch.setattr(platform, "load", lambda name: made)
    gate = Gateway("1750", inward=0)
    gate.rig.configure(script + LINES)
    machines = [gate.rig.fax(jack=jack) for jack in ("2/0", "2/1")]
    third = gate.rig.fax(jack="2/0")
    assert third.released is (Cause.NO_RESOURCE if needed else Cause.NO_CIRCUIT)
    gate.run(60)
    assert [machine.result is not None and machine.result.ok for machine in machines] == [not needed] * 2
    assert (machines[0].released is Cause.NO_RESOURCE) is bool(needed)
    assert sum(leg.cause is Cause.NO_RESOURCE for leg in gate.rig.history()) == (3 if needed else 0)
    said = gate.refused_calls()
    assert len(said) == (3 if needed else 1)
    assert not needed or f" refused, {needed} of memory needed, cause = 47" in said[0]


@pytest.mark.parametrize(("memory_mb", "faxes"), [(64, 0), (128, 60), (256, 60)])
def test_an_as5300_needs_128_mb_for_faxes_and_none_of_it_for_voice(memory_mb: int, faxes: int) -> None:
    pool = Chassis(platform.load("as5300").with_memory(memory_mb)).dsp
    assert pool.memory_wanted(Use.FAX_MAIL) == (0 if faxes else 128)
    assert pool.memory_wanted(Use.VOICE) == 0
    taken = [pool.take(Use.FAX_MAIL) for _ in range(faxes)]
    assert None not in taken
    assert pool.take(Use.FAX_MAIL) is None
    assert None not in [pool.take(Use.VOICE) for _ in range(0 if faxes else 120)]
    assert pool.take(Use.VOICE) is None
