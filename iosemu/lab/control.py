"""How the lab's tools speak to a running lab: JSON lines over a Unix socket of this user.

Rule: one request a connection, `{"op": NAME, ...}`; then any number of `{"progress": ...}` lines; at last
`{"result": ...}` or `{"error": TEXT}`. A client that leaves cancels what it asked for. Both ends are in this file,
the client without asyncio, so that a tool starts quickly.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iosemu.lab.errors import LabError, NotRunning
from iosemu.lab.state import RunningLab

if TYPE_CHECKING:
    import asyncio

Request = dict[str, Any]
Tell = Callable[[Any], None]
Operation = Callable[[Request, Tell], Awaitable[Any]]

MAX_REQUEST_OCTETS = 256 * 1024 * 1024  # a document travels in its request


class ControlServer:
    """Serves operations by name; an operation gets the request and a way to tell progress, and returns its result."""

    def __init__(self, operations: dict[str, Operation]) -> None:
        self._operations = operations
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()

    async def start(self, path: Path) -> None:
        """Listen; only this user can connect. Raises OSError."""
        import asyncio

        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._connected, path, limit=MAX_REQUEST_OCTETS)
        finally:
            os.umask(mask)

    async def stop(self) -> None:
        import asyncio

        if self._server is not None:
            self._server.close()
        for session in tuple(self._sessions):
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        session = asyncio.current_task()
        assert session is not None
        self._sessions.add(session)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client or the lab is gone
        finally:
            self._sessions.discard(session)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        def tell(progress: Any) -> None:
            writer.write(_line({"progress": progress}))

        try:
            request = json.loads(await reader.readline())
            operation = self._operations[request["op"]]
        except (ValueError, LookupError, TypeError):
            writer.write(_line({"error": "the lab does not understand this request"}))
            return
        work = asyncio.ensure_future(operation(request, tell))
        left = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((work, left), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                writer.write(_line(_answer(work)))
                await writer.drain()
        finally:
            left.cancel()
            work.cancel()
            await asyncio.gather(work, left, return_exceptions=True)


def _answer(work: asyncio.Future[Any]) -> dict[str, Any]:
    error = work.exception()
    if error is None:
        return {"result": work.result()}
    if isinstance(error, LabError):
        return {"error": str(error)}
    return {"error": f"the lab failed: {type(error).__name__}: {' '.join(str(error).split())}"}


def request(lab: RunningLab, op: str, *, patience_s: float | None = None, **values: Any) -> Generator[Any, None, Any]:
    """Ask a running lab: yields what it tells on the way; the generator's own value is the result. Raises LabError,
    also where nothing is told for as long as `patience_s`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.settimeout(patience_s)
        try:
            wire.connect(lab.control)
            wire.sendall(_line({"op": op, **values}))
            with wire.makefile("rb") as answers:
                for line in answers:
                    answer = json.loads(line)
                    if "result" in answer:
                        return answer["result"]
                    if "error" in answer:
                        raise LabError(answer["error"])
                    yield answer["progress"]
        except TimeoutError:
            raise LabError(f"nothing came of it within {patience_s:g} s") from None
        except (ConnectionError, FileNotFoundError):
            raise NotRunning(f"lab {lab.name} does not answer") from None
    raise NotRunning(f"lab {lab.name} stopped before it answered")


def ask(lab: RunningLab, op: str, *, patience_s: float | None = None, **values: Any) -> Any:
    """The result of a request whose progress nobody watches; raises LabError."""
    asking = request(lab, op, patience_s=patience_s, **values)
    while True:
        try:
            next(asking)
        except StopIteration as done:
            return done.value


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"
