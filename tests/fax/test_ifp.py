"""IFP packets in aligned PER, beside an independent PER compiler."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iosemu.fax import ifp
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType, IfpError, Indicator, Packet, Syntax
from tests.fax.oracle import ifp_octets

END_OF_DATA = Field(FieldType.HDLC_SIG_END)
fields = st.builds(Field, st.sampled_from(FieldType), st.binary(max_size=300))
data_packets = st.builds(DataPacket, st.sampled_from(DataType), st.lists(fields, max_size=6).map(tuple))
packets: st.SearchStrategy[Packet] = st.sampled_from(Indicator) | data_packets


@given(packets)
@example(DataPacket(DataType.V21, tuple(Field(FieldType.HDLC_SIG_END) for _ in range(200))))
@example(DataPacket(DataType.V21, (Field(FieldType.HDLC_SIG_END),) * 128))
@example(DataPacket(DataType.V21, (Field(FieldType.HDLC_SIG_END),) * 300))
@example(DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, bytes(65535)),)))
@example(DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, bytes(65535)), END_OF_DATA)))
@example(DataPacket(DataType.V21, (Field(FieldType.CM_MESSAGE), END_OF_DATA, END_OF_DATA, END_OF_DATA)))
def test_octets_equal_those_of_the_asn1_compiler_and_come_back(packet: Packet) -> None:
    octets = ifp.encode(packet)
    assert octets == ifp_octets(packet)
    assert ifp.decode(octets) == packet


@given(packets)
@example(DataPacket(DataType.V21, (Field(FieldType.HDLC_SIG_END, b"lone"),)))
@example(DataPacket(DataType.V21, (END_OF_DATA, Field(FieldType.HDLC_DATA, b"12"))))
@example(DataPacket(DataType.V21, (END_OF_DATA, END_OF_DATA, END_OF_DATA)))
def test_the_1998_syntax_too(packet: Packet) -> None:
    if isinstance(packet, DataPacket) and any(kind > FieldType.T4_NON_ECM_SIG_END for kind, _ in packet.fields):
        with pytest.raises(IfpError):
            ifp.encode(packet, Syntax.V1998)
        return
    octets = ifp.encode(packet, Syntax.V1998)
    assert octets == ifp_octets(packet, Syntax.V1998)
    assert ifp.decode(octets, Syntax.V1998) == packet


@given(st.binary(max_size=40) | st.binary(max_size=40).map(lambda tail: b"\xc0\x01" + tail), st.sampled_from(Syntax))
def test_any_octets_are_a_packet_or_an_ifp_error(octets: bytes, syntax: Syntax) -> None:
    try:
        packet = ifp.decode(octets, syntax)
    except IfpError:
        return
    assert ifp.decode(ifp.encode(packet, syntax), syntax) == packet


@given(data_packets, st.data())
def test_a_cut_packet_is_refused(packet: DataPacket, data: st.DataObject) -> None:
    octets = ifp.encode(packet)
    with pytest.raises(IfpError):
        ifp.decode(octets[: data.draw(st.integers(0, len(octets) - 1))])


@given(packets, st.binary(min_size=1, max_size=3))
def test_octets_after_a_packet_are_refused(packet: Packet, tail: bytes) -> None:
    with pytest.raises(IfpError):
        ifp.decode(ifp.encode(packet) + tail)


@given(packets, st.integers(0, 3), st.binary(min_size=1, max_size=3), st.sampled_from(Syntax))
def test_zeros_behind_a_packet_are_passed_over_where_allowed(
    packet: Packet, zeros: int, tail: bytes, syntax: Syntax
) -> None:
    try:
        octets = ifp.encode(packet, syntax)
    except IfpError:
        return
    assert ifp.decode(octets + bytes(zeros), syntax, padded=True) == packet
    if any(tail):
        with pytest.raises(IfpError):
            ifp.decode(octets + tail, syntax, padded=True)


@pytest.mark.parametrize(("said", "there"), [(10, 1), (257, 1), (257, 513), (13, 1), (2, 1), (1, 2)])
def test_a_lone_field_is_refused_unless_it_is_as_long_as_it_says(said: int, there: int) -> None:
    head = b"\xc0\x01\x80"
    whole = DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, bytes(there)),))
    assert ifp.decode(head + (there - 1).to_bytes(2, "big") + bytes(there)) == whole
    with pytest.raises(IfpError):
        ifp.decode(head + (said - 1).to_bytes(2, "big") + bytes(there))


def test_a_bit_that_only_fills_its_octet_is_passed_over() -> None:
    assert ifp.decode(b"\xc1\x00") == DataPacket(DataType.V21, ())


def test_a_kind_of_data_that_only_the_extension_has_is_refused_in_the_root() -> None:
    with pytest.raises(IfpError):
        ifp.decode(bytes([0xC0 | DataType.V8 << 1, 0]))


def test_a_packet_may_have_16383_fields() -> None:
    packet = DataPacket(DataType.V21, (END_OF_DATA,) * 16383)
    assert ifp.decode(ifp.encode(packet)) == packet


def test_what_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(IfpError):
        ifp.encode(DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, bytes(65536)),)))
    with pytest.raises(IfpError):
        ifp.encode(DataPacket(DataType.V21, (Field(FieldType.HDLC_SIG_END),) * 16384))
