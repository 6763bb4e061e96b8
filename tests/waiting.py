"""Waiting for what nobody tells a test: the far side of a connection, a relay, another program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], within_s: float = 30.0, every_s: float = 0.005) -> None:
    """Return once the condition, asked every so often, holds; TimeoutError when it has not in so many real seconds."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(every_s)
