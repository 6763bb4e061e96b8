"""A lab that runs within a test, at instant pace, and a fax sent in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from iosemu.fax.document import Document
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.run import Lab
from iosemu.lab.state import StateFolder
from iosemu.lab.topology import Topology
from iosemu.pace import Pace


@contextlib.asynccontextmanager
async def running_lab(
    folder: Path, topology: Topology, source: Path, *, pace: Pace = "instant", **settings: Any
) -> AsyncIterator[Lab]:
    """The lab of a topology that stands at `source`; what it keeps is in `folder`."""
    state = StateFolder(folder / "state")
    try:
        lab = Lab(topology, source, state, pace=pace, **settings)
        await lab.start()
        try:
            yield lab
        finally:
            await lab.stop()
    finally:
        state.release()


async def fax(lab: Lab, document: Document, called: str, calling: str = "555-0100") -> SendResult:
    ended: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()

    def watch(event: object) -> None:
        if isinstance(event, SendResult):
            ended.set_result(event)

    lab.machine(calling).send(document, called, watch)
    return await ended
