"""NVRAM and flash devices."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.config.store import FileStore
from iosemu.config.volume import BadFileName, FileEntry, Volume


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return FileStore(None if request.param == "memory" else tmp_path / "state")


@pytest.fixture
def flash(store: FileStore) -> Volume:
    return store.volume("flash")


def told(volume: Volume, image: tuple[str, int] | None = None) -> list[tuple[str, int, bool]]:
    return [(entry.name, entry.size, entry.deleted) for entry in volume.entries(image)]


def entry(volume: Volume, name: str, image: tuple[str, int] | None = None) -> FileEntry:
    return next(entry for entry in volume.entries(image) if entry.name == name)


def test_the_startup_config_is_kept_and_erased(store: FileStore) -> None:
    assert store.startup_config is None
    store.save_startup_config("hostname a\nend\n")
    assert store.startup_config == "hostname a\nend\n"
    store.erase_startup_config()
    store.erase_startup_config()
    assert store.startup_config is None


def test_files_are_written_listed_and_removed(flash: Volume) -> None:
    flash.write("b.tcl", b"two", 5.0)
    flash.write("a.bin", b"\0", 7.0)
    assert told(flash) == [("b.tcl", 3, False), ("a.bin", 1, False)]
    assert entry(flash, "a.bin").modified_s == 7.0
    assert flash.read("b.tcl") == b"two"
    flash.remove("b.tcl")
    for action in (flash.read, flash.remove):
        with pytest.raises(FileNotFoundError):
            action("b.tcl")


def test_what_is_marked_as_deleted_can_come_back_until_room_is_made(flash: Volume) -> None:
    flash.write("a", b"old", 1.0)
    flash.mark(entry(flash, "a"))
    flash.write("a", b"newer", 2.0)
    flash.mark(entry(flash, "b") if "b" in [e.name for e in flash.entries()] else flash.entries()[1])
    assert told(flash) == [("a", 3, True), ("a", 5, True)]
    with pytest.raises(FileNotFoundError):
        flash.read("a")
    flash.unmark(flash.entries()[0])
    assert flash.read("a") == b"old"
    flash.squeeze()
    assert told(flash) == [("a", 3, False)]


def test_the_built_in_image_is_deleted_and_erased_like_a_file(flash: Volume) -> None:
    image = "c5300.bin", 100
    assert told(flash, image) == [("c5300.bin", 100, False)]
    flash.mark(entry(flash, "c5300.bin", image))
    assert told(flash, image) == [("c5300.bin", 100, True)]
    flash.unmark(entry(flash, "c5300.bin", image))
    assert told(flash, image) == [("c5300.bin", 100, False)]
    flash.mark(entry(flash, "c5300.bin", image))
    flash.squeeze()
    assert told(flash, image) == []


def test_erasing_leaves_nothing(flash: Volume) -> None:
    flash.make_directory("d")
    flash.write("d/a", b"1")
    flash.clear()
    assert told(flash, ("image", 1)) == []


def test_directories_hold_files_and_are_renamed_with_them(flash: Volume) -> None:
    flash.make_directory("old")
    flash.write("old/a", b"1")
    flash.rename("old", "new")
    assert flash.read("new/a") == b"1"
    assert {e.name: e.directory for e in flash.entries()} == {"new": True, "new/a": False}


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/etc/passwd", ".hidden", "x" * 64, "a\0b", "a.new", "a//b"])
def test_a_name_cannot_leave_the_device(flash: Volume, name: str) -> None:
    for action in (flash.read, flash.remove, flash.make_directory, lambda bad: flash.write(bad, b"")):
        with pytest.raises(BadFileName):
            action(name)


@given(st.text(max_size=70))
def test_any_name_is_good_or_refused(name: str) -> None:
    volume = FileStore(None).volume("flash")
    try:
        volume.write(name, b"x")
    except BadFileName:
        return
    assert not name.startswith((".", "/"))
    assert volume.read(name) == b"x"


def test_a_restart_finds_what_was_saved(tmp_path: Path) -> None:
    first = FileStore(tmp_path)
    first.save_startup_config("kept\n")
    first.volume("slot0").write("a", b"1")
    first.volume("slot0").mark(first.volume("slot0").entries()[0])
    again = FileStore(tmp_path)
    assert again.startup_config == "kept\n"
    assert told(again.volume("slot0")) == [("a", 1, True)]


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


def test_what_the_boot_rom_keeps_outlives_the_erasure_of_nvram(store: FileStore) -> None:
    assert (store.config_register, store.monitor_variables) == (None, {})
    store.save_config_register(0x2142)
    store.monitor_variables = {"BOOT": "flash:a=b", "PS1": "rommon ! >"}
    store.save_startup_config("x\n")
    store.erase_startup_config()
    assert store.config_register == 0x2142
    assert store.monitor_variables == {"BOOT": "flash:a=b", "PS1": "rommon ! >"}
    store.monitor_variables = {}
    assert store.monitor_variables == {}


def test_a_register_that_cannot_be_read_was_set_by_nobody(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.save_config_register(0x2102)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.read_text() == "0x2102\n"
    file.write_text("nonsense")
    assert FileStore(tmp_path).config_register is None


def test_what_is_not_there_cannot_be_renamed(flash: Volume) -> None:
    flash.write("a", b"1", 1.0)
    with pytest.raises(FileNotFoundError):
        flash.rename("b", "c")
    with pytest.raises(FileNotFoundError):
        flash.rename("a/b", "c")
    flash.rename("a", "b")
    assert told(flash) == [("b", 1, False)]
