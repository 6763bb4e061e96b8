"""Labs for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import RunningLab, start, stop


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    """The packaged two-gateway lab; it must end cleanly."""
    running = start(tmp_path_factory.mktemp("lab"))
    yield running
    assert stop(running) == (0, "")


@pytest.fixture
def own_lab(tmp_path: Path) -> Iterator[RunningLab]:
    """A lab that a test may break."""
    running = start(tmp_path)
    yield running
    if running.process.poll() is None:
        stop(running)
