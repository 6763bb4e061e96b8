"""Whole T.30 calls: terminal to terminal, and with a router's DSP, T.38 and FMSP at either end."""

from __future__ import annotations

import pytest

from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution, StoredDocument
from iosemu.fax.events import FaxCause, Negotiated, PageConfirmed, PageEnded, PageRefused, RemoteId, TrainingChecked
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import Profile, frames
from tests.fax.calls import Call, document, page

pytestmark = pytest.mark.parametrize("way", ["direct", "onramp", "offramp"])


def names_of(signal: LineSignal) -> str:
    return frames.label(signal.octets) if isinstance(signal, HdlcFrame) else ""


words = str.split


class LoseFrames:
    """A line that loses the first `count` frames called `name` (none for ever with count = -1)."""

    def __init__(self, name: str, count: int = 1) -> None:
        self.name, self.count = name, count

    def __call__(self, signal: LineSignal) -> LineSignal | None:
        if names_of(signal) == self.name and self.count:
            self.count -= 1
            return None
        return signal


class SpoilData:
    """A line on which the first `count` carriers of a modulation bring only ones."""

    def __init__(self, modulation: Modulation, count: int = 1) -> None:
        self.modulation, self.count = modulation, count
        self.spoiling = False

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self.spoiling = signal.modulation is self.modulation and self.count > 0
            self.count -= self.spoiling
        elif isinstance(signal, Data) and self.spoiling:
            return Data(b"\xff" * len(signal.octets))
        return signal


@pytest.mark.parametrize("resolution", Resolution)
def test_three_pages_arrive_as_they_were_sent(way: str, resolution: Resolution) -> None:
    call = Call(way, document(3, resolution)).run()
    call.assert_delivered()
    assert call.frames() == words("CSI DIS TSI DCS CFR MPS MCF MPS MCF EOP MCF DCN")


def test_both_ends_know_whom_they_speak_to(way: str) -> None:
    call = Call(way).run()
    assert call.only(call.receiver_events, RemoteId) == RemoteId("TSI", "15551234")
    assert call.only(call.sender_events, RemoteId) == RemoteId("CSI", "9-555-8354")


def test_a_call_takes_its_time_on_the_line(way: str) -> None:
    call = Call(way, document(1, rows=4000)).run()
    octets = len(call.received[0][1])
    page_s = call.time_of("EOP") - call.time_of("CFR")
    # Turnaround, short V.17 training, the page; then turnaround, preamble and EOP itself.
    assert page_s == pytest.approx(0.075 + 0.142 + octets * 8 / 14400 + 0.075 + 1.0 + 0.16, abs=0.01)


def test_a_page_of_another_resolution_makes_a_new_phase_b(way: str) -> None:
    formats = (PageFormat(resolution=Resolution.FINE), PageFormat(resolution=Resolution.STANDARD))
    call = Call(way, StoredDocument(tuple((f, page(n)) for n, f in enumerate(formats)))).run()
    call.assert_delivered()
    assert call.frames() == words("CSI DIS TSI DCS CFR EOM MCF CSI DIS TSI DCS CFR EOP MCF DCN")


def test_a_receiver_without_superfine_gets_what_it_can_do(way: str) -> None:
    asked: list[PageFormat] = []

    class Scaled:
        def format(self, index: int) -> PageFormat | None:
            return PageFormat(resolution=Resolution.SUPERFINE, coding=Coding.MR) if index == 0 else None

        def t4(self, index: int, page_format: PageFormat) -> bytes:
            asked.append(page_format)
            return page(0)

    limited = Profile("1", resolutions=frozenset({Resolution.FINE}), codings=frozenset({Coding.MH}))
    call = Call(way, Scaled(), receiver_profile=limited).run()
    assert call.sender_end.ok
    assert asked == [PageFormat(resolution=Resolution.FINE, coding=Coding.MH)]
    assert call.received[0][0] == asked[0]


def test_fill_bits_keep_the_receivers_scan_line_time(way: str) -> None:
    slow = Profile("1", min_scan_ms=20)
    call = Call(way, document(1, rows=100), receiver_profile=slow).run()
    assert call.receiver_end.ok
    # 20 ms at 14,400 bit/s are 288 bits for each of 100 lines.
    assert len(call.received[0][1]) == pytest.approx(100 * 288 / 8 + 9, abs=4)


def test_a_spoiled_training_leads_to_the_next_rate(way: str) -> None:
    call = Call(way, document(2), to_receiver=SpoilData(Modulation.V17_14400)).run()
    call.assert_delivered()
    assert call.frames()[:8] == words("CSI DIS TSI DCS FTT TSI DCS CFR")
    rates = [event.rate_bps for event in call.sender_events if isinstance(event, Negotiated)]
    assert rates == [14400, 12000]


