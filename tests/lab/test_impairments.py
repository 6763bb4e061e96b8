"""Machines on bad lines: what is damaged is mended, told or given up, and the same seed damages the same bits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.app.lab_file import packaged_lab
from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.line import CarrierOn, Data, Modulation
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.fax_machine import FaxMachine, SendResult
from iosemu.lab.impairments import BadLine
from iosemu.lab.pstn import Exchange
from iosemu.lab.topology import FaxNode, PstnLine, load
from iosemu.lab.tray import Tray
from iosemu.voice.circuit import CallSetup, Cause, End
from tests.fax_documents.samples import page
from tests.lab.labs import fax, running_lab

BAD_FAX_LINES = 326  # the TIFF tag
FORMAT = PageFormat(coding=Coding.MH)
PAGES = tuple(page(300, seed=seed) for seed in (1, 2))
SENT = PagedDocument([StoredPage(t4.encode(bitmap, FORMAT)) for bitmap in PAGES])


class Office:
    """A caller on a good line, and a machine on the line that the test describes."""

    def __init__(self, folder: Path, *, ecm: bool = False, lies: Any = "", **line: Any) -> None:
        self.clock = ManualClock()
        exchange = Exchange(self.clock)
        self.tray = Tray(folder)
        self.line = BadLine(self.clock, PstnLine(number="555-8354", **line), exchange)
        self.caller = self._machine("555-0100", exchange, ecm=ecm)
        self.called = self._machine("555-8354", self.line, ecm=ecm, lies=lies)
        self.line.subscriber = self.called
        exchange.attach("5550100", self.caller)
        exchange.attach("5558354", self.line)

    def _machine(self, number: str, exchange: Any, **settings: Any) -> FaxMachine:
        return FaxMachine(FaxNode(number=number, **settings), clock=self.clock, exchange=exchange, tray=self.tray)

    def send(self, *, back: bool = False) -> SendResult:
        heard: list[Any] = []
        caller, number = (self.called, "5550100") if back else (self.caller, "5558354")
        caller.send(SENT, number, heard.append)
        self.clock.run()
        assert not self.caller.busy
        assert not self.called.busy
        result = heard[-1]
        assert isinstance(result, SendResult)
        return result

    def pages(self) -> list[t4.CodedPage]:
        (job,) = self.tray.jobs()
        return [found.coded(FORMAT) for found in read_tiff(self.tray.document(job.job).read_bytes())]


@pytest.mark.parametrize("back", [False, True])
def test_a_long_line_takes_longer_and_nothing_else(tmp_path: Path, back: bool) -> None:
    near, far = Office(tmp_path / "near"), Office(tmp_path / "far", delay_s=0.5)
    for office in (near, far):
        assert office.send(back=back).ok
        assert [coded.bitmap() for coded in office.pages()] == list(PAGES)
    assert 3.0 < far.clock.now() - near.clock.now() < 12.0


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        {"bit_error_rate": 1e-4},
        {"burst_every_s": 6.0, "burst_s": 0.05},
        {"dropout_every_s": 8.0, "dropout_s": 0.3},
    ],
    ids=lambda line: next(iter(line)),
)
def test_error_correction_brings_every_page_over_a_bad_line(tmp_path: Path, line: dict[str, float], back: bool) -> None:
    good, bad = Office(tmp_path / "good", ecm=True), Office(tmp_path / "bad", ecm=True, **line)
    assert good.send(back=back).ok
    assert bad.send(back=back).ok
    assert [coded.bitmap() for coded in bad.pages()] == list(PAGES)
    assert bad.clock.now() > good.clock.now()


@pytest.mark.parametrize("ecm", [False, True])
@pytest.mark.parametrize("echo_s", [0.02, 0.1, 0.3, 0.6, 1.5])
def test_who_hears_himself_is_not_confused(tmp_path: Path, echo_s: float, ecm: bool) -> None:
    office = Office(tmp_path, ecm=ecm, echo_s=echo_s)
    assert office.send().ok
    assert [coded.bitmap() for coded in office.pages()] == list(PAGES)


def test_who_speaks_hears_himself_only_while_the_other_is_silent() -> None:
    clock = ManualClock()
    exchange = Exchange(clock)
    line = BadLine(clock, PstnLine(number="1", echo_s=0.5), exchange)

    class Listener:
        def ring(self, end: End) -> None:
            self.end = end
            end.answer()

    listener = Listener()
    exchange.attach("2", listener)
    end, heard = line.place(CallSetup("2")), list[Any]()
    end.on_signal = heard.append
    clock.run()
    end.send(Data(b"alone"))
    clock.run()
    assert heard == [Data(b"alone")]
    end.send(Data(b"together"))
    listener.end.send(CarrierOn(Modulation.V21))
    clock.run()
    assert heard == [Data(b"alone"), CarrierOn(Modulation.V21)]


def test_without_it_the_bad_lines_are_in_the_file(tmp_path: Path) -> None:
    office = Office(tmp_path, bit_error_rate=2e-5)
    assert office.send().ok
    assert [coded.bitmap() for coded in office.pages()] != list(PAGES)
    bad_rows = 0
    with TiffImageFile(office.tray.document(1)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            bad_rows += image.tag_v2.get(BAD_FAX_LINES, 0)
    assert bad_rows > 0


def test_the_same_seed_gives_the_same_damage(tmp_path: Path) -> None:
    def damaged(name: str, seed: int) -> list[t4.CodedPage]:
        office = Office(tmp_path / name, seed=seed, bit_error_rate=2e-5)
        office.send()
        return office.pages()

    assert damaged("once", 1) == damaged("again", 1)
    assert damaged("other", 2) != damaged("once more", 1)


@pytest.mark.parametrize("ecm", [False, True])
@pytest.mark.parametrize(
    ("phase", "confirmed"),
    [("answer", 0), ("negotiation", 0), ("training", 0), ("page", 0), ("confirmation", 0), ("disconnect", 2)],
)
def test_a_line_is_cut_in_every_phase(tmp_path: Path, phase: str, confirmed: int, ecm: bool) -> None:
    office = Office(tmp_path, ecm=ecm, hang_up=phase)
    result = office.send()
    assert (result.pages, result.ok) == (confirmed, confirmed == 2)


def test_a_machine_that_confirms_what_it_throws_away(tmp_path: Path) -> None:
    office = Office(tmp_path, lies="confirms")
    assert office.send().ok
    assert office.tray.jobs() == []


def test_a_machine_that_refuses_what_it_has(tmp_path: Path) -> None:
    office = Office(tmp_path, lies="refuses")
    assert office.send() == SendResult(0, "T30 RTN retries exceeded")
    assert [coded.bitmap() for coded in office.pages()] == list(PAGES[:1])


def test_as_many_bits_are_wrong_as_the_table_says() -> None:
    clock = ManualClock()
    exchange = Exchange(clock)
    line = BadLine(clock, PstnLine(number="1", bit_error_rate=0.01), exchange)
    heard = bytearray()

    class Listener:
        def ring(self, end: End) -> None:
            end.on_signal = lambda signal: heard.extend(signal.octets) if isinstance(signal, Data) else None
            end.answer()

    exchange.attach("2", Listener())
    end = line.place(CallSetup("2"))
    clock.run()
    for _ in range(200):
        end.send(Data(bytes(125)))
    assert len(heard) == 25_000
    assert 1700 < sum(octet.bit_count() for octet in heard) < 2300


def test_a_line_without_a_machine_is_out_of_order() -> None:
    clock = ManualClock()
    exchange = Exchange(clock)
    exchange.attach("1", BadLine(clock, PstnLine(number="1"), exchange))
    causes: list[Cause] = []
    exchange.place(CallSetup("1")).on_release = causes.append
    clock.run()
    assert causes == [Cause.OUT_OF_ORDER]


def test_a_line_of_a_lab_file_is_bad_for_faxes_both_ways(tmp_path: Path, run: Callable[..., None]) -> None:
    topology = load(packaged_lab())
    lines = [PstnLine(number=number, delay_s=0.4, bit_error_rate=1e-6) for number in ("555-0100", "5558354")]
    topology = msgspec.structs.replace(topology, pstn=msgspec.structs.replace(topology.pstn, line=lines))

    async def scenario() -> None:
        async with running_lab(tmp_path, topology, packaged_lab()) as lab:
            before_s = lab.clock.now()
            assert await fax(lab, SENT, "555-8354") == SendResult(2, "")
            assert lab.machine("9-555-8354").number == "5558354"
            assert lab.clock.now() - before_s > 25.0
            (job,) = lab.tray.jobs()
            assert (job.machine, job.pages, job.cause) == ("5558354", 2, "")

    run(scenario())
