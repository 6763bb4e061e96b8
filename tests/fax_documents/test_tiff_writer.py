"""The layout of the gateway's TIFF, against the first octets of a real one."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from datetime import datetime

import pytest
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax_documents.samples import FORMATS, WHEN, page


def written(*pages: t4.CodedPage) -> bytes:
    writer = TiffWriter()
    for coded in pages:
        writer.add_page(coded, WHEN)
    return writer.octets()


def entries(octets: bytes, position: int = 8) -> tuple[list[tuple[int, int, int, bytes]], int]:
    (count,) = struct.unpack_from("<H", octets, position)
    found = [struct.unpack_from("<HHI4s", octets, position + 2 + 12 * n) for n in range(count)]
    return found, struct.unpack_from("<I", octets, position + 2 + 12 * count)[0]


def test_the_directory_is_that_of_a_real_attachment() -> None:
    """Order, kinds, counts, values and places of an AS5350's file; its one bad row included."""
    coded = t4.encode(Bitmap.blank(1728, 2270), PageFormat())
    page_of_2011 = replace(coded, rows=2270, damage=t4.Damage(1, 1))
    writer = TiffWriter()
    writer.add_page(page_of_2011, datetime(2011, 11, 18, 16, 16, 41))
    octets = writer.octets()
    expected = [
        (254, 4, 1, 2),
        (256, 3, 1, 1728),
        (257, 3, 1, 2270),
        (258, 3, 1, 1),
        (259, 3, 1, 3),
        (262, 3, 1, 0),
        (266, 3, 1, 1),
        (270, 2, 10, 302),
        (273, 4, 1, 386),
        (274, 3, 1, 1),
        (277, 3, 1, 1),
        (278, 4, 1, 4294967295),
        (279, 4, 1, 4 * 2270 + 1),
        (282, 5, 1, 0x138),
        (283, 5, 1, 0x140),
        (284, 3, 1, 1),
        (292, 4, 1, 4),
        (296, 3, 1, 2),
        (297, 3, 2, 0),
        (305, 2, 38, 328),
        (306, 2, 20, 366),
        (326, 4, 1, 1),
        (327, 3, 1, 1),
        (328, 3, 1, 1),
    ]
    found, following = entries(octets)
    assert octets[:8] == b"II*\x00\x08\x00\x00\x00"
    assert [(*entry[:3], int.from_bytes(entry[3], "little")) for entry in found] == expected
    assert following == 0
    assert octets[302:386] == (
        b"Fax Image\x00"
        + struct.pack("<4I", 204, 1, 196, 1)
        + b"Cisco NetWorks Software TIFF-F Engine\x00"
        + b"2011:11:18 16:16:41\x00"
    )
    assert octets[386:].startswith(bytes.fromhex("00014d9a80014d9a80014d9a80"))


@pytest.mark.parametrize("page_format", FORMATS, ids=lambda form: f"{form.coding.name}-{form.resolution.name}")
def test_pillow_reads_the_same_pixels(page_format: PageFormat) -> None:
    pages = [page(90, seed=seed) for seed in range(3)]
    with TiffImageFile(io.BytesIO(written(*[t4.encode(bitmap, page_format) for bitmap in pages]))) as image:
        assert image.n_frames == 3
        for index, bitmap in enumerate(pages):
            image.seek(index)
            assert Bitmap.from_image(image.convert("1")) == bitmap
            assert image.tag_v2[297] == (index, 0)
            assert (image.tag_v2[282], image.tag_v2[283]) == (204, page_format.resolution.y_dpi)


def test_the_options_name_the_coding() -> None:
    for coding, tag, value in ((Coding.MH, 292, 4), (Coding.MR, 292, 5), (Coding.MMR, 293, 0)):
        found, _ = entries(written(t4.encode(page(3), PageFormat(coding=coding))))
        assert len(found) == 24
        assert {entry[0]: int.from_bytes(entry[3], "little") for entry in found}[tag] == value


def test_directories_stand_on_even_octets() -> None:
    octets = written(*[t4.encode(page(rows), PageFormat()) for rows in (1, 2, 3, 4, 5)])
    position, pages = 8, 0
    while position:
        assert position % 2 == 0
        _, position = entries(octets, position)
        pages += 1
    assert pages == 5


def test_a_file_without_a_page_is_not_written() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        TiffWriter().octets()


def test_superfine_says_391() -> None:
    octets = written(t4.encode(page(3), PageFormat(resolution=Resolution.SUPERFINE)))
    assert struct.unpack_from("<II", octets, 0x140) == (391, 1)
