"""The client side of HTTP on a connection that was made for it: one file got, or put.

Rule: `http.client` does the talking, and blocks: call it in a thread; to close the connection ends it. What goes wrong
is an `HttpError` in the router's own words.
"""

from __future__ import annotations

import base64
import http.client
import socket

PORT = 80
WAIT_S = 10.0
"""How long the server may take to answer."""
_FOUND = range(200, 300)
# inferred: by the server's status; whatever else it says is no reason that the router knows.
_REASONS = {401: "Permission denied", 403: "Permission denied", 404: "No such file or directory"}
_REASONS |= {405: "Permission denied", 507: "Not enough space on device"}
UNDEFINED = "I/O error"


class HttpError(Exception):
    """The file was not carried; `str()` is the reason as a router gives it in brackets."""


def get(wire: socket.socket, host: str, path: str, login: tuple[str, str] | None = None, *, most: int) -> bytes:
    """The file of that path on the server called `host`, of at most so many octets; raises HttpError."""
    return _ask(wire, "GET", host, path, login, None, most)


def put(wire: socket.socket, host: str, path: str, octets: bytes, login: tuple[str, str] | None = None) -> None:
    """Make that file; raises HttpError."""
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
        raise HttpError("Timed out") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise HttpError(UNDEFINED) from None
    if answer.status not in _FOUND:
        raise HttpError(_REASONS.get(answer.status, UNDEFINED))
    if len(octets) > most:
        raise HttpError("Not enough space on device")
    return octets
