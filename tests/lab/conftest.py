"""A clock, a network and a mail server for the tests of the lab, and a way to run a coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run a coroutine to its end, at most ten seconds."""

    def runner(coroutine: Coroutine[Any, Any, T]) -> T:
        async def limited() -> T:
            async with asyncio.timeout(10):
                return await coroutine

        return asyncio.run(limited())

    return runner


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labs that run are looked for in the test's own folder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
