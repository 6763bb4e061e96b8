"""The T.38 of the last calls, to be downloaded: a page needs no lab that was started with a capture file.

Rule: the oldest datagrams go as new ones come; in the file they are as in any other capture of the lab.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory

from iosemu.lab.capture import Address, Capture

MAX_OCTETS = 16 * 1024 * 1024

_Packet = tuple[float, Address, Address, bytes]


class RecentPackets:
    """What the routers of a lab recorded last, at most `MAX_OCTETS` of payload."""

    def __init__(self) -> None:
        self._packets: deque[_Packet] = deque()
        self._octets = 0

    def packet(self, when_s: float, source: Address, destination: Address, payload: bytes) -> None:
        """Add a datagram, as to a `Capture`."""
        self._packets.append((when_s, source, destination, payload))
        self._octets += len(payload)
        while self._octets > MAX_OCTETS:
            self._octets -= len(self._packets.popleft()[3])

    def packets(self) -> list[_Packet]:
        """What is kept, oldest first."""
        return list(self._packets)


def pcapng(packets: list[_Packet]) -> bytes:
    """A capture file of these datagrams."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "recent.pcapng"
        with Capture(path, "T.38 of the last calls of a lab") as capture:
            for packet in packets:
                capture.packet(*packet)
        return path.read_bytes()
