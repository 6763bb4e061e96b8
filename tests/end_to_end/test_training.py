"""Checks, snapshots and faults from outside: what the tool prints and how it ends."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from .running import RunningLab, iosemu, start, stop

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def held(printed: str) -> dict[str, bool]:
    return {each["name"]: each["held"] for each in json.loads(printed)["objectives"]}


def test_a_lab_that_does_not_run_is_started_for_its_check(tmp_path: Path) -> None:
    done = iosemu("lab", "check", EXAMPLES / "troubleshooting", "--json")
    assert all(held(done.stdout).values())
    result = json.loads(done.stdout)
    assert (result["lab"], result["points"], result["of"]) == ("troubleshooting", 10, 10)
    assert done.stderr == ""
    assert not list((tmp_path / "iosemu").glob("labs/*.json"))  # it is stopped again


def test_a_fault_is_graded_and_the_state_it_left_is_reset(tmp_path: Path) -> None:
    failed = iosemu("lab", "check", "troubleshooting", "--fault", "4", status=1)
    assert "A fax to 555-0199 becomes mail for tom" in failed.stdout
    assert "5 of 10 points (50 %)" in failed.stdout
    assert failed.stdout.count("fails") == 3
    assert (tmp_path / "iosemu" / "troubleshooting-fault-4" / "mail").is_dir()
    iosemu("lab", "reset", "troubleshooting", "--fault", "4")
    assert not (tmp_path / "iosemu" / "troubleshooting-fault-4" / "mail").exists()
    told = iosemu("lab", "check", "troubleshooting", "--fault", "40", status=2)
    assert told.stderr == "iosemu: no fault 40; there are 1 to 12\n"


def test_the_running_lab_is_checked(own_lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(own_lab.received())
    done = iosemu("lab", "check", "--dir", own_lab.folder, "--json")
    assert all(held(done.stdout).values())
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own_lab.folder / "run"))
    iosemu("lab", "check")  # found by its file
    assert len(own_lab.received()) == before + 4
    assert own_lab.process.poll() is None


def test_a_lab_without_objectives_says_so(tmp_path: Path) -> None:
    (tmp_path / "lab.toml").write_text(
        'name = "mine"\n[[router]]\nname = "gw"\nplatform = "3640"\naddress = "10.0.0.1"\n'
    )
    told = iosemu("lab", "check", tmp_path / "lab.toml", status=2)
    assert told.stderr.endswith("has no [[objective]]\n")


def test_a_lab_is_put_back_to_what_was_saved(tmp_path: Path) -> None:
    lab = start(tmp_path)
    state = ("--dir", str(tmp_path))
    refused = iosemu("lab", "save", "before", *state, status=2)
    assert "belongs to a lab that is running" in refused.stderr
    stop(lab)
    iosemu("lab", "save", "before", *state)
    lab = start(tmp_path)
    page = tmp_path / "page.txt"
    page.write_text("a page\n")
    lab.iosemu("fax", "send", "--from", "555-0100", "--to", "front desk", page)
    assert len(lab.received()) == 1
    os.kill(lab.process.pid, signal.SIGKILL)
    lab.process.communicate()
    iosemu("lab", "restore", "before", *state)
    lab = start(tmp_path)
    assert lab.received() == []
    assert stop(lab) == (0, "")
    assert "no snapshot 'after'" in iosemu("lab", "restore", "after", *state, status=2).stderr


def test_the_schema_is_printed() -> None:
    assert iosemu("lab", "schema").stdout == (EXAMPLES / "lab.schema.json").read_text()
