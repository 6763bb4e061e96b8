"""The paper tray of a lab's fax machines: every received document as a TIFF file beside its facts in JSON.

Rule: a document is whole on disk before the machine confirms its last page. Jobs are numbered through the whole
lab, and numbers go on where an earlier run stopped.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from iosemu.lab.errors import LabError


class FaxJob(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one received document; times are ISO 8601 UTC. `cause` is empty where the call ended well."""

    job: int
    machine: str
    calling: str
    remote_id: str
    pages: int
    started: str
    ended: str
    rate_bps: int
    cause: str


class Tray:
    """Documents of all machines in one directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._last = max((int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()), default=0)

    def new_job(self) -> int:
        self._last += 1
        return self._last

    def put(self, job: FaxJob, tiff: bytes | None) -> None:
        """Store a document (`None`: only its facts changed); raises OSError."""
        if tiff is not None:
            write_whole(self._folder / f"{job.job:06}.tif", tiff)
        write_whole(self._folder / f"{job.job:06}.json", msgspec.json.format(msgspec.json.encode(job), indent=2))

    def jobs(self) -> list[FaxJob]:
        """Every document, oldest first; files that are no documents are passed over."""
        jobs = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                jobs.append(msgspec.json.decode(path.read_bytes(), type=FaxJob))
            except (OSError, msgspec.MsgspecError):
                continue
        return jobs

    def document(self, job: int) -> Path:
        """The TIFF file of a job; raises LabError where there is none."""
        path = self._folder / f"{job:06}.tif"
        if not path.is_file():
            raise LabError(f"no fax job {job}")
        return path


def write_whole(path: Path, octets: bytes) -> None:
    """All or nothing, and on disk when it returns."""
    half = path.with_suffix(path.suffix + ".part")
    with half.open("wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