def test_training_falls_back_down_to_2400_and_then_gives_up(way: str) -> None:
    def spoil(signal: LineSignal) -> LineSignal:
        return Data(b"\xff" * len(signal.octets)) if isinstance(signal, Data) else signal

    call = Call(way, to_receiver=spoil).run()
    rates = [event.rate_bps for event in call.receiver_events if isinstance(event, TrainingChecked)]
    assert rates == [14400, 12000, 9600, 9600, 7200, 7200, 4800, 2400]
    assert call.sender_end.cause is FaxCause.TRAINING_FAILED
    assert call.receiver_end.cause is FaxCause.REMOTE_DISCONNECT
    assert call.frames()[-1] == "DCN"


@pytest.mark.parametrize(("rate_bps", "modulation"), [(9600, "V.17"), (4800, "V.27ter"), (2400, "V.27ter")])
def test_a_sender_keeps_its_speed_limit(way: str, rate_bps: int, modulation: str) -> None:
    call = Call(way, sender_profile=Profile("1", max_rate_bps=rate_bps)).run()
    call.assert_delivered()
    negotiated = call.only(call.sender_events, Negotiated)
    assert (negotiated.rate_bps, negotiated.modulation) == (rate_bps, modulation)


@pytest.mark.parametrize("rate_bps", [12000, 9600, 7200, 4800, 2400])
def test_a_receiver_keeps_its_speed_limit(way: str, rate_bps: int) -> None:
    call = Call(way, receiver_profile=Profile("1", max_rate_bps=rate_bps)).run()
    call.assert_delivered()
    rates = [event.rate_bps for event in call.receiver_events if isinstance(event, TrainingChecked) and event.ok]
    assert rates == [rate_bps]


def test_a_sender_that_hears_nobody_ends_after_t1(way: str) -> None:
    call = Call(way, to_sender=lambda signal: None).run()
    assert call.sender_end.cause is FaxCause.NO_ANSWER
    assert call.sender_end.cause.text == "No answer T30 timeout"
    assert 35 < next(at for at, who, event in call.log if event is call.sender_end) < 37


def test_a_receiver_that_hears_nobody_ends_after_t1(way: str) -> None:
    call = Call(way, to_receiver=lambda signal: None).run()
    assert call.receiver_end.cause is FaxCause.T1_TIMEOUT
    assert call.receiver_end.cause.text == "T30 T1 EOM timeout"
    assert 35 < next(at for at, who, event in call.log if event is call.receiver_end) < 37


def test_the_last_page_is_not_confirmed_before_the_owner_says_so(way: str) -> None:
    call = Call(way, document(2), confirm_after_s=7.0).run()
    call.assert_delivered()
    first_eop = call.time_of("EOP")
    confirmed = [at for at, who, event in call.log if who == "receiver" and isinstance(event, PageConfirmed)]
    assert confirmed[-1] == pytest.approx(first_eop + 7.0, abs=1.3)
    assert call.frames().count("EOP") == 2
    assert call.frames().count("MCF") == 2
    assert [event.index for event in call.receiver_events if isinstance(event, PageEnded)] == (
        [0, 1] if way == "onramp" else []
    )


def test_a_last_page_that_nobody_confirms_is_given_up_by_the_sender(way: str) -> None:
    call = Call(way, confirm_after_s=None).run()
    assert call.frames()[-4:] == ["EOP", "EOP", "EOP", "DCN"]
    assert call.sender_end.cause is FaxCause.PAGE_COMMAND_RETRIES
    assert (call.sender_end.ok, call.receiver_end.ok) == (False, False)


def test_a_last_page_that_cannot_be_delivered_is_never_confirmed(way: str) -> None:
    call = Call(way, document(2), confirm_after_s=2.0, delivered=False).run()
    assert call.frames()[-1] == "DCN"
    assert call.frames().count("MCF") == 1
    assert call.receiver_end.cause is FaxCause.NOT_DELIVERED
    assert call.sender_end.cause is FaxCause.REMOTE_DISCONNECT
    assert call.sender_end.pages == 1


def test_a_refused_page_is_sent_again_one_rate_lower(way: str) -> None:
    call = Call(way, document(3))
    refused: list[int] = []

    def refuse_second_page_once(event: PageEnded) -> None:
        if event.index == 1 and not refused:
            refused.append(event.index)
            call.receiver.reject_page()

    call.on_page_ended = refuse_second_page_once
    call.run()
    call.assert_delivered()
    assert call.only(call.sender_events, PageRefused) == PageRefused(1)
    assert [event.rate_bps for event in call.sender_events if isinstance(event, Negotiated)] == [14400, 12000]


