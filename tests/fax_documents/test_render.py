"""Files of a user as fax pages and back."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.pages import PagedDocument
from iosemu.fax.render import FileError, images, load, load_octets, png_page, png_pages
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax_documents.samples import WHEN, page


def fax(*pages: t4.CodedPage) -> bytes:
    writer = TiffWriter("lab")
    for coded in pages:
        writer.add_page(coded, WHEN)
    return writer.octets()


def pixels(document: PagedDocument) -> list[Bitmap]:
    found: list[Bitmap] = []
    while (page_format := document.format(len(found))) is not None:
        found.append(t4.read_wire(document.t4(len(found), page_format), page_format).bitmap())
    return found


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def drawing(mode: str, size: tuple[int, int]) -> Image.Image:
    """White paper with a black frame in its upper left quarter."""
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), outline=0, width=size[0] // 20)
    return image.convert(mode)


@pytest.mark.parametrize("coding", list(Coding))
def test_a_fax_goes_out_bit_for_bit_in_its_own_format(coding: Coding, tmp_path: Path) -> None:
    page_format = PageFormat(1728, Resolution.STANDARD, coding)
    pages = [t4.encode(page(40, seed=seed), page_format) for seed in range(3)]
    file = tmp_path / "fax.tif"
    file.write_bytes(fax(*pages))
    document = load(file)
    assert [document.format(n) for n in range(4)] == [page_format] * 3 + [None]
    assert [document.t4(n, page_format) for n in range(3)] == [coded.wire() for coded in pages]


@pytest.mark.parametrize(
    "octets",
    [
        saved(drawing("L", (400, 500)), "PNG"),
        saved(drawing("RGB", (3000, 3750)), "PNG"),
        saved(drawing("1", (864, 1080)), "PNG"),
        saved(drawing("P", (400, 500)), "PNG"),
        saved(drawing("I;16", (400, 500)).point(lambda level: level * 256), "PNG"),
        saved(drawing("RGB", (400, 500)), "JPEG"),
        saved(drawing("CMYK", (400, 500)), "JPEG"),
        saved(drawing("RGB", (400, 500)), "TIFF", compression="tiff_lzw"),
        saved(drawing("1", (2550, 3188)), "TIFF", compression="group4"),
    ],
    ids=["grey", "large", "bilevel", "palette", "16-bit", "jpeg", "cmyk", "lzw", "scan"],
)
def test_pictures_fill_the_width_in_proportion(octets: bytes) -> None:
    (bitmap,) = pixels(load_octets(octets, "x"))
    assert bitmap.width_px == 1728
    assert abs(bitmap.rows - 1728 * 1.25 * 196 / 204) < 8
    image = bitmap.image()
    assert [image.getpixel(place) for place in ((10, 10), (850, 1000), (400, 500), (1500, 1900))] == [0, 0, 255, 255]


@pytest.mark.parametrize(
    ("said", "resolution"),
    [
        ({}, Resolution.FINE),
        ({"dpi": (204, 98)}, Resolution.STANDARD),
        ({"dpi": (200, 200)}, Resolution.FINE),
        ({"dpi": (204, 391)}, Resolution.SUPERFINE),
    ],
)
def test_what_was_scanned_for_a_fax_goes_out_row_for_row(
    said: dict[str, tuple[int, int]], resolution: Resolution
) -> None:
    scanned = page(100)
    document = load_octets(saved(scanned.image(), "TIFF", compression="tiff_lzw", **said), "x.tif")
    assert document.format(0) == PageFormat(1728, resolution, Coding.MH)
    assert document.coded(0, PageFormat(1728, resolution, Coding.MH)).bitmap() == scanned


def test_transparent_is_white() -> None:
    (bitmap,) = pixels(load_octets(saved(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG"), "x.png"))
    assert not any(bitmap.octets)


def test_a_photograph_keeps_its_greys() -> None:
    (bitmap,) = pixels(load_octets(saved(Image.new("L", (1728, 204), 128), "PNG"), "x.png"))
    black = sum(octet.bit_count() for octet in bitmap.octets) / (1728 * bitmap.rows)
    assert 0.4 < black < 0.6


def test_all_pictures_of_a_tiff_are_pages() -> None:
    sheets = [drawing("L", (400, 500)), drawing("RGB", (300, 300))]
    octets = saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    assert len(pixels(load_octets(octets, "x.tif"))) == 2


def test_pdf_pages_are_printed_in_their_size() -> None:
    pytest.importorskip("pypdfium2")
    sheet = drawing("L", (850, 1100))
    octets = saved(sheet, "PDF", resolution=100, save_all=True, append_images=[sheet.rotate(180)])
    first, second = pixels(load_octets(octets, "x.pdf"))
    assert (first.width_px, first.rows) == (1728, second.rows)
    assert abs(first.rows - 11 * 196) < 10
    assert first.image().getpixel((20, 20)) == 0
    assert second.image().getpixel((20, 20)) == 255


def test_text_is_printed() -> None:
    assert len(pixels(load_octets(b"one\x0ctwo\n", "x.txt"))) == 2
    utf8, utf16, latin = (
        pixels(load_octets("Grüße".encode(how), "letter")) for how in ("utf-8-sig", "utf-16", "latin-1")
    )
    assert utf8 == utf16 == latin


@pytest.mark.parametrize(
    ("name", "octets", "text"),
    [
        ("x.tif", b"hello", "not a TIFF file"),
        ("x.TIFF", b"\x00\x01", "not a TIFF file"),
        ("x.pdf", b"hello", "not a PDF file"),
        ("x.png", b"hello", "not a PNG file"),
        ("x.jpg", b"hello", "not a JPEG file"),
        ("x", b"", "empty"),
        ("x.txt", b" \r\n\x0c", "empty"),
        ("x", b"\x7fELF\x02\x01\x01\x00", "not a TIFF, PDF, PNG, JPEG or text file"),
        ("x", b"\xff\xff\x01", "not a TIFF, PDF, PNG, JPEG or text file"),
        ("x", b"II*\x00", "a TIFF file without a page"),
        ("x.png", saved(drawing("L", (99, 99)), "PNG")[:-40], "not a PNG file that can be read"),
        ("x.pdf", b"%PDF-1.4\nrubbish", "not a PDF file that can be read"),
        ("x.tif", saved(Image.new("L", (1, 40_000)), "TIFF"), "a picture of 1 x 40000 pixels is too long for a page"),
        ("x.png", saved(Image.new("L", (1, 40_000)), "PNG"), "a picture of 1 x 40000 pixels is too long for a page"),
    ],
)
def test_one_clear_line(name: str, octets: bytes, text: str) -> None:
    with pytest.raises(FileError) as caught:
        load_octets(octets, name)
    assert str(caught.value) == f"{name}: {text}"


def test_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    octets = saved(Image.new("1", (20_000, 20_000)), "PNG")
    with pytest.raises(FileError, match=r"^bomb\.png: a picture that is too large$"):
        load_octets(octets, "bomb.png")


def test_a_damaged_fax_is_refused_before_it_is_sent() -> None:
    octets = bytearray(fax(t4.encode(page(50), PageFormat(coding=Coding.MMR))))
    octets[-300:] = bytes(300)
    with pytest.raises(FileError, match=r"^x\.tif: page 1 is damaged: row \d+ cannot be read$"):
        load_octets(bytes(octets), "x.tif")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, text in ((tmp_path / "none.tif", "no such file"), (tmp_path, "is a directory")):
        with pytest.raises(FileError) as caught:
            load(path)
        assert str(caught.value) == f"{path}: {text}"


def test_pdf_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(FileError, match=r"^x\.pdf: PDF files need pypdfium2: pip install 'iosemu\[pdf\]'$"):
        load_octets(b"%PDF-1.4", "x.pdf")


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*"]),
    st.binary(max_size=200),
)
def test_random_octets_raise_nothing_else(start: bytes, noise: bytes) -> None:
    said = "x: none"
    try:
        assert load_octets(start + noise, "x").format(0) is not None
    except FileError as error:
        said = str(error)
    assert said.startswith("x: ")
    assert "\n" not in said


def test_received_pages_become_png_with_square_pixels() -> None:
    bitmap = page(40)
    tiff = fax(*[t4.encode(bitmap, PageFormat(resolution=resolution)) for resolution in Resolution])
    standard, fine, superfine = images(tiff)
    assert Bitmap.from_image(fine) == bitmap
    assert Bitmap.from_image(standard) == bitmap.at(Resolution.STANDARD, Resolution.FINE)
    assert superfine.size == (3456, 40)
    for octets, image in zip(png_pages(tiff), (standard, fine, superfine), strict=True):
        with Image.open(io.BytesIO(octets)) as png:
            assert png.format == "PNG"
            assert png.tobytes() == image.tobytes()
    assert [png_page(tiff, index) for index in range(3)] == list(png_pages(tiff))
    with pytest.raises(IndexError):
        png_page(tiff, 3)
