"""T.30 calls in which frames are lost, ends disconnect or hang up, or something is asked for again."""

from __future__ import annotations

import pytest

from iosemu.fax.document import Quality
from iosemu.fax.events import FaxCause, PageEnded
from iosemu.fax.line import CarrierOff, CarrierOn, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import frames
from tests.fax.bad_lines import LoseFrames, SpoilData, names_of
from tests.fax.calls import Call, document

pytestmark = pytest.mark.parametrize("way", ["direct", "onramp", "offramp"])


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


class LoseCarrierOff:
    """A line that loses the end of the burst that brings the first frame called `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.losing = self.lost = False

    def __call__(self, signal: LineSignal) -> LineSignal | None:
        self.losing = self.losing or (names_of(signal) == self.name and not self.lost)
        if isinstance(signal, CarrierOff) and self.losing:
            self.losing, self.lost = False, True
            return None
        return signal


@pytest.mark.parametrize("name", ["DIS", "DCS", "CFR", "MPS", "MCF", "EOP"])
def test_a_burst_whose_end_is_lost_is_said_again_and_not_spoken_into(way: str, name: str) -> None:
    """Else a sender that heard MCF twice would send its page into the second one."""
    call = Call(way, document(3))
    call.to_sender = call.to_receiver = LoseCarrierOff(name)
    call.run()
    call.assert_delivered()


def test_a_training_check_whose_end_is_lost_is_not_answered_into_the_next_command(way: str) -> None:
    checking, lost = False, False

    def lose_end_of_check(signal: LineSignal) -> LineSignal | None:
        nonlocal checking, lost
        if isinstance(signal, CarrierOn):
            checking = signal.modulation is not Modulation.V21 and not lost
        elif isinstance(signal, CarrierOff) and checking:
            checking, lost = False, True
            return None
        return signal

    call = Call(way, document(2), to_receiver=lose_end_of_check).run()
    call.assert_delivered()
    assert call.frames().count("DCS") == 2


def test_the_confirmation_of_one_page_is_no_answer_to_the_command_of_another(way: str) -> None:
    """The whole second page is swallowed, and nobody may think that it was confirmed."""
    call = Call(way, document(2))
    pages, swallowing = 0, False

    def swallow_second_page(signal: LineSignal) -> LineSignal | None:
        nonlocal pages, swallowing
        if isinstance(signal, CarrierOn):
            pages += signal.short
            swallowing = signal.short and pages == 2
        return None if swallowing else signal

    call.to_receiver = swallow_second_page
    call.run()
    assert call.frames().count("RTN") == 1
    call.assert_delivered()


@pytest.mark.parametrize(("quality", "answer"), [(Quality.POOR, "RTP"), (Quality.BAD, "RTN")])
def test_a_page_with_bad_lines_is_answered_as_bad_as_it_is(way: str, quality: Quality, answer: str) -> None:
    call = Call(way, document(2))
    judged: list[bool] = []

    def judge(event: PageEnded) -> None:
        if not judged:
            judged.append(call.receiver.judge_page(quality))

    call.on_page_ended = judge
    call.run()
    call.assert_delivered()
    assert judged == [quality is Quality.POOR]
    assert [name for name in call.frames() if name in ("RTP", "RTN")] == [answer]
    assert call.frames().count("DCS") == 2


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
