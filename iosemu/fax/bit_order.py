"""The two orders of the bits in an octet.

Rule: on the line there are only bits. T.4 data is kept with the first of them rightmost, as modems and `line.Data` have
it; frames, T.38 packets and TIFF files have the first leftmost, as the Recommendations write it.
"""

from __future__ import annotations

from typing import Final

_REVERSED: Final = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


def reverse_bits(octets: bytes) -> bytes:
    """Each octet turned round, from one order to the other."""
    return octets.translate(_REVERSED)
