"""The receiving and the polling end of a T.30 call, told by hand what no well-behaved far end says on a good line."""

from __future__ import annotations

import pytest

from iosemu.fax.document import Coding, PageFormat, Quality, Resolution
from iosemu.fax.events import FaxCause, FrameReceived, Negotiated, PageConfirmed, PageRefused
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, Modulation, Tone, ToneOn
from iosemu.fax.t30 import Profile
from iosemu.fax.t30.capabilities import Capabilities, Command, encode_capabilities, encode_command
from iosemu.fax.t30.frames import X_BIT, Fcf, Frame
from iosemu.fax.t30.procedure import MAX_FRAMES, T1_S, T2_S, T5_S
from iosemu.fax.t30.receiver import DIS_REPEAT_S
from tests.fax.by_hand import FAST, ByHand

DCN_S = 1.8
"""No longer than a DCN takes, with the silence before it."""
PAGE = bytes(500)


@pytest.fixture
def called() -> ByHand:
    """A receiver that has said its DIS."""
    return ByHand().answer()


def codes(end: ByHand) -> list[int]:
    """The control fields that it sent, with their first bit."""
    return [signal.octets[2] for signal in end.signals if isinstance(signal, HdlcFrame)]


@pytest.fixture
def trained(called: ByHand) -> ByHand:
    assert called.train() == ["CFR"]
    return called


@pytest.fixture
def delivering(trained: ByHand) -> ByHand:
    """A receiver whose owner has the last page and has not confirmed it yet."""
    trained.data(PAGE)
    assert trained.command(Fcf.EOP) == []
    return trained


@pytest.fixture
def parting(delivering: ByHand) -> ByHand:
    """A receiver that has confirmed the last page."""
    delivering.terminal.confirm(True)
    assert delivering.wait(2.0) == ["MCF"]
    return delivering


# The receiver: phases A and B.


def test_answers_have_the_octets_of_the_standard(called: ByHand) -> None:
    csi, dis = (signal.octets for signal in called.signals if isinstance(signal, HdlcFrame))
    assert (csi[:3], dis[:3]) == (b"\xff\xc0\x02", b"\xff\xc8\x01")
    called.train()
    assert [signal for signal in called.signals if isinstance(signal, HdlcFrame)] == [HdlcFrame(b"\xff\xc8\x21")]
    called.data(PAGE)
    called.command(Fcf.EOP)
    called.terminal.confirm(False)
    called.wait(2.0)
    assert [signal for signal in called.signals if isinstance(signal, HdlcFrame)] == [HdlcFrame(b"\xff\xc8\x5f")]


def test_dis_comes_again_and_again_until_t1(called: ByHand) -> None:
    assert called.wait(DIS_REPEAT_S + 2.0) == ["CSI", "DIS"]
    assert called.ends_after(40.0) == pytest.approx(T1_S - called.clock.now() + 40.0, abs=DCN_S)
    assert called.end.cause is FaxCause.T1_TIMEOUT


def test_a_caller_that_asks_for_a_repeat_hears_dis_and_may_take_its_time(called: ByHand) -> None:
    assert called.command(Fcf.CRP) == ["CSI", "DIS"]
    assert called.wait(DIS_REPEAT_S + 2.0) == ["CSI", "DIS"]
    assert called.train() == ["CFR"]


@pytest.mark.parametrize("fif", [b"", b"\x00\x06"])
def test_a_dcs_that_was_cut_short_is_none(called: ByHand, fif: bytes) -> None:
    assert called.command(Fcf.DCS, fif) == []
    assert called.data(bytes(2700)) == []
    assert called.train() == ["CFR"]


@pytest.mark.parametrize(
    "command",
    [
        Command(FAST, PageFormat()),
        Command(Modulation.V29_9600, PageFormat(coding=Coding.MMR), ecm=True),
        Command(Modulation.V29_9600, PageFormat(resolution=Resolution.SUPERFINE)),
        Command(Modulation.V29_9600, PageFormat(width_px=2432)),
    ],
)
def test_a_dcs_for_what_was_not_offered_ends_the_call(command: Command) -> None:
    called = ByHand(Profile("1", max_rate_bps=9600, resolutions=frozenset({Resolution.STANDARD}))).answer()
    assert called.command(Fcf.DCS, encode_command(command)) == ["DCN"]
    assert called.end.cause is FaxCause.INCOMPATIBLE


def test_a_carrier_at_another_speed_is_only_noise(called: ByHand) -> None:
    called.command(Fcf.DCS, encode_command(Command(FAST, PageFormat())))
    assert called.data(bytes(2700), Modulation.V29_9600) == []
    assert called.data(bytes(2700)) == ["CFR"]


