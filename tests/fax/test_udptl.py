"""UDPTL datagrams: octets, repair, order."""

from __future__ import annotations

import random
from contextlib import nullcontext, suppress
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax import udptl
from iosemu.fax.udptl import Datagram, Parity, Protection, UdptlError
from tests.fax.oracle import udptl_octets

packets = st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=12)


@given(packets, st.integers(0, 7))
def test_octets_equal_those_of_the_asn1_compiler_and_come_back(sent: list[bytes], redundancy: int) -> None:
    sender = udptl.Sender(redundancy)
    for sequence, packet in enumerate(sent):
        copies = sent[max(0, sequence - redundancy) : sequence][::-1]
        octets = sender.wrap(packet)
        assert octets == udptl_octets(sequence, packet, ("secondary-ifp-packets", copies))
        assert udptl.decode(octets) == Datagram(sequence, packet, tuple(copies))


@pytest.mark.parametrize("size", [1, 127, 128, 129, 255, 256, udptl.MAX_PACKET_OCTETS])
def test_a_length_takes_one_octet_or_two(size: int) -> None:
    packet = bytes((7,)) * size
    octets = udptl.Sender(0).wrap(packet)
    assert octets == udptl_octets(0, packet, ("secondary-ifp-packets", []))
    assert octets[2:-2] == (bytes((size,)) if size < 128 else bytes((0x80 | size >> 8, size & 255))) + packet
    assert udptl.Receiver().unwrap(octets) == [packet]


@pytest.mark.parametrize("size", [1, 127, 128, 300])
@pytest.mark.parametrize("count", [0, 1, 127, 128, 200])
def test_long_packets_and_many_copies_or_parities_are_read(size: int, count: int) -> None:
    packet, others = b"p" * size, tuple(bytes((number,)) * (size + number) for number in range(count))
    copies = udptl_octets(258, packet, ("secondary-ifp-packets", list(others)))
    parities = udptl_octets(258, packet, ("fec-info", {"fec-npackets": 300, "fec-data": list(others)}))
    assert udptl.decode(copies) == Datagram(258, packet, others)
    assert udptl.decode(parities) == Datagram(258, packet, (), Parity(300, others))
    for octets in (copies, parities):
        for wrong in (octets[:-1], octets + b"\0"):
            with pytest.raises(UdptlError):
                udptl.decode(wrong)


@pytest.mark.parametrize(
    "octets",
    [
        "0000 00 00 00",  # no packet
        "0000 c001" + "00" * 0x4001 + "0000",  # a fragmented length
        "0000 01 06 00 c001",
        "0000 01 06 80 00 00",  # parity over a number of packets that takes no octet
        "0000 01 06 80 03 000001 00",  # or three
        "0000 01 06 80 01",
        "0000 00 80 01 01 00",
    ],
)
def test_what_no_sender_writes_is_refused(octets: str) -> None:
    with pytest.raises(UdptlError):
        udptl.decode(bytes.fromhex(octets))


def test_copies_may_be_fewer_for_one_packet_alone() -> None:
    sender = udptl.Sender(3)
    datagrams = [sender.wrap(bytes((number,)), 1 if number == 4 else None) for number in range(6)]
    assert [len(udptl.decode(datagram).secondaries) for datagram in datagrams] == [0, 1, 2, 3, 1, 3]
    assert udptl.decode(udptl.Sender(0).wrap(b"x", 7)).secondaries == ()


@pytest.mark.parametrize(
    ("span", "entries", "good"), [(0, 3, False), (3, 0, False), (1, 1, True), (8, 8, True), (5, 13, False)]
)
def test_a_parity_reaches_back_as_far_as_packets_are_kept(span: int, entries: int, good: bool) -> None:
    with nullcontext() if good else pytest.raises(ValueError, match="protection"):
        udptl.Sender(protection=Protection(span, entries))


@given(st.integers(0, 32767), st.lists(st.binary(max_size=200), max_size=4))
def test_parity_is_read(packets: int, parities: list[bytes]) -> None:
    octets = udptl_octets(7, b"x", ("fec-info", {"fec-npackets": packets, "fec-data": parities}))
    assert udptl.decode(octets) == Datagram(7, b"x", (), Parity(packets, tuple(parities)))


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"\x00\x00\x01\x06" + tail))
def test_any_octets_are_a_datagram_or_a_udptl_error(octets: bytes) -> None:
    for take in (udptl.decode, udptl.Receiver().unwrap):
        with suppress(UdptlError):
            take(octets)


