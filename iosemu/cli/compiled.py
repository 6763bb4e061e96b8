"""The compiled catalogue on disk: plain tuples, marshalled, beside the catalogue or under the user's cache directory.

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
from typing import Any

from iosemu import __version__
from iosemu.cli.declaration import Command, ModeData

# Changes when the shape of the stored tuples does.
_FORMAT = f"5 {' '.join(Command._fields)}"
_DIGEST_BYTES = 16
KEPT = 8
"""Copies kept: one for each recent state of the catalogue."""


def unpack(body: bytes) -> ModeData:
    """A mode as `load` gave it."""
    return ModeData(*marshal.loads(body))


def places(catalogue: str) -> tuple[str, str]:
    """Where a copy may lie: beside the files of that directory, where Python would keep its own; else in the user's
    cache directory."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(catalogue, "__pycache__"), os.path.join(base, "iosemu")


def _digest(parts: Iterable[bytes]) -> bytes:
    # Imported here: hashlib alone would load OpenSSL, which nothing else at start-up needs.
    from _blake2 import blake2b

    digest = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return bytes(digest.digest())


def _name(files: Iterable[tuple[str, str]]) -> str:
    tag = f"{__version__} {_FORMAT} {sys.implementation.cache_tag} {sys.version}"
    return f"catalogue-{_digest([tag.encode(), *(part.encode() for file in files for part in file)]).hex()}.bin"


def load(catalogue: str, files: list[tuple[str, str]]) -> dict[str, bytes] | None:
    """The packed modes of these files of a directory by name, or None where there is no sound copy."""
    name = _name(files)
    for place in places(catalogue):
        try:
            with open(os.path.join(place, name), "rb") as file:
                content = file.read()
        except OSError:
            continue
        body = content[_DIGEST_BYTES:]
        if content[:_DIGEST_BYTES] == _digest([body]):
            packed: dict[str, bytes] = marshal.loads(body)
            return packed
    return None


def store(catalogue: str, files: list[tuple[str, str]], modes: Mapping[str, ModeData]) -> None:
    """Keep the compiled form for the next start in the first place that can be written; none is no failure.

    Who told Python to write no bytecode has none written beside the catalogue either.
    """
    name = _name(files)
    body = marshal.dumps({mode: marshal.dumps(_shared(tuple(data), {})) for mode, data in modes.items()})
    for place in places(catalogue)[1 if sys.dont_write_bytecode else 0 :]:
        try:
            os.makedirs(place, mode=0o755, exist_ok=True)
            _write(os.path.join(place, name), _digest([body]) + body)
        except OSError:
            continue
        _prune(place)
        return


def _shared(value: Any, known: dict[object, Any]) -> Any:
    """The same value with one object for all that is alike, which takes less room and is read in half the time."""
    if isinstance(value, list):
        return [_shared(part, known) for part in value]
    if not isinstance(value, tuple):
        return known.setdefault((type(value), value), value)
    parts = tuple(_shared(part, known) for part in value)
    # Parts that are alike are one object already.
    return known.setdefault(tuple(map(id, parts)), parts)


def _write(path: str, content: bytes) -> None:
    """Write a file whole, or not at all."""
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _prune(place: str) -> None:
    """Keep the newest copies: a catalogue under work leaves one behind at each change."""
    with contextlib.suppress(OSError):  # another process may have done it
        copies = [entry for entry in os.scandir(place) if entry.name.startswith("catalogue-")]
        for old in sorted(copies, key=lambda entry: entry.stat().st_mtime, reverse=True)[KEPT:]:
            os.unlink(old.path)