def test_a_training_check_that_failed_is_not_counted_for_the_next_one(called: ByHand) -> None:
    called.command(Fcf.DCS, encode_command(Command(FAST, PageFormat())))
    assert called.data(bytes(1000)) == ["FTT"]
    assert called.data(bytes(1000)) == ["FTT"]
    assert called.data(bytes(1000)) == ["FTT"]


@pytest.mark.parametrize(
    ("ones", "zeros", "answer"),
    [(6000, 90_000, "FTT"), (5400, 90_000, "FTT"), (3000, 1900, "CFR"), (0, 90_000, "CFR")],
)
def test_of_a_training_check_no_more_than_twice_its_length_is_kept(
    called: ByHand, ones: int, zeros: int, answer: str
) -> None:
    called.command(Fcf.DCS, encode_command(Command(FAST, PageFormat())))
    assert called.hear(CarrierOn(FAST), Data(b"\xff" * ones), Data(bytes(zeros)), CarrierOff()) == [answer]


def test_what_was_agreed_is_told(called: ByHand) -> None:
    called.command(Fcf.DCS, encode_command(Command(FAST, PageFormat(), 20)))
    assert Negotiated("V.17", 14400, PageFormat(), 20) in called.events


def test_every_burst_is_told_frame_by_frame(called: ByHand) -> None:
    good, unknown = Frame(Fcf.TSI, b"", final=False).encode(), b"\xff\xc8\x00"
    mcf = HdlcFrame(Frame(Fcf.MCF).encode(), fcs_ok=False)
    called.hear(CarrierOn(Modulation.V21), HdlcFrame(good), mcf, HdlcFrame(unknown), CarrierOff())
    assert [event for event in called.events if isinstance(event, FrameReceived)] == [
        FrameReceived("TSI", good),
        FrameReceived("?", mcf.octets, fcs_ok=False),
        FrameReceived("?", unknown),
    ]


def test_a_burst_without_end_is_not_kept(called: ByHand) -> None:
    frame = HdlcFrame(Frame(Fcf.TSI, b"", final=False).encode())
    last = HdlcFrame(Frame(Fcf.DCN, from_caller=True).encode())
    called.hear(CarrierOn(Modulation.V21), *[frame] * MAX_FRAMES, last, CarrierOff())
    assert [type(event) for event in called.events].count(FrameReceived) == MAX_FRAMES
    called.hear(CarrierOn(Modulation.V21), *[frame] * (MAX_FRAMES - 1), last, CarrierOff())
    assert called.end.cause is FaxCause.REMOTE_DISCONNECT


def test_a_frame_without_its_carrier_is_not_heard(called: ByHand) -> None:
    called.hear(HdlcFrame(Frame(Fcf.DCN, from_caller=True).encode()), CarrierOff())
    assert called.ended_at is None
    assert FrameReceived not in map(type, called.events)


def test_a_tone_tells_that_someone_is_there(called: ByHand) -> None:
    for _ in range(4):
        assert called.hear(ToneOn(Tone.CNG)) == []
        assert called.wait(DIS_REPEAT_S - 1.0) == []
    assert called.train() == ["CFR"]


def test_a_caller_that_falls_silent_after_its_dcs_is_given_t2(called: ByHand) -> None:
    called.command(Fcf.DCS, encode_command(Command(FAST, PageFormat())))
    assert called.ends_after(20.0) == pytest.approx(T2_S, abs=DCN_S)
    assert called.end.cause is FaxCause.T2_TIMEOUT


def test_a_command_whose_carrier_never_ended_holds_where_its_training_check_follows(called: ByHand) -> None:
    dcs = HdlcFrame(Frame(Fcf.DCS, encode_command(Command(FAST, PageFormat())), from_caller=True).encode())
    check = (CarrierOn(FAST), Data(bytes(2700)), CarrierOff())
    assert called.hear(CarrierOn(Modulation.V21), dcs, *check) == ["CFR"]
    assert called.hear(CarrierOn(Modulation.V21), dcs, CarrierOn(Modulation.V21), CarrierOff()) == []
    called.data(PAGE)
    assert called.command(Fcf.MPS) == ["MCF"]  # no new training had begun


# The receiver: pages.


def test_after_eom_a_new_dcs_may_come_at_once_or_wait_for_dis(trained: ByHand) -> None:
    trained.data(PAGE)
    assert trained.command(Fcf.EOM) == ["MCF"]
    assert trained.wait(T2_S + 3.0) == ["CSI", "DIS"]
    assert trained.train() == ["CFR"]
    trained.data(PAGE)
    assert trained.command(Fcf.EOM) == ["MCF"]
    assert trained.train() == ["CFR"]
    assert trained.ended == [True, True]