@given(st.binary(min_size=4, max_size=60), packets)
def test_the_quick_way_and_the_whole_way_agree(tail: bytes, sent: list[bytes]) -> None:
    receiver = udptl.Receiver()
    sender = udptl.Sender(7)
    for packet in sent:
        assert receiver.unwrap(sender.wrap(packet)) == [packet]
    forged = len(sent).to_bytes(2, "big") + tail
    try:
        expected: object = [udptl.decode(forged).primary]
    except UdptlError:
        expected = UdptlError
    try:
        got: object = receiver.unwrap(forged)
    except UdptlError:
        got = UdptlError
    assert got == expected


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=30), st.data())
def test_a_cut_datagram_is_refused(sent: list[bytes], data: st.DataObject) -> None:
    sender = udptl.Sender(3)
    octets = [sender.wrap(packet) for packet in sent][-1]
    with pytest.raises(UdptlError):
        udptl.decode(octets[: data.draw(st.integers(0, len(octets) - 1))])


def numbered(count: int, redundancy: int) -> tuple[list[bytes], list[bytes]]:
    sender = udptl.Sender(redundancy)
    sent = [number.to_bytes(4, "big") for number in range(count)]
    return sent, [sender.wrap(packet) for packet in sent]


def test_losses_up_to_the_redundancy_are_repaired() -> None:
    chance = random.Random(1)
    sent, datagrams = numbered(70_000, 3)  # beyond the turn of the sequence number
    receiver = udptl.Receiver()
    received: list[bytes | None] = []
    in_a_row = 0
    for datagram in datagrams:
        lost = bool(received) and in_a_row < 3 and chance.random() < 0.3 and datagram is not datagrams[-1]
        in_a_row = in_a_row + 1 if lost else 0
        if not lost:
            received += receiver.unwrap(datagram)
    assert received == sent
    assert receiver.lost == 0
    assert receiver.repaired > 10_000


def test_a_longer_loss_is_told_once_nothing_more_can_be_under_way() -> None:
    sent, datagrams = numbered(12, 2)
    receiver = udptl.Receiver()
    receiver.unwrap(datagrams[0])
    for waiting in range(6, 6 + udptl.PATIENCE):
        assert receiver.unwrap(datagrams[waiting]) == []
    assert receiver.unwrap(datagrams[6 + udptl.PATIENCE]) == [None, None, None, *sent[4 : 7 + udptl.PATIENCE]]
    assert (receiver.lost, receiver.repaired) == (3, 2)


def test_who_repeats_himself_has_nothing_more_under_way() -> None:
    sent, datagrams = numbered(8, 0)
    receiver = udptl.Receiver()
    receiver.unwrap(datagrams[0])
    assert receiver.unwrap(datagrams[3]) == receiver.unwrap(datagrams[5]) == []
    assert receiver.unwrap(datagrams[5]) == [None, None, sent[3], None, sent[5]]
    assert receiver.unwrap(datagrams[5]) == []
    assert receiver.unwrap(datagrams[6]) == [sent[6]]


@given(st.lists(st.integers(0, udptl.PATIENCE), min_size=30, max_size=30), st.integers(0, 2))
def test_datagrams_that_overtake_each_other_are_put_back_in_order(delays: list[int], redundancy: int) -> None:
    sent, datagrams = numbered(30, redundancy)
    arrive = sorted(range(30), key=lambda number: (number + delays[number], number))
    receiver = udptl.Receiver()
    assert [packet for number in arrive for packet in receiver.unwrap(datagrams[number])] == sent
    assert receiver.lost == 0


@given(st.permutations(range(udptl.MAX_JUMP)), st.integers(0, 3))
def test_in_any_order_every_packet_comes_once_and_in_order_or_is_told_lost(order: list[int], redundancy: int) -> None:
    _, datagrams = numbered(udptl.MAX_JUMP, redundancy)
    receiver = udptl.Receiver()
    received = [packet for number in order for packet in receiver.unwrap(datagrams[number])]
    told = [packet for packet in received if packet is not None]
    assert told == sorted(set(told))
    assert receiver.lost >= received.count(None)


@given(st.permutations(range(8)))
def test_whatever_the_order_no_packet_comes_twice_or_out_of_order(order: list[int]) -> None:
    sent, datagrams = numbered(8, 7)
    receiver = udptl.Receiver()
    received = [packet for index in order + order for packet in receiver.unwrap(datagrams[index])]
    assert received == sent


