"""What every open page is told as it happens: the state of the lab when it changes, and the steps of its calls.

Rule: a page that does not keep up is cut off; it comes again and is told everything anew. Nobody looking costs nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

MAX_BEHIND = 5000
LOOK_EVERY_S = 0.4
SHARE = 10  # of the time at most a tenth is spent on looking: a hundred routers take a while


class Live:
    """The pages that are open."""

    def __init__(self, state: Callable[[], dict[str, Any]], backlog: Callable[[], list[dict[str, Any]]]) -> None:
        self._state, self._backlog = state, backlog
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._told = ""
        self._looking: asyncio.Task[None] | None = None

    def tell(self, message: dict[str, Any]) -> None:
        """Tell all pages."""
        if self._pages:
            self._send(json.dumps(message))

    def _send(self, text: str) -> None:
        for page in tuple(self._pages):
            if page.qsize() >= MAX_BEHIND:
                self._pages.discard(page)
                page.put_nowait(None)
            else:
                page.put_nowait(text)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A page's websocket: it listens; what it says is of no interest."""
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=1024)
        await socket.prepare(request)
        page: asyncio.Queue[str | None] = asyncio.Queue()
        self._told = json.dumps({"state": self._state()})
        page.put_nowait(self._told)
        page.put_nowait(json.dumps({"backlog": self._backlog()}))
        self._pages.add(page)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())
        sending = asyncio.ensure_future(_pump(page, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._pages.discard(page)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    async def _look(self) -> None:
        took_s, now = 0.0, asyncio.get_running_loop().time
        while self._pages:
            await asyncio.sleep(max(LOOK_EVERY_S, SHARE * took_s))
            began_s = now()
            text = json.dumps({"state": self._state()})
            took_s = now() - began_s
            if text != self._told:
                self._told = text
                self._send(text)

    async def close(self) -> None:
        """End every page's websocket."""
        for page in tuple(self._pages):
            page.put_nowait(None)
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)


async def _pump(page: asyncio.Queue[str | None], socket: web.WebSocketResponse) -> None:
    while (text := await page.get()) is not None:
        await socket.send_str(text)
    await socket.close()