def test_after_eom_nobody_is_waited_for_longer_than_t1(trained: ByHand) -> None:
    trained.data(PAGE)
    trained.command(Fcf.EOM)
    trained.wait(T2_S - 1.0)
    assert trained.ends_after(60.0) == pytest.approx(T1_S, abs=2 * DCN_S)
    assert trained.end.cause is FaxCause.T1_TIMEOUT


@pytest.mark.parametrize("plain", [Fcf.MPS, Fcf.EOM])
def test_the_same_command_again_has_the_same_answer(trained: ByHand, plain: Fcf) -> None:
    trained.data(PAGE)
    assert trained.command(plain) == trained.command(plain) == trained.command(Fcf.CRP) == ["MCF"]
    assert trained.ended == [True]


def test_another_command_without_a_page_is_refused(trained: ByHand) -> None:
    trained.data(PAGE)
    trained.command(Fcf.MPS)
    assert trained.command(Fcf.EOM) == ["RTN"]
    assert trained.events.count(PageRefused(1)) == 1


def test_a_command_before_any_dcs_is_not_answered(called: ByHand) -> None:
    assert called.command(Fcf.EOP) == []


@pytest.mark.parametrize(("quality", "answer"), [(Quality.POOR, "RTP"), (Quality.GOOD, "MCF")])
def test_the_verdict_on_one_page_is_not_that_on_the_next(trained: ByHand, quality: Quality, answer: str) -> None:
    trained.data(PAGE)
    trained.on_page_ended = lambda event: trained.terminal.judge_page(quality)
    assert trained.command(Fcf.MPS) == [answer]
    trained.on_page_ended = lambda event: trained.terminal.judge_page(Quality.GOOD)
    trained.data(PAGE)
    assert trained.command(Fcf.MPS) == ["MCF"]


def test_a_sender_that_falls_silent_behind_a_page_is_given_t2(trained: ByHand) -> None:
    trained.data(PAGE)
    trained.command(Fcf.MPS)
    assert trained.ends_after(20.0) == pytest.approx(T2_S, abs=DCN_S)
    assert trained.end.cause is FaxCause.T2_TIMEOUT


def test_a_carrier_without_data_is_no_page(trained: ByHand) -> None:
    trained.hear(CarrierOn(FAST), CarrierOff())
    trained.data(PAGE)
    assert trained.command(Fcf.MPS) == ["MCF"]
    assert trained.received == PAGE


def test_a_verdict_on_a_page_that_is_not_the_last_is_none(trained: ByHand) -> None:
    trained.on_page_ended = lambda event: trained.terminal.confirm(False)
    trained.data(PAGE)
    assert trained.command(Fcf.MPS) == ["MCF"]


@pytest.mark.parametrize("fcf", [Fcf.MPS, Fcf.EOP])
def test_an_owner_that_wants_no_more_when_told_of_a_page_has_the_last_word(trained: ByHand, fcf: Fcf) -> None:
    trained.on_page_ended = lambda event: trained.terminal.abort()
    trained.data(PAGE)
    assert trained.command(fcf) == []
    assert trained.end.cause is FaxCause.ABORTED
    trained.terminal.confirm(True)
    assert trained.wait(5.0) == []
    assert PageConfirmed(0) not in trained.events


# The receiver: the last page.


@pytest.mark.parametrize("fcf", [Fcf.EOP, Fcf.CRP, Fcf.MPS, Fcf.EOM, Fcf.DCS])
def test_whatever_comes_while_the_page_is_being_delivered_waits(delivering: ByHand, fcf: Fcf) -> None:
    assert delivering.command(fcf, encode_command(Command(FAST, PageFormat()))) == []
    delivering.terminal.confirm(True)
    assert delivering.wait(2.0) == ["MCF"]
    assert delivering.ended == [False]


def test_the_first_verdict_counts(delivering: ByHand) -> None:
    delivering.terminal.confirm(True)
    delivering.terminal.confirm(False)
    assert delivering.wait(2.0) == ["MCF"]
    delivering.terminal.confirm(False)
    assert delivering.wait(2.0) == []
    assert delivering.events.count(PageConfirmed(0)) == 1


def test_a_verdict_before_the_last_page_is_no_verdict_on_it(trained: ByHand) -> None:
    trained.data(PAGE)
    trained.terminal.confirm(False)
    assert trained.command(Fcf.EOP) == []
    trained.terminal.confirm(True)
    assert trained.wait(2.0) == ["MCF"]


def test_a_verdict_waits_for_the_end_of_what_is_being_said(delivering: ByHand) -> None:
    carrier, eop, off = ByHand.burst(Frame(Fcf.EOP, from_caller=True))
    delivering.hear(carrier, eop)
    delivering.terminal.confirm(True)
    assert delivering.wait(2.0) == []
    assert delivering.hear(off) == ["MCF"]


