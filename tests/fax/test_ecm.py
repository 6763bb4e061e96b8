"""Error correction mode: damaged frames come again, and nothing else."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.fax.document import Coding, PageFormat, StoredDocument
from iosemu.fax.events import FaxCause, PageEnded
from iosemu.fax.line import CarrierOn, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import Profile, ecm
from iosemu.fax.t30.capabilities import decode_command
from iosemu.fax.t30.frames import Fcf, FrameError

from .calls import Call, document

ECM = Profile("15551234", ecm=True, codings=frozenset(Coding))
# Rows enough for several frames: a row of this page takes five octets.
ROWS = 400
PLAIN = {int(fcf): fcf for fcf in (Fcf.MPS, Fcf.EOM, Fcf.EOP)}


def is_image(signal: LineSignal) -> bool:
    return isinstance(signal, HdlcFrame) and signal.octets[2] in ecm.IMAGE_FIELDS


class Damage:
    """A line that damages image frames as a seeded chance says."""

    def __init__(self, share: float, seed: int = 1, at_most: int = 10**9) -> None:
        self.share, self.left = share, at_most
        self.chance = random.Random(seed)
        self.count = 0

    def __call__(self, signal: LineSignal) -> LineSignal:
        if is_image(signal) and self.left and self.chance.random() < self.share:
            assert isinstance(signal, HdlcFrame)
            self.left -= 1
            self.count += 1
            return replace(signal, fcs_ok=False)
        return signal


def call(way: str = "direct", pages: int = 1, **more: object) -> Call:
    arguments = {"sender_profile": ECM, "receiver_profile": ECM, "document": document(pages, rows=ROWS), **more}
    return Call(way, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["direct", "onramp", "offramp"])
def test_pages_arrive_in_frames_and_each_block_is_asked_for(way: str) -> None:
    made = call(way, pages=2).run()
    made.assert_delivered()
    assert made.frames() == ["CSI", "DIS", "TSI", "DCS", "CFR", "PPS-MPS", "MCF", "PPS-EOP", "MCF", "DCN"]


def test_a_terminal_without_error_correction_gets_plain_pages() -> None:
    made = call(receiver_profile=Profile("1")).run()
    made.assert_delivered()
    assert "EOP" in made.frames()


@pytest.mark.parametrize("seed", range(5))
def test_damaged_frames_are_sent_again_and_only_those(seed: int) -> None:
    line = Damage(0.3, seed, at_most=5)
    sent: list[int] = []

    def count(signal: LineSignal) -> LineSignal:
        if is_image(signal):
            sent.append(1)
        return line(signal)

    made = call(to_receiver=count).run()
    made.assert_delivered()
    frames = -(-len(made.received[0][1]) // ecm.FRAME_OCTETS)
    bursts = 1 + made.frames().count("PPR")
    assert "PPR" in made.frames()
    # RCPs that were damaged are not asked for.
    assert len(sent) <= frames + line.count + bursts * ecm.RCP_REPEATS


def test_a_block_that_comes_again_is_announced_with_the_number_of_its_frames() -> None:
    """As others count: all frames at first, later those that were sent again (A.4.3)."""
    line, counts, sent = Damage(0.3, 2, at_most=4), list[int](), list[int]()

    def count(signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame):
            if is_image(signal):
                sent.append(1)
            elif signal.octets[2] & 0x7F == Fcf.PPS:
                question = ecm.read_partial_page(signal.octets[3:], PLAIN)
                counts.append(question.frames)
                assert question.frames == len(sent) - ecm.RCP_REPEATS
                sent.clear()
        return line(signal)

    call(to_receiver=count).run().assert_delivered()
    assert len(counts) > 1
    assert counts[0] > counts[1]


def test_a_line_that_stays_bad_makes_the_sender_go_slower_by_ctc() -> None:
    line, rates = Damage(1.0), set[int]()

    def bad_at_full_speed(signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn) and signal.modulation is not Modulation.V21:
            rates.add(signal.modulation.rate_bps)
        return signal if len(rates) > 1 else line(signal)

    made = call(to_receiver=bad_at_full_speed).run()
    made.assert_delivered()
    assert made.frames().count("PPR") == ecm.PPR_LIMIT
    assert [name for name in made.frames() if name in ("CTC", "CTR")] == ["CTC", "CTR"]
    assert rates == {14400, 12000}


def test_a_line_that_is_bad_at_every_speed_ends_the_call() -> None:
    made = call(to_receiver=Damage(1.0)).run()
    assert (made.sender_end.ok, made.sender_end.cause) == (False, FaxCause.PAGE_REFUSED)
    assert not made.receiver_end.ok


def test_at_the_lowest_rate_a_page_goes_on_as_long_as_frames_arrive() -> None:
    line, slow = Damage(0.8, 3), replace(ECM, max_rate_bps=2400)
    made = call(sender_profile=slow, document=document(rows=4 * ROWS), to_receiver=line).run()
    made.assert_delivered()
    assert made.frames().count("CTC") > 1


def test_a_sender_waits_with_rr_while_the_last_page_is_being_delivered() -> None:
    """Longer than three unanswered commands would have let it wait."""
    made = call(confirm_after_s=40.0).run()
    made.assert_delivered()
    assert made.frames().count("RNR") > 3
    assert made.frames()[-2:] == ["MCF", "DCN"]


def test_a_page_that_is_never_delivered_ends_after_t5() -> None:
    made = call(confirm_after_s=None).run()
    assert FaxCause.T5_TIMEOUT in (made.sender_end.cause, made.receiver_end.cause)
    assert (made.sender_end.ok, made.receiver_end.ok) == (False, False)


@pytest.mark.parametrize("pages", [1, 2])
def test_a_page_that_the_owner_refuses_comes_again_whole(pages: int) -> None:
    refusals: list[int] = []

    def refuse_once(event: PageEnded) -> None:
        if not refusals:
            refusals.append(event.index)
            made.receiver.reject_page()

    made = call(pages=pages, on_page_ended=refuse_once)
    made.run().assert_delivered()
    assert made.frames().count("RTN") == 1
    assert made.frames().count("DCS") == 2


def test_a_lost_answer_is_given_again() -> None:
    lost: list[LineSignal] = []

    def lose_first_mcf(signal: LineSignal) -> LineSignal | None:
        if isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == Fcf.MCF and not lost:
            lost.append(signal)
            return replace(signal, fcs_ok=False)
        return signal

    made = call(pages=2, to_sender=lose_first_mcf).run()
    made.assert_delivered()
    assert made.frames().count("PPS-MPS") == 2


def test_a_page_of_more_than_one_block_is_confirmed_block_by_block() -> None:
    octets = bytes(random.Random(7).randrange(1, 256) for _ in range(ecm.FRAME_OCTETS * ecm.BLOCK_FRAMES + 1000))
    page_format = PageFormat(coding=Coding.MMR)
    made = call(document=StoredDocument(((page_format, octets),))).run()
    assert made.received == [(page_format, octets)]
    assert [name for name in made.frames() if name.startswith("PPS")] == ["PPS-NULL", "PPS-EOP"]


def test_frames_of_64_octets_are_received_and_sent() -> None:
    """Four times as many blocks for the same page."""
    sizes: set[int] = set()

    def size(signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and is_image(signal) and signal.octets != ecm.RCP:
            sizes.add(len(signal.octets) - 4)
        elif isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == Fcf.DCS:
            assert decode_command(signal.octets[3:]).frame_octets == 64
        return damage(signal)

    damage = Damage(0.02)
    small = replace(ECM, ecm_frame_octets=64)
    made = call(sender_profile=small, document=document(rows=10 * ROWS), to_receiver=size).run()
    made.assert_delivered()
    assert max(sizes) == 64
    assert next(name for name in made.frames() if name.startswith("PPS")) == "PPS-NULL"


def test_modulations_of_every_family_carry_frames() -> None:
    for rate in (2400, 4800, 7200, 9600, 12000):
        call(sender_profile=replace(ECM, max_rate_bps=rate)).run().assert_delivered()


@given(st.integers(0, 255), st.binary(min_size=1, max_size=256))
def test_an_image_frame_comes_back(number: int, octets: bytes) -> None:
    assert ecm.read_image_frame(ecm.image_frame(number, octets)) == (number, octets)
    assert ecm.read_image_frame(ecm.RCP) is None


@given(st.sets(st.integers(0, 255)))
def test_a_refusal_names_the_frames(numbers: set[int]) -> None:
    assert ecm.read_refusal(ecm.encode_refusal(numbers)) == sorted(numbers)


@given(
    st.sampled_from([None, Fcf.MPS, Fcf.EOM, Fcf.EOP]), st.integers(0, 255), st.integers(0, 255), st.integers(1, 256)
)
def test_a_partial_page_signal_comes_back(command: Fcf | None, page: int, block: int, frames: int) -> None:
    question = ecm.PartialPage(command, page, block, frames)
    assert ecm.read_partial_page(question.encode(), PLAIN) == question


def test_pages_and_blocks_are_counted_modulo_256() -> None:
    read = ecm.read_partial_page(ecm.PartialPage(None, 256, 257, 256).encode(), PLAIN)
    assert (read.page, read.block, read.frames) == (0, 1, 256)


def test_an_image_frame_has_octets_behind_its_number() -> None:
    with pytest.raises(FrameError):
        ecm.read_image_frame(ecm.image_frame(7, b""))
    with pytest.raises(FrameError):
        ecm.read_image_frame(b"\xff\xc0\x62" + bytes(8))


def test_a_refusal_that_is_too_long_asks_for_no_frame_that_there_cannot_be() -> None:
    assert ecm.read_refusal(bytes(31) + b"\x01\xff") == [255]


def test_of_a_refused_block_what_exists_is_sent_again_or_else_all() -> None:
    page = ecm.OutgoingPage(bytes(3 * ecm.FRAME_OCTETS - 1), 0)
    page.refused([1, 3, 200])
    assert (page.pending, page.refusals, page.gained()) == ([1], 1, True)
    page.refused([3])
    assert (page.pending, page.refusals, page.gained()) == ([0, 1, 2], 2, False)


def test_what_was_gained_on_one_block_does_not_count_for_the_next() -> None:
    page = ecm.OutgoingPage(bytes(ecm.FRAME_OCTETS * ecm.BLOCK_FRAMES * 2 + 1), 5)
    for block in (1, 2):
        page.refused([0])
        page.next_block()
        assert (page.block, page.refusals, len(page.pending), page.last_block) == (
            *(block, 0),
            *((256, False) if block == 1 else (1, True)),
        )
    assert page.question(Fcf.EOP) == ecm.PartialPage(Fcf.EOP, 5, 2, 1)


def test_a_frame_that_comes_twice_is_the_first_of_the_two() -> None:
    block = ecm.IncomingBlock()
    assert (bool(block), block.missing(0), block.octets()) == (False, [], b"")
    block.take(1, b"first")
    block.take(1, b"second")
    assert (bool(block), block.missing(2), block.missing(1), block.octets()) == (True, [0], [0], b"first")


@given(st.binary(max_size=12))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    for read in (ecm.read_image_frame, lambda fif: ecm.read_partial_page(fif, PLAIN)):
        with contextlib.suppress(FrameError):
            read(octets)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 0.5), st.integers(0, 2**16), st.integers(1, 3), st.sampled_from(["direct", "onramp", "offramp"]))
def test_both_ends_agree_and_a_confirmed_page_is_never_altered(share: float, seed: int, pages: int, way: str) -> None:
    made = call(way, pages=pages, to_receiver=Damage(share, seed)).run()
    assert made.receiver_end.pages >= made.sender_end.pages
    if made.sender_end.ok:
        made.assert_delivered()
