"""Fax calls between our terminal and libspandsp's over UDPTL, on good and bad networks and lines: pixels decide."""

from __future__ import annotations

import random
from collections.abc import Callable
from ctypes import CDLL
from dataclasses import replace
from pathlib import Path

import pytest
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import WIDTH_A3_PX, WIDTH_A4_PX, WIDTH_B4_PX, Coding, PageFormat, Resolution
from iosemu.fax.events import Addressed, Negotiated, NonStandard, RemoteId
from iosemu.fax.ifp import Syntax
from iosemu.fax.line import CarrierOn, Data, HdlcFrame, LineSignal, Modulation
from iosemu.fax.t30 import Profile, ecm
from iosemu.fax.t30.frames import Fcf
from tests.fax_documents.samples import page

from .spandsp import SONAME, Modems
from .spandsp_call import ALL_MODEMS, Call

pytestmark = pytest.mark.peer

BAD_FAX_LINES = 326  # the TIFF tag


@pytest.fixture
def library(need_library: Callable[[str], CDLL]) -> CDLL:
    return need_library(SONAME)


BOTH_WAYS = pytest.mark.parametrize("sends", ["we", "spandsp"])
CORRECTED = pytest.mark.parametrize("corrected", [False, True], ids=["plain", "ecm"])
BY_MODEM = {
    Modems.V27TER: Modulation.V27TER_4800,
    Modems.V27TER | Modems.V29: Modulation.V29_9600,
    ALL_MODEMS: Modulation.V17_14400,
}


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("modems", BY_MODEM, ids=["V.27ter", "V.29", "V.17"])
@pytest.mark.parametrize("coding", Coding, ids=lambda coding: coding.name)
@pytest.mark.parametrize("resolution", Resolution, ids=lambda resolution: resolution.name)
def test_pages_are_equal_bit_for_bit(
    library: CDLL,
    tmp_path: Path,
    sends: str,
    corrected: bool,
    coding: Coding,
    resolution: Resolution,
    modems: Modems,
) -> None:
    call = Call(library, tmp_path, sends, PageFormat(1728, resolution, coding), corrected, modems).run()
    call.assert_delivered()
    told = call.negotiated()
    assert (told.modulation, told.rate_bps) == (BY_MODEM[modems].family, BY_MODEM[modems].rate_bps)
    # Outside error correction there is no MMR.
    used = coding if corrected or coding is not Coding.MMR else Coding.MH
    assert told.page_format == PageFormat(1728, resolution, used)
    assert any(name.startswith("PPS") for name in call.frames()) == (corrected and sends == "we")
    assert RemoteId("TSI" if sends == "spandsp" else "CSI", "spandsp") in call.events


LONG = (page(400, seed=3), page(300, seed=4))


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("parity", [False, True], ids=["copies", "parity"])
@pytest.mark.parametrize("seed", range(3))
def test_one_datagram_in_twenty_may_be_lost(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, parity: bool, seed: int
) -> None:
    """Three losses in a row are made good. More of them come in one call of some hundred at this rate, whose page then
    has bad lines unless it is corrected."""
    call = Call(library, tmp_path, sends, ecm=corrected, pages=LONG, parity=parity, loss=0.05, seed=seed).run()
    call.assert_delivered()
    assert call.lost > 20


