"""Line signals through T.38 and back, on good and bad networks."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.clock import ManualClock
from iosemu.fax import ifp, t4, udptl
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.dsp import HOST_SILENCE_S, FaxDsp
from iosemu.fax.events import Direction
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType, Indicator, Packet, Syntax
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.t30.page_bits import RTC
from iosemu.fax.t38 import GAP, MAX_FIELD_OCTETS, MAX_FRAME_OCTETS, Depacketizer, Packetizer, Redundancy, T38Link
from iosemu.fax.udptl import Protection
from tests.fax.calls import Call, document
from tests.fax_documents.samples import page

octets = st.binary(min_size=1, max_size=90)
high_speed = st.sampled_from([m for m in Modulation if m is not Modulation.V21])
frame_bursts = st.lists(st.builds(HdlcFrame, octets, st.booleans()), min_size=1, max_size=4).map(
    lambda frames: [CarrierOn(Modulation.V21), *frames, CarrierOff()]
)
carriers = st.builds(lambda m, short: CarrierOn(m, short and m.family == "V.17"), high_speed, st.booleans())
data_bursts = st.builds(
    lambda carrier, chunks: [carrier, *chunks, CarrierOff()], carriers, st.lists(st.builds(Data, octets), max_size=5)
)
tones = st.sampled_from(Tone).map(lambda tone: [ToneOn(tone)])
lines = st.lists(frame_bursts | data_bursts | tones, max_size=8).map(lambda bursts: [s for b in bursts for s in b])


@given(lines)
def test_what_goes_in_at_one_side_comes_out_at_the_other(signals: list[LineSignal]) -> None:
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append)
    near = T38Link(far.datagram, lambda signal: None)
    for signal in signals:
        near.signal(signal)
    assert heard == signals
    assert far.malformed == 0


@given(lines, st.randoms(use_true_random=False))
def test_single_losses_and_duplicates_change_nothing_but_the_last_signal(
    signals: list[LineSignal], chance: random.Random
) -> None:
    datagrams: list[bytes] = []
    near = T38Link(datagrams.append, lambda signal: None, Redundancy(2, 2))
    for signal in [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]:
        near.signal(signal)
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append)
    lost_before = True
    for datagram in datagrams:
        lost_before = not lost_before and datagram is not datagrams[-1] and chance.random() < 0.4
        if not lost_before:
            far.datagram(datagram)
            if chance.random() < 0.3:
                far.datagram(datagram)
    assert heard == [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]
    assert far.lost == 0


@given(lines, st.randoms(use_true_random=False))
def test_datagrams_that_overtake_each_other_change_nothing_even_without_copies(
    signals: list[LineSignal], chance: random.Random
) -> None:
    datagrams: list[bytes] = []
    near = T38Link(datagrams.append, lambda signal: None, Redundancy(0, 0))
    for signal in [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]:
        near.signal(signal)
    for at in range(1, len(datagrams) - 1, 2):
        if chance.random() < 0.5:
            datagrams[at], datagrams[at + 1] = datagrams[at + 1], datagrams[at]
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append)
    for datagram in datagrams:
        far.datagram(datagram)
    assert heard == [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]
    assert far.lost == 0


def hear(packets: list[Packet | None]) -> list[LineSignal]:
    heard: list[LineSignal] = []
    depacketizer = Depacketizer(heard.append)
    for packet in packets:
        depacketizer.feed(packet)
    return heard


def test_a_frame_in_pieces_is_one_frame() -> None:
    pieces = [DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, bytes([n])),)) for n in range(5)]
    end = DataPacket(DataType.V21, (Field(FieldType.HDLC_FCS_OK_SIG_END),))
    assert hear([Indicator.V21_PREAMBLE, *pieces, end]) == [
        CarrierOn(Modulation.V21),
        HdlcFrame(bytes(range(5))),
        CarrierOff(),
    ]


@given(st.binary(min_size=1, max_size=MAX_FRAME_OCTETS), st.booleans())
def test_a_long_frame_goes_in_pieces_and_comes_out_whole(octets: bytes, fcs_ok: bool) -> None:
    datagrams: list[bytes] = []
    heard: list[LineSignal] = []
    near = T38Link(datagrams.append, lambda signal: None, Redundancy(3, 3))
    far = T38Link(lambda datagram: None, heard.append)
    signals: list[LineSignal] = [CarrierOn(Modulation.V17_14400), HdlcFrame(octets, fcs_ok), CarrierOff()]
    for signal in signals:
        near.signal(signal)
    for datagram in datagrams:
        assert len(datagram) <= 4 * (MAX_FIELD_OCTETS + 8) + 4
        far.datagram(datagram)
    assert heard == signals


def test_the_end_of_a_signal_survives_the_loss_of_all_but_one_of_its_datagrams() -> None:
    datagrams: list[bytes] = []
    near = T38Link(datagrams.append, lambda signal: None)
    signals: list[LineSignal] = [CarrierOn(Modulation.V21), HdlcFrame(b"abc"), CarrierOff()]
    for signal in signals:
        near.signal(signal)
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append)
    far.datagram(datagrams[-1])
    assert heard == signals


@given(lines)
def test_version_0_has_its_own_syntax(signals: list[LineSignal]) -> None:
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append, syntax=Syntax.V1998)
    near = T38Link(far.datagram, lambda signal: None, syntax=Syntax.V1998)
    for signal in signals:
        near.signal(signal)
    assert heard == signals


@given(lines, st.randoms(use_true_random=False))
def test_parity_makes_single_losses_good(signals: list[LineSignal], chance: random.Random) -> None:
    """Packets that come back by parity have zeros behind them, which change nothing."""
    datagrams: list[bytes] = []
    near = T38Link(datagrams.append, lambda signal: None, protection=Protection(3, 3))
    for signal in [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]:
        near.signal(signal)
    heard: list[LineSignal] = []
    far = T38Link(lambda datagram: None, heard.append)
    since = 0
    for datagram in datagrams:
        since += 1
        if since > 9 and datagram is not datagrams[-1] and chance.random() < 0.5:
            since = 0
        else:
            far.datagram(datagram)
    assert heard == [ToneOn(Tone.CNG), *signals, ToneOn(Tone.CED)]
    assert (far.lost, far.malformed) == (0, 0)


def test_a_frame_with_a_loss_in_it_is_damaged() -> None:
    piece = DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, b"abc"),))
    end = DataPacket(DataType.V21, (Field(FieldType.HDLC_FCS_OK),))
    heard = hear([Indicator.V21_PREAMBLE, piece, None, piece, end, piece, end])
    assert heard[1:] == [HdlcFrame(b"abcabc", fcs_ok=False), HdlcFrame(b"abc")]


def test_a_lost_training_indicator_is_made_up_from_the_data() -> None:
    heard = hear([DataPacket(DataType.V29_9600, (Field(FieldType.T4_NON_ECM_DATA, b"\x80"),))])
    assert heard == [CarrierOn(Modulation.V29_9600), Data(b"\x01")]


def test_a_carrier_whose_end_was_lost_is_not_said_to_have_ended() -> None:
    """Who acts on its end would speak into the next one."""
    assert hear([Indicator.V29_9600_TRAINING, Indicator.V21_PREAMBLE])[1:] == [CarrierOn(Modulation.V21)]


V17_DATA = DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, b"\x80"),))
ZEROS = DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, bytes(8)),))
V17_END = DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_SIG_END),))


def test_a_gap_in_a_page_is_marked_and_one_in_a_training_check_is_not() -> None:
    assert hear([V17_DATA, None, V17_DATA])[1:] == [Data(b"\x01"), Data(GAP), Data(b"\x01")]
    assert hear([V17_DATA, None, V17_END])[1:] == [Data(b"\x01"), Data(GAP), CarrierOff()]
    assert hear([V17_DATA, None, Indicator.V21_PREAMBLE])[1:3] == [Data(b"\x01"), Data(GAP)]
    assert hear([ZEROS, None, ZEROS])[1:] == [Data(bytes(8))] * 2


@given(st.sampled_from([Coding.MH, Coding.MR]), st.integers(0, 5), st.data())
def test_no_gap_in_a_page_goes_unnoticed(coding: Coding, seed: int, data: st.DataObject) -> None:
    """Wherever the page was cut, at the end of a line too."""
    coded = t4.encode(page(12, seed=seed), PageFormat(coding=coding))
    octets = coded.wire() + RTC[coding]
    last_row = len(coded.wire())
    start = data.draw(st.integers(1, last_row - 1))
    end = data.draw(st.integers(start, last_row))
    with contextlib.suppress(t4.PageDataError):  # that is to notice it too
        assert t4.read_wire(octets[:start] + GAP + octets[end:], coded.page_format).damage.bad_rows > 0


def test_an_endless_frame_is_bounded() -> None:
    piece = DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, bytes(400)),))
    end = DataPacket(DataType.V21, (Field(FieldType.HDLC_FCS_OK),))
    frame = hear([Indicator.V21_PREAMBLE, *[piece] * 50, end])[1]
    assert isinstance(frame, HdlcFrame)
    assert not frame.fcs_ok
    assert len(frame.octets) <= MAX_FRAME_OCTETS


def test_modulations_of_v8_and_v34_are_passed_over() -> None:
    assert hear([Indicator.V8_ANSAM, DataPacket(DataType.V34_PRI_CH, (Field(FieldType.HDLC_DATA, b"x"),))]) == []


def test_data_outside_a_carrier_goes_nowhere() -> None:
    packetizer = Packetizer()
    for signal in (Data(b"x"), HdlcFrame(b"x"), CarrierOff()):
        assert packetizer.packets(signal) == ()


any_packets = st.sampled_from(Indicator) | st.builds(
    DataPacket,
    st.sampled_from(DataType),
    st.lists(st.builds(Field, st.sampled_from(FieldType), st.binary(max_size=9)), max_size=4).map(tuple),
)


@given(st.lists(st.none() | any_packets, max_size=30))
def test_carriers_are_always_well_formed_on_the_line(packets: list[Packet | None]) -> None:
    on: Modulation | None = None
    for signal in hear(packets):
        match signal:
            case CarrierOn(modulation):
                on = modulation
            case CarrierOff():
                assert on is not None
                on = None
            case ToneOn():
                assert on is None
            case _:
                assert on is not None


@given(st.lists(st.binary(max_size=40) | any_packets.map(ifp.encode), max_size=20), st.booleans())
def test_no_datagram_brings_a_dsp_down(pieces: list[bytes], wrapped: bool) -> None:
    clock = ManualClock()
    dsp = FaxDsp(clock, lambda signal: None, lambda datagram: None)
    sender = udptl.Sender()
    for piece in pieces:
        dsp.from_host(sender.wrap(piece) if wrapped else piece)
    clock.run()


def test_a_carrier_that_the_host_forgets_is_dropped() -> None:
    clock = ManualClock()
    heard: list[tuple[float, LineSignal]] = []
    dsp = FaxDsp(clock, lambda signal: heard.append((clock.now(), signal)), lambda datagram: None)
    host = T38Link(dsp.from_host, lambda signal: None)
    host.signal(CarrierOn(Modulation.V29_9600))
    clock.run(2.0)
    host.signal(Data(b"x"))
    clock.run()
    assert heard[-1] == (2.0 + HOST_SILENCE_S, CarrierOff())


@pytest.mark.parametrize("way", ["onramp", "offramp"])
def test_a_call_in_a_router_is_one_of_well_formed_datagrams_both_ways(way: str) -> None:
    call = Call(way, document(2)).run()
    datagrams = [event for _, event in call.datagrams()]
    assert {event.direction for event in datagrams} == set(Direction)
    for event in datagrams:
        ifp.decode(udptl.decode(event.octets).primary)
    assert call.dsp.malformed == 0
