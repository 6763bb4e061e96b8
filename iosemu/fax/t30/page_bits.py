"""What a sender adds to the bits of a page: fill up to the minimum scan line time, and RTC.

Rule: a scan line with its EOL never takes less time than the receiver asked for (T.4 clause 4.1.3); a page ends with
six EOLs, with tag bits in two-dimensional coding (4.1.4, 4.2).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from iosemu.fax.document import Coding

_EOL: Final = "000000000001"
# More than eleven zeros come from fill; no code word brings that many.
_EOL_WITH_FILL: Final = re.compile("0{11,}1")


def _pack(bits: str) -> bytes:
    """Bits in line order to octets, first bit rightmost, padded with zeros."""
    bits += "0" * (-len(bits) % 8)
    return int(bits[::-1], 2).to_bytes(len(bits) // 8, "little")


RTC: Final[dict[Coding, bytes]] = {Coding.MH: _pack(_EOL * 6), Coding.MR: _pack((_EOL + "1") * 6)}
"""Return to control by coding, first bit rightmost."""


def for_line(octets: bytes, coding: Coding, rate_bps: int, min_scan_ms: int) -> bytes:
    """The bits of a page as they go on a line of that rate: MH and MR with fill where needed, and with RTC."""
    if coding is Coding.MMR:
        return octets
    if min_scan_ms and octets:
        octets = _with_fill(octets, -(-rate_bps * min_scan_ms // 1000))
    return octets + RTC[coding]


def _with_fill(octets: bytes, line_bits: int) -> bytes:
    """Zeros before each EOL, so that each line and its EOL count at least `line_bits`; also after the last line."""
    count = 8 * len(octets)
    bits = f"{int.from_bytes(octets, 'little'):0{count}b}"[::-1]
    ends = [found.end() for found in _EOL_WITH_FILL.finditer(bits)]
    if not ends:
        return octets
    parts = [bits[: ends[0]]]
    for start, end in pairwise(ends):
        parts.append(bits[start : end - len(_EOL)])
        parts.append("0" * (line_bits - (end - start)))
        parts.append(_EOL)
    last = bits[ends[-1] :]
    parts.append(last.ljust(line_bits - len(_EOL), "0"))
    return _pack("".join(parts))
