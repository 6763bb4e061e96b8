"""UDPTL: the datagrams that carry IFP packets, each with copies of the ones before it.

Rule: a sender numbers its packets and repeats the last ones; a receiver gives every packet once and in order, fills
gaps from the copies, drops what comes twice or too late, and says where something is lost. Parity FEC is read and set
aside. Source: ITU-T T.38 clause 9.1 and annex A (aligned PER).
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

MAX_PACKET_OCTETS: Final = 16383  # an open type of more octets would be fragmented
MAX_REDUNDANCY: Final = 7
# What stands before the copies: that it is they that follow, and how many.
_COPIES: Final = tuple(bytes((0, copies)) for copies in range(MAX_REDUNDANCY + 1))
_MODULUS: Final = 0x10000
_HALF: Final = 0x8000


class UdptlError(Exception):
    """Octets that are no UDPTL datagram, or a packet that does not fit into one."""


class Parity(NamedTuple):
    """fec-info: each entry of `octets` is a parity over some of the packets before."""

    packets: int
    octets: tuple[bytes, ...]


class Datagram(NamedTuple):
    """One datagram: `secondaries` are copies of earlier packets, the newest first."""

    sequence: int
    primary: bytes
    secondaries: tuple[bytes, ...] = ()
    parity: Parity | None = None


def _framed(packet: bytes) -> bytes:
    """A packet as an open type: its length, then itself."""
    length = len(packet)
    if length < 128:
        return bytes((length,)) + packet
    if length > MAX_PACKET_OCTETS:
        raise UdptlError(f"a packet of {length} octets")
    return (_HALF | length).to_bytes(2, "big") + packet


class Sender:
    """Numbers packets and wraps them; `redundancy` copies of earlier ones go along."""

    def __init__(self, redundancy: int = 3) -> None:
        if not 0 <= redundancy <= MAX_REDUNDANCY:
            raise ValueError(f"redundancy {redundancy}")
        self._redundancy = redundancy
        self._sequence = 0
        self._sent: deque[bytes] = deque(maxlen=MAX_REDUNDANCY)

    def wrap(self, packet: bytes, redundancy: int | None = None) -> bytes:
        """The datagram for the next packet; `redundancy` counts for this one alone; raises UdptlError if too long."""
        framed = _framed(packet)
        sent = self._sent
        copies = self._redundancy if redundancy is None else redundancy
        if copies > len(sent):
            copies = len(sent)
        sequence = self._sequence
        self._sequence = (sequence + 1) % _MODULUS
        datagram = sequence.to_bytes(2, "big") + framed + _COPIES[copies]
        for index in range(copies):
            datagram += sent[index]
        sent.appendleft(framed)
        return datagram


def decode(octets: bytes) -> Datagram:
    """The datagram in `octets`; raises UdptlError for anything that is not exactly one."""
    try:
        length = octets[2]
        start = 3
        if length & 0x80:
            length, start = _long_length(octets, 2)
        at = start + length
        primary = octets[start:at]
        choice = octets[at]
        count = octets[at + 1]
        at += 2
        total = len(octets)
        if choice & 0x80:
            return _with_parity(octets, primary, at - 1)
        if count & 0x80:
            count, at = _long_length(octets, at - 1)
        secondaries = []
        for _ in range(count):
            length = octets[at]
            at += 1
            if length & 0x80:
                length, at = _long_length(octets, at - 1)
            start, at = at, at + length
            if at > total:
                raise UdptlError("a copy ends too early")
            secondaries.append(octets[start:at])
    except IndexError:
        raise UdptlError("the datagram ends too early") from None
    if at != total:
        raise UdptlError("the datagram and its octets differ in length")
    if not primary:
        raise UdptlError("an empty packet")
    return Datagram(octets[0] << 8 | octets[1], primary, tuple(secondaries))


def _plain_primary(octets: bytes) -> bytes | None:
    """The packet of a well-formed datagram whose copies nobody needs; None where `decode` has to look."""
    total = len(octets)
    if total < 6:
        return None
    end = 3 + octets[2]
    if end + 2 > total or octets[2] & 0x80 or octets[end] & 0x80:
        return None
    at = end + 2
    for _ in range(octets[end + 1]):
        if at >= total or octets[at] & 0x80:
            return None
        at += 1 + octets[at]
    return octets[3:end] if at == total else None


def _long_length(octets: bytes, at: int) -> tuple[int, int]:
    """A length of one or two octets at `at`: (length, where what it measures begins)."""
    first = octets[at]
    if not first & 0x80:
        return first, at + 1
    if first & 0x40:
        raise UdptlError("a fragmented length")
    return (first & 0x3F) << 8 | octets[at + 1], at + 2


def _with_parity(octets: bytes, primary: bytes, at: int) -> Datagram:
    """The rest of a datagram with fec-info: a number of packets, then parities."""
    size, at = _long_length(octets, at)
    if not 1 <= size <= 2 or at + size > len(octets):
        raise UdptlError("a bad number of packets under parity")
    packets = int.from_bytes(octets[at : at + size], "big")
    count, at = _long_length(octets, at + size)
    parities = []
    for _ in range(count):
        length, start = _long_length(octets, at)
        at = start + length
        if at > len(octets):
            raise UdptlError("a parity ends too early")
        parities.append(octets[start:at])
    if at != len(octets) or not primary:
        raise UdptlError("the datagram and its octets differ in length")
    return Datagram(octets[0] << 8 | octets[1], primary, (), Parity(packets, tuple(parities)))


class Receiver:
    """Puts the packets of one direction back in order; counters tell what the network did."""

    def __init__(self) -> None:
        self._expected = -1  # nothing came yet
        self._expected_octets = b""
        self.repaired = 0
        self.lost = 0
        self.late = 0

    def unwrap(self, octets: bytes) -> list[bytes | None]:
        """The packets that a datagram brings and that were not given yet; None stands for one or more lost ones.

        Raises UdptlError for what is no datagram; the receiver's state is then as before.
        """
        expected = self._expected
        if octets[:2] == self._expected_octets and (packet := _plain_primary(octets)):
            self._expect(expected + 1)
            return [packet]
        sequence, primary, secondaries, _ = decode(octets)
        if sequence == expected or expected < 0:
            self._expect(sequence + 1)
            return [primary]
        gap = (sequence - expected) % _MODULUS
        if gap >= _HALF:
            self.late += 1
            return []
        self._expect(sequence + 1)
        repaired = min(gap, len(secondaries))
        # An empty copy is one that the sender did not have: as good as none.
        packets: list[bytes | None] = [copy or None for copy in reversed(secondaries[:repaired])]
        self.repaired += repaired
        self.lost += gap - repaired
        if gap > repaired:
            packets.insert(0, None)
        packets.append(primary)
        return packets

    def _expect(self, sequence: int) -> None:
        self._expected = sequence % _MODULUS
        self._expected_octets = self._expected.to_bytes(2, "big")