class BitErrors:
    """A line that turns bits of pages round; frames of error correction with such a bit have a bad FCS."""

    def __init__(self, rate: float, seed: int) -> None:
        self._rate = rate
        self._chance = random.Random(seed)
        self.count = 0

    def __call__(self, signal: LineSignal) -> LineSignal:
        match signal:
            case Data(octets) if any(octets):  # a training check is all zeros
                damaged = bytearray(octets)
                for bit in self._bits(len(octets)):
                    damaged[bit // 8] ^= 1 << bit % 8
                return Data(bytes(damaged))
            case HdlcFrame(octets) if octets[2] in ecm.IMAGE_FIELDS and self._bits(len(octets)):
                return replace(signal, fcs_ok=False)
        return signal

    def _bits(self, octets: int) -> list[int]:
        found = [bit for bit in range(8 * octets) if self._chance.random() < self._rate]
        self.count += len(found)
        return found


@BOTH_WAYS
@pytest.mark.parametrize("seed", range(3))
def test_error_correction_delivers_every_page_over_a_line_with_bit_errors(
    library: CDLL, tmp_path: Path, sends: str, seed: int
) -> None:
    line = BitErrors(1e-4, seed)
    call = Call(library, tmp_path, sends, ecm=True, pages=LONG, line=line).run()
    call.assert_delivered()
    assert line.count > 5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("coding", [Coding.MH, Coding.MR], ids=lambda coding: coding.name)
def test_without_error_correction_our_receiver_reports_bad_lines(
    library: CDLL, tmp_path: Path, coding: Coding, seed: int
) -> None:
    line = BitErrors(3e-5, seed)
    call = Call(library, tmp_path, "spandsp", PageFormat(coding=coding), pages=LONG, line=line).run()
    assert line.count > 0
    assert call.end.ok
    assert sum(coded.damage.bad_rows for coded in call.received) >= 1
    # A damaged EOL makes two rows one.
    for coded, bitmap in zip(call.received, LONG, strict=True):
        assert bitmap.rows - coded.damage.bad_rows <= coded.rows <= bitmap.rows + coded.damage.bad_rows


@pytest.mark.parametrize("seed", range(3))
def test_without_error_correction_spandsp_reports_bad_lines_of_ours(library: CDLL, tmp_path: Path, seed: int) -> None:
    """It asks for a new training too, and gets it."""
    call = Call(library, tmp_path, "we", pages=LONG, line=BitErrors(2e-4, seed)).run()
    assert call.end.ok
    assert call.frames().count("DCS") > 1
    bad_rows = 0
    with TiffImageFile(call.file) as image:
        for index in range(image.n_frames):
            image.seek(index)
            bad_rows += image.tag_v2.get(BAD_FAX_LINES, 0)
    assert bad_rows >= 1


class Noise:
    """A line on which everything above `rate_bps` is noise."""

    def __init__(self, rate_bps: int) -> None:
        self._limit_bps = rate_bps
        self._rate_bps = 0

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self._rate_bps = signal.modulation.rate_bps
        elif isinstance(signal, Data) and self._rate_bps > self._limit_bps:
            return Data(bytes(octet ^ 0x10 for octet in signal.octets))
        return signal


class Fading:
    """A line on which the first `bursts` bursts of page frames are damaged as a whole."""

    def __init__(self, bursts: int) -> None:
        self._left = bursts
        self._damaging = False

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, CarrierOn):
            self._left -= self._damaging
            self._damaging = False
        elif isinstance(signal, HdlcFrame) and signal.octets[2] in ecm.IMAGE_FIELDS and self._left:
            self._damaging = True
            return replace(signal, fcs_ok=False)
        return signal


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("rate_bps", [12000, 9600, 7200, 4800, 2400])
def test_training_falls_back_as_far_as_the_line_wants(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, rate_bps: int
) -> None:
    call = Call(library, tmp_path, sends, ecm=corrected, line=Noise(rate_bps)).run()
    call.assert_delivered()
    rates = [event.rate_bps for event in call.events if isinstance(event, Negotiated)]
    assert rates[-1] == rate_bps
    assert rates == sorted(rates, reverse=True)


@BOTH_WAYS
@pytest.mark.parametrize("bursts", [4, 7])
def test_pages_that_stay_damaged_go_on_after_ctc(library: CDLL, tmp_path: Path, sends: str, bursts: int) -> None:
    """Four PPR, then CTC and CTR. Ours goes slower; that of the library names the same rate again."""
    call = Call(library, tmp_path, sends, ecm=True, line=Fading(bursts)).run()
    call.assert_delivered()
    assert call.frames().count("CTC" if sends == "we" else "CTR") == 1
    if sends == "spandsp":
        assert call.frames().count("PPR") == bursts


