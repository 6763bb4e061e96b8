"""Snapshots of a state directory: whole or not at all, and never while the lab runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from iosemu.lab import snapshot
from iosemu.lab.errors import LabError
from iosemu.lab.snapshot import names, reset, restore, save, settle
from iosemu.lab.state import StateFolder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A directory in which a lab has run."""
    folder = tmp_path / "lab"
    (folder / "routers" / "r1").mkdir(parents=True)
    (folder / "routers" / "r1" / "startup-config").write_text("hostname first\n")
    (folder / "lab.log").write_text("")
    StateFolder(folder).release()
    return folder


def kept(folder: Path) -> dict[str, str]:
    """What the lab finds when it starts."""
    files = (path for path in folder.rglob("*") if path.is_file())
    ours = {"lock", "snapshots", ".part", "wanted", "moving"}
    return {str(name): path.read_text() for path in files if (name := path.relative_to(folder)).parts[0] not in ours}


FIRST = {"routers/r1/startup-config": "hostname first\n", "lab.log": ""}


def test_a_lab_goes_back_to_what_was_saved(state: Path) -> None:
    save(state, "lesson-1")
    (state / "routers" / "r1" / "startup-config").write_text("hostname second\n")
    (state / "routers" / "r2").mkdir()
    (state / "routers" / "r2" / "startup-config").write_text("hostname new\n")
    (state / "mail").mkdir()
    restore(state, "lesson-1")
    assert kept(state) == FIRST
    assert not (state / "mail").exists()
    restore(state, "lesson-1")  # it is still there
    assert kept(state) == FIRST


def test_a_snapshot_takes_the_place_of_an_older_one(state: Path) -> None:
    save(state, "a")
    (state / "lab.log").write_text("more")
    save(state, "a")
    save(state, "b")
    reset(state)
    restore(state, "a")
    assert kept(state) == FIRST | {"lab.log": "more"}
    assert names(state) == ["a", "b"]


def test_a_reset_leaves_the_snapshots(state: Path) -> None:
    save(state, "a")
    reset(state)
    assert kept(state) == {}
    assert names(state) == ["a"]
    reset(state)
    restore(state, "a")
    assert kept(state) == FIRST


@pytest.mark.parametrize("what", [lambda f: save(f, "a"), lambda f: restore(f, "a"), reset])
def test_nothing_is_touched_while_the_lab_runs(state: Path, what: object) -> None:
    save(state, "a")
    running = StateFolder(state)
    with pytest.raises(LabError, match="belongs to a lab that is running"):
        what(state)  # type: ignore[operator]
    running.release()
    assert kept(state) == FIRST


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "-x", ".part", "a b", "x" * 65])
def test_a_name_is_a_name(state: Path, name: str) -> None:
    with pytest.raises(LabError, match="is no name for a snapshot"):
        save(state, name)


def test_what_is_not_there_is_told(state: Path, tmp_path: Path) -> None:
    save(state, "a")
    with pytest.raises(LabError, match="has no snapshot 'b'; there are: a"):
        restore(state, "b")
    with pytest.raises(LabError, match="no lab has run there"):
        reset(tmp_path / "nowhere")


class Killed(Exception):
    """The process is gone."""


@pytest.mark.parametrize("after", range(12))
def test_a_restore_cut_off_anywhere_is_done_or_not_begun(
    state: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(state, "a")
    (state / "lab.log").write_text("later")
    (state / "mail").mkdir()
    (state / "mail" / "m").write_text("a letter")
    later = kept(state)
    left = after

    def step(original: object) -> object:
        def counted(*arguments: object, **settings: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return original(*arguments, **settings)  # type: ignore[operator]

        return counted

    with monkeypatch.context() as cut:
        cut.setattr(Path, "rename", step(Path.rename))
        cut.setattr(Path, "unlink", step(Path.unlink))
        cut.setattr(shutil, "rmtree", step(shutil.rmtree))
        cut.setattr(snapshot, "_copy", step(snapshot._copy))
        killed = False
        try:
            restore(state, "a")
        except Killed:
            killed = True
    settle(state)  # what the lab does when it starts
    assert kept(state) in ([later, FIRST] if killed else [FIRST])
    restore(state, "a")
    assert kept(state) == FIRST
