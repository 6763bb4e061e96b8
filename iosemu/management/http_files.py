"""The client side of HTTP on a connection that was made for it: one file got, or put.

Rule: `http.client` does the talking, and blocks: call it in a thread; to close the connection ends it. What goes wrong
is a `TransferError`.
"""

from __future__ import annotations

import base64
import http.client
import socket

from iosemu.management.transfer import DENIED, MISSING, NO_SPACE, TIMED_OUT, WAIT_S, TransferError

PORT = 80
_FOUND = range(200, 300)
# inferred: by the server's status; whatever else it says is no reason that the router knows.
_REASONS = {401: DENIED, 403: DENIED, 404: MISSING, 405: DENIED, 507: NO_SPACE}
UNDEFINED = "I/O error"


def get(wire: socket.socket, host: str, path: str, login: tuple[str, str] | None = None, *, most: int) -> bytes:
    """The file of that path on the server called `host`, of at most so many octets; raises TransferError."""
    return _ask(wire, "GET", host, path, login, None, most)


def put(wire: socket.socket, host: str, path: str, octets: bytes, login: tuple[str, str] | None = None) -> None:
    """Make that file; raises TransferError."""
    _ask(wire, "PUT", host, path, login, octets, 0)


def _ask(
    wire: socket.socket,
    method: str,
    host: str,
    path: str,
    login: tuple[str, str] | None,
    body: bytes | None,
    most: int,
) -> bytes:
    wire.settimeout(WAIT_S)
    connection = http.client.HTTPConnection(host)
    connection.sock = wire
    headers = {"Connection": "close"}
    if login is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(':'.join(login).encode()).decode()}"
    try:
        connection.request(method, f"/{path.lstrip('/')}", body, headers)
        with connection.getresponse() as answer:
            octets = answer.read(most + 1) if most else b""
    except TimeoutError:
        raise TransferError(TIMED_OUT) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise TransferError(UNDEFINED) from None
    if answer.status not in _FOUND:
        raise TransferError(_REASONS.get(answer.status, UNDEFINED))
    if len(octets) > most:
        raise TransferError(NO_SPACE)
    return octets
