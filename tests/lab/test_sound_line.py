"""Machines on lines that carry sound: DSPs and machines modulate and demodulate, on quiet and noisy lines."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from ctypes import CDLL
from pathlib import Path
from typing import Any

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.clock import ManualClock
from iosemu.fax.audio import Demodulator, Modulator, library
from iosemu.fax.audio.tones import ToneDetector
from iosemu.fax.line import CarrierOff, CarrierOn, Data, HdlcFrame, LineSignal, Modulation, Tone, ToneOn
from iosemu.fax.t30.capabilities import Command, encode_command
from iosemu.fax.t30.frames import Fcf, Frame
from iosemu.fax.tiff_reader import read_tiff
from iosemu.fax.tiff_writer import TiffWriter
from iosemu.lab.errors import LabError, TopologyError
from iosemu.lab.fax_machine import FaxMachine
from iosemu.lab.impairments import BadLine
from iosemu.lab.pstn import Exchange
from iosemu.lab.topology import PstnLine, Topology, load, parse
from tests.fax_documents.samples import WHEN
from tests.lab.fast_loop import run_fast
from tests.lab.labs import fax, running_lab
from tests.lab.test_impairments import FORMAT, PAGES, SENT, Office
from tests.lab.test_lab import box, mail, until


@pytest.fixture
def modems(need_library: Callable[[str], CDLL]) -> None:
    need_library(library.SONAME)


@pytest.mark.peer
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("ecm", [False, True], ids=["plain", "ecm"])
@pytest.mark.parametrize("noise_dbm0", [None, -40.0], ids=["quiet", "noisy"])
def test_pages_arrive_bit_for_bit(
    modems: None, tmp_path: Path, back: bool, ecm: bool, noise_dbm0: float | None
) -> None:
    office = Office(tmp_path, ecm=ecm, audio=True, noise_dbm0=noise_dbm0)
    assert office.send(back=back).ok
    assert [coded.bitmap() for coded in office.pages()] == list(PAGES)


@pytest.mark.peer
def test_loud_noise_damages_rows_or_slows_the_call_down(modems: None, tmp_path: Path) -> None:
    quiet = Office(tmp_path / "quiet", ecm=True, audio=True)
    assert quiet.send().ok
    corrected = Office(tmp_path / "corrected", ecm=True, audio=True, noise_dbm0=-36.5)
    assert corrected.send().ok
    assert [coded.bitmap() for coded in corrected.pages()] == list(PAGES)
    assert corrected.clock.now() > quiet.clock.now() + 5.0
    plain = Office(tmp_path / "plain", audio=True, noise_dbm0=-37.0)
    assert plain.send().ok
    assert [coded.bitmap() for coded in plain.pages()] != list(PAGES)


@pytest.mark.peer
def test_a_call_that_hears_nothing_for_a_while_recovers_by_error_correction(modems: None, tmp_path: Path) -> None:
    office = Office(tmp_path, ecm=True, audio=True, dropout_every_s=15.0, dropout_s=0.1)
    assert office.send().ok
    assert [coded.bitmap() for coded in office.pages()] == list(PAGES)


@pytest.mark.peer
@pytest.mark.parametrize("ecm", [False, True], ids=["plain", "ecm"])
def test_two_such_lines_one_behind_the_other_do_not_wear_the_timers_out(
    modems: None, tmp_path: Path, ecm: bool
) -> None:
    class FarAway(Office):
        def _machine(self, number: str, exchange: Any, **settings: Any) -> FaxMachine:
            if exchange is not self.line:
                exchange = BadLine(self.clock, PstnLine(number=number, audio=True), exchange)
            return super()._machine(number, exchange, **settings)

    office = FarAway(tmp_path, ecm=ecm, audio=True)
    assert office.send().ok
    assert [coded.bitmap() for coded in office.pages()] == list(PAGES)


def with_sound(*numbers: str) -> Topology:
    topology = load(packaged_lab())
    lines = [PstnLine(number=number, audio=True, noise_dbm0=-50.0) for number in numbers]
    return msgspec.structs.replace(topology, pstn=msgspec.structs.replace(topology.pstn, line=lines))


@pytest.mark.peer
def test_the_dsps_of_both_gateways_demodulate(modems: None, tmp_path: Path) -> None:
    """A fax becomes mail, a mail becomes a fax, over lines that carry sound."""
    writer = TiffWriter()
    for page in range(2):
        writer.add_page(SENT.coded(page, FORMAT), WHEN)

    async def scenario() -> None:
        async with running_lab(tmp_path, with_sound("555-0100", "555-8354"), packaged_lab()) as lab:
            assert (await fax(lab, SENT, "555-0199")).ok
            await until(lambda: box(lab))
            (message,) = box(lab)
            attachment = next(part for part in message.walk() if part.get_content_type() == "image/tiff")
            pages = read_tiff(attachment.get_payload(decode=True))
            assert [page.coded(FORMAT).bitmap() for page in pages] == list(PAGES)

            await mail(lab, "FAX=9-555-8354@15.80.7.107", None, ("a.tif", writer.octets()))
            await until(lambda: lab.tray.jobs())
            (job,) = lab.tray.jobs()
            assert (job.machine, job.pages, job.cause) == ("5558354", 2, "")

    run_fast(scenario())


@pytest.mark.peer
def test_every_signal_comes_out_again_but_a_frame_that_no_modem_sends(modems: None) -> None:
    """Damaged frames stay damaged; a carrier without anything, and what comes outside of carriers, do no harm."""
    dcs = Frame(Fcf.DCS, encode_command(Command(Modulation.V29_9600, FORMAT))).encode()
    sent: list[LineSignal] = [
        Data(b"outside"),
        ToneOn(Tone.CED),
        CarrierOn(Modulation.V21),
        HdlcFrame(b"\xff\xc0\x02" + bytes(20), fcs_ok=False),
        HdlcFrame(b"\xff\xc0" + bytes(500)),
        HdlcFrame(dcs),
        CarrierOff(),
        CarrierOn(Modulation.V29_9600),
        Data(bytes(1800)),
        CarrierOff(),
        CarrierOn(Modulation.V29_9600),
        Data(b"\x00\x08" + bytes(range(1, 200))),
        CarrierOff(),
        CarrierOff(),
    ]
    loaded = library.load()
    modulator, heard = Modulator(loaded), list[LineSignal]()
    demodulator = Demodulator(loaded, heard.append)
    for signal in sent:
        modulator.take(signal)
        for _ in range(150):
            demodulator.take(modulator.samples(160))
    assert not modulator.busy
    plain = [signal for signal in heard if not isinstance(signal, Data)]
    assert plain == [
        ToneOn(Tone.CED),
        CarrierOn(Modulation.V21),
        HdlcFrame(b"\xff\xc0\x02" + bytes(20), fcs_ok=False),
        HdlcFrame(dcs),
        CarrierOff(),
        CarrierOn(Modulation.V29_9600),
        CarrierOff(),
        CarrierOn(Modulation.V29_9600),
        CarrierOff(),
    ]
    first, second = heard.index(CarrierOn(Modulation.V29_9600)), len(heard) - 1
    octets = b"".join(signal.octets for signal in heard[first:second] if isinstance(signal, Data))
    assert bytes(1700) in octets
    bits = "".join(f"{octet:08b}"[::-1] for octet in octets)
    assert "".join(f"{octet:08b}"[::-1] for octet in range(1, 200)) in bits


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    library.load.cache_clear()
    monkeypatch.setattr(library, "SONAME", "libnowhere.so.2")
    yield
    library.load.cache_clear()


def test_a_missing_library_is_told_with_the_line(nowhere: None) -> None:
    clock = ManualClock()
    with pytest.raises(LabError, match=r"line '555-0100' carries sound, but libnowhere.so.2 is not on this machine"):
        BadLine(clock, PstnLine(number="555-0100", audio=True), Exchange(clock))
    BadLine(clock, PstnLine(number="555-0100"), Exchange(clock))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("audio = true\nbit_error_rate = 0.1", "a line with audio has noise_dbm0, neither bit_error_rate nor echo_s"),
        ("audio = true\necho_s = 0.1", "a line with audio has noise_dbm0, neither bit_error_rate nor echo_s"),
        ("noise_dbm0 = -40.0", "only a line with audio has noise_dbm0"),
    ],
)
def test_what_belongs_to_the_other_kind_of_line_is_refused(line: str, told: str) -> None:
    text = packaged_lab().read_text("utf-8") + f'\n[[pstn.line]]\nnumber = "555-0100"\n{line}\n'
    with pytest.raises(TopologyError, match=told):
        parse(text.encode(), packaged_lab())


def test_only_what_is_loud_long_and_pure_is_a_tone() -> None:
    def blocks(frequency_hz: float, seconds: float, amplitude: float) -> Iterator[ctypes.Array[ctypes.c_int16]]:
        for block in range(round(seconds * 50)):
            at = range(160 * block, 160 * (block + 1))
            yield (ctypes.c_int16 * 160)(
                *(round(amplitude * math.sin(2 * math.pi * frequency_hz * each / 8000)) for each in at)
            )

    for frequency_hz, seconds, amplitude, wanted in (
        (1100, 0.5, 5000, [Tone.CNG]),
        (2100, 2.6, 5000, [Tone.CED]),
        (1100, 0.2, 5000, []),
        (1100, 0.5, 20, []),
        (1650, 2.6, 5000, []),
    ):
        heard: list[Tone] = []
        detector = ToneDetector(heard.append)
        for samples in blocks(frequency_hz, seconds, amplitude):
            detector.take(samples)
        assert heard == wanted
