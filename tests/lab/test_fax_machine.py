"""Two machines and an exchange: a document crosses the line and lies in the tray, or the caller is told why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.events import FaxReceived, FaxSent
from iosemu.lab.fax_machine import FaxMachine, MachineBusy, Progress, SendResult
from iosemu.lab.pstn import Exchange
from iosemu.lab.topology import FaxNode
from iosemu.lab.tray import Tray

FORMAT = PageFormat(1728, Resolution.STANDARD, Coding.MH)


def picture(seed: int) -> Bitmap:
    return Bitmap(1728, bytes((row * seed) % 251 for row in range(40) for _ in range(216)))


def document(pages: int) -> PagedDocument:
    return PagedDocument([StoredPage(t4.encode(picture(seed), FORMAT)) for seed in range(1, pages + 1)])


class Office:
    """An exchange with machines that all share a tray."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.exchange = Exchange(self.clock, no_answer_s=60)
        self.tray = Tray(folder)
        self.events: list[object] = []

    def machine(self, number: str, **settings: Any) -> FaxMachine:
        node = FaxNode(number=number, **settings)
        machine = FaxMachine(node, clock=self.clock, exchange=self.exchange, tray=self.tray, emit=self.events.append)
        self.exchange.attach(number, machine)
        return machine

    def send(self, machine: FaxMachine, called: str, pages: int = 1) -> SendResult:
        heard: list[object] = []
        machine.send(document(pages), called, heard.append)
        self.clock.run()
        assert isinstance(heard[-1], SendResult)
        assert all(isinstance(event, Progress) for event in heard[:-1])
        return heard[-1]


def test_a_document_lies_in_the_tray_bit_for_bit(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", tsi="+1 555 8354")
    result = office.send(office.machine("555-0100", tsi="+1 555 0100"), "9-555-8354", pages=3)
    assert result == SendResult(3, "")
    (job,) = office.tray.jobs()
    assert (job.machine, job.calling, job.remote_id) == ("5558354", "5550100", "+1 555 0100")
    assert (job.pages, job.cause) == (3, "")
    pages = read_tiff(office.tray.document(job.job).read_bytes())
    assert [page.coded(FORMAT).bitmap() for page in pages] == [picture(seed) for seed in (1, 2, 3)]
    assert FaxReceived("5558354", 1, "+1 555 0100", 3, "") in office.events
    assert FaxSent("5550100", "9-555-8354", 3, "") in office.events


@pytest.mark.parametrize(
    ("settings", "told"),
    [({"busy": True}, "user busy"), ({"answers": False}, "no user answer"), (None, "unassigned number")],
)
def test_the_sender_is_told_why_nobody_took_it(settings: dict[str, bool] | None, told: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    if settings is not None:
        office.machine("555-8354", **settings)
    sender = office.machine("555-0100")
    assert office.send(sender, "5558354") == SendResult(0, told)
    assert not sender.busy
    assert not office.tray.jobs()


@pytest.mark.parametrize("ecm", [True, False])
def test_the_sender_is_told_how_much_of_a_page_is_out(ecm: bool, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", max_rate=2400)
    heard: list[Progress | SendResult] = []
    office.machine("555-0100", ecm=ecm).send(document(2), "5558354", heard.append)
    office.clock.run()
    for page in range(2):
        parts = [each.part for each in heard if isinstance(each, Progress) and each.pages == page and each.rate_bps]
        assert parts == sorted(parts)
        assert max(parts) > 0.9
        assert len({part for part in parts if 0.2 < part < 0.8}) >= 3


def test_a_machine_in_a_call_is_busy_both_ways(tmp_path: Path) -> None:
    office = Office(tmp_path)
    answering, sender = office.machine("555-8354"), office.machine("555-0100")
    sender.send(document(1), "5558354")
    office.clock.run(20)
    assert answering.busy
    with pytest.raises(MachineBusy, match="fax machine 555-0100 is busy"):
        sender.send(document(1), "5558354")
    office.clock.run()
    assert not answering.busy


def test_it_answers_after_its_rings(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", rings=4)
    states: list[str] = []
    office.machine("555-0100").send(document(1), "5558354", lambda event: states.append(getattr(event, "state", "")))
    office.clock.run(20)
    assert states == ["dialling", "ringing"]
    office.clock.run(21)
    assert states[2] == "connected"


def test_pages_that_came_whole_are_kept_when_the_sender_hangs_up(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.machine("555-8354")
    confirmed: list[int] = []
    sending = office.machine("555-0100").send(
        document(3), "5558354", lambda event: confirmed.append(getattr(event, "pages", 0))
    )
    while max(confirmed, default=0) < 1:
        office.clock.step()
    sending.hang_up()
    office.clock.run()
    (job,) = office.tray.jobs()
    assert job.pages == 1
    assert job.cause
    assert len(read_tiff(office.tray.document(job.job).read_bytes())) == 1


def test_a_page_is_not_confirmed_when_the_tray_cannot_take_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    office.machine("555-8354")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(office.tray, "put", full)
    result = office.send(office.machine("555-0100"), "5558354")
    assert result.cause
    assert result.pages == 0


def test_job_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    for expected in (1, 2):
        office = Office(tmp_path)
        office.machine("555-8354")
        office.send(office.machine("555-0100"), "5558354")
        assert [job.job for job in office.tray.jobs()] == list(range(1, expected + 1))


@pytest.mark.parametrize(
    ("finest", "density"),
    [("standard", Resolution.STANDARD), ("fine", Resolution.FINE), ("superfine", Resolution.SUPERFINE)],
)
def test_a_page_comes_in_the_finest_density_that_the_machine_prints(
    tmp_path: Path, finest: str, density: Resolution
) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", finest=finest)
    page = t4.encode(picture(3), PageFormat(1728, Resolution.SUPERFINE, Coding.MH))
    office.machine("555-0100").send(PagedDocument([StoredPage(page)]), "555-8354")
    office.clock.run()
    (printed,) = read_tiff(office.tray.document(1).read_bytes())
    assert printed.page_format.resolution is density


def test_a_slow_printer_is_given_the_time_that_it_wants(tmp_path: Path) -> None:
    seconds = {}
    for scan_ms in (0, 40):
        office = Office(tmp_path / str(scan_ms))
        office.machine("555-8354", scan_ms=scan_ms, ecm=False)
        blank = t4.encode(Bitmap.blank(1728, 1000), FORMAT)
        office.machine("555-0100").send(PagedDocument([StoredPage(blank)]), "555-8354")
        office.clock.run()
        seconds[scan_ms] = office.clock.now()
    assert seconds[40] - seconds[0] > 35


@pytest.mark.parametrize(
    ("width", "width_px", "fits"), [("A4", 2048, False), ("B4", 2048, True), ("B4", 2432, False), ("A3", 2432, True)]
)
def test_a_wide_page_needs_a_wide_machine(tmp_path: Path, width: str, width_px: int, fits: bool) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", width=width)
    heard: list[Any] = []
    page = t4.encode(Bitmap.blank(width_px, 40), PageFormat(width_px, Resolution.FINE, Coding.MH))
    office.machine("555-0100", width="A3").send(PagedDocument([StoredPage(page)]), "555-8354", heard.append)
    office.clock.run()
    assert heard[-1] == (SendResult(1, "") if fits else SendResult(0, "T30 incompatible remote terminal"))
    if fits:
        (printed,) = read_tiff(office.tray.document(1).read_bytes())
        assert printed.page_format.width_px == width_px
