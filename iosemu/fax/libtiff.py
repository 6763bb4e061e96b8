"""The T.4 and T.6 coders of libtiff, reached through Pillow.

Rule: this module knows the container only as a means: an image goes in and the bits of one strip come out, or the other
way round. Images are of mode "1" and hold the bits as they are coded, 1 = black; bits are the most significant first.
libtiff writes errors of coded data to the process's stderr, so `decode` must only be given data that has been checked
(fax/t4.py does).
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from iosemu.fax.document import Coding, PageFormat, Resolution

if TYPE_CHECKING:
    from PIL import Image

_COMPRESSION = {Coding.MH: "group3", Coding.MR: "group3", Coding.MMR: "group4"}
_TAG_ROWS_PER_STRIP, _TAG_T4_OPTIONS, _TAG_STRIP_OFFSETS, _TAG_STRIP_BYTES = 278, 292, 273, 279


def encode(image: Image.Image, page_format: PageFormat) -> bytes:
    """One strip: MH and MR rows behind their EOLs, no RTC; MMR with its EOFB."""
    # Pillow says "1 is white" and writes that as photometric 1, which libtiff codes as it finds it: handing it our
    # bits unturned makes 1 a black run.
    tags: dict[int, int] = {_TAG_ROWS_PER_STRIP: image.height}
    if page_format.coding is Coding.MR:
        tags[_TAG_T4_OPTIONS] = 1
    # libtiff takes K from the density: 2 below 150 lines per inch, else 4.
    resolution = page_format.resolution
    file = io.BytesIO()
    image.save(
        file,
        "TIFF",
        compression=_COMPRESSION[page_format.coding],
        tiffinfo=tags,
        dpi=(resolution.x_dpi, 98 if resolution is Resolution.STANDARD else 196),
    )
    octets = file.getvalue()
    tag = _first_values(octets)
    start = tag[_TAG_STRIP_OFFSETS]
    return octets[start : start + tag[_TAG_STRIP_BYTES]]


def _first_values(octets: bytes) -> dict[int, int]:
    """Tag -> value field of the first directory of a file that libtiff just wrote (it writes this machine's order)."""
    order = "<" if octets[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "I", octets, 4)
    (entries,) = struct.unpack_from(order + "H", octets, directory)
    values = {}
    for position in range(directory + 2, directory + 2 + 12 * entries, 12):
        tag, kind = struct.unpack_from(order + "HH", octets, position)
        (values[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "I"), octets, position + 8)
    return values


def decode(strip: bytes, page_format: PageFormat, rows: int, *, inverted: bool = False) -> Image.Image:
    """The pixels of one strip of exactly `rows` rows that is known to be sound; `inverted` makes 1 = white."""
    from PIL import Image

    options = {Coding.MH: (292, 0), Coding.MR: (292, 1), Coding.MMR: (293, 0)}[page_format.coding]
    entries = [
        (256, page_format.width_px),
        (257, rows),
        (258, 1),
        (259, 4 if page_format.coding is Coding.MMR else 3),
        (262, 0 if inverted else 1),  # as in `encode`: with 1 Pillow gives the coded bits unturned
        (_TAG_STRIP_OFFSETS, 0),
        (277, 1),
        (_TAG_ROWS_PER_STRIP, rows),
        (_TAG_STRIP_BYTES, len(strip)),
        options,
    ]
    start = 8 + 2 + 12 * len(entries) + 4
    directory = b"".join(
        struct.pack("<HHII", tag, 4, 1, start if tag == _TAG_STRIP_OFFSETS else value) for tag, value in entries
    )
    header = struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + directory + bytes(4)
    image = Image.open(io.BytesIO(header + strip))
    image.load()
    return image
