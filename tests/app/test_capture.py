"""`iosemu capture` writes what the lab gives it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from iosemu.app import capture, main


@pytest.fixture(autouse=True)
def lab(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []
    monkeypatch.setattr(capture, "find", lambda folder: folder)

    def ask(lab: Any, op: str, **values: Any) -> Any:
        asked.append((lab, op, values))
        return {"packets": 7, "data": base64.b64encode(b"packets").decode("ascii")}

    monkeypatch.setattr(capture, "ask", ask)
    return asked


def test_the_packets_of_a_call_are_in_the_file(
    lab: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "call.pcapng"
    assert main(["capture", "gw:1A", str(file), "--lab", "there"]) == 0
    assert file.read_bytes() == b"packets"
    assert capsys.readouterr().out == f"7 packets in {file}\n"
    assert lab == [(Path("there"), "call.capture", {"call": "gw:1A"})]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "gw:1A", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"iosemu: cannot write {tmp_path}: is a directory\n"