class LostCommand:
    """A line that damages the first `count` DCS."""

    def __init__(self, count: int) -> None:
        self._left = count

    def __call__(self, signal: LineSignal) -> LineSignal:
        if isinstance(signal, HdlcFrame) and signal.octets[2] & 0x7F == Fcf.DCS and self._left:
            self._left -= 1
            return replace(signal, fcs_ok=False)
        return signal


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("count", [1, 2])
def test_two_terminals_that_wait_for_each_other_do_not_speak_at_once(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, count: int
) -> None:
    """Nobody heard a DCS: the sender repeats it, the receiver has to be silent until then."""
    Call(library, tmp_path, sends, ecm=corrected, line=LostCommand(count)).run().assert_delivered()


class LostFrames:
    """A line that damages a share of the frames of the procedure, and no page."""

    def __init__(self, seed: int, share: float = 1 / 3) -> None:
        self._chance = random.Random(seed)
        self._share = share
        self.count = 0

    def __call__(self, signal: LineSignal) -> LineSignal:
        if (
            not isinstance(signal, HdlcFrame)
            or signal.octets[2] in ecm.IMAGE_FIELDS
            or self._chance.random() > self._share
        ):
            return signal
        self.count += 1
        return replace(signal, fcs_ok=False)


@BOTH_WAYS
@CORRECTED
def test_commands_that_are_not_heard_are_said_again(library: CDLL, tmp_path: Path, sends: str, corrected: bool) -> None:
    line = LostFrames(3)
    call = Call(library, tmp_path, sends, ecm=corrected, line=line).run()
    call.assert_delivered()
    assert line.count > 0


@CORRECTED
def test_forged_datagrams_do_not_lead_us_astray(library: CDLL, tmp_path: Path, corrected: bool) -> None:
    call = Call(library, tmp_path, "spandsp", ecm=corrected, pages=LONG, forged=0.05).run()
    call.assert_delivered()
    assert call.forgeries > 20


def test_a_page_of_several_blocks(library: CDLL, tmp_path: Path) -> None:
    """One of 64 Ki octets and more: some PPS are not the last of their page."""
    dense = (page(1500, seed=5),)
    call = Call(library, tmp_path, "we", PageFormat(coding=Coding.MH), ecm=True, pages=dense).run()
    call.assert_delivered()
    assert "PPS-NULL" in call.frames()
    again = Call(library, tmp_path, "spandsp", PageFormat(coding=Coding.MH), ecm=True, pages=dense).run()
    again.assert_delivered()
    assert again.frames().count("MCF") > 1


@BOTH_WAYS
@CORRECTED
def test_pages_of_several_formats_are_trained_for_anew(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool
) -> None:
    """EOM, and a new DIS or DCS behind it."""
    formats = tuple(PageFormat(resolution=resolution) for resolution in Resolution)
    pages = tuple(page(50, seed=seed) for seed in (6, 7, 8))
    call = Call(library, tmp_path, sends, ecm=corrected, pages=pages, formats=formats).run()
    call.assert_delivered()
    told = [event.page_format.resolution for event in call.events if isinstance(event, Negotiated)]
    assert told == list(Resolution)


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize(("version", "syntax"), [(0, Syntax.V1998), (1, Syntax.V2002), (3, Syntax.V2002)])
def test_every_version_of_t38_is_spoken(
    library: CDLL, tmp_path: Path, sends: str, corrected: bool, version: int, syntax: Syntax
) -> None:
    settings = {"version": version}
    Call(library, tmp_path, sends, ecm=corrected, syntax=syntax, settings=settings).run().assert_delivered()


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("width_px", [WIDTH_B4_PX, WIDTH_A3_PX])
def test_wide_pages(library: CDLL, tmp_path: Path, sends: str, corrected: bool, width_px: int) -> None:
    profile = Profile("1", widths_px=frozenset({WIDTH_A4_PX, WIDTH_B4_PX, WIDTH_A3_PX}))
    pages = (page(60, width_px, 9),)
    call = Call(library, tmp_path, sends, PageFormat(width_px), corrected, pages=pages, profile=profile).run()
    call.assert_delivered()


