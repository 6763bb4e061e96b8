"""The header line and the cover page."""

from __future__ import annotations

import pytest

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.cover_page import CoverPage
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.fax.text_page import PAGE_ROWS
from tests.fax_documents.samples import WHEN

VALUES = HeaderValues("tom", "95558354", WHEN)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Date:$a$", "Date:2003-02-14"),
        ("$t$", "2003-02-14,10:20:30"),
        ("From $s$ Broadcast Service", "From tom Broadcast Service"),
        ("to $d$", "to 95558354"),
        ("Page:$p$", "Page:2/3"),
        ("$x$ costs $5", "$x$ costs $5"),
    ],
)
def test_wildcards(text: str, filled: str) -> None:
    assert VALUES.fill(text, 2, 3) == filled


def test_a_value_is_not_read_as_a_wildcard() -> None:
    assert HeaderValues("$d$", "1", WHEN).fill("$s$", 1, 1) == "$d$"


def test_each_part_has_its_third_and_is_cut_to_it() -> None:
    line = HeaderLine("l" * 80, "c" * 80, "r" * 80).text(VALUES, 1, 1)
    assert line == "l" * 26 + " " + "c" * 26 + " " + "r" * 26
    assert HeaderLine(right="$p$").text(VALUES, 1, 9) == " " * 77 + "1/9"
    assert HeaderLine(center="mid").text(VALUES, 1, 1) == " " * 38 + "mid"
    assert HeaderLine().text(VALUES, 1, 1) == ""


def test_the_cover_changes_with_what_it_shows() -> None:
    covers = [
        CoverPage().draw(VALUES, 2),
        CoverPage().draw(VALUES, 3),
        CoverPage("Widget").draw(VALUES, 2),
        CoverPage(subject="Offer").draw(VALUES, 2),
        CoverPage(details=("Subject: Offer",)).draw(VALUES, 2),
        CoverPage().draw(HeaderValues("john", "95558354", WHEN), 2),
    ]
    assert len({cover.octets for cover in covers}) == len(covers)


@pytest.mark.parametrize("length", [0, 1, 1_000, 100_000])
def test_a_cover_is_one_page_whatever_it_shows(length: int) -> None:
    text = "word " * (length // 5)
    cover = CoverPage(text, text, tuple(f"X-{n}: {text[:400]}" for n in range(length // 100))).draw(VALUES, 1)
    assert isinstance(cover, Bitmap)
    assert cover.rows == PAGE_ROWS
    assert not any(cover.octets[-20 * 216 :])
