"""A disk that is full, for a test: no file may grow beyond a size, whoever writes it, Python or SQLite."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator


@contextlib.contextmanager
def full_disk(octets: int) -> Iterator[None]:
    """Within it a write behind that many octets of a file fails, or is cut there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
