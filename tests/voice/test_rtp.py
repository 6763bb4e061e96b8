"""RTP packets: read back as they were written, whatever stands around the payload; else refused."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.voice import rtp


@given(
    st.builds(
        rtp.Packet,
        st.integers(0, 127),
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.binary(max_size=200),
        st.booleans(),
    )
)
def test_what_is_written_is_read_back(packet: rtp.Packet) -> None:
    assert rtp.decode(packet.encode()) == packet


def test_sources_extension_and_padding_are_left_out() -> None:
    head = bytes((0b10_1_1_0010, 0, 0, 7)) + bytes(8)
    octets = head + bytes(8) + b"\xbe\xde\0\1" + bytes(4) + b"voice" + b"\0\0\3"
    packet = rtp.decode(octets)
    assert packet is not None
    assert (packet.sequence, packet.payload) == (7, b"voice")


@given(st.binary(max_size=40))
def test_any_octets_are_a_packet_or_none(octets: bytes) -> None:
    packet = rtp.decode(octets)
    assert packet is None or len(packet.payload) <= len(octets) - 12
