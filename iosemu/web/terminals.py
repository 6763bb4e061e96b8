"""A router's console or vty in the browser: a websocket that is a telnet client of the line, as any other.

Rule: binary frames are what is typed and what is shown, octet for octet; a text frame tells the window, as JSON
`[WIDTH, HEIGHT]`. When either side ends, both do.
"""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import WSCloseCode, WSMsgType, web

from iosemu.terminal.telnet_options import CLIENT, Data, TelnetOptions, escape

MAX_TYPED = 64 * 1024
_PIECE = 16 * 1024


async def bridge(request: web.Request, endpoint: tuple[str, int]) -> web.StreamResponse:
    """Serve one websocket until the router or the browser ends it."""
    try:
        reader, writer = await asyncio.open_connection(*endpoint)
    except OSError:
        raise web.HTTPServiceUnavailable(text="the router does not answer\n") from None
    socket = web.WebSocketResponse(heartbeat=30, max_msg_size=MAX_TYPED)
    options = TelnetOptions(CLIENT)
    options.terminal_type = "XTERM"
    try:
        await socket.prepare(request)
        showing = asyncio.ensure_future(_show(reader, writer, options, socket))
        try:
            await _type(socket, writer, options)
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
    finally:
        writer.close()
    return socket


async def _show(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, options: TelnetOptions, socket: web.WebSocketResponse
) -> None:
    with contextlib.suppress(ConnectionError):
        while octets := await reader.read(_PIECE):
            events = options.receive(octets)
            writer.write(options.take_output())
            shown = b"".join(event.octets for event in events if isinstance(event, Data))
            if shown:
                await socket.send_bytes(shown)
    await socket.close()


async def _type(socket: web.WebSocketResponse, writer: asyncio.StreamWriter, options: TelnetOptions) -> None:
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            writer.write(escape(message.data))
        elif message.type is WSMsgType.TEXT:
            size = _size(message.data)
            if size is None:
                await socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                return
            options.resize(*size)
            writer.write(options.take_output())
        with contextlib.suppress(ConnectionError):
            await writer.drain()


def _size(text: str) -> tuple[int, int] | None:
    """A window of characters, or None where the text tells none."""
    try:
        width, height = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(type(side) is int and 1 <= side <= 1000 for side in (width, height)):
        return None
    return width, height
