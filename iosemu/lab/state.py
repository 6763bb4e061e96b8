"""Where a lab keeps its things, and how this user's other commands find a lab that runs.

Rule: a state directory belongs to one running lab at a time (a lock that the kernel drops with the process). A
running lab is known by a small note in the user's runtime directory; a note counts only while the lab behind it
holds its lock, so one left by a killed lab is passed over. A Unix socket's path is short (108 octets, 104 on BSD),
so a deep state directory has its control socket beside the note instead.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from iosemu.lab.errors import LabError, NotRunning, StateInUse

MAX_SOCKET_PATH_OCTETS = 100
_NOTES = "labs"


@dataclass(frozen=True, slots=True)
class RunningLab:
    """A note about a lab: its name, state directory, control socket, start (seconds since 1970) and lab file."""

    name: str
    folder: str
    control: str
    pid: int
    started: float
    source: str = ""


def default_folder(name: str) -> Path:
    """The state directory of a lab for which none was given."""
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "iosemu" / name


def runtime_folder() -> Path:
    """The runtime directory of this user's labs; raises LabError where none can be had."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if base.startswith("/") and os.access(base, os.W_OK):
        return _private(Path(base) / "iosemu")
    return _private(_short_folder())


def _short_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"iosemu-{os.getuid()}"


def _private(folder: Path) -> Path:
    """Make a directory that nobody else can write to; raises LabError."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise LabError(f"cannot use {folder}: {(error.strerror or str(error)).lower()}") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise LabError(f"cannot use {folder}: it is not a directory of this user alone")
    return folder


class StateFolder:
    """The state directory of a lab that is about to run; holding it keeps every other lab out."""

    def __init__(self, path: Path) -> None:
        """Make and lock the directory; raises LabError."""
        self.path = path.absolute()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("a")
        except OSError as error:
            raise LabError(f"cannot use {self.path}: {(error.strerror or str(error)).lower()}") from None
        if not _lock(self._lock):
            self._lock.close()
            raise StateInUse(f"{self.path} belongs to a lab that is running; stop it or give another --dir")
        self._note: Path | None = None

    def control_path(self) -> Path:
        """Where the control socket goes; nothing is there yet. Raises LabError."""
        name = f"{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}.sock"
        path = self.path / "control"
        if _too_long(path):
            path = runtime_folder() / name
        if _too_long(path):
            path = _private(_short_folder()) / name
        path.unlink(missing_ok=True)
        return path

    def announce(self, lab: RunningLab) -> None:
        """Let this user's other commands find the lab."""
        text = json.dumps(asdict(lab))
        _write(self.path / "running.json", text)
        notes = runtime_folder() / _NOTES
        notes.mkdir(mode=0o700, exist_ok=True)
        self._note = notes / f"{lab.pid}-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:8]}.json"
        _write(self._note, text)

    def release(self) -> None:
        """Take the notes away and give the directory free."""
        try:
            (self.path / "running.json").unlink(missing_ok=True)
            if self._note is not None:
                self._note.unlink(missing_ok=True)
        finally:
            self._lock.close()


def _too_long(path: Path) -> bool:
    return len(os.fsencode(path)) > MAX_SOCKET_PATH_OCTETS


def find(folder: Path | None) -> RunningLab:
    """The lab that runs in `folder`, or the one that this user started last; raises NotRunning, LabError."""
    if folder is not None:
        lab = _read(folder / "running.json")
        if lab is None or not _runs(lab):
            raise NotRunning(f"no lab is running in {folder}")
        return lab
    running = sorted(_notes(), key=lambda lab: lab.started)
    if not running:
        raise NotRunning("no lab is running; start one with: iosemu lab")
    return running[-1]


def find_lab_of(source: Path) -> RunningLab | None:
    """The lab that was started last from a lab file, where one runs; raises LabError."""
    name = str(source.resolve())
    return max((lab for lab in _notes() if lab.source == name), key=lambda lab: lab.started, default=None)


def _notes() -> Iterator[RunningLab]:
    for path in (runtime_folder() / _NOTES).glob("*.json"):
        lab = _read(path)
        if lab is not None and _runs(lab):
            yield lab
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _read(path: Path) -> RunningLab | None:
    try:
        return RunningLab(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _runs(lab: RunningLab) -> bool:
    """Whether somebody holds the lock of the lab's directory."""
    try:
        with (Path(lab.folder) / "lock").open("r+") as lock:
            return not _lock(lock)
    except OSError:
        return False


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(path: Path, text: str) -> None:
    """All or nothing, readable by this user only."""
    half = path.with_suffix(".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    half.replace(path)
