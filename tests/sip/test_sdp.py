"""Session descriptions: what peers write is read, what we write is read back, and what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax import udptl
from iosemu.sip.sdp import BadSdp, Codec, Session, T38Parameters, audio, parse, refused, t38

HERE = ("10.0.0.1", 16384)
# What a soft switch of the field sends, with its order of lines and its forms of flags.
GATEWAY = b"""v=0\r
o=CiscoSystemsSIP-GW-UserAgent 1234 5678 IN IP4 10.0.0.9\r
s=SIP Call\r
t=0 0\r
m=image 17000 udptl t38\r
c=IN IP4 10.0.0.10\r
a=T38FaxVersion:0\r
a=T38MaxBitRate:9600\r
a=T38FaxFillBitRemoval:0\r
a=T38FaxTranscodingMMR\r
a=T38FaxRateManagement:transferredTCF\r
a=T38FaxMaxBuffer:200\r
a=T38FaxMaxDatagram:72\r
a=T38FaxUdpEC:t38UDPFEC\r
"""


def test_a_gateways_fax_is_read() -> None:
    medium = parse(GATEWAY).t38
    assert medium is not None
    assert medium.endpoint == ("10.0.0.10", 17000)
    assert medium.t38 == T38Parameters(0, 9600, True, 200, 72, True)
    ours = T38Parameters(3, 14400, max_buffer=1800, max_datagram=320)
    assert ours.answer(medium.t38) == T38Parameters(0, 9600, True, 1800, 320, True)


def test_what_is_written_is_read_back() -> None:
    session = Session("10.0.0.1", (audio(HERE, (Codec.PCMA, Codec.G729)), t38(HERE, T38Parameters(2))), 5, 6)
    assert parse(session.encode()) == session
    found = session.audio
    assert found is not None
    assert found.codecs == (Codec.PCMA, Codec.G729)
    assert b"m=image 16384 udptl t38\r\na=T38FaxVersion:2\r\n" in session.encode()


def test_a_refused_medium_is_none() -> None:
    session = Session("10.0.0.1", (refused(audio(HERE, (Codec.PCMU,))), t38(HERE, T38Parameters())))
    assert session.audio is None
    assert parse(session.encode()).t38 == session.t38


@pytest.mark.parametrize(("room", "copies"), [(72, 0), (200, 1), (315, 2), (316, 3), (1400, 3)])
def test_copies_have_room_in_the_datagrams_of_the_far_side(room: int, copies: int) -> None:
    packet = 77
    count = T38Parameters(max_datagram=room).copies(packet, 3)
    assert count == copies
    sender = udptl.Sender(count)
    datagrams = [sender.wrap(bytes(packet)) for _ in range(9)]
    assert len(datagrams[-1]) <= room or count == 0


@pytest.mark.parametrize(
    "damage",
    [
        (b"v=0", b"v=1"),
        (b"m=image 17000", b"m=image x"),
        (b"m=image 17000", b"m=image 70000"),
        (b"1234 5678 IN", b"12a4 5678 IN"),
        (b"s=SIP Call", b"s SIP Call"),
        (b"c=IN IP4 10.0.0.10\r\n", b""),
    ],
)
def test_a_bad_description_is_refused(damage: tuple[bytes, bytes]) -> None:
    with pytest.raises(BadSdp):
        parse(GATEWAY.replace(*damage))


@given(st.binary(max_size=200) | st.lists(st.sampled_from(GATEWAY.split(b"\n"))).map(b"\n".join))
def test_any_octets_are_a_description_or_none(octets: bytes) -> None:
    try:
        session = parse(octets)
    except BadSdp:
        return
    for medium in session.media:
        _ = medium.codecs, medium.t38, medium.endpoint
