from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.filters import BAD_PATTERN
from iosemu.terminal.pager import ERASE_MORE, FILTERING, MORE, Pager

from .fakes import Screen


def rows(first: int, last: int) -> str:
    return "".join(f"row {n}\n" for n in range(first, last))


def test_a_screenful_leaves_the_last_row_to_the_question() -> None:
    pager = Pager(80, 24)
    pager.feed(rows(0, 50))
    assert pager.take() == rows(0, 23)
    assert pager.waiting


def test_space_shows_a_screen_return_a_line_and_another_key_ends_it() -> None:
    pager = Pager(80, 5)
    pager.feed(rows(0, 50))
    pager.take()
    pager.answer(" ")
    assert pager.take() == rows(4, 8)
    pager.answer("\r")
    assert pager.take() == rows(8, 9)
    pager.answer("q")
    pager.feed(rows(0, 3))
    assert (pager.take(), pager.waiting, pager.quit) == ("", False, True)


def test_output_in_pieces_is_counted_together() -> None:
    pager = Pager(80, 5)
    shown = ""
    for n in range(4):
        pager.feed(rows(n, n + 1))
        shown += pager.take()
    assert (shown, pager.waiting) == (rows(0, 4), False)
    pager.feed("one more\n")
    assert (pager.take(), pager.waiting) == ("", True)


def test_a_wide_line_counts_as_the_rows_it_takes() -> None:
    pager = Pager(10, 4)
    pager.feed("x" * 25 + "\nlast\n")
    assert pager.take() == "x" * 25 + "\n"
    assert pager.waiting


def test_length_zero_never_asks() -> None:
    pager = Pager(80, 0)
    pager.feed(rows(0, 1000))
    assert (pager.take(), pager.waiting) == (rows(0, 1000), False)


def test_the_question_is_wiped_off_the_screen() -> None:
    screen = Screen()
    screen.feed(MORE + ERASE_MORE)
    assert (screen.last.strip(), screen.column) == ("", 0)


def searched(key: str, pattern: str) -> Pager:
    """Fifty rows on a screen of five, of which four are shown, and then a search."""
    pager = Pager(80, 5)
    pager.feed(rows(0, 50))
    pager.take()
    assert pager.search(key, pattern) == FILTERING
    return pager


def test_a_slash_drops_what_comes_before_the_first_match_and_counts_its_own_row() -> None:
    pager = searched("/", "row .7")
    assert pager.take() == rows(17, 20)
    assert pager.waiting
    pager.answer(" ")
    assert pager.take() == rows(20, 24)


def test_plus_shows_only_the_lines_that_match_and_minus_the_others() -> None:
    pager = searched("+", "7$")
    assert pager.take() == "row 7\nrow 17\nrow 27\n"
    assert pager.waiting
    pager.answer(" ")
    assert (pager.take(), pager.waiting) == ("row 37\nrow 47\n", False)
    pager.feed("row 57\nrow 58\n")
    assert pager.take() == "row 57\n"
    pager = searched("-", "[1-9]")
    assert (pager.take(), pager.waiting) == ("", False)


def test_a_second_search_ends_the_first() -> None:
    pager = searched("+", "7")
    pager.take()
    assert pager.search("/", "9") == FILTERING
    assert pager.take() == rows(39, 42)


def test_a_search_for_nothing_or_with_a_bad_pattern_asks_again() -> None:
    pager = Pager(80, 5)
    pager.feed(rows(0, 50))
    pager.take()
    assert (pager.search("/", " "), pager.waiting) == ("", True)
    assert (pager.search("/", "("), pager.waiting) == (BAD_PATTERN, True)
    pager.answer("\r")
    assert pager.take() == rows(4, 5)


def test_a_search_that_finds_nothing_ends_the_output() -> None:
    pager = searched("/", "column")
    assert (pager.take(), pager.waiting) == ("", False)


@given(st.text("ab\n", max_size=200), st.integers(0, 12), st.integers(0, 8))
def test_all_text_comes_out_once_and_no_screen_is_overfull(text: str, width: int, length: int) -> None:
    pager = Pager(width, length)
    pager.feed(text)
    out = ""
    while (piece := pager.take()) or pager.waiting:
        if length > 1 and width:
            taken = sum(max(1, -(-len(line) // width)) for line in piece.split("\n")[:-1])
            assert taken <= length - 1
        out += piece
        if pager.waiting:
            pager.answer(" ")
    assert out == text
