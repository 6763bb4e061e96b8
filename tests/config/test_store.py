"""NVRAM and flash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from iosemu.config.store import BadFileName, FileStore


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return FileStore(None if request.param == "memory" else tmp_path / "state")


def test_the_startup_config_is_kept_and_erased(store: FileStore) -> None:
    assert store.startup_config is None
    store.save_startup_config("hostname a\nend\n")
    assert store.startup_config == "hostname a\nend\n"
    store.erase_startup_config()
    store.erase_startup_config()
    assert store.startup_config is None


def test_flash_files_are_written_listed_and_deleted(store: FileStore) -> None:
    store.write("b.tcl", b"two")
    store.write("a.bin", b"\0")
    assert [(entry.name, entry.size) for entry in store.files()] == [("a.bin", 1), ("b.tcl", 3)]
    assert store.read("b.tcl") == b"two"
    store.delete("b.tcl")
    for action in (store.read, store.delete):
        with pytest.raises(FileNotFoundError):
            action("b.tcl")


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc/passwd", ".hidden", "x" * 64, "a\0b", "a.new"])
def test_a_name_cannot_leave_the_directory(store: FileStore, name: str) -> None:
    for action in (store.read, store.delete, lambda bad: store.write(bad, b"")):
        with pytest.raises(BadFileName):
            action(name)


def test_a_restart_finds_what_was_saved(tmp_path: Path) -> None:
    FileStore(tmp_path).save_startup_config("kept\n")
    assert FileStore(tmp_path).startup_config == "kept\n"


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)
    store.save_startup_config("old\n")

    def broken(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        store.save_startup_config("new\n")
    assert store.startup_config == "old\n"
    assert os.listdir(tmp_path / "nvram") == ["startup-config"]
