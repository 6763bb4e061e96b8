"""Steps are gathered into the calls that they belong to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from iosemu.events import EventBus
from iosemu.fax import events as fax
from iosemu.lab import events as lab
from iosemu.lab import ladder as ladders
from iosemu.lab.errors import LabError
from iosemu.lab.ladder import Call, Ladders, Rung
from iosemu.mail import events as mail
from iosemu.voice.circuit import CallSetup, Cause
from iosemu.voice.events import CallRefused, FaxMedia, FaxStep, LegClosed, LegConnected, LegOpened, Ramp, Step
from iosemu.voice.legs import Connection, LegRecord, Mail, Origin, Telephony
from iosemu.voice.q931 import Element, Q931Message, called_party, calling_party, cause_element


class Places:
    """Two machines, a mail server; every look at the clock takes a second."""

    def __init__(self) -> None:
        self.time = datetime(2002, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def machine(self, number: str) -> str | None:
        digits = number.replace("-", "").removeprefix("9")
        return {"5550100": "555-0100", "5558354": "555-8354"}.get(digits)

    def host(self, address: str) -> str | None:
        return {"172.18.106.36": "smtp"}.get(address)


class Lab:
    """Ladders on the buses of one router and its lab, and the steps that they told."""

    def __init__(self) -> None:
        self.rungs: list[Rung] = []
        self._calls: dict[int, Call] = {}
        self.ladders = Ladders(Places())
        self.ladders.subscribe(self._hear)
        self.router, self.world = EventBus(), EventBus()
        self.ladders.watch_router("r1", self.router)
        self.ladders.watch_lab(self.world)

    def _hear(self, news: Rung | Call) -> None:
        if isinstance(news, Rung):
            self.rungs.append(news)
        else:
            self._calls[news.number] = news

    @property
    def calls(self) -> list[Call]:
        """The calls that were told."""
        return list(self._calls.values())

    def steps(self, call: Call) -> list[str]:
        """The steps of a call: `source>target label`."""
        return [f"{rung.source}>{rung.target} {rung.label}" for rung in self.ladders.rungs(call)]

    def forget(self) -> None:
        self.rungs.clear()
        self._calls.clear()

    def q931(self, name: str, sent: bool, reference: int, *elements: Element) -> None:
        self.router.publish(Q931Message("Serial0:23", sent, name, reference, elements))

    def leg(self, call_id: int, origin: Origin, detail: Telephony | Mail, connection: int = 1) -> LegRecord:
        leg = LegRecord(Connection(connection, (0, 0, 0, 0)), call_id, origin, detail)
        self.router.publish(LegOpened(leg))
        return leg

    def onramp(self, call_id: int = 1, socket: int = 0, connection: int = 1) -> None:
        """A fax from 555-0100 that becomes mail."""
        leg = self.leg(call_id, Origin.ANSWER, Telephony("0:D", calling="5550100", called="5550199"), connection)
        self.router.publish(FaxStep(Ramp.ON, Step.PEER_CHOSEN, call_id, text="tom@x.com", peer_tag=2))
        self.router.publish(FaxMedia(Ramp.ON, call_id, fax.FrameSent("DIS", b"\xff\xc8\x01")))
        self.router.publish(FaxMedia(Ramp.ON, call_id, fax.FrameReceived("DCS", b"\xff\xc8\xc1")))
        self.router.publish(FaxStep(Ramp.ON, Step.MAIL_STARTED, call_id, text="tom@x.com"))
        self.router.publish(mail.ClientOpened(socket, "a@b", ("tom@x.com",), ""))
        self.router.publish(mail.ClientConnecting(socket, "172.18.106.36"))
        self.router.publish(mail.ClientReceived(socket, "220-smtp ready"))
        self.router.publish(mail.ClientSent(socket, "MAIL FROM:<a@b>"))
        self.world.publish(lab.MailStored("smtp", "tom", "a@b", "Fax"))
        self.router.publish(LegClosed(leg))


def test_a_fax_that_becomes_mail_is_one_call_from_dialling_to_mailbox() -> None:
    one = Lab()
    one.world.publish(lab.FaxDialled("5550100", "555-0199"))
    one.onramp()
    one.world.publish(lab.FaxSent("5550100", "555-0199", 1, ""))
    (call,) = one.calls
    assert (call.calling, call.called, call.router) == ("555-0100", "tom@x.com", "r1")
    assert one.steps(call) == [
        "555-0100> dials",
        "555-0100>r1 call",
        "r1> dial peer chosen",
        "r1>555-0100 DIS",
        "555-0100>r1 DCS",
        "r1> mail begins",
        "r1>smtp connect",
        "smtp>r1 220-",
        "r1>smtp MAIL",
        "smtp> mail for tom",
        "555-0100>r1 hang up",
        "555-0100> sent 1 page",
    ]
    assert one.rungs == one.ladders.rungs(call)
    assert call.ended is not None
    assert call.began < call.ended


def test_a_mail_that_becomes_a_fax_is_one_call_from_the_session_to_the_tray() -> None:
    one = Lab()
    one.router.publish(mail.ServerOpened(0, "172.18.106.36"))
    one.router.publish(mail.ServerReceived(0, "MAIL", "MAIL FROM:<tom@x.com> SIZE=3"))
    one.router.publish(mail.ServerMessage(0, 400, 1, 1, 0))
    one.leg(1, Origin.ANSWER, Mail())
    one.router.publish(FaxStep(Ramp.OFF, Step.HANDOFF, 1, text="95558354"))
    out = one.leg(2, Origin.ORIGINATE, Telephony("3/0:D", called="95558354"))
    one.world.publish(lab.FaxRinging("5558354", ""))
    one.router.publish(FaxMedia(Ramp.OFF, 2, fax.FrameReceived("DIS", b"\xff\xc8\x01", fcs_ok=False)))
    one.world.publish(lab.FaxReceived("5558354", 7, "", 1, ""))
    one.router.publish(LegClosed(out))
    (call,) = one.calls
    assert (call.calling, call.called) == ("tom@x.com", "95558354")
    assert one.steps(call) == [
        "smtp>r1 MAIL",
        "smtp>r1 message",
        "r1> application takes the call",
        "r1>555-8354 call",
        "555-8354> rings",
        "555-8354>r1 DIS (damaged)",
        "555-8354> received 1 page",
        "555-8354>r1 hang up",
    ]


def test_numbers_that_are_used_again_make_new_calls() -> None:
    one = Lab()
    one.onramp()
    first = one.leg(7, Origin.ANSWER, Telephony("0:D", calling="5550100", called="1"), 2)
    assert not one.calls[-1].ended
    lost = one.calls[-1]
    one.forget()
    one.router = EventBus()
    one.ladders.watch_router("r1", one.router)  # as after a reload, whose numbers begin anew
    assert lost.ended
    one.forget()
    one.onramp(first.call_id, connection=2)
    (call,) = one.calls
    assert call.number == 3
    assert len(one.steps(call)) == 10
    assert one.ladders.find("r1:2") is call


def test_a_call_between_machines_needs_no_router() -> None:
    one = Lab()
    one.world.publish(lab.FaxDialled("5550100", "555-8354"))
    one.world.publish(lab.FaxRinging("5558354", "5550100"))
    one.world.publish(lab.FaxSent("5550100", "555-8354", 1, "T30 aborted"))
    (call,) = one.calls
    assert one.steps(call) == ["555-0100> dials", "555-8354> rings", "555-0100> sent 1 page"]
    assert call.ended
    assert one.ladders.names() == []  # it has none in a router


def test_a_mail_session_without_a_call_is_told_and_belongs_to_none() -> None:
    one = Lab()
    one.router.publish(mail.ClientOpened(0, "", ("tom@x.com",), ""))
    one.router.publish(mail.ClientFailed(0, "172.18.106.36", "timed out"))
    assert one.calls == []
    (rung,) = one.rungs
    assert (rung.label, rung.detail) == ("failed", "timed out")


def test_many_calls_leave_only_the_last_and_no_table_grows() -> None:
    one = Lab()
    for number in range(1, 4 * ladders.CALLS):
        one.onramp(number, number % 3, number)
    sizes = {name: len(value) for name, value in vars(one.ladders).items() if hasattr(value, "__len__")}
    assert sizes["_calls"] == ladders.CALLS
    assert max(sizes.values()) <= ladders.RUNGS
    assert sizes["_legs"] == sizes["_leg_threads"] == ladders.CALLS
    assert sizes["_connections"] == sizes["_up"] == 0
    backlog = one.ladders.backlog()
    assert backlog[0] == one.ladders.find(f"{3 * ladders.CALLS:x}")
    assert backlog[-1] == one.rungs[-1]
    with pytest.raises(LabError, match="no call r1:1;"):
        one.ladders.find("r1:1")


def test_a_leg_that_ended_by_itself_tells_why() -> None:
    one = Lab()
    leg = one.leg(1, Origin.ORIGINATE, Telephony("0:D", called="1"))
    busy = LegRecord(leg.connection, 1, leg.origin, leg.detail, cause=Cause.USER_BUSY, text="user busy (17)")
    one.router.publish(LegClosed(busy))
    assert (one.rungs[-1].source, one.rungs[-1].detail) == ("PSTN", "user busy (17)")


def test_a_name_is_asked_for_with_its_router_where_several_have_it() -> None:
    one = Lab()
    one.onramp(connection=26)
    assert one.ladders.names() == [("r1:1A", "5550100 to tom@x.com")]
    assert one.ladders.find("1a") is one.ladders.find("R1:1a")
    other = EventBus()
    one.ladders.watch_router("r2", other)
    other.publish(LegOpened(LegRecord(Connection(26, (0, 0, 0, 0)), 1, Origin.ANSWER, Telephony("0:D"))))
    with pytest.raises(LabError, match="of several routers: r1:1A, r2:1A"):
        one.ladders.find("1A")
    assert one.ladders.find("r2:1A").router == "r2"


def test_messages_of_the_d_channel_are_of_the_call_that_they_set_up() -> None:
    one = Lab()
    one.world.publish(lab.FaxDialled("5550100", "555-0199"))
    one.q931("SETUP", False, 1, calling_party("5550100"), called_party("5550199"))
    one.leg(1, Origin.ANSWER, Telephony("0:D", calling="5550100", called="5550199"))
    # Another call, the other way, whose number is the same: the router has given it.
    one.leg(2, Origin.ORIGINATE, Telephony("0:D", called="95558354"), 2)
    one.q931("SETUP", True, 1, called_party("95558354"))
    one.q931("CALL_PROC", True, 0x8001)
    one.q931("CALL_PROC", False, 0x8001)
    one.q931("DISCONNECT", False, 0x8001, cause_element(Cause.USER_BUSY, by_user=False))
    one.q931("RELEASE_COMP", False, 0x8001)
    one.q931("RELEASE_COMP", False, 1)
    up, down = one.calls
    assert one.steps(up) == [
        "555-0100> dials",
        "555-0100>r1 SETUP",
        "555-0100>r1 call",
        "r1>555-0100 CALL_PROC",
        "555-0100>r1 RELEASE_COMP",
    ]
    assert one.steps(down) == [
        "r1>555-8354 call",
        "r1>555-8354 SETUP",
        "555-8354>r1 CALL_PROC",
        "555-8354>r1 DISCONNECT",
        "555-8354>r1 RELEASE_COMP",
    ]
    assert [rung.detail for rung in one.rungs if rung.label == "DISCONNECT"] == ["Serial0:23, user busy (17)"]


def test_a_call_that_the_router_refuses_shows_its_setup() -> None:
    one = Lab()
    one.world.publish(lab.FaxDialled("5550100", "555-0199"))
    one.q931("SETUP", False, 5, calling_party("5550100"), called_party("5550199"))
    setup = CallSetup(calling="5550100", called="5550199")
    one.router.publish(CallRefused("0:D", setup, Cause.NO_ROUTE, "no dial peer"))
    one.q931("RELEASE_COMP", True, 0x8005, cause_element(Cause.NO_ROUTE, by_user=True))
    one.world.publish(lab.FaxSent("5550100", "555-0199", 0, "T30 aborted"))
    (call,) = one.calls
    assert [step.partition(" ")[2] for step in one.steps(call)] == [
        "dials",
        "SETUP",
        "refused",
        "RELEASE_COMP",
        "sent 0 pages",
    ]
    assert call.ended
    one.leg(1, Origin.ANSWER, Telephony("1/0/0", calling="5558354", called="1"))  # not of that SETUP
    assert one.steps(one.calls[1]) == ["555-8354>r1 call"]


def test_a_mail_that_was_relayed_is_of_the_session_that_brought_it() -> None:
    one = Lab()
    one.onramp()
    one.router.publish(mail.ServerOpened(0, "172.18.106.36"))
    one.router.publish(mail.ServerMessage(0, 400, 1, 1, 0))
    one.leg(2, Origin.ANSWER, Mail(), 2)
    one.world.publish(lab.RelayTried("smtp", "FAX=95558354@r1", 250, "done", final=True))
    up, down = one.calls
    assert "smtp> relay" in one.steps(down)
    assert "smtp> relay" not in one.steps(up)


def test_datagrams_are_counted_not_told() -> None:
    one = Lab()
    leg = one.leg(1, Origin.ANSWER, Telephony("0:D", calling="5550100", called="5550199"))
    before = len(one.rungs)
    for way in (fax.Direction.TO_DSP, fax.Direction.TO_HOST, fax.Direction.TO_DSP):
        one.router.publish(FaxMedia(Ramp.ON, leg.call_id, fax.DatagramSent(way, b"")))
    assert len(one.rungs) == before
    assert one.calls[0].datagrams == {"FMSP to DSP": 2, "DSP to FMSP": 1}


def test_a_voice_call_is_answered_a_fax_leg_says_so_by_its_training() -> None:
    one = Lab()
    for call_id, speech in ((1, True), (2, False)):
        leg = one.leg(call_id, Origin.ANSWER, Telephony("1/0/0", calling="1", called="2", speech=speech), call_id)
        one.router.publish(LegConnected(leg))
    voice, paper = one.calls
    assert one.steps(voice) == ["PSTN>r1 call", "r1>PSTN answered"]
    assert one.steps(paper) == ["PSTN>r1 call"]


def test_a_call_that_hunts_for_a_way_out_stays_one_call() -> None:
    one = Lab()
    near = one.leg(1, Origin.ANSWER, Telephony("1/0/0", calling="1", called="2", speech=True))
    first = one.leg(2, Origin.ORIGINATE, Telephony("0:D", called="2", speech=True))
    one.router.publish(LegClosed(first))
    second = one.leg(3, Origin.ORIGINATE, Telephony("1:D", called="2", speech=True))
    (call,) = one.calls
    one.router.publish(LegClosed(second))
    assert call.ended is None
    one.router.publish(LegClosed(near))
    assert call.ended
    assert one.calls == [call]
