"""The TIFF-F file that an on-ramp attaches to its mail, octet for octet in the layout of a real gateway's.

Rule: little-endian; every page is a directory of 24 entries, then its strings and rationals, then one strip; the first
directory stands at 8 and the first strip at 386. Byte-aligned EOLs. Source: the first octets of an AS5350's attachment,
RFC 2301 profile F (which allows all of it), TIFF 6.0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from iosemu.fax.document import Coding
from iosemu.fax.t4 import CodedPage

GATEWAY_SOFTWARE = "Cisco NetWorks Software TIFF-F Engine"
DESCRIPTION = "Fax Image"

_ENTRIES = 24
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_WHOLE_PAGE = 0xFFFFFFFF  # RowsPerStrip: one strip
_FIRST_DIRECTORY = 8
_HEADER = struct.pack("<2sHI", b"II", 42, _FIRST_DIRECTORY)

_CLEAN, _REGENERATED = 0, 1  # CleanFaxData

# Coding -> Compression, and the tag and value of its options: bit 0 two-dimensional, bit 2 byte-aligned EOLs.
_CODINGS = {Coding.MH: (3, 292, 4), Coding.MR: (3, 292, 5), Coding.MMR: (4, 293, 0)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A directory entry: its values inline (at most 4 octets), or octets that are kept behind the directory."""

    tag: int
    kind: int
    count: int
    inline: bytes = b""
    outside: bytes = b""


def _short(tag: int, *values: int) -> _Entry:
    return _Entry(tag, _SHORT, len(values), struct.pack(f"<{len(values)}H", *values))


def _long(tag: int, value: int) -> _Entry:
    return _Entry(tag, _LONG, 1, struct.pack("<I", value))


def _rational(tag: int, value: int) -> _Entry:
    return _Entry(tag, _RATIONAL, 1, outside=struct.pack("<II", value, 1))


def _ascii(tag: int, text: str) -> _Entry:
    octets = text.encode("ascii", "replace") + b"\x00"
    if len(octets) <= 4:
        return _Entry(tag, _ASCII, len(octets), inline=octets)
    return _Entry(tag, _ASCII, len(octets), outside=octets)


class TiffWriter:
    """Collects pages; `software` is the value of the tag of that name."""

    def __init__(self, software: str = GATEWAY_SOFTWARE) -> None:
        self._software = software
        self._parts: list[bytes] = [_HEADER]
        self._length = len(_HEADER)
        self._pages = 0

    def __len__(self) -> int:
        """Pages so far."""
        return self._pages

    def add_page(self, page: CodedPage, when: datetime, strip: bytes | None = None) -> None:
        """Appends the page as it is coded; `when` is the local time of its reception. `strip` is that of the page,
        where it has been made already."""
        strip = page.strip() if strip is None else strip
        part = self._directory(page, len(strip), when) + strip
        part += b"\x00" * (len(part) % 2)
        self._parts.append(part)
        self._length += len(part)
        self._pages += 1

    def octets(self) -> bytes:
        """The file; at least one page must have been added."""
        if not self._pages:
            raise ValueError("a TIFF file has at least one page")
        # Every directory links to what follows its page; after the last one nothing does.
        *parts, last = self._parts
        link = 2 + 12 * _ENTRIES
        return b"".join([*parts, last[:link], bytes(4), last[link + 4 :]])

    def _directory(self, page: CodedPage, strip_octets: int, when: datetime) -> bytes:
        """Directory, link and the values outside it; the strip follows directly."""
        compression, options_tag, options = _CODINGS[page.page_format.coding]
        resolution = page.page_format.resolution
        entries = [
            _long(254, 2),  # NewSubfileType: a page of several
            _short(256, page.page_format.width_px),
            _short(257, page.rows),
            _short(258, 1),  # BitsPerSample
            _short(259, compression),
            _short(262, 0),  # Photometric: 0 is white
            _short(266, 1),  # FillOrder: most significant bit first
            _ascii(270, DESCRIPTION),
            _long(273, 0),  # StripOffsets: set below
            _short(274, 1),  # Orientation
            _short(277, 1),  # SamplesPerPixel
            _long(278, _WHOLE_PAGE),
            _long(279, strip_octets),
            _rational(282, resolution.x_dpi),
            _rational(283, resolution.y_dpi),
            _short(284, 1),  # PlanarConfig
            _long(options_tag, options),
            _short(296, 2),  # ResolutionUnit: inch
            _short(297, self._pages, 0),  # PageNumber of an unknown total
            _ascii(305, self._software),
            _ascii(306, when.strftime("%Y:%m:%d %H:%M:%S")),
            _long(326, page.damage.bad_rows),
            _short(327, _REGENERATED if page.damage.bad_rows else _CLEAN),
            _short(328, page.damage.longest_run),
        ]
        outside_at = self._length + 2 + 12 * _ENTRIES + 4
        strip_at = outside_at + sum(len(entry.outside) for entry in entries)
        strip_at += strip_at % 2
        directory, outside = [struct.pack("<H", _ENTRIES)], b""
        for entry in entries:
            if entry.outside:
                value = struct.pack("<I", outside_at + len(outside))
                outside += entry.outside
            else:
                value = entry.inline
            if entry.tag == 273:
                value = struct.pack("<I", strip_at)
            directory.append(struct.pack("<HHI4s", entry.tag, entry.kind, entry.count, value))
        strip_end = strip_at + strip_octets
        directory.append(struct.pack("<I", strip_end + strip_end % 2))
        octets = b"".join(directory) + outside
        return octets + b"\x00" * (len(octets) % 2)
