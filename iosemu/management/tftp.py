"""The client side of TFTP (RFC 1350), octet mode, blocks of 512: packets in, packets out.

Rule: one transfer a value. A packet that does not belong to it is dropped; the same packet twice has its answer twice,
except that a repeated acknowledgement is not answered (RFC 1123, 4.2.3.1). Who keeps time sends `last` again.

The libraries at hand open their own sockets and block a thread that nobody can stop; this one goes through the
router's network and ends with the session that asked.
"""

from __future__ import annotations

import struct

from iosemu.management.transfer import DENIED, MISSING, NO_SPACE, UNDEFINED

PORT = 69
BLOCK = 512
_RRQ, _WRQ, _DATA, _ACK, _ERROR = range(1, 6)
_ERRORS = {1: MISSING, 2: DENIED, 3: NO_SPACE, 6: "File exists"}


class Transfer:
    """What both directions have in common: `last` is the packet to send, and to send again where nothing comes."""

    def __init__(self, request: int, name: str) -> None:
        self.last = struct.pack("!H", request) + name.encode() + b"\0octet\0"
        self.done = False
        self.error = ""
        """Why the server ended it; "" where it did not."""

    def receive(self, packet: bytes) -> bool:
        """Take a packet of the server; True where `last` is to be sent (once more, after `done` too)."""
        if self.done or len(packet) < 4:
            return False
        kind, number = struct.unpack_from("!HH", packet)
        if kind == _ERROR:
            self.done, self.error = True, _ERRORS.get(number, UNDEFINED)
            return False
        return self._take(kind, number, packet[4:])

    def _take(self, kind: int, number: int, data: bytes) -> bool:
        raise NotImplementedError


class Get(Transfer):
    """Read a file; it is `octets` when done. One larger than `most` octets is given up."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(_RRQ, name)
        self._octets = bytearray()
        self._block = 0
        self._most = most

    @property
    def octets(self) -> bytes:
        return bytes(self._octets)

    def _take(self, kind: int, number: int, data: bytes) -> bool:
        if kind != _DATA or len(data) > BLOCK:
            return False
        if number == self._block & 0xFFFF and self._block:
            return True
        if number != (self._block + 1) & 0xFFFF:
            return False
        self._block += 1
        self._octets += data
        self.last = struct.pack("!HH", _ACK, number)
        self.done = len(data) < BLOCK
        if len(self._octets) > self._most:
            self.last = struct.pack("!HH", _ERROR, 3) + b"too large\0"
            self.done, self.error = True, NO_SPACE
        return True


class Put(Transfer):
    """Write a file."""

    def __init__(self, name: str, octets: bytes) -> None:
        super().__init__(_WRQ, name)
        self._octets = octets
        self._block = 0

    def _take(self, kind: int, number: int, data: bytes) -> bool:
        if kind != _ACK or number != self._block & 0xFFFF:
            return False
        at = self._block * BLOCK
        if self._block and at > len(self._octets):
            self.done = True
            return False
        self._block += 1
        self.last = struct.pack("!HH", _DATA, self._block & 0xFFFF) + self._octets[at : at + BLOCK]
        return True
