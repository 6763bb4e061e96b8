"""An asyncio loop whose seconds are shorter than those of the wall, sockets and all; for what lives in real time."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any

FACTOR = 8


class _FastSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / FACTOR if timeout else timeout)


class _FastLoop(asyncio.SelectorEventLoop):
    def time(self) -> float:
        return time.monotonic() * FACTOR


def run_fast(work: Coroutine[Any, Any, None]) -> None:
    """`asyncio.run`, with loop time running `FACTOR` times as fast."""
    with asyncio.Runner(loop_factory=lambda: _FastLoop(_FastSelector())) as runner:
        runner.run(work)
