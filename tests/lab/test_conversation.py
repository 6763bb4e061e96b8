"""A connection written down as segments: handshake, data both ways, farewell; and what a tapped socket tells."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.lab.conversation import ACK, FIN, PUSH, SEGMENT_OCTETS, SYN, Address, Conversation, Segment, TappedSocket

CLIENT, SERVER = ("15.80.7.11", 11001), ("172.18.106.36", 25)

Written = list[tuple[Address, bytes, Segment]]


def conversation() -> tuple[Conversation, Written]:
    written: Written = []
    return Conversation(
        CLIENT, SERVER, lambda source, to, octets, head: written.append((source, octets, head))
    ), written


def streams(written: Written) -> dict[Address, bytes]:
    """What each side said, put together as a receiver does: by numbers, which have to fit."""
    said, expected = {CLIENT: b"", SERVER: b""}, dict[Address, int]()
    for source, octets, head in written:
        other = SERVER if source == CLIENT else CLIENT
        assert head.sequence == expected.setdefault(source, head.sequence)
        expected[source] += len(octets) + (1 if head.flags & (SYN | FIN) else 0)
        if head.flags & ACK:
            assert head.acknowledged == expected[other]
        said[source] += octets
    return said


@given(st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=5000)), max_size=8))
def test_both_streams_come_back_whole(pieces: list[tuple[bool, bytes]]) -> None:
    talk, written = conversation()
    talk.opened()
    for ours, octets in pieces:
        (talk.sent if ours else talk.received)(octets)
    talk.closed()
    talk.sent(b"too late")
    assert streams(written) == {
        CLIENT: b"".join(octets for ours, octets in pieces if ours),
        SERVER: b"".join(octets for ours, octets in pieces if not ours),
    }
    assert [head.flags for _, _, head in written[:3]] == [SYN, SYN | ACK, ACK]
    assert sum(bool(head.flags & FIN) for _, _, head in written) == 2
    assert all(len(octets) <= SEGMENT_OCTETS for _, octets, _ in written)
    assert all(not octets or head.flags in (ACK, ACK | PUSH) for _, octets, head in written)


def test_who_ends_first_says_so_first() -> None:
    talk, written = conversation()
    talk.opened()
    talk.received(b"")
    talk.closed()
    assert [source for source, _, head in written if head.flags & FIN] == [SERVER, CLIENT]


def test_a_connection_that_was_not_made_leaves_nothing() -> None:
    talk, written = conversation()
    talk.closed()
    assert written == []


@pytest.mark.parametrize("way", ["send", "sendall", "sendmsg"])
def test_a_tapped_socket_tells_what_it_wrote_and_read(way: str) -> None:
    talk, written = conversation()
    talk.opened()
    with socket.create_server(("127.0.0.1", 0)) as listening, TappedSocket() as near:
        near.connect(listening.getsockname())
        far, _ = listening.accept()
        with far:
            near.conversation = talk
            if way == "sendmsg":
                near.sendmsg([b"EH", bytearray(b"LO")])
            else:
                getattr(near, way)(memoryview(b"EHLO"))
            assert far.recv(100) == b"EHLO"
            far.sendall(b"250 x")
            assert near.recv(3) == b"250"
            buffer = bytearray(10)
            assert near.recv_into(buffer) == 2
    assert streams(written) == {CLIENT: b"EHLO", SERVER: b"250 x"}
    assert written[-1][2].flags == ACK
