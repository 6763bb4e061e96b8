"""The client side of rcp on a connection that was made for it: one file got, or put.

Rule: everything blocks: call it in a thread; to close the connection ends it. What goes wrong is a `TransferError` in
the router's own words, or in the server's where it gives some. Source: the rcmd and rcp protocols of 4.3BSD, as
OpenSSH's scp keeps the latter.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

from iosemu.management.transfer import NO_SPACE, TIMED_OUT, UNDEFINED, WAIT_S, TransferError

PORT = 514
_LONGEST_LINE = 1024
_FILE = re.compile(rb"C[0-7]{4} (\d+) [^/\0]+")


@dataclass(frozen=True, slots=True)
class Names:
    """Who asks, and as whom at the server."""

    here: str
    there: str


def get(wire: socket.socket, names: Names, path: str, *, most: int) -> bytes:
    """The file of that path, of at most so many octets; raises TransferError."""
    talk = _Talk(wire, names, f"rcp -f {path}")
    talk.say(b"\0")
    found = _FILE.fullmatch(talk.line())
    if found is None:
        raise TransferError(UNDEFINED)
    size = int(found[1])
    if size > most:
        raise TransferError(NO_SPACE)
    talk.say(b"\0")
    octets = talk.exactly(size)
    talk.expect_assent()
    talk.say(b"\0")
    return octets


def put(wire: socket.socket, names: Names, path: str, octets: bytes) -> None:
    """Make that file; raises TransferError."""
    talk = _Talk(wire, names, f"rcp -t {path}")
    talk.expect_assent()
    talk.say(f"C0644 {len(octets)} {path.rpartition('/')[2]}\n".encode())
    talk.expect_assent()
    talk.say(octets + b"\0")
    talk.expect_assent()


class _Talk:
    """A connection whose server has taken the command."""

    def __init__(self, wire: socket.socket, names: Names, command: str) -> None:
        self._wire = wire
        wire.settimeout(WAIT_S)
        # No port for what the command says of errors: it says it here.
        self.say("\0".join(("", names.here, names.there, command, "")).encode())
        self.expect_assent()

    def say(self, octets: bytes) -> None:
        try:
            self._wire.sendall(octets)
        except TimeoutError:
            raise TransferError(TIMED_OUT) from None
        except OSError:
            raise TransferError(UNDEFINED) from None

    def exactly(self, count: int) -> bytes:
        """So many octets; raises TransferError where fewer come."""
        came = bytearray()
        try:
            while len(came) < count:
                more = self._wire.recv(min(count - len(came), 1 << 16))
                if not more:
                    raise TransferError(UNDEFINED)
                came += more
        except TimeoutError:
            raise TransferError(TIMED_OUT) from None
        except OSError:
            raise TransferError(UNDEFINED) from None
        return bytes(came)

    def expect_assent(self) -> None:
        """An octet of 0; raises TransferError with the complaint that comes instead."""
        first = self.exactly(1)
        if first != b"\0":
            raise TransferError(_complaint(self._rest_of_line()) if first in b"\1\2" else UNDEFINED)

    def line(self) -> bytes:
        """A line of the protocol, without its end; raises TransferError for a complaint."""
        first = self.exactly(1)
        rest = self._rest_of_line()
        if first in b"\1\2":
            raise TransferError(_complaint(rest))
        return first + rest

    def _rest_of_line(self) -> bytes:
        line = b""
        while (octet := self.exactly(1)) != b"\n":
            line += octet
            if len(line) > _LONGEST_LINE:
                raise TransferError(UNDEFINED)
        return line


def _complaint(line: bytes) -> str:
    """What a server says went wrong, without the names of program and file in front."""
    return line.decode("ascii", "replace").rpartition(": ")[2].strip() or UNDEFINED
