"""Calls that another application hands to the on-ramp: fax rollover on busy, and fax detection."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.mail.envelope import Recipient
from iosemu.voice.circuit import CallSetup, Cause, End
from tests.voice.conftest import TRUNK, Machine, Rig

PEERS = """
controller T1 1
 pri-group timeslots 1-24
mta send server 10.0.0.25
mta send mail-from username $s$
mta send mail-from hostname gw.example.com
{application}
dial-peer voice 1 pots
 application {name}
 incoming called-number 555....
 direct-inward-dial
 port 0:D
dial-peer voice 2 pots
 preference 1
 destination-pattern 555....
 prefix 555
 port 1:D
dial-peer voice 3 mmoip
 preference 2
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 555....
 session target mailto:tom@example.org
"""
ROLLOVER = TRUNK + PEERS.format(application="call application voice roll flash:fax_rollover_on_busy.tcl", name="roll")
HUNT = "voice hunt user-busy\n"


def detecting(mode: str = "") -> str:
    script = "call application voice detect flash:app_fax_detect.2.1.2.2.tcl"
    lines = f"{script}\ncall application voice detect mode {mode}" if mode else script
    return TRUNK + PEERS.format(application=lines, name="detect")


def sent(rig: Rig, mood: str, caller: Machine | None = None) -> tuple[Machine, Machine]:
    """A machine calls; the telephone that the second trunk leads to is in that mood."""
    telephone = rig.machine(mood, "5550199")
    rig.voice.plug("T1 1", telephone)
    return rig.fax(machine=caller), telephone


@pytest.mark.parametrize("mood", ["gone", "rejects", "cut"])
def test_a_fax_that_nobody_takes_becomes_mail(commands: Catalogue, mood: str) -> None:
    rig = Rig(ROLLOVER, commands)
    caller, telephone = sent(rig, mood)
    rig.clock.run()
    assert telephone.setup is not None
    assert caller.result is not None
    assert caller.result.ok
    assert [envelope.recipients for envelope, _ in rig.mails] == [(Recipient("tom@example.org"),)]
    assert rig.at_rest()


def test_a_busy_machine_is_hunted_past_only_where_that_is_configured(commands: Catalogue) -> None:
    rig = Rig(ROLLOVER, commands)
    caller, _ = sent(rig, "busy")
    rig.clock.run()
    assert (caller.released, rig.mails) == (Cause.USER_BUSY, [])
    rig = Rig(ROLLOVER + HUNT, commands)
    caller, _ = sent(rig, "busy")
    rig.clock.run()
    assert caller.result is not None
    assert caller.result.ok
    assert len(rig.mails) == 1
    telephone, mail, failed = sorted(rig.history(), key=lambda leg: leg.text)
    assert failed.text == "user busy (17)"
    assert {telephone.text, mail.text} == {"Normal connection", "normal call clearing."}
    assert rig.at_rest()


def test_a_machine_that_answers_gets_the_fax_itself(commands: Catalogue) -> None:
    rig = Rig(ROLLOVER + HUNT, commands)
    caller, telephone = sent(rig, "answer")
    rig.clock.run()
    assert caller.result is not None
    assert caller.result.ok
    assert len(telephone.pages) == 1
    assert rig.mails == []
    assert rig.at_rest()


@pytest.mark.parametrize("mode", ["", "connect-first", "listen-first", "default-voice", "default-fax"])
def test_a_fax_machine_is_heard_in_every_mode(commands: Catalogue, mode: str) -> None:
    rig = Rig(detecting(mode), commands)
    caller, telephone = sent(rig, "deaf")
    rig.clock.run()
    assert caller.result is not None
    assert caller.result.ok
    assert len(rig.mails) == 1
    assert telephone.pages == []
    assert rig.at_rest()


class Speaker(Machine):
    """Somebody who calls and says nothing that a fax machine would."""

    answered = False

    def send(self, offer: object, called: str, document: object) -> None:
        from iosemu.voice.circuit import Circuit

        circuit = Circuit(CallSetup(called, self.number))
        self.end: End = circuit.calling
        self.end.on_answer = lambda: setattr(self, "answered", True)
        self.end.on_release = lambda cause: setattr(self, "released", cause)
        offer(circuit.called)  # type: ignore[operator]


@pytest.mark.parametrize(("mode", "rings_s"), [("connect-first", 1), ("default-voice", 1), ("listen-first", 10)])
def test_a_voice_is_sent_on(commands: Catalogue, mode: str, rings_s: float) -> None:
    rig = Rig(detecting(mode), commands)
    caller = Speaker(rig.clock)
    _, telephone = sent(rig, "deaf", caller)
    assert caller.answered
    rig.clock.run(until_s=0.5)
    assert (telephone.setup is not None) is (rings_s == 1)
    rig.clock.run(until_s=20)
    assert telephone.setup is not None
    assert caller.released is None
    caller.end.release()
    rig.clock.run()
    assert rig.mails == []
    assert rig.at_rest()


def test_silence_is_a_fax_where_that_is_the_default(commands: Catalogue) -> None:
    rig = Rig(detecting("default-fax"), commands)
    caller = Speaker(rig.clock)
    _, telephone = sent(rig, "deaf", caller)
    rig.clock.run()
    assert telephone.setup is None
    assert caller.released is not None  # T.30 gave up on it
    assert rig.at_rest()


def test_without_a_peer_for_mail_a_fax_goes_to_the_telephone(commands: Catalogue) -> None:
    text = detecting("connect-first").partition("dial-peer voice 3")[0]
    rig = Rig(text, commands)
    caller, telephone = sent(rig, "answer")
    rig.clock.run()
    assert caller.result is not None
    assert caller.result.ok
    assert len(telephone.pages) == 1
    assert rig.at_rest()
