"""Polling, subaddresses and passwords, facilities of one maker, and far ends that ask for an operator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iosemu.clock import ManualClock
from iosemu.fax.document import Resolution, StoredDocument
from iosemu.fax.events import Addressed, FaxCause, Finished, NonStandard, OperatorAsked, PageConfirmed, RemoteId
from iosemu.fax.line import CarrierOff, CarrierOn, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.fax.t30.frames import Fcf, Frame
from tests.fax.calls import Call, document

OFFERS = Profile("15551234", addressable=True)
FETCHES = Profile("9-555-8354")


def poll(sender: Profile = OFFERS, receiver: Profile = FETCHES, **more: object) -> Call:
    arguments = {"sender_profile": sender, "receiver_profile": receiver, "polled": True, **more}
    return Call(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("corrected", [False, True])
def test_a_caller_fetches_a_document(corrected: bool) -> None:
    made = poll(replace(OFFERS, ecm=corrected), replace(FETCHES, ecm=corrected), document=document(2)).run()
    made.assert_delivered()
    question = "PPS-" if corrected else ""
    procedure = [
        "CSI",
        "DIS",
        "CIG",
        "DTC",
        "TSI",
        "DCS",
        "CFR",
        f"{question}MPS",
        "MCF",
        f"{question}EOP",
        "MCF",
        "DCN",
    ]
    assert made.frames() == procedure
    assert RemoteId("CIG", "9-555-8354") in made.sender_events
    assert RemoteId("TSI", "15551234") in made.receiver_events


def test_pages_of_two_formats_are_fetched_with_a_new_dtc() -> None:
    pages = (document().pages[0], document(1, Resolution.STANDARD).pages[0])
    made = poll(document=StoredDocument(pages)).run()
    made.assert_delivered()
    assert made.frames().count("EOM") == 1
    assert made.frames().count("DTC") == 2


@pytest.mark.parametrize("lost", [Fcf.DIS, Fcf.DTC, Fcf.DCS, Fcf.CFR, Fcf.EOP, Fcf.MCF])
def test_a_frame_that_is_lost_once_is_said_again(lost: Fcf) -> None:
    count = 0

    def lose(signal: LineSignal) -> LineSignal:
        nonlocal count
        if isinstance(signal, HdlcFrame) and signal.octets[2] in (lost, lost | 0x80):
            count += 1
            return replace(signal, fcs_ok=count > 1)
        return signal

    poll(to_receiver=lose, to_sender=lose).run().assert_delivered()
    assert count > 1


def test_where_there_is_nothing_to_fetch_the_caller_says_so() -> None:
    made = Call()
    assert isinstance(made.sender, FaxTerminal)
    assert isinstance(made.receiver, FaxTerminal)
    made.receiver.answer(lambda event: None)
    made.sender.poll(lambda event: None)
    made.clock.run()
    assert (made.sender_end.ok, made.sender_end.cause) == (False, FaxCause.NOTHING_TO_POLL)
    assert made.receiver_end.cause is FaxCause.REMOTE_DISCONNECT


def test_nobody_to_fetch_from() -> None:
    clock, events = ManualClock(), list[object]()
    terminal = FaxTerminal(clock, lambda signal: None, events.append, FETCHES)
    terminal.poll(lambda event: None)
    clock.run()
    assert events[-1] == Finished(False, FaxCause.NO_ANSWER, 0)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (replace(FETCHES, polled_address="77", password="sesame"), FaxCause.OK),
        (replace(FETCHES, polled_address="77", password="seesaw"), FaxCause.POLLING_REFUSED),
        (replace(FETCHES, password="sesame"), FaxCause.POLLING_REFUSED),
        (FETCHES, FaxCause.POLLING_REFUSED),
    ],
)
def test_a_document_is_given_to_who_knows_its_address_and_password(said: Profile, cause: FaxCause) -> None:
    made = poll(replace(OFFERS, polled_address="77", password="sesame"), said).run()
    assert made.sender_end.cause is cause
    if cause is FaxCause.OK:
        made.assert_delivered()
        assert {Addressed("SEP", "77"), Addressed("PWD", "sesame")} <= {*made.sender_events}
    else:
        assert made.receiver_end.cause is FaxCause.REMOTE_DISCONNECT
        assert not made.received


def test_a_caller_that_sends_is_not_hindered_by_a_document_to_fetch() -> None:
    made = Call()
    assert isinstance(made.sender, FaxTerminal)
    assert isinstance(made.receiver, FaxTerminal)
    made.receiver.answer(made._on_page, document(3))
    made.sender.call(made.document)
    made.clock.run()
    made.assert_delivered()


def test_subaddress_and_password_are_said_to_who_takes_them() -> None:
    caller = Profile("15551234", sub_address="4711", password="key")
    made = Call(sender_profile=caller, receiver_profile=OFFERS).run()
    made.assert_delivered()
    assert made.frames()[2:6] == ["TSI", "SUB", "SID", "DCS"]
    assert [event for event in made.receiver_events if isinstance(event, Addressed)] == [
        Addressed("SUB", "4711"),
        Addressed("SID", "key"),
    ]
    plain = Call(sender_profile=caller).run()
    plain.assert_delivered()
    assert "SUB" not in plain.frames()


def test_frames_of_one_maker_are_told_and_change_nothing() -> None:
    facilities = bytes.fromhex("ad00550000")

    def before_the_last(fcf: Fcf, maker: Fcf, hear: FaxTerminal, signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == fcf:
            hear.receive(HdlcFrame(Frame(maker, facilities, final=False).encode()))
        return signal

    made = Call()
    assert isinstance(made.sender, FaxTerminal)
    assert isinstance(made.receiver, FaxTerminal)
    sender, receiver = made.sender, made.receiver
    made.to_sender = lambda signal: before_the_last(Fcf.DIS, Fcf.NSF, sender, signal)
    made.to_receiver = lambda signal: before_the_last(Fcf.DCS, Fcf.NSS, receiver, signal)
    made.run().assert_delivered()
    assert NonStandard("NSF", facilities) in made.sender_events
    assert NonStandard("NSS", facilities) in made.receiver_events


def test_a_receiver_that_asks_for_an_operator_has_the_page_all_the_same() -> None:
    """PIP is a confirmation, PIN a refusal; no operator is ever there (T.30 5.3.6.1.8)."""

    def instead_of_mcf(fcf: Fcf) -> Call:
        count = 0

        def change(signal: LineSignal) -> LineSignal:
            nonlocal count
            if isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == Fcf.MCF and not count:
                count += 1
                return HdlcFrame(Frame(fcf).encode())
            return signal

        return Call(document=document(2), to_sender=change).run()

    pip, pin = instead_of_mcf(Fcf.PIP), instead_of_mcf(Fcf.PIN)
    pip.assert_delivered()
    assert OperatorAsked("PIP") in pip.sender_events
    assert OperatorAsked("PIN") in pin.sender_events
    assert [event.index for event in pip.sender_events if isinstance(event, PageConfirmed)] == [0, 1]
    assert pin.sender_end.ok
    assert pin.frames().count("DCS") == 2


@pytest.mark.parametrize(("plain", "interrupting"), [(Fcf.MPS, Fcf.PRI_MPS), (Fcf.EOP, Fcf.PRI_EOP)])
def test_a_sender_that_asks_for_an_operator_gets_its_page_confirmed(plain: Fcf, interrupting: Fcf) -> None:
    def change(signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == plain:
            return HdlcFrame(Frame(interrupting, from_caller=True).encode())
        return signal

    made = Call(document=document(2), to_receiver=change).run()
    made.assert_delivered()
    assert OperatorAsked(interrupting.label) in made.receiver_events


def test_frames_without_a_dis_do_not_end_the_calling() -> None:
    clock, sent = ManualClock(), list[LineSignal]()
    terminal = FaxTerminal(clock, sent.append, lambda event: None, FETCHES)
    terminal.poll(lambda event: None)
    clock.run(5.0)
    before = sent.count(ToneOn(Tone.CNG))
    for signal in (CarrierOn(Modulation.V21), HdlcFrame(Frame(Fcf.CFR).encode())):
        terminal.receive(signal)
    clock.run(15.0)
    assert sent.count(ToneOn(Tone.CNG)) == before  # somebody speaks
    terminal.receive(CarrierOff())
    clock.run(25.0)
    assert sent.count(ToneOn(Tone.CNG)) > before


def test_a_request_that_was_cut_short_is_asked_for_again() -> None:
    cut: list[LineSignal] = []

    def cut_first_dtc(signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and signal.octets[2] == Fcf.DTC and not cut:
            cut.append(signal)
            return replace(signal, octets=signal.octets[:3])
        return signal

    made = poll(to_sender=cut_first_dtc, to_receiver=cut_first_dtc).run()
    assert cut
    made.assert_delivered()
