"""NTP messages on the wire, and the numbers in which they count time."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from iosemu.management.ntp.packet import (
    NO_STRATUM,
    Mode,
    Packet,
    decode,
    encode,
    is_signed,
    moment,
    seconds_between,
    timestamp,
)

STAMPS = st.integers(0, (1 << 64) - 1)


def test_a_message_has_the_octets_of_the_rfc() -> None:
    packet = Packet(Mode.CLIENT, transmit=0xAFE2525E70597B34, root_dispersion=1.0)
    octets = encode(packet)
    assert octets.hex() == "db0006ee" + "00000000" + "00010000" + "00" * 28 + "afe2525e70597b34"
    assert decode(octets) == packet


@given(
    st.builds(
        Packet,
        mode=st.integers(0, 7),
        leap=st.integers(0, 3),
        version=st.integers(1, 4),
        stratum=st.integers(1, NO_STRATUM),
        poll=st.integers(-128, 127),
        precision=st.integers(-128, 127),
        root_delay=st.integers(-(1 << 31) + 1, (1 << 31) - 1).map(lambda number: number / 65536),
        root_dispersion=st.integers(0, (1 << 31) - 1).map(lambda number: number / 65536),
        reference_id=st.integers(0, (1 << 32) - 1),
        reference=STAMPS,
        originate=STAMPS,
        receive=STAMPS,
        transmit=STAMPS,
        key=st.integers(0, (1 << 32) - 1),
    ),
    st.text(max_size=32),
)
def test_what_is_written_is_read(packet: Packet, secret: str) -> None:
    octets = encode(packet, secret)
    assert decode(octets) == packet
    assert is_signed(octets, secret) is (packet.key != 0)
    assert not is_signed(octets, secret + "x")


@given(st.binary(max_size=80))
def test_any_octets_are_a_message_or_none(octets: bytes) -> None:
    packet = decode(octets)
    assert (packet is None) or (len(octets) >= 48 and 1 <= packet.version <= 4)
    is_signed(octets, "secret")


@given(st.datetimes(datetime(1968, 2, 1), datetime(2104, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)))
def test_moments_are_kept_to_the_microsecond(at: datetime) -> None:
    assert abs((moment(timestamp(at)) - at).total_seconds()) <= 1e-6


def test_what_published_output_calls_them() -> None:
    assert moment(0xAFE2525E70597B34) == datetime(1993, 7, 5, 7, 10, 22, 438865, UTC)
    assert moment(0) == datetime(1900, 1, 1, tzinfo=UTC)
    assert timestamp(datetime(2036, 2, 7, 6, 28, 16, tzinfo=UTC)) == 0


@given(st.datetimes(datetime(1970, 1, 1), datetime(2030, 1, 1)), st.integers(-(10**9), 10**9))
def test_intervals_cross_the_end_of_the_era(at: datetime, seconds: int) -> None:
    start = timestamp(at.replace(tzinfo=UTC))
    assert seconds_between(start, (start + (seconds << 32)) % (1 << 64)) == seconds
