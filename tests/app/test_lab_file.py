"""Which lab is meant: a file, a directory, or the name of one that comes with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.app.lab_file import lab_file, packaged_lab

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_no_name_means_the_two_gateway_lab() -> None:
    assert lab_file(None) == packaged_lab() == EXAMPLES / "t37-lab" / "lab.toml"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/lab.toml")))
def test_a_packaged_lab_has_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lab_file(Path(name)) == EXAMPLES / name / "lab.toml"


def test_what_is_there_goes_before_a_packaged_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t37-lab").mkdir()
    assert lab_file(Path("t37-lab")) == Path("t37-lab/lab.toml")
    (tmp_path / "troubleshooting").write_text("")
    assert lab_file(Path("troubleshooting")) == Path("troubleshooting")


def test_what_is_not_there_is_left_as_it_was_said() -> None:
    assert lab_file(Path("none.toml")) == Path("none.toml")
