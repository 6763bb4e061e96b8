"""Paper that ends, pages that jam, callers who are not wanted: what becomes of a fax."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.lab.fax_machine import SendResult
from iosemu.lab.paper_feed import PaperFeed
from tests.lab.test_fax_machine import Office


def test_sheets_are_counted_and_put_in_again() -> None:
    feed = PaperFeed(2)
    assert [feed.sheet(page) for page in (1, 2, 3)] == ["", "", "out of paper"]
    assert feed.trouble == "out of paper"
    feed.refill(1)
    assert (feed.trouble, feed.sheet(1), feed.trouble) == ("", "", "out of paper")
    feed.refill(None)
    assert [feed.sheet(page) for page in range(1, 100)] == [""] * 99


def test_a_page_jams_once() -> None:
    feed = PaperFeed(10, jams_at=2)
    assert [feed.sheet(page) for page in (1, 2, 3)] == ["", "paper jam", "paper jam"]
    assert (feed.trouble, feed.sheets) == ("paper jam", 9)
    feed.refill(9)
    assert [feed.sheet(page) for page in (1, 2, 3)] == ["", "", ""]


def test_a_machine_that_runs_out_keeps_what_it_printed_and_answers_nobody(tmp_path: Path) -> None:
    office = Office(tmp_path)
    machine, sender = office.machine("555-8354", paper=2), office.machine("555-0100")
    result = office.send(sender, "5558354", pages=3)
    assert result.pages == 2
    assert not result.ok
    (job,) = office.tray.jobs()
    assert (job.pages, job.cause) == (2, "out of paper")
    assert machine.state == "out of paper"
    assert office.send(sender, "5558354") == SendResult(0, "no user answer")
    machine.feed.refill(1)
    assert machine.state == "idle"
    assert office.send(sender, "5558354") == SendResult(1, "")


def test_a_jam_breaks_the_fax_off(tmp_path: Path) -> None:
    office = Office(tmp_path)
    machine, sender = office.machine("555-8354", jams_at=1), office.machine("555-0100")
    result = office.send(sender, "5558354", pages=2)
    assert result.pages == 0
    assert result.cause
    assert office.tray.jobs() == []
    assert (machine.state, machine.busy) == ("paper jam", False)
    machine.feed.refill(None)
    assert office.send(sender, "5558354", pages=2) == SendResult(2, "")


@pytest.mark.parametrize(("caller", "told"), [("555-0100", ""), ("555-0101", "no user answer")])
def test_only_those_on_the_list_are_answered(caller: str, told: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.machine("555-8354", only_from=["555-0100"])
    assert office.send(office.machine(caller), "5558354").cause == told
