"""T.30 calls in which frames are lost, ends disconnect or hang up, or something is asked for again."""

from __future__ import annotations

import pytest

from iosemu.fax.events import FaxCause, PageEnded
from iosemu.fax.line import HdlcFrame, LineSignal, Modulation
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
