"""The DMSP: DLE stream to TIFF, mail parts to pages."""

from __future__ import annotations

import io

import pytest
from PIL.TiffImagePlugin import TiffImageFile

from iosemu.fax import dle, t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.cover_page import CoverPage
from iosemu.fax.dmsp import DocToFax, EnrichedText, FaxToDoc, Part, PlainText, TiffFile
from iosemu.fax.document import Coding, DocumentError, PageFormat, Resolution
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.fax.styled_text import plain_paragraphs
from iosemu.fax.text_page import draw_page, set_pages
from iosemu.fax.tiff_reader import TiffError, read_tiff
from iosemu.fax.tiff_writer import TiffWriter
from tests.fax_documents.samples import FORMATS, WHEN, page

VALUES = HeaderValues("tom@testlab-t37.com", "95558354", WHEN)
FINE = PageFormat()


def stream(coded: t4.CodedPage) -> bytes:
    return dle.encode(coded.wire()) + dle.END_OF_PAGE


def pictures(tiff: bytes) -> list[Bitmap]:
    found = []
    with TiffImageFile(io.BytesIO(tiff)) as image:
        for index in range(image.n_frames):
            image.seek(index)
            found.append(Bitmap.from_image(image.convert("1")))
        return found


def tiff_file(*bitmaps: Bitmap, page_format: PageFormat = FINE) -> TiffFile:
    writer = TiffWriter()
    for bitmap in bitmaps:
        writer.add_page(t4.encode(bitmap, page_format), WHEN)
    return TiffFile(writer.octets())


def sent(part_list: list[Part], header: HeaderLine | None = None, cover: CoverPage | None = None) -> list[Bitmap]:
    """What a fax machine gets."""
    document = DocToFax(part_list, VALUES, header, cover).document
    found: list[Bitmap] = []
    while (page_format := document.format(len(found))) is not None:
        assert (page_format.coding, page_format.resolution) == (Coding.MH, Resolution.FINE)
        found.append(t4.read_wire(document.t4(len(found), page_format), page_format).bitmap())
    return found


@pytest.mark.parametrize("page_format", FORMATS, ids=lambda form: f"{form.coding.name}-{form.resolution.name}")
def test_pages_reach_the_file_pixel_for_pixel(page_format: PageFormat) -> None:
    pages = [page(70, seed=seed) for seed in range(3)]
    to_doc = FaxToDoc(lambda: WHEN)
    for index, bitmap in enumerate(pages):
        to_doc.page_started(index, page_format)
        octets = stream(t4.encode(bitmap, page_format))
        for start in range(0, len(octets), 37):
            to_doc.feed(octets[start : start + 37])
    assert pictures(to_doc.tiff()) == pages
    assert {tiff_page.page_format for tiff_page in read_tiff(to_doc.tiff())} == {page_format}


def test_image_encoding_and_resolution_change_the_file() -> None:
    to_doc = FaxToDoc(lambda: WHEN, coding=Coding.MMR, resolution=Resolution.FINE)
    standard = PageFormat(resolution=Resolution.STANDARD)
    to_doc.page_started(0, standard)
    to_doc.feed(stream(t4.encode(page(30), standard)))
    assert to_doc.pages[0].page_format == PageFormat(coding=Coding.MMR)
    assert pictures(to_doc.tiff()) == [page(30).at(Resolution.STANDARD, Resolution.FINE)]


def test_a_page_that_is_sent_again_replaces_itself() -> None:
    to_doc = FaxToDoc(lambda: WHEN)
    for index, seed in ((0, 1), (1, 2), (1, 3)):
        to_doc.page_started(index, FINE)
        to_doc.feed(stream(t4.encode(page(seed=seed), FINE)))
    assert pictures(to_doc.tiff()) == [page(seed=1), page(seed=3)]
    # Even where the file has been asked for: what was packed of it goes with it.
    to_doc.page_refused()
    for index, seed in ((1, 4), (0, 5), (1, 6)):
        to_doc.page_started(index, FINE)
        to_doc.feed(stream(t4.encode(page(seed=seed), FINE)))
    assert pictures(to_doc.tiff()) == [page(seed=5), page(seed=6)]


