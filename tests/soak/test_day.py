"""A small day: what is taken arrives, and nothing stays behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.soak.day import failed, run


def test_nothing_is_lost_and_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    figures = asyncio.run(run(hours=3, faxes=8, mails=8, seed=5, folder=tmp_path))
    assert not failed(figures), figures
    assert (figures.hours, figures.faxes, figures.mails) == (3, 24, 24)
    assert figures.confirmed > 0
    assert figures.faxed > 0
    assert figures.disturbances == 9
