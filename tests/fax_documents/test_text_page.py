"""Text on pages: breaks, places, letters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.fax.bitmap import Bitmap
from iosemu.fax.glyphs import Face, text_face
from iosemu.fax.styled_text import Align, Paragraph, Style, plain_paragraphs
from iosemu.fax.text_page import BODY_LINES, BODY_TOP, COLUMNS, PAGE_ROWS, Line, break_lines, draw_page, set_pages


def texts(text: str, **how: object) -> list[str]:
    return [line.text for line in break_lines(Paragraph(text, **how))]  # type: ignore[arg-type]


def cell(bitmap: Bitmap, line: int, column: int) -> list[int]:
    """The pixels of one character place of the body."""
    face = text_face()
    first = BODY_TOP + line * face.rows
    shift = bitmap.width_px - 64 - (column + 1) * face.cell_px
    mask = (1 << face.cell_px) - 1
    return [int.from_bytes(bitmap.row(first + n), "big") >> shift & mask for n in range(face.rows)]


def test_lines_break_at_blanks_and_long_words_where_they_must() -> None:
    assert texts("a" * 50 + " " + "b" * 40) == ["a" * 50, "b" * 40]
    assert texts("x" * 170) == ["x" * 80, "x" * 80, "x" * 10]
    assert texts("a" * 80 + " b") == ["a" * 80, "b"]
    assert texts("") == [""]
    assert texts("    indented") == ["    indented"]


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("ab  "), max_size=400),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(-50, 50),
    st.sampled_from(Align),
)
def test_no_letter_is_lost_and_no_line_is_too_long(text: str, left: int, right: int, first: int, align: Align) -> None:
    lines = texts(text, indent=left, indent_right=right, first=first, align=align)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, lines)) <= COLUMNS


def test_alignment_and_indentation() -> None:
    assert texts("x", align=Align.RIGHT) == [" " * 79 + "x"]
    assert texts("xx", align=Align.CENTER) == [" " * 39 + "xx"]
    assert texts("x", indent=4) == ["    x"]


def test_both_margins_and_the_first_line_have_their_own_indentation() -> None:
    words = "abcd " * 20
    hanging = texts(words, indent=4, first=-4, indent_right=36)
    assert hanging[0] == ("abcd " * 9).rstrip()
    assert set(hanging[1:]) == {"    " + ("abcd " * 8).rstrip(), "    abcd abcd abcd"}
    assert texts(words, first=4)[0].startswith("    abcd")
    assert texts("x", indent=400, indent_right=400, first=-900) == ["x"]


def test_a_justified_line_reaches_both_margins_but_not_the_last() -> None:
    words = "one three fifteen " * 12
    lines = texts(words, align=Align.BOTH, indent=4)
    assert {len(line) for line in lines[:-1]} == {COLUMNS}
    assert all(line.startswith(("    o", "    t", "    f")) for line in lines)
    assert " ".join(" ".join(lines).split()) == words.strip()
    assert "   " not in lines[0].strip()
    assert len(lines[-1]) < COLUMNS
    (line, _) = break_lines(
        Paragraph("a" * 40 + " " + "b" * 30 + " " + "c" * 40, bytes([0] * 41 + [1] * 71), Align.BOTH)
    )
    assert (line.text, line.styles) == ("a" * 40 + " " * 10 + "b" * 30, bytes([0] * 50 + [1] * 30))


def test_pages_end_at_their_last_line_and_at_form_feeds() -> None:
    text = "\n".join(str(n) for n in range(BODY_LINES + 1)) + "\fnext\r\n\r\n"
    pages = set_pages(plain_paragraphs(text))
    assert [len(lines) for lines in pages] == [BODY_LINES, 1, 3]
    assert (pages[1][0].text, pages[2][0].text) == (str(BODY_LINES), "next")


def test_tabs_go_to_every_eighth_column() -> None:
    assert [paragraph.text for paragraph in plain_paragraphs("a\tb\r\rc")] == ["a       b", "", "c"]


def test_a_character_stands_in_its_place() -> None:
    bitmap = draw_page([Line("x"), Line("  x"), Line(" " * 79 + "x")])
    x = cell(bitmap, 0, 0)
    assert any(x)
    assert cell(bitmap, 1, 2) == cell(bitmap, 2, 79) == x
    assert not any(cell(bitmap, 1, 0))


def test_a_page_has_margins_and_its_length() -> None:
    bitmap = draw_page([Line("M" * COLUMNS)] * BODY_LINES, "M" * COLUMNS)
    assert (bitmap.width_px, bitmap.rows) == (1728, PAGE_ROWS)
    assert all(bitmap.row(n)[:8] == bitmap.row(n)[-8:] == bytes(8) for n in range(PAGE_ROWS))
    assert not any(bitmap.octets[: 20 * 216])
    assert not any(bitmap.octets[-20 * 216 :])


def test_the_header_does_not_move_the_text() -> None:
    plain, headed = draw_page([Line("text")]), draw_page([Line("text")], "header")
    assert plain != headed
    assert plain.octets[BODY_TOP * 216 :] == headed.octets[BODY_TOP * 216 :]


def test_accents_and_descenders_are_whole() -> None:
    """Nothing of a letter is cut off by its cell."""
    roomy = Face(size_px=33, cell_px=20, rows=80, baseline=50)
    for char in "ÄÅÊŠgjpqy|_":
        ink = [row for row in text_face().line(char) if any(row)]
        assert ink
        assert ink == [row for row in roomy.line(char) if any(row)]


@pytest.mark.parametrize("style", [Style.BOLD, Style.ITALIC, Style.UNDERLINE])
def test_styles_change_the_letter_but_not_its_neighbours(style: Style) -> None:
    plain = draw_page([Line("lml")])
    styled = draw_page([Line("lml", bytes([0, style, 0]))])
    assert cell(plain, 0, 1) != cell(styled, 0, 1)
    assert [cell(styled, 0, n) for n in (0, 2)] == [cell(plain, 0, n) for n in (0, 2)]


def test_what_the_font_has_not_is_shown_as_unknown() -> None:
    bitmap = draw_page([Line("漢\N{REPLACEMENT CHARACTER} \u3000")])
    assert cell(bitmap, 0, 0) == cell(bitmap, 0, 1) != cell(bitmap, 0, 2)
    assert not any(cell(bitmap, 0, 3))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_printed(text: str) -> None:
    for lines in set_pages(plain_paragraphs(text)):
        assert draw_page(lines).rows == PAGE_ROWS
