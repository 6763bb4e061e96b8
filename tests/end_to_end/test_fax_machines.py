"""What a fax machine can do beside sending to one number: names, groups, later, paper, pages as PDF."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from .running import RunningLab, start, stop

LAB = """
name = "machines"
pstn = { no_answer_s = 5.0 }
[[router]]
name = "r1"
platform = "3660"
address = "10.0.0.1"
[[fax]]
number = "555-0100"
[[fax]]
number = "555-0101"
name = "front desk"
[[fax]]
number = "555-0102"
paper = 1
[phone_book]
"front desk" = "555-0101"
both = ["front desk", "555-0102"]
"""


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[RunningLab]:
    (tmp_path / "lab.toml").write_text(LAB)
    (tmp_path / "page.txt").write_text("A page.\n")
    running = start(tmp_path, lab=tmp_path / "lab.toml")
    yield running
    assert stop(running) == (0, "")


def send(lab: RunningLab, to: str, *options: str, status: int = 0) -> str:
    page = lab.folder / "page.txt"
    done = lab.iosemu("fax", "send", "--from", "555-0100", "--to", to, *options, page, status=status)
    return done.stdout + done.stderr


def test_a_group_is_sent_to_in_turn_and_paper_ends(machines: RunningLab) -> None:
    assert send(machines, "both") == "1 page sent to 555-0101\n1 page sent to 555-0102\n"
    told = send(machines, "both", status=1)
    assert told == "1 page sent to 555-0101\niosemu: fax to 555-0102 failed after 0 pages: no user answer\n"
    listed = machines.iosemu("fax", "machines").stdout
    assert "out of paper" in listed
    assert "enough" in listed
    machines.iosemu("fax", "paper", "555-0102", "7")
    assert send(machines, "555-0102", "--to", "front desk").count("sent") == 2
    states = json.loads(machines.iosemu("fax", "machines", "--json").stdout)
    assert states[2] == {"number": "555-0102", "name": "", "state": "idle", "in_call": False, "paper": 6}
    assert "'nobody' is not in the phone book" in send(machines, "nobody", status=2)


def test_a_fax_is_sent_later(machines: RunningLab) -> None:
    told = send(machines, "both", "--at", "+60")
    assert told.startswith("fax 1 to 555-0101 waits until ")
    deadline = time.monotonic() + 30
    while len(machines.received()) < 2:  # an instant lab does not wait
        assert time.monotonic() < deadline
        time.sleep(0.1)
    waited = json.loads(machines.iosemu("fax", "queue", "--json").stdout)
    assert [(fax["to"], fax["sender"]) for fax in waited] == [("555-0101", "555-0100"), ("555-0102", "555-0100")]
    assert "no fax 1 is waiting" in machines.iosemu("fax", "cancel", "1", status=2).stderr


def test_pages_are_had_as_pdf(machines: RunningLab, tmp_path: Path) -> None:
    send(machines, "front desk")
    out = tmp_path / "out"
    printed = machines.iosemu("fax", "pages", "1", "--out", out, "--format", "pdf").stdout
    document = pypdfium2.PdfDocument(out / "fax-000001.pdf")
    assert printed == f"{out / 'fax-000001.pdf'}\n"
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width / 72, 1), round(height / 72, 1)) == (8.5, 11.0)