@given(packets, st.integers(1, 4), st.integers(1, 4))
def test_parity_equals_that_of_the_asn1_compiler(sent: list[bytes], span: int, entries: int) -> None:
    """Entry m of datagram S is over the packets S + m - k * entries, k from 1 to the number of packets."""
    sender = udptl.Sender(protection=Protection(span, entries))
    for sequence, packet in enumerate(sent):
        parities = []
        for entry in range(entries):
            numbers = [sequence + entry - entries * k for k in range(1, span + 1)]
            covered = [sent[number] for number in numbers if number >= 0]
            longest = max((len(item) for item in covered), default=0)
            filled = [item.ljust(longest, b"\0") for item in covered]
            parities.append(bytes(reduce(xor, column) for column in zip(*filled, strict=True)))
        fec = {"fec-npackets": span, "fec-data": parities}
        assert sender.wrap(packet) == udptl_octets(sequence, packet, ("fec-info", fec))


def test_parity_repairs_as_many_losses_in_a_row_as_it_has_entries() -> None:
    chance = random.Random(2)
    sender, receiver = udptl.Sender(protection=Protection(3, 3)), udptl.Receiver()
    sent = [chance.randbytes(chance.randint(1, 90)) for _ in range(70_000)]
    received: list[bytes | None] = []
    since = 0
    for number, packet in enumerate(sent):
        datagram = sender.wrap(packet)
        since += 1
        # Three losses, then at least six datagrams: the parities over them have to be whole.
        if since > 9 and chance.random() < 0.2 and number < len(sent) - 3:
            since = 0
        if since >= 3 or number < 9:
            received += receiver.unwrap(datagram)
    assert receiver.lost == 0
    assert receiver.repaired > 10_000
    assert len(received) == len(sent)
    assert all(
        got is not None and (got == packet or got.rstrip(b"\0") == packet.rstrip(b"\0"))
        for got, packet in zip(received, sent, strict=True)
    )


@given(st.sets(st.integers(0, 98)), st.integers(1, 4), st.integers(1, 4))
def test_parity_never_brings_back_a_wrong_packet(losses: set[int], span: int, entries: int) -> None:
    sender, receiver = udptl.Sender(protection=Protection(span, entries)), udptl.Receiver()
    sent = [number.to_bytes(3, "big") + bytes((number, 255)) for number in range(100)]
    received: list[bytes | None] = []
    for number, packet in enumerate(sent):
        datagram = sender.wrap(packet)
        if number not in losses:
            received += receiver.unwrap(datagram)
    received += receiver.unwrap(datagram)  # nothing more is under way
    if None not in received:
        assert received == sent
    assert [packet for packet in received if packet is not None] == sorted({*received} - {None})  # type: ignore[type-var]
    assert {*received} - {None} <= {*sent}
    assert receiver.lost + receiver.repaired <= len(losses)


@pytest.mark.parametrize("forged", [18, 100, 20_000, 32_768, 60_000, 65_530])
def test_a_forged_number_far_off_costs_nothing(forged: int) -> None:
    sent, datagrams = numbered(60, 3)
    receiver = udptl.Receiver()
    stray = udptl_octets((20 + forged) % 65536, b"stray", ("secondary-ifp-packets", []))
    received = []
    for number, datagram in enumerate(datagrams):
        received += receiver.unwrap(datagram)
        if number == 20:
            assert receiver.unwrap(stray) == []
    assert received == sent


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(1, 40)), max_size=6))
def test_no_forged_numbers_lose_the_stream_for_good(forged: list[tuple[int, int]]) -> None:
    sent, datagrams = numbered(40, 0)
    receiver = udptl.Receiver()
    for start, count in forged:
        for number in range(start, start + count):
            receiver.unwrap(udptl_octets(number % 65536, b"stray", ("secondary-ifp-packets", [])))
    received = [packet for datagram in datagrams for packet in receiver.unwrap(datagram)]
    assert received[-len(sent) + 2 * udptl.MAX_JUMP :] == sent[2 * udptl.MAX_JUMP :]


def test_what_comes_too_late_is_counted_and_what_is_far_off_is_not_late() -> None:
    sent, datagrams = numbered(40, 0)
    receiver = udptl.Receiver()
    for datagram in datagrams[:30]:
        receiver.unwrap(datagram)
    assert [receiver.unwrap(datagrams[number]) for number in (29, 30 - udptl.MAX_JUMP)] == [[], []]
    assert receiver.late == 2
    assert receiver.unwrap(datagrams[30 - udptl.MAX_JUMP - 1]) == []
    assert receiver.late == 2
    assert receiver.unwrap(datagrams[30]) == [sent[30]]


