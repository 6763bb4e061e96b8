"""A capture file holds what was put in, in the format's own terms."""

from __future__ import annotations

import struct
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from iosemu.lab.capture import Capture, checksum, ports_of_call


def blocks(octets: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        assert length % 4 == 0
        assert struct.unpack_from("<I", octets, at + length - 4)[0] == length
        found.append((kind, octets[at + 8 : at + length - 4]))
        at += length
    return found


def test_a_datagram_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "t38.pcapng"
    with Capture(path, "a lab") as capture:
        capture.packet(1_000_000_000.25, ("15.80.7.11", 16384), ("15.80.7.11", 16386), b"udptl")
    section, interface, packet = blocks(path.read_bytes())
    assert (section[0], interface[0], packet[0]) == (0x0A0D0D0A, 1, 6)
    assert b"a lab; T.38 is read with -d udp.port==16384-32767,t38 -o t38.use_pre_corr" in section[1]
    _, high, low, length, original = struct.unpack_from("<IIIII", packet[1])
    assert (high << 32 | low) == 1_000_000_000_250_000
    assert length == original == 20 + 8 + 5
    datagram = packet[1][20 : 20 + length]
    assert checksum(datagram[:20]) == 0
    assert datagram[12:20] == bytes([15, 80, 7, 11, 15, 80, 7, 11])
    assert struct.unpack_from("!HHH", datagram, 20) == (16384, 16386, 13)
    assert datagram[28:] == b"udptl"


@given(st.binary(max_size=60))
def test_the_checksum_of_a_checked_datagram_is_zero(octets: bytes) -> None:
    padded = octets + bytes(len(octets) % 2)
    assert checksum(padded + struct.pack("!H", checksum(padded))) == 0


def test_calls_have_ports_of_their_own() -> None:
    used = [port for serial in range(1000) for port in ports_of_call(serial)]
    assert len(set(used)) == len(used)
    assert all(16384 <= port <= 32767 and port % 2 == 0 for port in used)
