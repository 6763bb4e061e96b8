"""UDPTL: the datagrams that carry IFP packets, each with copies of the ones before it.

Rule: a sender numbers its packets from 0 and repeats the last ones, or sends parities over them; a receiver gives every
packet once and in order, fills gaps from copies and parities, waits a little for what another one overtook, drops what
comes twice or too late, and says where something is lost. One number far off is not believed, two in a row are. Source:
ITU-T T.38 clause 9.1 and annex A (aligned PER).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

MAX_PACKET_OCTETS: Final = 16383  # an open type of more octets would be fragmented
MAX_REDUNDANCY: Final = 7
# What stands before the copies: that it is they that follow, and how many.
_COPIES: Final = tuple(bytes((0, copies)) for copies in range(MAX_REDUNDANCY + 1))
_MODULUS: Final = 0x10000
_HALF: Final = 0x8000

MAX_JUMP: Final = 16
"""A number that is further off than this, ahead or behind, counts only when the next one follows it."""

PATIENCE: Final = 3
"""So many datagrams wait for a missing one. A repeated one ends the waiting: nothing else is under way then."""

_KEPT: Final = 64
"""So many packets back a parity may reach; 9 is what gateways use."""


class UdptlError(Exception):
    """Octets that are no UDPTL datagram, or a packet that does not fit into one."""


class Parity(NamedTuple):
    """fec-info: each entry of `octets` is the exclusive or of `packets` of the packets before, every so many'th of them
    as there are entries; shorter packets count as filled with zeros."""

    packets: int
    octets: tuple[bytes, ...]

    def distances(self, entry: int) -> range:
        """How far before the datagram the packets under an entry stand; the last entry has the newest one."""
        entries = len(self.octets)
        return range(entries - entry, entries * self.packets - entry + 1, entries)


class Protection(NamedTuple):
    """How a sender makes losses good by parity: `entries` parities, each over `packets` packets.

    As many losses in a row as there are entries can be repaired.
    """

    packets: int = 3
    entries: int = 3


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


def _parity(packets: Iterable[bytes], length: int) -> bytes:
    """The exclusive or of packets, each filled with zeros up to `length`."""
    total = 0
    for packet in packets:
        total ^= int.from_bytes(packet.ljust(length, b"\0"), "big")
    return total.to_bytes(length, "big")


class Sender:
    """Numbers packets and wraps them; `redundancy` copies of earlier ones go along, or parities where `protection`
    says so."""

    def __init__(self, redundancy: int = 3, protection: Protection | None = None) -> None:
        if not 0 <= redundancy <= MAX_REDUNDANCY:
            raise ValueError(f"redundancy {redundancy}")
        reach = protection.packets * protection.entries if protection is not None else MAX_REDUNDANCY
        if not 0 < reach <= _KEPT:
            raise ValueError(f"protection {protection}")
        self._redundancy = redundancy
        self._protection = protection
        self._sequence = 0
        self._sent: deque[bytes] = deque(maxlen=reach)
        """Packets, the newest first: as open types where copies are sent, bare under parity."""

    def wrap(self, packet: bytes, redundancy: int | None = None) -> bytes:
        """The datagram for the next packet; `redundancy` counts for this one alone; raises UdptlError if too long."""
        framed = _framed(packet)
        if self._protection is not None:
            return self._wrap_with_parity(packet, framed, self._protection)
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

    def _wrap_with_parity(self, packet: bytes, framed: bytes, protection: Protection) -> bytes:
        pattern = Parity(protection.packets, (b"",) * protection.entries)
        sent = self._sent
        datagram = self._sequence.to_bytes(2, "big") + framed + bytes((0x80, 1, protection.packets, protection.entries))
        for entry in range(protection.entries):
            covered = [sent[distance - 1] for distance in pattern.distances(entry) if distance <= len(sent)]
            datagram += _framed(_parity(covered, max(map(len, covered), default=0)))
        self._sequence = (self._sequence + 1) % _MODULUS
        sent.appendleft(packet)
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
        self._expected = 0
        self._expected_octets = b"\0\0"
        self._begun = False
        # Packets before the expected one, the newest last: what is None was lost, what stands before the first packet
        # is empty, which changes no parity.
        self._before: deque[bytes | None] = deque([b""] * _KEPT, _KEPT)
        self._far_off: bytes | None = None
        """The datagram before, where its number was not believed."""
        self._waiting: dict[int, Datagram] = {}
        """What came before its turn, by number."""
        self.repaired = 0
        self.lost = 0
        self.late = 0

    def unwrap(self, octets: bytes) -> list[bytes | None]:
        """The packets that a datagram brings and that were not given yet; None stands for one or more lost ones.

        What a parity brought back may have zeros behind it. Raises UdptlError for what is no datagram; the receiver's
        state is then as before.
        """
        if octets[:2] == self._expected_octets and (packet := _plain_primary(octets)):
            self._begun = True
            self._far_off = None
            self._before.append(packet)
            self._expect(self._expected + 1)
            return [packet, *self._overtaking()] if self._waiting else [packet]
        datagram = decode(octets)
        gap = (datagram.sequence - self._expected) % _MODULUS
        if gap <= MAX_JUMP:
            self._far_off = None
            self._begun = True
            return self._in_turn(datagram, gap)
        if not self._begun:
            self._begun = True
            return self._follow(datagram)
        if gap >= _MODULUS - MAX_JUMP:
            self.late += 1
            return []
        return self._on_far_off(octets, datagram)

    def _in_turn(self, datagram: Datagram, gap: int) -> list[bytes | None]:
        """What can be given now that this datagram is there, `gap` numbers ahead of its turn."""
        if gap and None in self._mended(datagram, gap):
            again = datagram.sequence in self._waiting
            self._waiting[datagram.sequence] = datagram
            given: list[bytes | None] = []
            while self._waiting and (again or len(self._waiting) > PATIENCE):
                datagram, gap = self._next_waiting()
                del self._waiting[datagram.sequence]
                given += [*self._advance(datagram, gap), *self._overtaking()]
            return given
        given = self._advance(datagram, gap)
        self._waiting.pop(datagram.sequence, None)
        return given + self._overtaking()

    def _next_waiting(self) -> tuple[Datagram, int]:
        """The one whose turn is next of those that wait, and how far ahead of it that is."""
        ahead = {(number - self._expected) % _MODULUS: datagram for number, datagram in self._waiting.items()}
        gap = min(ahead)
        return ahead[gap], gap

    def _overtaking(self) -> list[bytes | None]:
        """What waited for what has just been given."""
        given: list[bytes | None] = []
        self._waiting = {
            number: datagram
            for number, datagram in self._waiting.items()
            if (number - self._expected) % _MODULUS <= MAX_JUMP
        }
        while self._waiting:
            datagram, gap = self._next_waiting()
            if gap and None in self._mended(datagram, gap):
                break
            given += self._advance(datagram, gap)
            del self._waiting[datagram.sequence]
        return given

    def _advance(self, datagram: Datagram, gap: int) -> list[bytes | None]:
        """The packets up to the datagram's own, of which `gap` did not come themselves."""
        packets = self._mended(datagram, gap) if gap else []
        lost = packets.count(None)
        self.lost += lost
        self.repaired += gap - lost
        packets.append(datagram.primary)
        self._before.extend(packets)
        self._expect(datagram.sequence + 1)
        return packets

    def _mended(self, datagram: Datagram, gap: int) -> list[bytes | None]:
        """The `gap` packets before the datagram's own, as far as copies and parities bring them back."""
        known = [*self._before, *[None] * gap]
        for distance, copy in enumerate(datagram.secondaries[:gap], 1):
            known[-distance] = copy or None  # an empty copy is one that the sender did not have
        if datagram.parity is not None:
            _repair(known, datagram.parity)
        return known[-gap:]

    def _on_far_off(self, octets: bytes, datagram: Datagram) -> list[bytes | None]:
        """A number far from the expected one: follow it when it is the second of two in a row.

        So a forged or stray datagram costs nothing, while a far end that begins anew, or is heard again after a long
        silence, is followed with its second one.
        """
        before, self._far_off = self._far_off, octets
        if before is None or (int.from_bytes(before[:2], "big") + 1) % _MODULUS != datagram.sequence:
            return []
        self._far_off = None
        self.lost += 1
        return [None, *self._follow(decode(before)), *self._advance(datagram, 0)]

    def _follow(self, datagram: Datagram) -> list[bytes | None]:
        """Go on from this datagram; nothing is known of those before it."""
        self._waiting.clear()
        self._before.extend([None] * _KEPT)
        return self._advance(datagram, 0)

    def _expect(self, sequence: int) -> None:
        self._expected = sequence % _MODULUS
        self._expected_octets = self._expected.to_bytes(2, "big")


def _repair(known: list[bytes | None], parity: Parity) -> None:
    """Fill in what is the only unknown packet under a parity; `known` are the packets before the datagram."""
    for entry, octets in enumerate(parity.octets):
        distances = parity.distances(entry)
        if not octets or not distances or distances[-1] > len(known):
            continue
        covered: Sequence[bytes | None] = [known[-distance] for distance in distances]
        if covered.count(None) == 1:
            others = [packet[: len(octets)] for packet in covered if packet is not None]
            known[-distances[covered.index(None)]] = _parity([octets, *others], len(octets))
