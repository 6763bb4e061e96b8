"""The sending end of a T.30 call, told by hand what no well-behaved receiver says on a good line."""

from __future__ import annotations

import pytest

from iosemu.fax.document import PageFormat, Resolution, StoredDocument
from iosemu.fax.events import FaxCause, Negotiated, PageConfirmed, PageRefused, PageSent
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, Modulation, Tone, ToneOn
from iosemu.fax.t30 import Profile, ecm
from iosemu.fax.t30.capabilities import Capabilities, Command, decode_command, encode_capabilities, encode_command
from iosemu.fax.t30.frames import X_BIT, Fcf, Frame
from iosemu.fax.t30.procedure import T1_S, T4_S, T5_S
from tests.fax.by_hand import ByHand
from tests.fax.calls import document

SLOWEST = Modulation.V27TER_2400
SPOKEN_S = 2.0
"""No less than a command takes on the line, with its preamble."""


def dis(**more: object) -> Frame:
    return Frame(Fcf.DIS, encode_capabilities(Capabilities(**more)))  # type: ignore[arg-type]


def called(pages: int = 2, rows: int = 20, profile: Profile | None = None) -> ByHand:
    """A sender that has called and heard nothing yet."""
    return ByHand(profile).call(document(pages, Resolution.STANDARD, rows))


def reply(sender: ByHand, fcf: Fcf, fif: bytes = b"") -> list[str]:
    """What it says to that."""
    return sender.say(Frame(fcf, fif))


@pytest.fixture
def asked() -> ByHand:
    """A sender that has sent its first page and asks about it."""
    made = called()
    assert made.say(dis()) == ["TSI", "DCS"]
    assert reply(made, Fcf.CFR) == ["MPS"]
    return made


@pytest.fixture
def corrected() -> ByHand:
    """The same with error correction."""
    made = called(profile=Profile("1", ecm=True))
    assert made.say(dis(ecm=True, scan_ms=(20, 10))) == ["TSI", "DCS"]
    assert reply(made, Fcf.CFR)[-1] == "PPS-MPS"
    return made


def carriers(sender: ByHand) -> list[CarrierOn]:
    """The fast carriers since the last burst."""
    return [one for one in sender.signals if isinstance(one, CarrierOn) and one.modulation is not Modulation.V21]


# Phases A and B.


def test_a_far_end_that_cannot_receive_is_told_so_at_once() -> None:
    sender = called()
    assert sender.say(dis(can_receive=False)) == ["DCN"]
    assert sender.end.cause is FaxCause.INCOMPATIBLE


def test_an_offer_that_was_cut_short_is_waited_for_again() -> None:
    sender = called()
    assert sender.say(Frame(Fcf.DIS, b"\x00\x00")) == []
    sender.wait(4.0)
    assert ToneOn(Tone.CNG) in sender.signals
    assert sender.say(dis()) == ["TSI", "DCS"]


def test_nobody_is_waited_for_longer_than_t1() -> None:
    sender = called()
    assert sender.ends_after(60.0) == pytest.approx(T1_S, abs=SPOKEN_S)
    assert (sender.end.cause, sender.end.pages) == (FaxCause.NO_ANSWER, 0)


def test_a_repeated_dis_and_a_request_to_repeat_have_the_training_again() -> None:
    sender = called()
    sender.say(dis())
    for again in (dis(), Frame(Fcf.CRP)):
        assert sender.say(again) == ["TSI", "DCS"]
    assert reply(sender, Fcf.CRP) == ["DCN"]
    assert sender.end.cause is FaxCause.DCS_RETRIES


def test_a_failed_training_is_tried_afresh_at_the_next_rate() -> None:
    sender = called()
    sender.say(dis())
    rates = [carriers(sender)[0].modulation.rate_bps]
    for _ in range(2):
        reply(sender, Fcf.CRP)
    assert reply(sender, Fcf.FTT) == ["TSI", "DCS"]
    rates.append(carriers(sender)[0].modulation.rate_bps)
    assert rates == [14400, 12000]
    assert reply(sender, Fcf.CRP) == ["TSI", "DCS"]  # the tries are those of one rate
    told = [event.rate_bps for event in sender.events if isinstance(event, Negotiated)]
    assert told == [14400, 14400, 14400, 12000, 12000]