def test_a_last_page_can_be_refused_too(way: str) -> None:
    call = Call(way)
    refused: list[int] = []

    def refuse_once(event: PageEnded) -> None:
        if not refused:
            refused.append(event.index)
            call.receiver.reject_page()

    call.on_page_ended = refuse_once
    call.run()
    call.assert_delivered()
    assert "RTN" in call.frames()


def test_a_page_that_is_always_refused_ends_the_call(way: str) -> None:
    call = Call(way, document(2))
    call.on_page_ended = lambda event: call.receiver.reject_page()
    call.run()
    assert call.frames().count("RTN") == 3
    assert call.sender_end.cause is FaxCause.PAGE_REFUSED
    assert call.sender_end.pages == call.receiver_end.pages == 0


def test_a_page_whose_carrier_was_never_heard_is_refused(way: str) -> None:
    deaf = [True]

    def swallow_short_training(signal: LineSignal) -> LineSignal | None:
        if isinstance(signal, CarrierOn):
            deaf[0] = signal.short
        return None if isinstance(signal, (CarrierOn, Data)) and deaf[0] else signal

    call = Call(way, to_receiver=swallow_short_training).run()
    assert call.frames().count("RTN") == 3
    assert call.received == []
    assert call.sender_end.cause is FaxCause.PAGE_REFUSED


@pytest.mark.parametrize(
    ("lost", "direction"),
    [
        ("DIS", "sender"),
        ("DCS", "receiver"),
        ("CFR", "sender"),
        ("FTT", "sender"),
        ("MPS", "receiver"),
        ("MCF", "sender"),
        ("EOP", "receiver"),
        ("TSI", "receiver"),
        ("CSI", "sender"),
    ],
)
def test_a_lost_frame_is_made_good(way: str, lost: str, direction: str) -> None:
    call = Call(way, document(2))
    if lost == "FTT":
        call.to_receiver = SpoilData(Modulation.V17_14400)
    if direction == "sender":
        call.to_sender = LoseFrames(lost)
    else:
        call.to_receiver = LoseFrames(lost)
    call.run()
    call.assert_delivered()


def test_a_lost_confirmation_of_the_last_page_is_repeated_and_the_page_told_once(way: str) -> None:
    call = Call(way, to_sender=LoseFrames("MCF", 2))
    told: list[PageEnded] = []
    call.on_page_ended = told.append
    call.run()
    call.assert_delivered()
    assert len(told) == 1
    assert call.frames()[-6:] == ["MCF", "EOP", "MCF", "EOP", "MCF", "DCN"]


@pytest.mark.parametrize(
    ("lost", "cause"),
    [("CFR", FaxCause.DCS_RETRIES), ("MCF", FaxCause.PAGE_COMMAND_RETRIES)],
)
def test_a_response_that_never_comes_ends_the_call_after_three_tries(way: str, lost: str, cause: FaxCause) -> None:
    call = Call(way, document(2), to_sender=LoseFrames(lost, -1)).run()
    assert call.sender_end.cause is cause
    assert call.frames()[-1] == "DCN"
    assert call.frames().count("DCS" if lost == "CFR" else "MPS") == 3


def test_a_damaged_frame_counts_as_not_heard(way: str) -> None:
    spoiled = [1]

    def spoil(signal: LineSignal) -> LineSignal:
        if names_of(signal) == "MCF" and spoiled:
            spoiled.pop()
            assert isinstance(signal, HdlcFrame)
            return HdlcFrame(signal.octets, fcs_ok=False)
        return signal

    call = Call(way, document(2), to_sender=spoil).run()
    call.assert_delivered()
    assert call.frames().count("MPS") == 2


@pytest.mark.parametrize("reply", ["DIS", "CFR", "MCF"])
def test_a_disconnect_ends_the_sender_in_every_phase(way: str, reply: str) -> None:
    def disconnect(signal: LineSignal) -> LineSignal:
        return HdlcFrame(frames.Frame(frames.Fcf.DCN).encode()) if names_of(signal) == reply else signal

    call = Call(way, document(2), to_sender=disconnect).run()
    assert call.sender_end.cause is FaxCause.REMOTE_DISCONNECT
    assert not call.sender_end.ok
    assert not call.receiver_end.ok


@pytest.mark.parametrize("command", ["DCS", "MPS", "EOP"])
def test_a_disconnect_ends_the_receiver_in_every_phase(way: str, command: str) -> None:
    def disconnect(signal: LineSignal) -> LineSignal:
        if names_of(signal) == command:
            return HdlcFrame(frames.Frame(frames.Fcf.DCN, from_caller=True).encode())
        return signal

    call = Call(way, document(2), to_receiver=disconnect).run()
    assert call.receiver_end.cause is FaxCause.REMOTE_DISCONNECT
    assert not call.sender_end.ok


