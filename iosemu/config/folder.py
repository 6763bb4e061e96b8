"""Where the files of a router are: a directory of the host, or memory.

Rule: in a directory every file is written beside its name, flushed to the disk and moved over the old one, so that a
kill at any moment leaves the old or the new file whole. Names have been checked by whoever calls; a `/` in a name is a
directory in a directory.
"""

from __future__ import annotations

import contextlib
import os
from typing import NamedTuple, Protocol

NEW = ".new"
"""Behind the name of a file under way."""


class Entry(NamedTuple):
    """A file or directory by its name; octets, and when it was written in seconds since 1970."""

    name: str
    size: int
    modified_s: float
    directory: bool = False


class Folder(Protocol):
    """Any method may raise OSError where the place is not usable."""

    def read(self, name: str) -> bytes | None: ...
    def write(self, name: str, octets: bytes, modified_s: float) -> None: ...
    def delete(self, name: str) -> bool: ...
    def rename(self, old: str, new: str) -> bool: ...
    def make_directory(self, name: str) -> None: ...
    def entries(self) -> list[Entry]: ...


class MemoryFolder:
    """Gone with the process."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes | None, float]] = {}

    def read(self, name: str) -> bytes | None:
        return self._files.get(name, (None, 0))[0]

    def write(self, name: str, octets: bytes, modified_s: float) -> None:
        self._files[name] = octets, modified_s

    def delete(self, name: str) -> bool:
        return self._files.pop(name, None) is not None

    def rename(self, old: str, new: str) -> bool:
        if old not in self._files:
            return False
        inside = [name for name in self._files if name.startswith(f"{old}/")]
        for name in [old, *inside]:
            self._files[new + name[len(old) :]] = self._files.pop(name)
        return True

    def make_directory(self, name: str) -> None:
        self._files[name] = None, 0.0

    def entries(self) -> list[Entry]:
        return [Entry(name, len(octets or b""), when, octets is None) for name, (octets, when) in self._files.items()]


class DirectoryFolder:
    """A directory that is made when first written to."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self, name: str) -> bytes | None:
        try:
            with open(self._at(name), "rb") as file:
                return file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def write(self, name: str, octets: bytes, modified_s: float) -> None:
        os.makedirs(self._path, exist_ok=True)
        target = self._at(name)
        try:
            with open(target + NEW, "wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            os.utime(target + NEW, (modified_s, modified_s))
            os.replace(target + NEW, target)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(target + NEW)
            raise
        self._flush(target)

    def delete(self, name: str) -> bool:
        target = self._at(name)
        try:
            os.rmdir(target) if os.path.isdir(target) else os.unlink(target)
        except (FileNotFoundError, NotADirectoryError):
            return False
        self._flush(target)
        return True

    def rename(self, old: str, new: str) -> bool:
        try:
            os.replace(self._at(old), self._at(new))
        except (FileNotFoundError, NotADirectoryError):
            return False
        self._flush(self._at(new))
        return True

    def make_directory(self, name: str) -> None:
        os.makedirs(self._at(name))
        self._flush(self._at(name))

    def entries(self) -> list[Entry]:
        return list(self._entries(self._path, ""))

    def _entries(self, path: str, prefix: str) -> list[Entry]:
        try:
            with os.scandir(path) as found:
                items = [(item.name, item.is_dir(), item.stat()) for item in found if not item.name.endswith(NEW)]
        except FileNotFoundError:
            return []
        entries = []
        for name, directory, about in items:
            entries.append(Entry(prefix + name, 0 if directory else about.st_size, about.st_mtime, directory))
            if directory:
                entries += self._entries(os.path.join(path, name), f"{prefix}{name}/")
        return entries

    def _at(self, name: str) -> str:
        return os.path.join(self._path, name)

    def _flush(self, target: str) -> None:
        """Have a changed name on the disk as well."""
        directory = os.open(os.path.dirname(target), os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def folder(path: str | os.PathLike[str] | None, name: str) -> Folder:
    """The folder `name` under `path`; in memory where that is None."""
    return MemoryFolder() if path is None else DirectoryFolder(os.path.join(path, name))
