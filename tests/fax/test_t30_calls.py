"""Whole T.30 calls: terminal to terminal, and with a router's DSP, T.38 and FMSP at either end."""

from __future__ import annotations

import pytest

from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution, StoredDocument
from iosemu.fax.events import FaxCause, Negotiated, PageConfirmed, PageEnded, PageRefused, RemoteId, TrainingChecked
from iosemu.fax.line import CarrierOn, Data, LineSignal, Modulation
from iosemu.fax.t30 import Profile
from tests.fax.bad_lines import SpoilData
from tests.fax.calls import Call, document, page

pytestmark = pytest.mark.parametrize("way", ["direct", "onramp", "offramp"])


words = str.split


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