@pytest.mark.parametrize("fcf", [Fcf.MCF, Fcf.RTN, Fcf.PPR, Fcf.CTR, Fcf.RNR, Fcf.ERR])
def test_what_is_no_answer_to_a_training_is_waited_past(fcf: Fcf) -> None:
    sender = called()
    sender.say(dis())
    assert sender.say(Frame(fcf)) == []
    assert sender.wait(T4_S + SPOKEN_S) == ["TSI", "DCS"]


# Phases C and D.


def test_of_a_burst_only_the_last_frame_is_marked_as_final() -> None:
    sender = called()
    sender.say(dis())
    tsi, dcs = (signal.octets[:3] for signal in sender.signals if isinstance(signal, HdlcFrame))
    assert (tsi, dcs) == (bytes((0xFF, 0xC0, Fcf.TSI | X_BIT)), bytes((0xFF, 0xC8, Fcf.DCS | X_BIT)))


def test_the_first_bit_of_a_command_tells_that_the_sender_heard_a_dis(asked: ByHand) -> None:
    (command,) = (signal for signal in asked.signals if isinstance(signal, HdlcFrame))
    assert command.octets == bytes((0xFF, 0xC8, Fcf.MPS | X_BIT))


def test_a_request_to_repeat_a_question_is_obeyed_at_once(asked: ByHand) -> None:
    assert reply(asked, Fcf.CRP) == reply(asked, Fcf.CRP) == ["MPS"]
    assert reply(asked, Fcf.CRP) == ["DCN"]
    assert asked.end.cause is FaxCause.PAGE_COMMAND_RETRIES


@pytest.mark.parametrize("fcf", [Fcf.CFR, Fcf.FTT, Fcf.PPR, Fcf.CTR, Fcf.RNR, Fcf.DIS])
def test_what_is_no_answer_to_a_page_is_waited_past(asked: ByHand, fcf: Fcf) -> None:
    assert asked.say(Frame(fcf)) == []
    assert asked.wait(T4_S + SPOKEN_S) == ["MPS"]


def test_the_tries_of_one_page_are_not_those_of_the_next(asked: ByHand) -> None:
    assert asked.wait(2 * (T4_S + SPOKEN_S)) == ["MPS", "MPS"]
    assert reply(asked, Fcf.MCF) == ["EOP"]
    assert asked.wait(2 * (T4_S + SPOKEN_S)) == ["EOP", "EOP"]
    assert asked.wait(T4_S + SPOKEN_S) == ["DCN"]
    assert (asked.end.ok, asked.end.cause, asked.end.pages) == (False, FaxCause.PAGE_COMMAND_RETRIES, 1)


def test_the_refusals_of_one_page_are_not_those_of_the_next(asked: ByHand) -> None:
    for question, confirmed in (("MPS", "EOP"), ("EOP", "DCN")):
        for _ in range(2):
            assert reply(asked, Fcf.RTN) == ["TSI", "DCS"]
            assert reply(asked, Fcf.CFR) == [question]
        assert reply(asked, Fcf.MCF) == [confirmed]
    assert (asked.end.ok, asked.end.pages) == (True, 2)
    assert [type(event) for event in asked.events if isinstance(event, PageConfirmed | PageRefused | PageSent)] == [
        *[PageSent, PageRefused] * 2,
        *[PageSent, PageConfirmed],
    ] * 2


def test_each_refusal_lowers_the_rate_and_the_third_ends_the_call(asked: ByHand) -> None:
    rates = []
    for _ in range(2):
        reply(asked, Fcf.RTN)
        rates += [carrier.modulation.rate_bps for carrier in carriers(asked)]
        reply(asked, Fcf.CFR)
    assert rates == [12000, 9600]
    assert reply(asked, Fcf.RTN) == ["DCN"]
    assert asked.end.cause is FaxCause.PAGE_REFUSED


def test_a_page_refused_at_the_lowest_rate_is_sent_again_at_that() -> None:
    sender = called(1, profile=Profile("1", max_rate_bps=2400))
    sender.say(dis())
    reply(sender, Fcf.CFR)
    assert reply(sender, Fcf.RTN) == ["TSI", "DCS"]
    assert carriers(sender) == [CarrierOn(SLOWEST)]


def test_a_page_after_a_training_comes_with_a_short_one_of_its_own(asked: ByHand) -> None:
    reply(asked, Fcf.MCF)
    assert carriers(asked) == [CarrierOn(Modulation.V17_14400, short=True)]
    assert b"".join(one.octets for one in asked.signals if isinstance(one, Data))


