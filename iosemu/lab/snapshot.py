"""Snapshots of a lab's state directory: NVRAM, flash, mailboxes, queues and paper trays of a lab that does not run.

Rule: a directory is touched only under its lock, so never while its lab runs. A snapshot is there whole or not at all;
a reset or a restore that was cut off goes on when the directory is next used (`settle`), first clearing away what was,
then moving in what is to be. Snapshots lie in the directory themselves, so what keeps the directory keeps them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iosemu.lab.errors import LabError
from iosemu.lab.state import StateFolder

SNAPSHOTS = "snapshots"
_LOCK = "lock"
_PART = ".part"  # of what is not whole yet
_WANTED = "wanted"  # whole: what was there is being cleared away
_MOVING = "moving"  # what was there is away
_OURS = (_LOCK, SNAPSHOTS, _PART, _WANTED, _MOVING)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def save(folder: Path, name: str) -> Path:
    """Copy what the lab keeps into the snapshot `name`, in place of an older one; raises LabError."""
    _check(name)
    with _held(folder) as state:
        target = state / SNAPSHOTS / name
        part = _emptied(state / _PART)
        for entry in _entries(state):
            _copy(entry, part / entry.name)
        target.parent.mkdir(exist_ok=True)
        _synced(part)
        old = state / SNAPSHOTS / f".{name}"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)
        return target


def restore(folder: Path, name: str) -> None:
    """Have the lab start where the snapshot `name` was taken; raises LabError."""
    _check(name)
    with _held(folder) as state:
        source = state / SNAPSHOTS / name
        if not source.is_dir():
            known = ", ".join(names(state)) or "none"
            raise LabError(f"{state} has no snapshot {name!r}; there are: {known}")
        part = _emptied(state / _PART)
        for entry in source.iterdir():
            _copy(entry, part / entry.name)
        _replace(state, part)


def reset(folder: Path) -> None:
    """Have the lab start anew; its snapshots stay. Raises LabError."""
    with _held(folder) as state:
        _replace(state, _emptied(state / _PART))


def names(folder: Path) -> list[str]:
    """The snapshots of a state directory."""
    found = (folder / SNAPSHOTS).glob("[!.]*")
    return sorted(path.name for path in found if path.is_dir())


def settle(state: Path) -> None:
    """End what a reset or restore began, and was cut off after it had all that it needs."""
    wanted, moving = state / _WANTED, state / _MOVING
    if wanted.is_dir():
        for entry in _entries(state):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        wanted.rename(moving)
    if moving.is_dir():
        for entry in moving.iterdir():
            entry.rename(state / entry.name)
        moving.rmdir()


def _replace(state: Path, part: Path) -> None:
    _synced(part)
    part.rename(state / _WANTED)
    settle(state)


@contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """The state directory, while no lab has it; raises LabError, also for what the file system refuses."""
    if not folder.is_dir():
        raise LabError(f"{folder}: no lab has run there")
    state = StateFolder(folder)
    try:
        settle(state.path)
        yield state.path
    except OSError as error:
        raise LabError(f"cannot use {folder}: {(error.strerror or str(error)).lower()}") from None
    finally:
        state.release()


def _entries(state: Path) -> list[Path]:
    """What belongs to the lab. Sockets and notes are of a lab that was killed."""
    entries = (entry for entry in state.iterdir() if entry.name not in _OURS)
    return [entry for entry in entries if entry.is_dir() or entry.is_file()]


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _synced(folder: Path) -> None:
    """All of it on disk, before a name says that it is whole."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise LabError(f"{name!r} is no name for a snapshot: letters, digits, dots, dashes and underscores")
