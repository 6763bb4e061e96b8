"""rcp against servers that are wrong: whatever they say, it ends with a reason."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.management.rcp import Names, get, put
from iosemu.management.transfer import TransferError

WHO = Names("here", "there")


def answered(said: bytes, path: str = "x", most: int = 100) -> bytes:
    """What a server that says this, whatever it is told, makes of `get`."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(said)
        far.shutdown(socket.SHUT_WR)
        return get(near, WHO, path, most=most)


def test_a_file_is_got() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"\0C0644 5 x\nhello\0")
        assert get(near, WHO, "dir/x", most=5) == b"hello"
        assert far.recv(100) == b"\0here\0there\0rcp -f dir/x\0\0\0\0"


def test_a_file_is_put_under_its_own_name() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"\0\0\0\0")
        put(near, WHO, "dir/x", b"hello")
        assert far.recv(100) == b"\0here\0there\0rcp -t dir/x\0C0644 5 x\nhello\0"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "Undefined error"),
        (b"\1Permission denied.\n", "Permission denied."),
        (b"\0\1rcp: x: No such file or directory\n", "No such file or directory"),
        (b"\0D0755 0 x\n", "Undefined error"),
        (b"\0C0644 999 x\n", "Not enough space on device"),
        (b"\0C0644 5 x\nhell", "Undefined error"),
        (b"\0C0644 5 x\nhello\2lost\n", "lost"),
        (b"\0" + b"C" * 2000, "Undefined error"),
    ],
)
def test_what_goes_wrong_has_a_reason(said: bytes, reason: str) -> None:
    with pytest.raises(TransferError, match=f"^{reason}$"):
        answered(said)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([b"\0", b"\1", b"C0644 3 x\n", b"abc", b"\n", b"\xff"]), max_size=8).map(b"".join))
def test_any_server_is_survived(said: bytes) -> None:
    with suppress(TransferError):
        assert len(answered(said)) <= 100
