"""What a router keeps when the power goes: the startup-config in NVRAM, and the files of its flash.

Rule: with a directory, every file is written beside its name, flushed to the disk and moved over the old one, so that
a kill at any moment leaves the old or the new file whole; without one, all is kept in memory. Flash of the era is
flat: a name has no directory in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,62}")
_STARTUP = "startup-config"
_HIDDEN = ".new"


class BadFileName(ValueError):
    """No file of flash can be called that."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of flash: its size in octets and when it was written, in seconds since 1970."""

    name: str
    size: int
    modified_s: float


class FileStore:
    """NVRAM and flash under `path`, or in memory where it is None.

    Any reading or writing method may raise OSError where `path` is not usable.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._nvram = _folder(path, "nvram")
        self._flash = _folder(path, "flash")

    @property
    def startup_config(self) -> str | None:
        """The text kept in NVRAM, or None where there is none."""
        octets = self._nvram.read(_STARTUP)
        return octets.decode("utf-8", "replace") if octets is not None else None

    def save_startup_config(self, text: str) -> None:
        self._nvram.write(_STARTUP, text.encode())

    def erase_startup_config(self) -> None:
        """Harmless where there is none."""
        self._nvram.delete(_STARTUP)

    def files(self) -> list[FileEntry]:
        """The files of flash, by name."""
        return sorted(self._flash.entries(), key=lambda entry: entry.name)

    def read(self, name: str) -> bytes:
        """The file of flash called `name`.

        Raises BadFileName, FileNotFoundError.
        """
        octets = self._flash.read(_checked(name))
        if octets is None:
            raise FileNotFoundError(name)
        return octets

    def write(self, name: str, octets: bytes) -> None:
        """Write or replace a file of flash; raises BadFileName."""
        self._flash.write(_checked(name), octets)

    def delete(self, name: str) -> None:
        """Remove a file of flash.

        Raises BadFileName, FileNotFoundError.
        """
        if not self._flash.delete(_checked(name)):
            raise FileNotFoundError(name)


def _checked(name: str) -> str:
    if _NAME.fullmatch(name) is None or name.endswith(_HIDDEN):
        raise BadFileName(name)
    return name


class _Memory:
    """Files by name, gone with the process."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, float]] = {}

    def read(self, name: str) -> bytes | None:
        return self._files[name][0] if name in self._files else None

    def write(self, name: str, octets: bytes) -> None:
        self._files[name] = octets, time.time()

    def delete(self, name: str) -> bool:
        return self._files.pop(name, None) is not None

    def entries(self) -> list[FileEntry]:
        return [FileEntry(name, len(octets), when) for name, (octets, when) in self._files.items()]


class _Directory:
    """Files in a directory that is made when first written to."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        try:
            with open(os.path.join(self._path, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def write(self, name: str, octets: bytes) -> None:
        os.makedirs(self._path, exist_ok=True)
        target = os.path.join(self._path, name)
        try:
            with open(target + _HIDDEN, "wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            os.replace(target + _HIDDEN, target)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(target + _HIDDEN)
            raise
        self._flush()

    def _flush(self) -> None:
        """Have the new name on the disk as well."""
        directory = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def delete(self, name: str) -> bool:
        try:
            os.unlink(os.path.join(self._path, name))
        except FileNotFoundError:
            return False
        self._flush()
        return True

    def entries(self) -> list[FileEntry]:
        try:
            with os.scandir(self._path) as found:
                return [
                    FileEntry(entry.name, entry.stat().st_size, entry.stat().st_mtime)
                    for entry in found
                    if entry.is_file() and _NAME.fullmatch(entry.name) and not entry.name.endswith(_HIDDEN)
                ]
        except FileNotFoundError:
            return []


def _folder(path: str | os.PathLike[str] | None, name: str) -> _Memory | _Directory:
    return _Memory() if path is None else _Directory(os.path.join(path, name))
