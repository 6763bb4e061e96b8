"""UDPTL datagrams: octets, repair, order."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax import udptl
from iosemu.fax.udptl import Datagram, Parity, UdptlError
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


def test_a_longer_loss_is_told() -> None:
    sent, datagrams = numbered(10, 2)
    receiver = udptl.Receiver()
    receiver.unwrap(datagrams[0])
    assert receiver.unwrap(datagrams[6]) == [None, *sent[4:7]]
    assert (receiver.lost, receiver.repaired) == (3, 2)


@given(st.permutations(range(8)))
def test_whatever_the_order_no_packet_comes_twice_or_out_of_order(order: list[int]) -> None:
    sent, datagrams = numbered(8, 7)
    receiver = udptl.Receiver()
    received = [packet for index in order + order for packet in receiver.unwrap(datagrams[index])]
    assert received == sent[min(order[0], 7) :]


def test_a_packet_too_long_for_one_datagram_is_refused() -> None:
    with pytest.raises(UdptlError):
        udptl.Sender().wrap(bytes(16384))
    with pytest.raises(ValueError, match="redundancy"):
        udptl.Sender(8)
