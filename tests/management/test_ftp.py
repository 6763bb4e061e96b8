"""The FTP client against servers that hang, break off, lie, and send too much."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from iosemu.management import ftp
from iosemu.management.transfer import TransferError

LOGIN = ftp.Login("backup", "s3cret")
GREETING = "220 ready"


def served(*script: str, then: Callable[[socket.socket], object] = socket.socket.close) -> socket.socket:
    """A connection to a server that says the first line, then one for each command, and ends with `then`."""
    ours, theirs = socket.socketpair(socket.AF_UNIX)

    def serve() -> None:
        # The client may have heard enough.
        with theirs, theirs.makefile("r") as commands, suppress(BrokenPipeError, ConnectionResetError):
            for number, line in enumerate(script):
                if number:
                    commands.readline()
                theirs.sendall(f"{line}\r\n".encode())
            commands.readline()
            then(theirs)

    threading.Thread(target=serve, daemon=True).start()
    return ours


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ((GREETING, "331 password", "530 no"), "Incorrect Login/Password"),
        ((GREETING, "530 go away"), "Incorrect Login/Password"),
        ((GREETING,), "Timed out"),
        (("421 too many users",), "Undefined error"),
        (("hello", "there"), "Undefined error"),
        ((GREETING, "331 password", "230 in", "200 binary", "500 what?"), "Undefined error"),
        ((GREETING, "331 password", "230 in", "550 no type"), "No such file or directory"),
        ((GREETING, "331 password", "230 in", "550 Permission denied."), "Permission denied"),
        ((GREETING, "331 password", "230 in", "552 full"), "Not enough space on device"),
        (("x" * 9000,), "Undefined error"),
    ],
)
def test_what_a_server_says_is_told_as_the_router_does(script: tuple[str, ...], reason: str) -> None:
    with served(*script) as wire, pytest.raises(TransferError, match=f"^{reason}$"):
        ftp.get(wire, LOGIN, "x", passive=True, most=100)


def test_a_server_that_hangs_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftp, "WAIT_S", 0.05)
    with served(GREETING, then=lambda wire: wire.recv(1)) as wire, pytest.raises(TransferError, match=r"^Timed out$"):
        ftp.put(wire, LOGIN, "x", b"", passive=True)


def test_a_file_may_be_only_so_large() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    control, data = [listener.getsockname()], socket.create_server(("127.0.0.1", 0))
    port = data.getsockname()[1]
    script = [GREETING, "331 password", "230 in", "200 binary", f"227 (10,0,0,1,{port >> 8},{port & 255})", "150 here"]

    def serve() -> None:
        wire, _ = listener.accept()
        with wire, listener, data, wire.makefile("r") as commands:
            for number, line in enumerate(script):
                if number:
                    commands.readline()
                wire.sendall(f"{line}\r\n".encode())
            carried, _ = data.accept()
            with carried:
                carried.sendall(b"x" * 101)

    threading.Thread(target=serve, daemon=True).start()
    # The address that the server gives for its data is not believed.
    with (
        socket.create_connection(control[0]) as wire,
        pytest.raises(TransferError, match=r"^Not enough space on device$"),
    ):
        ftp.get(wire, LOGIN, "x", passive=True, most=100)
