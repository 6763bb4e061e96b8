"""The receiving end of error correction, asked by hand what no well-behaved sender asks on a good line."""

from __future__ import annotations

import pytest

from iosemu.fax.document import PageFormat, Quality
from iosemu.fax.events import FaxCause, PageConfirmed
from iosemu.fax.line import CarrierOff, CarrierOn, HdlcFrame, Modulation
from iosemu.fax.t30 import Profile, ecm
from iosemu.fax.t30.capabilities import Command, encode_command
from iosemu.fax.t30.frames import Fcf
from tests.fax.by_hand import FAST, ByHand

CORRECTED = Command(FAST, PageFormat(), ecm=True)
EOR_EOP = bytes((0xF4,))


@pytest.fixture
def receiver() -> ByHand:
    """A receiver that waits for the first block."""
    made = ByHand(Profile("1", ecm=True)).answer()
    assert made.train(CORRECTED) == ["CFR"]
    return made


def test_a_block_is_handed_on_once_all_of_it_is_there(receiver: ByHand) -> None:
    receiver.block(0, 2)
    assert receiver.ask(Fcf.MPS, 3) == ["PPR"]
    assert receiver.received == b""
    receiver.block(1)
    assert receiver.ask(Fcf.MPS, 1) == ["MCF"]
    assert receiver.received == bytes((0, 1, 2))
    assert receiver.ended == [True]


def test_the_same_question_has_the_same_answer_and_changes_nothing(receiver: ByHand) -> None:
    receiver.block(0)
    assert receiver.ask(Fcf.MPS, 1) == receiver.ask(Fcf.MPS, 1) == receiver.command(Fcf.RR) == ["MCF"]
    assert receiver.ended == [True]
    assert receiver.received == bytes((0,))


def test_a_page_goes_on_in_its_next_block(receiver: ByHand) -> None:
    receiver.block(0)
    assert receiver.ask(None, 1) == ["MCF"]
    receiver.block(0, 1)
    assert receiver.ask(Fcf.MPS, 2, block=1) == ["MCF"]
    assert receiver.received == bytes((0, 0, 1))
    assert receiver.ended == [True]


def test_a_block_that_is_given_up_is_handed_on_with_its_gap(receiver: ByHand) -> None:
    receiver.block(0, 2)
    receiver.ask(Fcf.MPS, 3)
    assert receiver.command(Fcf.EOR, bytes((0xF2,))) == ["ERR"]
    assert receiver.received == bytes((0, 2))
    receiver.block(0)
    assert receiver.ask(Fcf.MPS, 1, page=1) == ["MCF"]  # ERR was for that one page


def test_a_last_block_that_is_given_up_waits_for_its_delivery(receiver: ByHand) -> None:
    receiver.block(0, 2)
    receiver.ask(Fcf.EOP, 3)
    assert receiver.command(Fcf.EOR, EOR_EOP) == receiver.command(Fcf.EOR, EOR_EOP) == ["RNR"]
    receiver.terminal.confirm(True)
    assert receiver.command(Fcf.RR) == receiver.command(Fcf.EOR, EOR_EOP) == ["ERR"]
    receiver.command(Fcf.DCN)
    assert receiver.end.ok
    assert receiver.ended == [False]


def test_a_block_of_which_nothing_came_is_refused_when_given_up(receiver: ByHand) -> None:
    assert receiver.command(Fcf.EOR, EOR_EOP) == ["RTN"]
    assert receiver.ended == []


def test_a_page_is_not_asked_for_while_the_last_one_is_being_delivered(receiver: ByHand) -> None:
    receiver.block(0)
    assert receiver.ask(Fcf.EOP, 1) == receiver.ask(Fcf.EOP, 1) == ["RNR"]
    assert receiver.ask(Fcf.EOP, 1, page=1) == []
    receiver.terminal.confirm(True)
    assert receiver.command(Fcf.RR) == ["MCF"]
    assert receiver.ask(Fcf.EOP, 1, page=1) == []
    assert receiver.ended == [False]
    assert receiver.events.count(PageConfirmed(0)) == 1


def test_a_delivery_that_failed_is_told_when_the_sender_asks(receiver: ByHand) -> None:
    receiver.block(0)
    receiver.ask(Fcf.EOP, 1)
    receiver.terminal.confirm(False)
    assert receiver.said == ["RNR"]
    assert receiver.command(Fcf.RR) == ["DCN"]
    assert receiver.end.cause is FaxCause.NOT_DELIVERED


def test_a_verdict_is_told_only_once_the_sender_asks(receiver: ByHand) -> None:
    receiver.block(0)
    receiver.ask(Fcf.EOP, 1)
    receiver.terminal.confirm(True)
    assert receiver.wait(3.0) == []
    assert receiver.command(Fcf.RR) == ["MCF"]