def test_the_first_of_two_verdicts_that_have_to_wait_counts(delivering: ByHand) -> None:
    carrier, eop, off = ByHand.burst(Frame(Fcf.EOP, from_caller=True))
    delivering.hear(carrier, eop)
    delivering.terminal.confirm(True)
    delivering.terminal.confirm(False)
    assert delivering.hear(off) == ["MCF"]


def test_after_the_line_is_gone_a_verdict_changes_nothing(delivering: ByHand) -> None:
    delivering.terminal.abort(FaxCause.HANGUP)
    delivering.terminal.confirm(True)
    assert delivering.wait(2.0) == []
    assert (delivering.end.ok, delivering.end.cause) == (False, FaxCause.HANGUP)


def test_a_sender_that_hangs_up_once_the_last_page_is_confirmed_has_sent_it(parting: ByHand) -> None:
    parting.terminal.abort(FaxCause.HANGUP)
    assert (parting.end.ok, parting.end.cause, parting.end.pages) == (True, FaxCause.OK, 1)


def test_a_sender_that_hangs_up_into_the_confirmation_may_not_have_heard_it(delivering: ByHand) -> None:
    delivering.terminal.confirm(True)
    delivering.clock.run(delivering.clock.now() + 0.5)
    delivering.terminal.abort(FaxCause.HANGUP)
    assert (delivering.end.ok, delivering.end.cause) == (False, FaxCause.HANGUP)


def test_an_owner_that_says_nothing_is_given_t5(trained: ByHand) -> None:
    trained.data(PAGE)
    trained.command(Fcf.EOP)
    assert trained.ends_after(90.0) == pytest.approx(T5_S, abs=DCN_S)
    assert trained.end.cause is FaxCause.T5_TIMEOUT


@pytest.mark.parametrize("fcf", [Fcf.MPS, Fcf.EOM, Fcf.DCS])
def test_after_the_last_page_there_is_no_further_one(parting: ByHand, fcf: Fcf) -> None:
    assert parting.command(fcf, encode_command(Command(FAST, PageFormat()))) == []
    assert parting.command(Fcf.EOP) == parting.command(Fcf.CRP) == ["MCF"]
    assert parting.command(Fcf.DCN) == []
    assert parting.end.ok
    assert parting.end.pages == 1


def test_a_dcn_that_never_comes_changes_nothing(parting: ByHand) -> None:
    assert parting.ends_after(10.0) < T2_S
    assert parting.end.ok


def test_after_the_end_nothing_is_heard(parting: ByHand) -> None:
    parting.command(Fcf.DCN)
    told = len(parting.events)
    assert parting.train() == []
    assert len(parting.events) == told


# The poller.


@pytest.fixture
def polling() -> ByHand:
    """A caller that has just asked for a document."""
    made = ByHand(Profile("1", password="sesame", polled_address="77")).poll()
    offer = Capabilities(has_document=True, addressing=frozenset({Fcf.PWD}))
    assert made.say(Frame(Fcf.DIS, encode_capabilities(offer))) == ["PWD", "CIG", "DTC"]
    return made


def test_a_question_for_a_document_is_put_again_until_t1(polling: ByHand) -> None:
    assert polling.wait(T2_S + 3.0) == ["PWD", "CIG", "DTC"]
    assert polling.command(Fcf.CRP) == ["PWD", "CIG", "DTC"]
    assert polling.wait(T2_S + 3.0) == ["PWD", "CIG", "DTC"]
    assert polling.ends_after(40.0) == pytest.approx(T1_S + 40.0 - polling.clock.now(), abs=4.0)
    assert polling.end.cause is FaxCause.T1_TIMEOUT


def test_the_first_bit_of_what_a_poller_says_tells_that_it_heard_a_dis(polling: ByHand) -> None:
    polling.train()
    assert codes(polling) == [Fcf.CFR | X_BIT]


def test_before_anything_was_said_there_is_nothing_to_repeat() -> None:
    polling = ByHand().poll()
    polling.wait(0.6)
    assert polling.command(Fcf.CRP) == []
    polling.wait(4.0)
    assert ToneOn(Tone.CNG) in polling.signals


def test_an_offer_that_was_cut_short_is_no_offer() -> None:
    polling = ByHand().poll()
    assert polling.say(Frame(Fcf.DIS, b"\x00\x00")) == []
    assert polling.say(Frame(Fcf.DIS, encode_capabilities(Capabilities(has_document=True)))) == ["CIG", "DTC"]


def test_frames_whose_carrier_begins_anew_without_an_end_are_forgotten(called: ByHand) -> None:
    last = HdlcFrame(Frame(Fcf.DCN, from_caller=True).encode())
    called.hear(CarrierOn(Modulation.V21), last, CarrierOn(Modulation.V21))
    assert called.ended_at is None
    called.hear(last, CarrierOff())
    assert called.ended_at is not None