def test_a_page_of_another_format_waits_for_a_new_offer_no_longer_than_t1() -> None:
    pages = StoredDocument((document(1, Resolution.FINE, 20).pages[0], document(1, Resolution.STANDARD, 20).pages[0]))
    sender = ByHand(Profile("1")).call(pages)
    sender.say(dis(resolutions=frozenset({Resolution.STANDARD, Resolution.FINE})))
    assert reply(sender, Fcf.CFR) == ["EOM"]
    assert sender.say(Frame(Fcf.MCF)) == []
    assert sender.say(Frame(Fcf.CFR)) == []
    sender.wait(5.0)
    assert ToneOn(Tone.CNG) not in sender.signals
    assert sender.ends_after(40.0) == pytest.approx(T1_S - 5.0, abs=SPOKEN_S)
    assert (sender.end.cause, sender.end.pages) == (FaxCause.T1_TIMEOUT, 1)


def test_a_second_offer_may_change_what_the_pages_are() -> None:
    pages = StoredDocument((document(1, Resolution.FINE, 20).pages[0], document(1, Resolution.STANDARD, 20).pages[0]))
    sender = ByHand(Profile("1")).call(pages)
    sender.say(dis(resolutions=frozenset({Resolution.STANDARD, Resolution.FINE})))
    reply(sender, Fcf.CFR)
    sender.say(Frame(Fcf.MCF))
    assert sender.say(dis()) == ["TSI", "DCS"]
    formats = [event.page_format for event in sender.events if isinstance(event, Negotiated)]
    assert formats == [PageFormat(resolution=Resolution.FINE), PageFormat(resolution=Resolution.STANDARD)]
    assert reply(sender, Fcf.CFR) == ["EOP"]
    assert reply(sender, Fcf.MCF) == ["DCN"]


@pytest.mark.parametrize("corrected", [False, True])
def test_from_the_last_but_one_rate_a_line_is_lowered_to_the_last(corrected: bool) -> None:
    sender = called(1, profile=Profile("1", max_rate_bps=4800, ecm=corrected))
    sender.say(dis(ecm=corrected))
    reply(sender, Fcf.CFR)
    if corrected:
        for _ in range(ecm.PPR_LIMIT):
            reply(sender, Fcf.PPR, ecm.encode_refusal([0]))
        (command,) = (signal.octets for signal in sender.signals if isinstance(signal, HdlcFrame))
        assert (
            command
            == bytes((0xFF, 0xC8, Fcf.CTC | X_BIT))
            + encode_command(Command(SLOWEST, PageFormat(resolution=Resolution.STANDARD)))[:2]
        )
        reply(sender, Fcf.CTR)
    else:
        reply(sender, Fcf.RTN)
    assert carriers(sender) == [CarrierOn(SLOWEST)]


def test_what_follows_a_page_is_told_by_the_page_behind_it() -> None:
    kinds = (Resolution.FINE, Resolution.FINE, Resolution.STANDARD)
    sender = ByHand(Profile("1")).call(StoredDocument(tuple(document(1, kind, 20).pages[0] for kind in kinds)))
    sender.say(dis())
    assert reply(sender, Fcf.CFR) == ["MPS"]
    assert reply(sender, Fcf.MCF) == ["EOM"]


def test_dcs_says_which_addresses_go_along_and_no_more_of_error_correction_than_there_is() -> None:
    profile = Profile("1", sub_address="4711", password="key", ecm=True, ecm_frame_octets=64)
    sender = called(profile=profile)
    assert sender.say(dis(addressing=frozenset({Fcf.SUB}))) == ["TSI", "SUB", "DCS"]
    command = decode_command(next(one.octets[3:] for one in reversed(sender.signals) if isinstance(one, HdlcFrame)))
    assert (command.addressing, command.ecm, command.frame_octets) == (frozenset({Fcf.SUB}), False, 256)


def test_a_page_that_went_out_is_told_with_its_octets(asked: ByHand) -> None:
    octets = sum(len(one.octets) for one in asked.signals if isinstance(one, Data))
    assert PageSent(0, octets) in asked.events


# Error correction.


