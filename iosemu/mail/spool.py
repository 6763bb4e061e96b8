"""The octets of a mail while it is on its way: in memory as long as they are few, in a nameless file when they are
many.

Rule: written once from front to end, then read, by anybody and any number of times; the file goes with the object.
"""

from __future__ import annotations

from collections.abc import Iterator

IN_MEMORY_OCTETS = 1 << 20
PIECE_OCTETS = 1 << 16


class Spool:
    """See the module's rule; writing may raise OSError where the disk is full."""

    def __init__(self, octets: bytes = b"") -> None:
        from tempfile import SpooledTemporaryFile  # not needed by a router without a mail

        self._file = SpooledTemporaryFile(max_size=IN_MEMORY_OCTETS)  # noqa: SIM115
        self.size = 0
        self.write(octets)

    def __del__(self) -> None:
        # Whoever reads last is not known.
        self._file.close()

    def write(self, octets: bytes | bytearray | memoryview) -> None:
        """Put octets behind those that are there."""
        self._file.seek(self.size)
        self._file.write(octets)
        self.size += len(octets)

    def read(self, begin: int = 0, end: int | None = None) -> bytes:
        """The octets from `begin` up to `end`, or to the last."""
        self._file.seek(begin)
        # A file asked for all that is left puts it together from pieces, and needs the room twice.
        return self._file.read(max(0, (self.size if end is None else end) - begin))

    def isascii(self) -> bool:
        """As `bytes.isascii`."""
        return all(piece.isascii() for piece in self.lines())

    def lines(self) -> Iterator[bytes]:
        """All octets, in pieces that end with a line where that makes them no longer than two pieces."""
        begin = 0
        while begin < self.size:
            piece = self.read(begin, begin + PIECE_OCTETS)
            end = piece.rfind(b"\n") + 1
            if end and begin + len(piece) < self.size:
                piece = piece[:end]
            begin += len(piece)
            yield piece
