"""TIFF-F files of all makes are read pixel for pixel; everything else is one `TiffError`."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.fax import t4
from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.tiff_reader import TiffError, TiffPage, read_tiff
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax_documents.samples import FORMATS, WHEN, negative, page


def by_pillow(bitmap: Bitmap, compression: str, **tags: Any) -> bytes:
    file = io.BytesIO()
    bitmap.image().save(file, "TIFF", compression=compression, **tags)
    return file.getvalue()


def ours(*pages: t4.CodedPage) -> bytes:
    writer = TiffWriter()
    for coded in pages:
        writer.add_page(coded, WHEN)
    return writer.octets()


def only(octets: bytes) -> TiffPage:
    (found,) = read_tiff(octets)
    return found


def pixels(tiff_page: TiffPage) -> Bitmap:
    return tiff_page.coded(tiff_page.page_format).bitmap()


def problem(octets: bytes) -> str:
    """What the reader says against a file, or "none"."""
    try:
        for tiff_page in read_tiff(octets):
            tiff_page.coded(PageFormat())
    except TiffError as error:
        return str(error)
    return "none"


def is_one_line(text: str) -> bool:
    return bool(text) and "\n" not in text


def patched(octets: bytes, tag: int, value: int) -> bytes:
    """A file of ours with the inline value of one tag of the first page changed."""
    entries = [struct.unpack_from("<H", octets, 10 + 12 * n)[0] for n in range(24)]
    place = 10 + 12 * entries.index(tag)
    short = struct.unpack_from("<H", octets, place + 2)[0] == 3
    return (
        octets[: place + 8]
        + struct.pack("<HH" if short else "<I", *([value, 0] if short else [value]))
        + octets[place + 12 :]
    )


def big_endian(bitmap: Bitmap, strip: bytes, fill_order: int) -> bytes:
    """A hand-made big-endian MMR file in one strip."""
    entries = [(256, 1728), (257, bitmap.rows), (259, 4), (262, 0), (266, fill_order), (273, 8), (279, len(strip))]
    directory = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in entries)
    return (
        struct.pack(">2sHI", b"MM", 42, 8 + len(strip)) + strip + struct.pack(">H", len(entries)) + directory + bytes(4)
    )


@pytest.mark.parametrize("page_format", FORMATS, ids=lambda form: f"{form.coding.name}-{form.resolution.name}")
def test_our_own_files_come_back_without_recoding(page_format: PageFormat) -> None:
    pages = [t4.encode(page(50, seed=seed), page_format) for seed in range(3)]
    assert [tiff_page.coded(page_format) for tiff_page in read_tiff(ours(*pages))] == pages


@pytest.mark.parametrize(
    ("compression", "tags", "coding"),
    [
        ("group3", {}, Coding.MH),
        ("group3", {"tiffinfo": {292: 4}}, Coding.MH),
        ("group3", {"tiffinfo": {292: 5}}, Coding.MR),
        ("group3", {"tiffinfo": {292: 1, 278: 7}}, Coding.MR),
        ("group4", {"tiffinfo": {278: 7}}, Coding.MMR),
        ("group4", {"tiffinfo": {278: 1000}}, Coding.MMR),
        ("tiff_ccitt", {}, Coding.MH),
        ("tiff_ccitt", {"tiffinfo": {278: 1}}, Coding.MH),
    ],
)
def test_files_of_pillow(compression: str, tags: dict[str, Any], coding: Coding) -> None:
    """They are black-is-zero and have several strips."""
    bitmap = page(61)
    tiff_page = only(by_pillow(bitmap, compression, **tags))
    assert tiff_page.page_format == PageFormat(1728, Resolution.FINE, coding)
    assert pixels(tiff_page) == bitmap


def test_white_is_zero_and_the_other_way() -> None:
    bitmap = page(20)
    file = ours(t4.encode(bitmap, PageFormat()))
    assert pixels(only(file)) == bitmap
    assert pixels(only(patched(file, 262, 1))) == negative(bitmap)


@pytest.mark.parametrize("fill_order", [1, 2])
def test_big_endian_and_fill_order(fill_order: int) -> None:
    bitmap = page(33)
    strip = t4.encode(bitmap, PageFormat(coding=Coding.MMR)).strip()
    if fill_order == 2:
        strip = reverse_bits(strip)
    assert pixels(only(big_endian(bitmap, strip, fill_order))) == bitmap


@pytest.mark.parametrize(
    ("dpi", "resolution"),
    [
        ((204, 98), Resolution.STANDARD),
        ((200, 100), Resolution.STANDARD),
        ((204, 196), Resolution.FINE),
        ((200, 200), Resolution.FINE),
        ((204, 391), Resolution.SUPERFINE),
    ],
)
def test_the_density_is_the_nearest_of_group_3(dpi: tuple[int, int], resolution: Resolution) -> None:
    assert only(by_pillow(page(9), "group4", dpi=dpi)).page_format.resolution is resolution


def test_density_in_centimetres() -> None:
    file = by_pillow(page(9), "group4", x_resolution=80.0, y_resolution=38.5, resolution_unit="cm")
    assert only(file).page_format.resolution is Resolution.STANDARD


def test_a_page_in_another_format_is_recoded() -> None:
    bitmap = page(20)
    tiff_page = only(ours(t4.encode(bitmap, PageFormat(1728, Resolution.STANDARD, Coding.MMR))))
    assert tiff_page.coded(PageFormat()).bitmap() == bitmap.at(Resolution.STANDARD, Resolution.FINE)


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"", "not a TIFF file"),
        (b"%PDF-1.4", "not a TIFF file"),
        (b"II*\x00", "a TIFF file without a page"),
        (b"II*\x00\xff\x00\x00\x00", "damaged TIFF file: it ends within the description of a page"),
        (b"II+\x00\x08\x00\x00\x00", "not a TIFF file"),
    ],
)
def test_what_is_no_tiff(octets: bytes, text: str) -> None:
    with pytest.raises(TiffError, match=f"^{text}$"):
        read_tiff(octets)


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        (256, 1000, "not a fax: page 1 is 1000 pixels wide"),
        (257, 0, "page 1 has 0 rows"),
        (257, 60_000, "page 1 has 60000 rows"),
        (258, 8, "not a fax: page 1 is not coded as MH, MR or MMR"),
        (259, 5, "not a fax: page 1 is not coded as MH, MR or MMR"),
        (262, 2, "not a fax: page 1 has no black and white that is known"),
        (278, 5, "damaged TIFF file: page 1 has 1 strips"),
        (279, 1_000_000, "damaged TIFF file: it ends within a page"),
        (292, 6, "page 1 uses uncompressed mode, which no fax machine reads"),
    ],
)
def test_what_is_no_fax(tag: int, value: int, text: str) -> None:
    with pytest.raises(TiffError, match=f"^{text}$"):
        read_tiff(patched(ours(t4.encode(page(20), PageFormat())), tag, value))


def test_pages_in_a_circle() -> None:
    file = ours(t4.encode(page(5), PageFormat()))
    with pytest.raises(TiffError, match="circle"):
        read_tiff(file[:298] + struct.pack("<I", 8) + file[302:])


def test_a_damaged_mmr_page_is_refused_by_number() -> None:
    coded = t4.encode(page(50), PageFormat(coding=Coding.MMR))
    file = bytearray(ours(coded, coded))
    file[-200:] = bytes(200)
    first, second = read_tiff(bytes(file))
    assert first.coded(coded.page_format) == coded
    with pytest.raises(TiffError, match=r"^page 2 is damaged: row \d+ cannot be read$"):
        second.coded(coded.page_format)


def test_a_bad_row_in_a_file_is_mended() -> None:
    file = bytearray(ours(t4.encode(page(50), PageFormat())))
    file[600] ^= 0x55
    coded = only(bytes(file)).coded(PageFormat())
    assert coded.rows == 50
    assert coded.damage.bad_rows == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"]))
def test_random_octets_raise_nothing_else(noise: bytes, start: bytes) -> None:
    assert is_one_line(problem(start + noise))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 900))
def test_a_tampered_file_raises_nothing_else(changes: list[tuple[int, int]], end: int) -> None:
    coded = [t4.encode(page(3, seed=seed), PageFormat(coding=coding)) for seed, coding in enumerate(Coding)]
    file = bytearray(ours(*coded))
    for place, value in changes:
        file[place % len(file)] = value
    assert is_one_line(problem(bytes(file[: len(file) - end // 3])))