def test_a_sender_that_falls_silent_is_waited_for_until_t2(way: str) -> None:
    call = Call(way, document(2))
    call.start()
    call.clock.run(15.0)
    assert call.received == []
    call.to_receiver = lambda signal: None
    call.to_sender = lambda signal: None
    call.clock.run()
    assert call.receiver_end.cause is FaxCause.T2_TIMEOUT


def test_a_hang_up_ends_both_at_once(way: str) -> None:
    call = Call(way, document(2)).start()
    call.clock.run(14.0)
    for end in (call.sender, call.receiver):
        end.abort(FaxCause.HANGUP)
    call.clock.run()
    assert call.sender_end.cause is call.receiver_end.cause is FaxCause.HANGUP
    assert call.clock.now() < 25.0


def test_a_hang_up_after_the_last_confirmation_is_a_good_end(way: str) -> None:
    call = Call(way, to_receiver=LoseFrames("DCN")).run()
    call.assert_delivered()


def hang_up_on_disconnect(call: Call, far: str) -> None:
    """Let `far` hang up as soon as it hears DCN, while the DCN's carrier is still on."""

    def hear(signal: LineSignal) -> LineSignal:
        if names_of(signal) == "DCN":
            (call.sender if far == "receiver" else call.receiver).abort(FaxCause.HANGUP)
        return signal

    if far == "receiver":
        call.to_receiver = hear
    else:
        call.to_sender = hear


def test_a_receiver_that_hangs_up_on_dcn_leaves_the_sender_its_success(way: str) -> None:
    call = Call(way)
    hang_up_on_disconnect(call, "receiver")
    call.run()
    assert (call.sender_end.ok, call.sender_end.cause) == (True, FaxCause.OK)


def test_a_sender_that_hangs_up_on_dcn_leaves_the_receiver_its_cause(way: str) -> None:
    call = Call(way, delivered=False)
    hang_up_on_disconnect(call, "sender")
    call.run()
    assert (call.receiver_end.ok, call.receiver_end.cause) == (False, FaxCause.NOT_DELIVERED)


def test_an_operator_request_is_answered_as_the_plain_command(way: str) -> None:
    def ask_for_operator(signal: LineSignal) -> LineSignal:
        if names_of(signal) == "MPS":
            return HdlcFrame(frames.Frame(frames.Fcf.PRI_MPS, from_caller=True).encode())
        return signal

    Call(way, document(2), to_receiver=ask_for_operator).run().assert_delivered()


@pytest.mark.parametrize("instead_of", ["CFR", "MCF"])
def test_a_command_repeat_is_obeyed(way: str, instead_of: str) -> None:
    once = [1]

    def ask_again(signal: LineSignal) -> LineSignal:
        if names_of(signal) == instead_of and once:
            once.pop()
            return HdlcFrame(frames.Frame(frames.Fcf.CRP).encode())
        return signal

    Call(way, document(2), to_sender=ask_again).run().assert_delivered()


def test_retrain_positive_confirms_and_trains_again(way: str) -> None:
    once = [1]

    def retrain(signal: LineSignal) -> LineSignal:
        if names_of(signal) == "MCF" and once:
            once.pop()
            return HdlcFrame(frames.Frame(frames.Fcf.RTP).encode())
        return signal

    call = Call(way, document(2), to_sender=retrain).run()
    call.assert_delivered()
    assert call.frames().count("DCS") == 2


def test_a_document_without_pages_is_not_sent(way: str) -> None:
    call = Call(way, StoredDocument(())).run()
    assert call.sender_end.cause is FaxCause.NO_DOCUMENT
    assert "DCS" not in call.frames()


def test_a_page_that_cannot_be_coded_ends_the_call_politely(way: str) -> None:
    class Broken:
        def format(self, index: int) -> PageFormat | None:
            return PageFormat()

        def t4(self, index: int, page_format: PageFormat) -> bytes:
            raise DocumentError("no")

    call = Call(way, Broken()).run()
    assert call.sender_end.cause is FaxCause.BAD_DOCUMENT
    assert call.frames()[-1] == "DCN"


def test_a_page_too_wide_for_the_receiver_is_incompatible(way: str) -> None:
    call = Call(way, StoredDocument(((PageFormat(2432), page(0)),))).run()
    assert call.sender_end.cause is FaxCause.INCOMPATIBLE
    assert call.receiver_end.cause is FaxCause.REMOTE_DISCONNECT


def test_a_terminal_makes_one_call(way: str) -> None:
    call = Call(way).run()
    with pytest.raises(RuntimeError):
        call.start()