def test_pages_are_packed_while_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[int] = []
    strip = t4.CodedPage.strip
    monkeypatch.setattr(t4.CodedPage, "strip", lambda self: packed.append(self.rows) or strip(self))
    to_doc = FaxToDoc(lambda: WHEN)
    for index, rows in enumerate((20, 30, 40)):
        to_doc.page_started(index, FINE)
        to_doc.feed(stream(t4.encode(page(rows), FINE)))
    assert packed == [20, 30]
    to_doc.tiff()
    assert packed == [20, 30, 40]


def test_a_page_that_broke_off_is_not_in_the_file() -> None:
    to_doc = FaxToDoc(lambda: WHEN)
    to_doc.page_started(0, FINE)
    to_doc.feed(stream(t4.encode(page(), FINE)))
    to_doc.page_started(1, FINE)
    to_doc.feed(stream(t4.encode(page(), FINE))[:-2])
    assert len(to_doc.pages) == 1


def test_an_unreadable_page_is_counted_and_no_page_is_no_file() -> None:
    to_doc = FaxToDoc(lambda: WHEN)
    to_doc.page_started(0, FINE)
    to_doc.feed(b"\xff" * 500 + dle.END_OF_PAGE)
    assert to_doc.unreadable == 1
    with pytest.raises(DocumentError, match="no page was received"):
        to_doc.tiff()


def test_tiff_parts_go_out_untouched() -> None:
    bitmaps = [page(50, seed=seed) for seed in range(2)]
    assert sent([tiff_file(*bitmaps)], HeaderLine("left"), CoverPage("no cover here")) == bitmaps


def test_a_standard_tiff_is_sent_fine() -> None:
    standard = PageFormat(1728, Resolution.STANDARD, Coding.MMR)
    expected = page(50).at(Resolution.STANDARD, Resolution.FINE)
    assert sent([tiff_file(page(50), page_format=standard)]) == [expected]


def test_text_gets_header_line_and_cover_page() -> None:
    header, cover = HeaderLine("From $s$", "$a$", "Page $p$"), CoverPage("Offer")
    pages = sent([PlainText("one\ftwo"), tiff_file(page())], header, cover)
    assert len(pages) == 4
    assert pages[0] == cover.draw(VALUES, 4)
    lines = set_pages(plain_paragraphs("one\ftwo"))
    assert pages[1:3] == [draw_page(lines[n], header.text(VALUES, n + 2, 4)) for n in range(2)]
    assert pages[3] == page()


def test_enriched_text_is_text() -> None:
    assert sent([EnrichedText("Hello\n<nothing>world</nothing>")]) == sent([PlainText("Hello world")])
    assert sent([EnrichedText("<bold>Hello</bold>")]) != sent([PlainText("Hello")])


@pytest.mark.parametrize("parts", [[], [PlainText(" \r\n\t\f")], [EnrichedText("<bold></bold>")]])
def test_an_empty_mail_has_nothing_to_send(parts: list[Part]) -> None:
    with pytest.raises(DocumentError, match="no page to send"):
        DocToFax(parts, VALUES, cover=CoverPage())


def test_blank_text_beside_a_tiff_is_no_page() -> None:
    assert sent([PlainText("\r\n"), tiff_file(page())], cover=CoverPage()) == [page()]


def test_a_part_that_is_no_fax_is_refused() -> None:
    with pytest.raises(TiffError, match="not a TIFF file"):
        DocToFax([TiffFile(b"GIF89a")], VALUES)


def test_a_page_is_given_again_and_in_other_formats() -> None:
    document = DocToFax([tiff_file(page(40))], VALUES).document
    assert document.t4(0, FINE) is document.t4(0, FINE)
    coarse = PageFormat(1728, Resolution.STANDARD, Coding.MR)
    assert t4.read_wire(document.t4(0, coarse), coarse).bitmap() == page(40).at(Resolution.FINE, Resolution.STANDARD)
    with pytest.raises(DocumentError, match="no page 2"):
        document.t4(1, FINE)
