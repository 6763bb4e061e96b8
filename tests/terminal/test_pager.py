from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.pager import ERASE_MORE, MORE, Pager

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
