"""`iosemu explain` prints what the lab has drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iosemu.app import explain, main
from iosemu.app.arguments import parse

CALLS = [["gw:1", "on-ramp, called number 5550199"], ["gw:2", ""]]


@pytest.fixture(autouse=True)
def lab(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []
    monkeypatch.setattr(explain, "find", lambda folder: folder)

    def ask(lab: Any, op: str, **values: Any) -> Any:
        asked.append((lab, op, values))
        return CALLS if op == "call.list" else "gw:1\n\n  seconds\n"

    monkeypatch.setattr(explain, "ask", ask)
    return asked


def test_a_call_is_drawn(lab: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "gw:1", "--lab", "there"]) == 0
    assert capsys.readouterr().out == "gw:1\n\n  seconds\n"
    assert lab == [(Path("there"), "call.ladder", {"call": "gw:1"})]


def test_without_a_call_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.explain(parse(["explain"])) == 0
    assert capsys.readouterr().out == "gw:1                     on-ramp, called number 5550199\ngw:2\n"


def test_a_lab_without_calls_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(explain, "ask", lambda lab, op, **values: [])
    assert explain.explain(parse(["explain"])) == 0
    assert capsys.readouterr().out == "No call has been made.\n"
