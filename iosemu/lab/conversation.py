"""A TCP connection of the virtual network as the packets that would have crossed it.

Rule: the connection itself is one of this machine; what its opener writes to its socket and reads from it is written
down as segments between the emulated addresses, with the handshake before and the farewell after it. Nothing is lost
or comes twice, so every segment is acknowledged at once. Source: RFC 9293.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

Address = tuple[str, int]

SEGMENT_OCTETS: Final = 1460
FIN, SYN, PUSH, ACK = 0x01, 0x02, 0x08, 0x10

_MODULUS: Final = 1 << 32
_FIRST: Final = (0x1000_0000, 0x2000_0000)
"""Where the sequence numbers of both sides begin, the opener's first."""


class Segment(NamedTuple):
    """The head of a segment; `flags` as in the header."""

    sequence: int
    acknowledged: int
    flags: int


Write = Callable[[Address, Address, bytes, Segment], None]


class Conversation:
    """Both ends of a connection; `write` gets each segment with its source and destination."""

    def __init__(self, client: Address, server: Address, write: Write) -> None:
        self.client, self.server = client, server
        self._write = write
        self._next = list(_FIRST)
        self._open = False
        self._finished = [False, False]

    def opened(self) -> None:
        """The handshake."""
        self._open = True
        self._put(0, b"", SYN)
        self._put(1, b"", SYN | ACK)
        self._put(0, b"", ACK)

    def sent(self, octets: bytes) -> None:
        """The opener wrote so much."""
        self._data(0, octets)

    def received(self, octets: bytes) -> None:
        """The opener read so much; nothing is the end."""
        if octets:
            self._data(1, octets)
        else:
            self._finish(1)

    def closed(self) -> None:
        """The opener has closed its socket."""
        self._finish(0)
        self._finish(1)

    def _data(self, side: int, octets: bytes) -> None:
        if not self._open or self._finished[side]:
            return
        for at in range(0, len(octets), SEGMENT_OCTETS):
            piece = octets[at : at + SEGMENT_OCTETS]
            last = at + SEGMENT_OCTETS >= len(octets)
            self._put(side, piece, ACK | PUSH if last else ACK)
        if octets:
            self._put(1 - side, b"", ACK)

    def _finish(self, side: int) -> None:
        if self._open and not self._finished[side]:
            self._finished[side] = True
            self._put(side, b"", FIN | ACK)
            self._put(1 - side, b"", ACK)

    def _put(self, side: int, octets: bytes, flags: int) -> None:
        ends = (self.client, self.server) if side == 0 else (self.server, self.client)
        acknowledged = self._next[1 - side] if flags & ACK else 0
        self._write(*ends, octets, Segment(self._next[side], acknowledged, flags))
        taken = len(octets) + (1 if flags & (SYN | FIN) else 0)
        self._next[side] = (self._next[side] + taken) % _MODULUS


class TappedSocket(socket.socket):
    """The opener's socket of a conversation."""

    conversation: Conversation | None = None

    def send(self, data: Any, flags: int = 0, /) -> int:
        count = super().send(data, flags)
        self._tell_sent(data, count)
        return count

    def sendmsg(self, buffers: Iterable[Any], /, *more: Any) -> int:
        buffers = list(buffers)
        count = super().sendmsg(buffers, *more)
        self._tell_sent(b"".join(buffers), count)
        return count

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        super().sendall(data, flags)
        self._tell_sent(data, len(memoryview(data).cast("B")))

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        octets = super().recv(bufsize, flags)
        if self.conversation is not None and not flags:
            self.conversation.received(octets)
        return octets

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0, /) -> int:
        count = super().recv_into(buffer, nbytes, flags)
        if self.conversation is not None and not flags:
            self.conversation.received(bytes(memoryview(buffer).cast("B")[:count]))
        return count

    def close(self) -> None:
        if self.conversation is not None and self.fileno() >= 0:
            self.conversation.closed()
        super().close()

    def _tell_sent(self, data: Any, count: int) -> None:
        if self.conversation is not None:
            self.conversation.sent(bytes(memoryview(data).cast("B")[:count]))
