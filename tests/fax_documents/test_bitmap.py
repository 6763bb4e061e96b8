"""Bitmaps: density and width."""

from __future__ import annotations

import pytest
from hypothesis import given

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Resolution
from tests.fax_documents.samples import bitmaps, page


@given(bitmaps())
def test_an_image_and_back_is_the_same(bitmap: Bitmap) -> None:
    assert Bitmap.from_image(bitmap.image()) == bitmap


def test_black_is_black_in_the_image() -> None:
    image = Bitmap(8, b"\x80").image()
    assert [image.getpixel((x, 0)) for x in range(2)] == [0, 255]


@pytest.mark.parametrize(("low", "high"), [("STANDARD", "FINE"), ("STANDARD", "SUPERFINE"), ("FINE", "SUPERFINE")])
def test_a_denser_page_comes_back_unharmed(low: str, high: str) -> None:
    bitmap = page(11)
    denser = bitmap.at(Resolution[low], Resolution[high])
    assert denser.rows > bitmap.rows
    assert denser.at(Resolution[high], Resolution[low]) == bitmap


def test_a_thin_line_survives_a_coarser_page() -> None:
    bitmap = Bitmap(8, b"\x00\xff\x00\x00\x00")
    assert bitmap.at(Resolution.FINE, Resolution.STANDARD).octets == b"\xff\x00\x00"


def test_a_wider_page_is_shrunk_in_proportion_and_a_narrower_one_centred() -> None:
    assert (page(100, 2432).fitted(1728).width_px, page(100, 2432).fitted(1728).rows) == (1728, 71)
    wide = Bitmap(1728, b"\xff" * 216).fitted(2048)
    assert wide.octets == bytes(20) + b"\xff" * 216 + bytes(20)


def test_half_a_row_is_no_bitmap() -> None:
    with pytest.raises(ValueError, match="whole rows"):
        Bitmap(1728, bytes(217))