@pytest.mark.parametrize(("ahead", "follows"), [(udptl.MAX_JUMP, True), (udptl.MAX_JUMP + 1, False)])
def test_a_number_is_believed_up_to_so_far_ahead(ahead: int, follows: bool) -> None:
    sent, datagrams = numbered(40, 0)
    receiver = udptl.Receiver()
    receiver.unwrap(datagrams[0])
    receiver.unwrap(datagrams[1 + ahead])
    given = receiver.unwrap(datagrams[1 + ahead])  # again: nothing more is under way
    assert given == ([*[None] * ahead, sent[1 + ahead]] if follows else [])
    assert receiver.lost == (ahead if follows else 0)


def test_a_stream_that_is_joined_late_has_lost_nothing_yet() -> None:
    sent, datagrams = numbered(40, 0)
    receiver = udptl.Receiver()
    assert [receiver.unwrap(datagram) for datagram in datagrams[30:33]] == [[packet] for packet in sent[30:33]]
    assert (receiver.lost, receiver.late, receiver.repaired) == (0, 0, 0)


def test_each_new_beginning_is_one_loss() -> None:
    _, datagrams = numbered(200, 0)
    receiver = udptl.Receiver()
    for start in (0, 100, 0, 100):
        for datagram in datagrams[start : start + 3]:
            receiver.unwrap(datagram)
    assert receiver.lost == 3


def test_what_came_on_the_quick_way_is_under_later_parities() -> None:
    sender, receiver = udptl.Sender(protection=Protection(2, 1)), udptl.Receiver()
    plain = udptl.Sender(0)
    sent = [bytes((number, 9)) for number in range(4)]
    for packet in sent[:2]:
        assert receiver.unwrap(plain.wrap(packet)) == [packet]
        sender.wrap(packet)
    sender.wrap(sent[2])  # lost
    assert receiver.unwrap(sender.wrap(sent[3])) == sent[2:]
    assert receiver.repaired == 1


def test_an_entry_of_parity_that_is_empty_or_reaches_too_far_is_no_use_and_the_next_one_is() -> None:
    receiver = udptl.Receiver()
    receiver.unwrap(udptl_octets(0, b"a", ("secondary-ifp-packets", [])))
    fec = {"fec-npackets": 1, "fec-data": [b"", b"b"]}
    assert receiver.unwrap(udptl_octets(2, b"c", ("fec-info", fec))) == [b"b", b"c"]
    fec = {"fec-npackets": 100, "fec-data": [b"x"]}
    assert receiver.unwrap(udptl_octets(4, b"e", ("fec-info", fec))) == []


def test_a_parity_may_reach_back_over_all_that_is_kept() -> None:
    receiver = udptl.Receiver()
    receiver.unwrap(udptl_octets(0, b"a", ("secondary-ifp-packets", [])))
    fec = {"fec-npackets": 65, "fec-data": [bytes((ord("a") ^ ord("b"),))]}
    assert receiver.unwrap(udptl_octets(2, b"c", ("fec-info", fec))) == [b"b", b"c"]


def test_only_the_first_number_of_a_stream_is_believed_whatever_it_is() -> None:
    sent, datagrams = numbered(200, 0)
    receiver = udptl.Receiver()
    assert receiver.unwrap(datagrams[90]) == [sent[90]]
    assert receiver.unwrap(datagrams[180]) == []


def test_what_waited_and_came_as_a_copy_meanwhile_waits_no_more() -> None:
    sent, plain = numbered(12, 0)
    _, copied = numbered(12, 2)
    receiver = udptl.Receiver()
    receiver.unwrap(plain[0])
    assert receiver.unwrap(plain[2]) == []
    assert receiver.unwrap(copied[3]) == sent[1:4]
    assert receiver.unwrap(plain[5]) == []
    assert receiver.unwrap(plain[5]) == [None, sent[5]]
    assert receiver.unwrap(plain[6]) == [sent[6]]


def test_a_far_end_that_begins_anew_is_followed() -> None:
    sent, datagrams = numbered(300, 0)
    receiver = udptl.Receiver()
    for datagram in datagrams:
        receiver.unwrap(datagram)
    assert [packet for datagram in datagrams for packet in receiver.unwrap(datagram)] == [None, *sent]


def test_a_packet_too_long_for_one_datagram_is_refused() -> None:
    with pytest.raises(UdptlError):
        udptl.Sender().wrap(bytes(16384))
    with pytest.raises(ValueError, match="redundancy"):
        udptl.Sender(8)
