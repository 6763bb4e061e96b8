"""The HTTP client against servers that refuse, break off, lie, and send too much."""

from __future__ import annotations

import socket
import threading

import pytest

from iosemu.management import http_files
from iosemu.management.transfer import TransferError


def served(
    answer: bytes, asked: list[bytes] | None = None, *, last: bytes = b"\r\n\r\n", hangs: bool = False
) -> socket.socket:
    """A connection to a server that reads one request, up to its `last` octets, and gives this answer."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        request = b""
        while not request.endswith(last):
            request += theirs.recv(65536)
        if asked is not None:
            asked.append(request)
        theirs.sendall(answer)
        if hangs:
            theirs.recv(1)  # until the client gives up
        theirs.close()

    threading.Thread(target=serve, daemon=True).start()
    return ours


def test_a_file_is_got_by_its_path_for_who_asks() -> None:
    asked: list[bytes] = []
    with served(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", asked) as wire:
        assert http_files.get(wire, "lab", "a/b.cfg", ("tom", "x"), most=5) == b"hello"
    assert asked[0].startswith(b"GET /a/b.cfg HTTP/1.1\r\nHost: lab\r\n")
    assert b"Authorization: Basic dG9tOng=\r\n" in asked[0]


def test_a_file_is_put() -> None:
    asked: list[bytes] = []
    with served(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", asked, last=b"hostname a\n") as wire:
        http_files.put(wire, "lab", "/x", b"hostname a\n")
    assert asked[0].startswith(b"PUT /x HTTP/1.1\r\n")
    assert b"Authorization" not in asked[0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "No such file or directory"),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "Permission denied"),
        (b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", "I/O error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789", "Not enough space on device"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "I/O error"),
        (b"hello there\r\n", "I/O error"),
        (b"", "I/O error"),
    ],
)
def test_what_a_server_says_is_told_as_the_router_does(answer: bytes, reason: str) -> None:
    with served(answer) as wire, pytest.raises(TransferError, match=f"^{reason}$"):
        http_files.get(wire, "lab", "x", most=8)


def test_a_server_that_hangs_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_files, "WAIT_S", 0.05)
    with served(b"", hangs=True) as wire, pytest.raises(TransferError, match=r"^Timed out$"):
        http_files.get(wire, "lab", "x", most=8)