def test_a_last_page_in_plain_after_a_corrected_one_is_confirmed_at_once(receiver: ByHand) -> None:
    receiver.on_page_ended = lambda event: event.more or receiver.terminal.confirm(True)
    receiver.block(0)
    receiver.ask(Fcf.EOM, 1)
    receiver.train(Command(FAST, PageFormat()))
    receiver.data(bytes(50))
    assert receiver.command(Fcf.EOP) == ["MCF"]


def test_a_slower_modulation_is_taken_where_it_was_offered(receiver: ByHand) -> None:
    slower = Command(Modulation.V29_9600, PageFormat(), ecm=True)
    assert receiver.command(Fcf.CTC, encode_command(slower)[:2]) == ["CTR"]
    receiver.block(0)
    assert receiver.ask(Fcf.MPS, 1) == ["PPR"]  # of a carrier at the old speed nothing is heard
    receiver.block(0, modulation=Modulation.V29_9600)
    assert receiver.ask(Fcf.MPS, 1) == ["MCF"]


def test_a_modulation_that_was_not_offered_is_not_taken() -> None:
    receiver = ByHand(Profile("1", ecm=True, max_rate_bps=9600)).answer()
    slow = Command(Modulation.V29_9600, PageFormat(), ecm=True)
    receiver.train(slow)
    assert receiver.command(Fcf.CTC, encode_command(CORRECTED)[:2]) == []
    receiver.block(0, modulation=Modulation.V29_9600)
    assert receiver.ask(Fcf.MPS, 1) == ["MCF"]


@pytest.mark.parametrize(
    ("fcf", "fif"), [(Fcf.PPS, b"\xf2\x00\x00"), (Fcf.PPS, b"\x7f\x00\x00\x00"), (Fcf.EOR, b""), (Fcf.CTC, b"\x00")]
)
def test_a_question_that_cannot_be_read_is_left_to_be_asked_again(receiver: ByHand, fcf: Fcf, fif: bytes) -> None:
    receiver.block(0)
    assert receiver.command(fcf, fif) == []
    assert receiver.ask(Fcf.MPS, 1) == ["MCF"]


def test_what_is_no_image_frame_leaves_the_block_as_it_is(receiver: ByHand) -> None:
    receiver.hear(
        CarrierOn(FAST), HdlcFrame(b"\xff\xc0\x62\x00\x00"), HdlcFrame(ecm.image_frame(0, b"x")), CarrierOff()
    )
    receiver.hear(CarrierOn(FAST), HdlcFrame(ecm.image_frame(0, b"y")), HdlcFrame(ecm.RCP), CarrierOff())
    assert receiver.ask(Fcf.MPS, 1) == ["MCF"]
    assert receiver.received == b"x"


def test_image_frames_in_place_of_a_training_check_are_no_page() -> None:
    receiver = ByHand(Profile("1", ecm=True)).answer()
    receiver.command(Fcf.DCS, encode_command(CORRECTED))
    assert receiver.block(0) == ["FTT"]
    assert receiver.data(bytes(2700)) == ["CFR"]
    assert receiver.ask(Fcf.MPS, 1) == ["PPR"]


def test_image_frames_of_a_plain_page_are_none() -> None:
    receiver = ByHand(Profile("1", ecm=True)).answer()
    receiver.train()
    receiver.block(0)
    assert receiver.command(Fcf.MPS) == ["RTN"]
    assert receiver.ask(Fcf.MPS, 1) == []


def test_a_new_training_begins_the_page_anew(receiver: ByHand) -> None:
    receiver.block(0, 1)
    receiver.train(CORRECTED)
    assert receiver.ask(Fcf.MPS, 2) == ["PPR"]
    receiver.block(0, 1)
    assert receiver.ask(Fcf.MPS, 2) == ["MCF"]
    receiver.train(CORRECTED)
    receiver.block(0, 1)
    assert receiver.ask(Fcf.MPS, 2) == ["MCF"]  # the counters are those of the page before, and yet it is another one
    assert receiver.ended == [True, True]


@pytest.mark.parametrize("command", [CORRECTED, Command(FAST, PageFormat())])
def test_a_corrected_page_stands_however_bad_it_is(command: Command) -> None:
    """What it lacks its sender knows: it said so."""
    receiver = ByHand(Profile("1", ecm=True)).answer()
    assert receiver.train(command) == ["CFR"]
    assert receiver.terminal.judge_page(Quality.BAD) is command.ecm
    assert receiver.terminal.judge_page(Quality.POOR)
