"""One memory device with files: NVRAM, flash, a card. Files that are deleted may stay, marked, until room is made.

Rule: a name never leaves the device: its parts are checked before the folder sees them. What is only marked as deleted
keeps its octets under a hidden name, so marking and unmarking is one move. A device may come with a file that is not
stored, the image it was sold with; that it was deleted or erased is kept as a hidden empty file.
"""

from __future__ import annotations

import os
import re
import time
from typing import NamedTuple

from iosemu.config.folder import NEW, Folder, folder

_PART = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,62}")
_DELETED = re.compile(r"\.deleted-(\d+)-(.+)")
_IMAGE_DELETED, _IMAGE_ERASED = ".image-deleted", ".image-erased"


class BadFileName(ValueError):
    """No file of the device can be called that."""


class FileEntry(NamedTuple):
    """A file of a device: its size in octets, and when it was written in seconds since 1970 (None: not known)."""

    name: str
    size: int
    modified_s: float | None
    deleted: bool = False
    directory: bool = False
    stored_as: str = ""


class Volume:
    """A device's files. Any method may raise OSError where its place on the host is not usable."""

    def __init__(self, where: Folder) -> None:
        self._folder = where

    @classmethod
    def of(cls, path: str | os.PathLike[str] | None, name: str) -> Volume:
        """The device `name` kept under `path`; in memory where that is None."""
        return cls(folder(path, name))

    def entries(self, image: tuple[str, int] | None = None) -> list[FileEntry]:
        """Every file, the oldest first, marked ones and directories too; `image`: name and size of the built-in one."""
        hidden = {entry.name for entry in self._folder.entries() if entry.name.startswith(".image")}
        found = [self._entry(entry.name, entry.size, entry.modified_s, entry.directory) for entry in self._sorted()]
        if image is not None and _IMAGE_ERASED not in hidden:
            found.insert(0, FileEntry(*image, None, _IMAGE_DELETED in hidden, stored_as=_IMAGE_DELETED))
        return [entry for entry in found if _good(entry.name)]

    def _sorted(self) -> list[FileEntry]:
        entries = (FileEntry(e.name, e.size, e.modified_s, directory=e.directory) for e in self._folder.entries())
        return sorted(entries, key=lambda entry: (entry.modified_s, entry.name))

    @staticmethod
    def _entry(name: str, size: int, modified_s: float | None, directory: bool) -> FileEntry:
        marked = _DELETED.fullmatch(name)
        shown = marked[2] if marked else name
        return FileEntry(shown, size, modified_s, marked is not None, directory, name)

    def read(self, name: str) -> bytes:
        """Raises BadFileName, FileNotFoundError."""
        octets = self._folder.read(_checked(name))
        if octets is None:
            raise FileNotFoundError(name)
        return octets

    def write(self, name: str, octets: bytes, modified_s: float | None = None) -> None:
        """Write or replace a file; raises BadFileName, FileNotFoundError where its directory is missing."""
        self._folder.write(_checked(name), octets, time.time() if modified_s is None else modified_s)

    def remove(self, name: str) -> None:
        """Take a file or an empty directory away for good; raises BadFileName, FileNotFoundError, OSError."""
        if not self._folder.delete(_checked(name)):
            raise FileNotFoundError(name)

    def rename(self, old: str, new: str) -> None:
        """Raises BadFileName, FileNotFoundError."""
        if not self._folder.rename(_checked(old), _checked(new)):
            raise FileNotFoundError(old)

    def make_directory(self, name: str) -> None:
        """Raises BadFileName."""
        self._folder.make_directory(_checked(name))

    # Marked as deleted.

    def mark(self, entry: FileEntry) -> None:
        """Delete a file so that it can come back."""
        if entry.stored_as == _IMAGE_DELETED:
            self._folder.write(_IMAGE_DELETED, b"", 0)
            return
        numbers = [int(found[1]) for e in self._folder.entries() if (found := _DELETED.fullmatch(e.name))]
        self._folder.rename(entry.stored_as, f".deleted-{max(numbers, default=0) + 1}-{entry.name}")

    def unmark(self, entry: FileEntry) -> None:
        """Bring a marked file back."""
        if entry.stored_as == _IMAGE_DELETED:
            self._folder.delete(_IMAGE_DELETED)
        else:
            self._folder.rename(entry.stored_as, entry.name)

    def squeeze(self) -> None:
        """Make room: what is marked goes for good."""
        for entry in self._folder.entries():
            if entry.name == _IMAGE_DELETED:
                self._folder.write(_IMAGE_ERASED, b"", 0)
            if entry.name == _IMAGE_DELETED or _DELETED.fullmatch(entry.name):
                self._folder.delete(entry.name)

    def clear(self) -> None:
        """Erase everything, the image included."""
        self._folder.write(_IMAGE_ERASED, b"", 0)
        for entry in sorted(self._folder.entries(), key=lambda entry: entry.name, reverse=True):
            if entry.name != _IMAGE_ERASED:
                self._folder.delete(entry.name)


def _good(name: str) -> bool:
    return all(_PART.fullmatch(part) for part in name.split("/")) and not name.endswith(NEW)


def _checked(name: str) -> str:
    if not _good(name):
        raise BadFileName(name)
    return name
