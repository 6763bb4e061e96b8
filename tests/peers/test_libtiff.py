"""libtiff's own tools judge the files that we write, and write the files that we read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.dmsp import DocToFax, PlainText
from iosemu.fax.document import Coding, PageFormat, Resolution
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.fax.tiff_reader import read_tiff
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax_documents.samples import FORMATS, WHEN, page

pytestmark = pytest.mark.peer

Need = Callable[[str], str]


def run(*command: str | Path) -> str:
    """Standard output of a program that must succeed and find nothing to complain about."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def written(path: Path, page_format: PageFormat, pages: list[Bitmap]) -> Path:
    writer = TiffWriter()
    for bitmap in pages:
        writer.add_page(t4.encode(bitmap, page_format), WHEN)
    path.write_bytes(writer.octets())
    return path


def pixels(path: Path) -> list[Bitmap]:
    found = []
    with TiffImageFile(path) as image:
        for index in range(image.n_frames):
            image.seek(index)
            found.append(Bitmap.from_image(image.convert("1")))
    return found


@pytest.mark.parametrize("page_format", FORMATS, ids=lambda form: f"{form.coding.name}-{form.resolution.name}")
def test_tiffinfo_finds_the_tags_and_tiffcp_the_pixels(page_format: PageFormat, tmp_path: Path, need: Need) -> None:
    pages = [page(100, seed=seed) for seed in range(3)]
    file = written(tmp_path / "fax.tif", page_format, pages)
    told = run(need("tiffinfo"), file)
    scheme = "CCITT Group 4" if page_format.coding is Coding.MMR else "CCITT Group 3"
    for text, times in (
        ("Image Width: 1728 Image Length: 100", 3),
        (f"Resolution: 204, {page_format.resolution.y_dpi} pixels/inch", 3),
        ("Bits/Sample: 1", 3),
        (f"Compression Scheme: {scheme}", 3),
        ("Photometric Interpretation: min-is-white", 3),
        ("FillOrder: msb-to-lsb", 3),
        ("Orientation: row 0 top, col 0 lhs", 3),
        ("Rows/Strip: (infinite)", 3),
        ("ImageDescription: Fax Image", 3),
        ("Software: Cisco NetWorks Software TIFF-F Engine", 3),
        ("DateTime: 2003:02:14 10:20:30", 3),
        ("Page Number: 2-0", 1),
        ("Fax Data: clean", 3),
        ("  Bad Fax Lines: 0", 3),
        ("Subfile Type: multi-page document", 3),
    ):
        assert told.count(text) == times, text
    options = {Coding.MH: "Options: EOL padding", Coding.MR: "Options: 2-d encoding+EOL padding"}
    if page_format.coding in options:
        assert told.count(options[page_format.coding]) == 3
    plain = tmp_path / "plain.tif"
    run(need("tiffcp"), "-c", "none", file, plain)
    assert pixels(plain) == pages


@pytest.mark.parametrize("rows", ["", "-r 7", "-r 1"])
@pytest.mark.parametrize("order", ["-L", "-B"])
@pytest.mark.parametrize("fill", ["-f msb2lsb", "-f lsb2msb"])
@pytest.mark.parametrize("scheme", ["g3:1d", "g3:1d:fill", "g3:2d", "g3:2d:fill", "g4"])
def test_every_make_of_tiffcp_is_read(
    scheme: str, fill: str, order: str, rows: str, tmp_path: Path, need: Need
) -> None:
    pages = [page(50, seed=seed) for seed in range(2)]
    file = written(tmp_path / "fax.tif", PageFormat(resolution=Resolution.STANDARD), pages)
    other = tmp_path / "other.tif"
    run(need("tiffcp"), "-c", scheme, *fill.split(), order, *rows.split(), file, other)
    found = read_tiff(other.read_bytes())
    assert [tiff_page.page_format.resolution for tiff_page in found] == [Resolution.STANDARD] * 2
    assert [tiff_page.coded(tiff_page.page_format).bitmap() for tiff_page in found] == pages


@pytest.mark.parametrize(
    ("coding", "options"), [(Coding.MH, "-3 -1 -8"), (Coding.MR, "-3 -2 -7"), (Coding.MMR, "-4 -8")]
)
def test_fax2tiff_reads_our_line_data_and_we_its_file(coding: Coding, options: str, tmp_path: Path, need: Need) -> None:
    """What goes over the line, in a file of its own, is what fax programs call a raw fax."""
    bitmap = page(200)
    raw, file = tmp_path / "page.raw", tmp_path / "page.tif"
    raw.write_bytes(t4.encode(bitmap, PageFormat(coding=coding)).wire())
    command = [need("fax2tiff"), "-v", *options.split(), "-L", "-o", str(file), str(raw)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    # What ends a page of MMR is a row to fax2tiff, which then finds nothing in it.
    rows = 201 if coding is Coding.MMR else 200
    assert f"{rows} rows in input\n0 total bad rows" in done.stderr
    (tiff_page,) = read_tiff(file.read_bytes())
    assert tiff_page.coded(tiff_page.page_format).bitmap().octets[: len(bitmap.octets)] == bitmap.octets


def test_a_text_page_is_what_the_other_side_prints(tmp_path: Path, need: Need) -> None:
    values = HeaderValues("tom", "95558354", WHEN)
    document = DocToFax([PlainText("Hello, world\n" * 20)], values, HeaderLine("$s$", "$a$", "$p$")).document
    page_format = document.format(0)
    assert page_format is not None
    coded = t4.read_wire(document.t4(0, page_format), page_format)
    writer = TiffWriter()
    writer.add_page(coded, WHEN)
    file = tmp_path / "text.tif"
    file.write_bytes(writer.octets())
    assert re.search(r"Image Width: 1728 Image Length: 2156", run(need("tiffinfo"), file))
    assert pixels(file) == [coded.bitmap()]
