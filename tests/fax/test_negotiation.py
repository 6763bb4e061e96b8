"""What two terminals agree on, and how a training is judged."""

from __future__ import annotations

import pytest

from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.events import FaxCause
from iosemu.fax.line import HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import Profile, page_bits
from iosemu.fax.t30.capabilities import Capabilities
from iosemu.fax.t30.frames import Fcf
from iosemu.fax.t30.negotiation import common_format, common_modulations, training_check, training_is_good
from tests.fax.calls import BLACK_ROW, EOL, WHITE_ROW, Call, pack


def test_rates_are_those_of_both_ends_best_first() -> None:
    far = Capabilities(modulations=(Modulation.V29_9600, Modulation.V29_7200, Modulation.V27TER_2400))
    assert common_modulations(Profile(max_rate_bps=7200), far) == (Modulation.V29_7200, Modulation.V27TER_2400)


@pytest.mark.parametrize(
    ("natural", "offered", "agreed"),
    [
        (Resolution.SUPERFINE, {Resolution.STANDARD, Resolution.FINE}, Resolution.FINE),
        (Resolution.FINE, {Resolution.STANDARD, Resolution.SUPERFINE}, Resolution.STANDARD),
        (Resolution.STANDARD, set(Resolution), Resolution.STANDARD),
    ],
)
def test_a_page_is_never_sent_finer_than_it_is(
    natural: Resolution, offered: set[Resolution], agreed: Resolution
) -> None:
    page_format = common_format(PageFormat(resolution=natural), Profile(), Capabilities(resolutions=frozenset(offered)))
    assert page_format is not None
    assert page_format.resolution is agreed


def test_mmr_pages_go_as_mh_without_error_correction() -> None:
    page_format = common_format(PageFormat(coding=Coding.MMR), Profile(), Capabilities())
    assert page_format is not None
    assert page_format.coding is Coding.MH


@pytest.mark.parametrize("modulation", [m for m in Modulation if m is not Modulation.V21])
def test_a_clean_training_is_good(modulation: Modulation) -> None:
    assert training_is_good(training_check(modulation), modulation)


@pytest.mark.parametrize("damage", ["short", "middle", "nothing"])
def test_a_training_without_a_second_of_zeros_is_bad(damage: str) -> None:
    octets = bytearray(training_check(Modulation.V29_9600))
    if damage == "middle":
        octets[len(octets) // 2] = 1
    elif damage == "short":
        del octets[len(octets) // 2 :]
    else:
        octets.clear()
    assert not training_is_good(bytes(octets), Modulation.V29_9600)


def test_noise_at_the_edges_of_a_training_does_no_harm() -> None:
    octets = bytearray(training_check(Modulation.V17_14400))
    octets[:20] = octets[-20:] = b"\x5a" * 20
    assert training_is_good(bytes(octets), Modulation.V17_14400)


def bits_of(octets: bytes) -> str:
    return "".join(f"{octet:08b}"[::-1] for octet in octets)


def test_without_a_scan_line_time_a_page_gets_only_its_rtc() -> None:
    octets = pack(EOL + WHITE_ROW)
    assert page_bits.for_line(octets, Coding.MH, 14400, 0) == octets + page_bits.RTC[Coding.MH]
    assert bits_of(page_bits.RTC[Coding.MH]) == EOL * 6
    assert bits_of(page_bits.RTC[Coding.MR]).rstrip("0") == (EOL + "1") * 6


def test_fill_comes_before_the_eol_and_no_bit_is_lost() -> None:
    rows = [WHITE_ROW, BLACK_ROW, WHITE_ROW]
    filled = page_bits.for_line(pack("".join(EOL + row for row in rows)), Coding.MH, 9600, 10)
    bits = bits_of(filled)
    line_bits = 96
    expected = EOL + "".join(row.ljust(line_bits - len(EOL), "0") + EOL for row in rows)
    assert bits.startswith(expected)
    assert bits[len(expected) :].startswith(EOL * 5)


def test_a_line_that_is_long_enough_gets_no_fill() -> None:
    octets = pack(EOL + "01" * 100 + EOL + WHITE_ROW)
    assert bits_of(page_bits.for_line(octets, Coding.MH, 2400, 10)).startswith(EOL + "01" * 100 + EOL + WHITE_ROW)


@pytest.mark.parametrize("bit", [26, 36, 42, 43, 53, 68, 78])
def test_a_command_for_more_than_was_offered_is_refused(bit: int) -> None:
    """JBIG, JPEG, 300 dpi and the like: DCN, not a page that nobody can read."""

    def ask(signal: LineSignal) -> LineSignal:
        if not isinstance(signal, HdlcFrame) or signal.octets[2] & 0x7F != Fcf.DCS:
            return signal
        octets = bytearray(signal.octets.ljust(13, b"\x00"))
        octets[3 + (bit - 1) // 8] |= 0x80 >> (bit - 1) % 8
        for at in range(5, 12):
            octets[at] |= 1  # more octets follow
        return HdlcFrame(bytes(octets))

    call = Call(to_receiver=ask).run()
    assert call.receiver_end.cause is FaxCause.INCOMPATIBLE
    assert call.frames()[-1] == "DCN"
    assert not call.received
