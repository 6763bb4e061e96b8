"""The compiled catalogue on disk: plain tuples, marshalled, under the user's cache directory.

Rule: the cache is never needed and never trusted. Its name is a digest of the catalogue's text, of this version and
of the interpreter; its first bytes are a digest of the rest; what is missing, unreadable, cut short or unwritable
means only that the catalogue is compiled again. A file is written beside its name and moved over it: no reader sees
half of it. Each mode is packed by itself, so that a command which needs one mode decodes only that.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Iterable, Mapping

from iosemu import __version__
from iosemu.cli.declaration import Command, ModeData

# Changes when the shape of the stored tuples does.
_FORMAT = f"2 {' '.join(Command._fields)}"
_DIGEST_BYTES = 16
KEPT = 8
"""Copies kept: one for each recent state of the catalogue."""


def unpack(body: bytes) -> ModeData:
    """A mode as `load` gave it."""
    return ModeData(*marshal.loads(body))


def directory() -> str:
    """The user's cache directory for this program."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "iosemu")


def _digest(parts: Iterable[bytes]) -> bytes:
    # Imported here: hashlib alone would load OpenSSL, which nothing else at start-up needs.
    from _blake2 import blake2b

    digest = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return bytes(digest.digest())


def _path(files: Iterable[tuple[str, str]]) -> str:
    tag = f"{__version__} {_FORMAT} {sys.implementation.cache_tag} {sys.version}"
    key = _digest([tag.encode(), *(part.encode() for file in files for part in file)])
    return os.path.join(directory(), f"catalogue-{key.hex()}.bin")


def load(files: list[tuple[str, str]]) -> dict[str, bytes] | None:
    """The packed modes of these files by name, or None where there is no sound copy."""
    try:
        with open(_path(files), "rb") as file:
            content = file.read()
    except OSError:
        return None
    body = content[_DIGEST_BYTES:]
    if content[:_DIGEST_BYTES] != _digest([body]):
        return None
    packed: dict[str, bytes] = marshal.loads(body)
    return packed


def store(files: list[tuple[str, str]], modes: Mapping[str, ModeData]) -> None:
    """Keep the compiled form for the next start; failure to write is no failure."""
    path = _path(files)
    body = marshal.dumps({name: marshal.dumps(tuple(data)) for name, data in modes.items()})
    temporary = f"{path}.{os.getpid()}"
    with contextlib.suppress(OSError):
        os.makedirs(directory(), mode=0o700, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(_digest([body]) + body)
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        _prune()


def _prune() -> None:
    """Keep the newest copies: a catalogue under work leaves one behind at each change."""
    copies = [entry for entry in os.scandir(directory()) if entry.name.startswith("catalogue-")]
    for old in sorted(copies, key=lambda entry: entry.stat().st_mtime, reverse=True)[KEPT:]:
        os.unlink(old.path)
