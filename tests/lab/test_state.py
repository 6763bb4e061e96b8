"""A state directory has one lab; only labs that run are found."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from iosemu.lab.errors import LabError, NotRunning, StateInUse
from iosemu.lab.state import MAX_SOCKET_PATH_OCTETS, RunningLab, StateFolder, default_folder, find, runtime_folder


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def started(folder: Path, when: float = 1.0) -> StateFolder:
    state = StateFolder(folder)
    state.announce(RunningLab(folder.name, str(folder), str(state.control_path()), os.getpid(), when))
    return state


def test_a_running_lab_is_found_by_itself_and_by_its_directory(tmp_path: Path) -> None:
    state = started(tmp_path / "one")
    assert find(None).name == "one"
    assert find(tmp_path / "one").folder == str(tmp_path / "one")
    state.release()
    for folder in (None, tmp_path / "one"):
        with pytest.raises(NotRunning):
            find(folder)


def test_the_lab_started_last_is_the_one(tmp_path: Path) -> None:
    states = [started(tmp_path / name, when) for name, when in (("old", 1.0), ("new", 3.0), ("middle", 2.0))]
    assert find(None).name == "new"
    for state in states:
        state.release()


def test_a_directory_in_use_is_refused(tmp_path: Path) -> None:
    state = started(tmp_path / "one")
    with pytest.raises(StateInUse, match="belongs to a lab that is running"):
        StateFolder(tmp_path / "one")
    state.release()
    StateFolder(tmp_path / "one").release()


def test_a_killed_lab_leaves_nothing_that_counts(tmp_path: Path, runtime: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from iosemu.lab.state import *\n"
        "folder = Path(sys.argv[1]); state = StateFolder(folder)\n"
        "state.announce(RunningLab('killed', str(folder), str(state.control_path()), os.getpid(), 1.0))\n"
        "print('up', flush=True); time.sleep(60)"
    )
    lab = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "k")], stdout=subprocess.PIPE)
    assert lab.stdout is not None
    lab.stdout.readline()
    assert find(None).name == "killed"
    lab.kill()
    lab.wait()
    lab.stdout.close()
    with pytest.raises(NotRunning):
        find(None)
    assert not list(runtime.rglob("*.json"))
    started(tmp_path / "k").release()


def test_a_deep_directory_has_a_short_socket_path(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / ("d" * 80) / ("e" * 80))
    path = state.control_path()
    assert len(os.fsencode(path)) <= MAX_SOCKET_PATH_OCTETS
    with socket.socket(socket.AF_UNIX) as control:
        control.bind(os.fspath(path))
    assert not state.control_path().exists()
    state.release()


def test_a_short_directory_has_its_socket_inside(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="lab") as short:
        state = StateFolder(Path(short))
        assert state.control_path().parent == Path(short)
        state.release()


def test_damaged_notes_are_passed_over(runtime: Path) -> None:
    notes = runtime / "iosemu" / "labs"
    notes.mkdir(parents=True, mode=0o700)
    (notes / "1-x.json").write_text("{")
    (notes / "2-x.json").write_text('{"name": "x"}')
    with pytest.raises(NotRunning):
        find(None)


def test_a_runtime_directory_of_others_is_not_trusted(runtime: Path) -> None:
    runtime_folder().chmod(0o777)
    with pytest.raises(LabError, match="not a directory of this user alone"):
        runtime_folder()


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LabError, match="cannot use"):
        StateFolder(tmp_path / "file" / "lab")


def test_the_default_directory_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert default_folder("x") == Path("/state/iosemu/x")