def test_the_first_block_trains_shortly_and_its_rows_need_no_time(corrected: ByHand) -> None:
    assert carriers(corrected) == [CarrierOn(Modulation.V17_14400, short=True)]
    (told,) = (event for event in corrected.events if isinstance(event, Negotiated))
    assert told.min_scan_ms == 0


def test_the_rows_of_a_plain_page_need_the_time_that_the_receiver_asks_for() -> None:
    sender = called(profile=Profile("1", ecm=True))
    sender.say(dis(scan_ms=(20, 10)))
    (told,) = (event for event in sender.events if isinstance(event, Negotiated))
    assert told.min_scan_ms == 20


@pytest.mark.parametrize("fcf", [Fcf.CFR, Fcf.FTT, Fcf.CTR, Fcf.DIS])
def test_what_is_no_answer_to_a_block_is_waited_past(corrected: ByHand, fcf: Fcf) -> None:
    assert corrected.say(Frame(fcf)) == []
    assert corrected.wait(T4_S + SPOKEN_S) == ["PPS-MPS"]


@pytest.mark.parametrize("fcf", [Fcf.MCF, Fcf.RTP, Fcf.PIP])
def test_a_confirmed_block_is_followed_by_the_next_page(corrected: ByHand, fcf: Fcf) -> None:
    assert reply(corrected, fcf)[-1] == "PPS-EOP"
    assert reply(corrected, fcf) == ["DCN"]
    assert (corrected.end.ok, corrected.end.pages) == (True, 2)


@pytest.mark.parametrize("fcf", [Fcf.RTN, Fcf.PIN])
def test_a_block_that_is_refused_as_a_page_is_trained_for_again(corrected: ByHand, fcf: Fcf) -> None:
    assert reply(corrected, fcf) == ["TSI", "DCS"]
    assert carriers(corrected) == [CarrierOn(Modulation.V17_12000)]
    assert reply(corrected, Fcf.CFR)[-1] == "PPS-MPS"


def test_after_the_fourth_refusal_the_speed_is_lowered_by_ctc_and_asked_about_by_itself(corrected: ByHand) -> None:
    for _ in range(ecm.PPR_LIMIT - 1):
        assert reply(corrected, Fcf.PPR, ecm.encode_refusal([0]))[-1] == "PPS-MPS"
        assert carriers(corrected) == [CarrierOn(Modulation.V17_14400, short=True)]
    assert reply(corrected, Fcf.PPR, ecm.encode_refusal([0])) == ["CTC"]
    assert corrected.say(Frame(Fcf.MCF)) == []  # no answer to a CTC
    assert corrected.wait(T4_S + SPOKEN_S) == ["CTC"]
    assert reply(corrected, Fcf.CTR)[-1] == "PPS-MPS"
    assert carriers(corrected) == [CarrierOn(Modulation.V17_12000)]  # in full: there was no training check
    assert reply(corrected, Fcf.PPR, ecm.encode_refusal([0]))[-1] == "PPS-MPS"
    assert carriers(corrected) == [CarrierOn(Modulation.V17_12000, short=True)]
    assert corrected.events.count(PageRefused(0)) == 0
    assert [type(event) for event in corrected.events].count(PageSent) == 1


def test_a_receiver_that_is_not_ready_is_asked_again_for_t5(corrected: ByHand) -> None:
    began = corrected.clock.now()
    while corrected.ended_at is None:
        assert corrected.say(Frame(Fcf.RNR)) in (["RR"], ["DCN"])
    assert corrected.ended_at - began == pytest.approx(T5_S, abs=2 * SPOKEN_S)
    assert corrected.end.cause is FaxCause.T5_TIMEOUT


@pytest.mark.parametrize("fcf", [Fcf.PPR, Fcf.MCF, Fcf.RTN])
def test_a_receiver_that_was_not_ready_has_all_of_t5_the_next_time(corrected: ByHand, fcf: Fcf) -> None:
    for _ in range(2):
        began = corrected.clock.now()
        while corrected.clock.now() < began + 0.7 * T5_S:
            assert corrected.say(Frame(Fcf.RNR)) == ["RR"]
        reply(corrected, fcf, ecm.encode_refusal([0]) if fcf is Fcf.PPR else b"")
        if fcf is Fcf.RTN:
            reply(corrected, Fcf.CFR)
    assert corrected.said[-1] == ("DCN" if fcf is Fcf.MCF else "PPS-MPS")
