"""T.30 frames and their bits."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.line import Modulation
from iosemu.fax.t30 import frames
from iosemu.fax.t30.capabilities import (
    BITS_ADDRESSING,
    FALLBACK,
    Capabilities,
    Command,
    decode_capabilities,
    decode_command,
    encode_capabilities,
    encode_command,
)
from iosemu.fax.t30.frames import Fcf, Frame, FrameError


@pytest.mark.parametrize(
    ("frame", "octets"),
    [
        (Frame(Fcf.DIS, b"\x00\xee\xf8"), "ff c8 01 00 ee f8"),
        (Frame(Fcf.CSI, final=False), "ff c0 02"),
        (Frame(Fcf.DCS, from_caller=True), "ff c8 c1"),
        (Frame(Fcf.MCF), "ff c8 31"),
        (Frame(Fcf.EOP, from_caller=True), "ff c8 f4"),
        (Frame(Fcf.DCN, from_caller=True), "ff c8 df"),
        (Frame(Fcf.DTC, from_caller=True), "ff c8 81"),
    ],
)
def test_frames_have_the_octets_of_the_standard(frame: Frame, octets: str) -> None:
    assert frame.encode() == bytes.fromhex(octets)
    assert frames.decode(frame.encode()) == frame


@given(st.sampled_from(Fcf), st.binary(max_size=40), st.booleans(), st.booleans())
def test_any_frame_comes_back(fcf: Fcf, fif: bytes, final: bool, from_caller: bool) -> None:
    decoded = frames.decode(Frame(fcf, fif, final, from_caller).encode())
    assert (decoded.fcf, decoded.fif, decoded.final) == (fcf, fif, final)
    if Fcf.NSF < fcf < 0x80:
        assert decoded.from_caller == from_caller


@given(st.binary(max_size=60) | st.binary(max_size=20).map(lambda tail: b"\xff\xc8" + tail))
def test_any_octets_are_a_frame_or_a_frame_error(octets: bytes) -> None:
    try:
        assert frames.label(octets).startswith(frames.decode(octets).fcf.label)
    except FrameError:
        assert frames.label(octets) == "?"


def test_an_identification_is_sent_last_digit_first_with_its_bits_turned() -> None:
    fif = frames.encode_identifier("+1 555")
    assert len(fif) == 20
    assert fif[0] == 0b10101100  # "5" is 0011 0101, its first bit on the line being the lowest
    assert frames.decode_identifier(fif) == "+1 555"


@given(st.text(max_size=30))
def test_any_text_makes_an_identification(text: str) -> None:
    assert len(frames.encode_identifier(text)) == frames.IDENTIFIER_LENGTH


@given(st.binary(max_size=30))
def test_any_identification_is_printable(fif: bytes) -> None:
    assert frames.decode_identifier(fif).isprintable()


widths = st.sampled_from([{1728}, {1728, 2048}, {1728, 2048, 2432}]).map(frozenset)
capabilities = st.builds(
    Capabilities,
    st.sampled_from([FALLBACK, tuple(m for m in FALLBACK if m.family != "V.17"), FALLBACK[-2:], FALLBACK[-1:]]),
    st.sets(st.sampled_from(Resolution)).map(lambda s: frozenset(s | {Resolution.STANDARD})),
    st.sampled_from([{Coding.MH}, {Coding.MH, Coding.MR}]).map(frozenset),
    widths,
    st.sampled_from([(0, 0), (5, 5), (10, 5), (10, 10), (20, 10), (20, 20), (40, 20), (40, 40)]),
    has_document=st.booleans(),
    addressing=st.sampled_from([{Fcf.SUB}, {Fcf.SEP}, {Fcf.SID, Fcf.PWD}, set(BITS_ADDRESSING)]).map(frozenset),
)


@given(capabilities)
def test_capabilities_come_back_from_their_bits(value: Capabilities) -> None:
    assert decode_capabilities(encode_capabilities(value)) == value


page_formats = st.builds(
    PageFormat, st.sampled_from([1728, 2048, 2432]), st.sampled_from(Resolution), st.sampled_from(Coding)
)


@given(st.sampled_from(FALLBACK), page_formats, st.sampled_from([0, 5, 10, 20, 40]))
def test_commands_come_back_from_their_bits(modulation: Modulation, page_format: PageFormat, scan_ms: int) -> None:
    command = Command(
        modulation,
        page_format,
        scan_ms,
        ecm=page_format.coding is Coding.MMR,
        frame_octets=64 if scan_ms else 256,
        addressing=frozenset({Fcf.SUB} if scan_ms == 10 else set()),
    )
    assert decode_command(encode_command(command)) == command


@given(st.binary(max_size=20))
def test_any_field_is_read_or_a_frame_error(fif: bytes) -> None:
    for decode in (decode_capabilities, decode_command):
        with suppress(FrameError):
            decode(fif)


def test_the_bits_of_a_common_command() -> None:
    # V.17 at 14,400, fine, MH, A4, unlimited length, 0 ms.
    command = Command(Modulation.V17_14400, PageFormat(), 0)
    assert encode_command(command) == bytes.fromhex("00461e")


def test_octets_after_one_without_extend_bit_do_not_count() -> None:
    assert Resolution.SUPERFINE in decode_capabilities(bytes.fromhex("00770f010180")).resolutions
    assert Resolution.SUPERFINE not in decode_capabilities(bytes.fromhex("00770f010080")).resolutions


@pytest.mark.parametrize(
    ("resolution", "scan_ms"),
    [(Resolution.STANDARD, 20), (Resolution.FINE, 10), (Resolution.SUPERFINE, 5)],
)
def test_finer_pages_may_have_shorter_scan_lines(resolution: Resolution, scan_ms: int) -> None:
    assert Capabilities(scan_ms=(20, 10), halves_at_superfine=True).min_scan_ms(resolution) == scan_ms
