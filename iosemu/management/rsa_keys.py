"""The RSA key pair of a router, kept where `erase startup-config` does not reach it, and never shown.

Rule: the file is readable by its owner only, and written beside its name and moved into place, so that a kill leaves
the old or the new one whole. Without a directory it is kept in memory. What is in it is the SSH library's affair.
"""

from __future__ import annotations

import os
from contextlib import suppress

_FILE = "rsa-key"


class RsaKeys:
    """One pair under `path`, a router's state directory; methods may raise OSError where that is not usable."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._folder = os.path.join(path, "keys") if path is not None else None
        self._private: bytes | None = None
        if self._folder is not None:
            with suppress(FileNotFoundError), open(os.path.join(self._folder, _FILE), "rb") as file:
                self._private = file.read()

    @property
    def private(self) -> bytes | None:
        """The private key in OpenSSH's format, with the pair's name as its comment; None where there is none."""
        return self._private

    def save(self, private: bytes) -> None:
        """Keep this pair instead of the one there was."""
        if self._folder is not None:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            target = os.path.join(self._folder, _FILE)
            new = os.open(f"{target}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(new, "wb") as file:
                file.write(private)
                file.flush()
                os.fsync(file.fileno())
            os.replace(f"{target}.new", target)
        self._private = private

    def erase(self) -> None:
        """Harmless where there is none."""
        if self._folder is not None:
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(self._folder, _FILE))
        self._private = None