@BOTH_WAYS
@pytest.mark.parametrize("coding", [Coding.MH, Coding.MR], ids=lambda coding: coding.name)
@pytest.mark.parametrize("scan_ms", [5, 10, 20, 40])
def test_lines_take_the_time_that_the_receiver_asks_for(
    library: CDLL, tmp_path: Path, sends: str, coding: Coding, scan_ms: int
) -> None:
    """Fill bits go before the EOL of a line that is too short, and are not seen in the page."""
    blank = Bitmap.blank(1728, 200)
    call = Call(
        library,
        tmp_path,
        sends,
        PageFormat(coding=coding),
        pages=(blank,),
        profile=Profile("1", min_scan_ms=scan_ms),
        settings={"min_scan_ms": scan_ms},
    )
    call.run().assert_delivered()
    assert call.negotiated().min_scan_ms == scan_ms
    assert call.page_s() >= 200 * scan_ms / 1000


@BOTH_WAYS
@CORRECTED
@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_a_routers_dsp_stands_between(library: CDLL, tmp_path: Path, sends: str, corrected: bool, loss: float) -> None:
    """On-ramp and off-ramp as they are in a router: a gateway on the line, the terminal behind it."""
    call = Call(library, tmp_path, sends, ecm=corrected, router=True, pages=LONG, loss=loss).run()
    call.assert_delivered()


@BOTH_WAYS
@CORRECTED
def test_a_document_is_polled(library: CDLL, tmp_path: Path, sends: str, corrected: bool) -> None:
    call = Call(library, tmp_path, sends, ecm=corrected, polled=True).run()
    call.assert_delivered()
    assert ("DTC" in call.frames()) == (sends == "spandsp")


def test_a_subaddress_is_carried(library: CDLL, tmp_path: Path) -> None:
    call = Call(library, tmp_path, "we", profile=Profile("15551234", sub_address="4711")).run()
    call.assert_delivered()
    assert (call.far_identity, call.far_sub_address) == ("15551234", "4711")
    heard = Call(
        library, tmp_path, "spandsp", profile=Profile("1", addressable=True), settings={"sub_address": "0815"}
    ).run()
    heard.assert_delivered()
    assert Addressed("SUB", "0815") in heard.events


def test_facilities_of_its_maker_are_told(library: CDLL, tmp_path: Path) -> None:
    call = Call(library, tmp_path, "we", settings={"facilities": bytes.fromhex("ad001122")}).run()
    call.assert_delivered()
    # The library takes octets with the first bit rightmost, T.35 writes it leftmost: B5 is the United States.
    assert NonStandard("NSF", bytes.fromhex("b5008844")) in call.events


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_a_corrected_page_that_is_confirmed_is_whole(library: CDLL, tmp_path: Path, seed: int) -> None:
    """Losses, bit errors and damaged commands together; the call may fail, but it may not lie."""
    chance = random.Random(seed)
    errors, frames = (
        BitErrors(chance.choice([1e-5, 1e-4, 3e-4]), seed),
        LostFrames(seed, chance.choice([0.0, 0.1, 0.3])),
    )
    pages = tuple(page(chance.choice([20, 60, 150]), seed=chance.randrange(1000)) for _ in range(chance.randint(1, 4)))
    call = Call(
        library,
        tmp_path,
        chance.choice(["we", "spandsp"]),
        PageFormat(resolution=chance.choice(list(Resolution)), coding=chance.choice(list(Coding))),
        ecm=True,
        modems=chance.choice(list(BY_MODEM)),
        pages=pages,
        parity=chance.random() < 0.5,
        loss=chance.choice([0.0, 0.02, 0.1]),
        seed=seed,
        line=lambda signal: frames(errors(signal)),
        polled=chance.random() < 0.2,
    ).run()
    given_up = "ERR" in call.frames()  # the sender said with EOR that it leaves frames out
    if call.end.ok and not given_up:
        assert call.pixels() == list(pages)
    elif call.sends == "spandsp" and not given_up:
        assert call.pixels()[: call.end.pages] == list(pages[: call.end.pages])
