from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.line_buffer import KILLS_KEPT, LINE_LIMIT, LineBuffer


class Reference:
    """The same line as two lists of characters, before and behind the cursor."""

    def __init__(self) -> None:
        self.left: list[str] = []
        self.right: list[str] = []
        self.cuts: list[str] = []

    def cut(self, piece: list[str]) -> None:
        if piece:
            self.cuts.append("".join(piece))

    def word(self, characters: list[str]) -> int:
        """How many characters until the first word is over."""
        count = 0
        while count < len(characters) and characters[count] == " ":
            count += 1
        while count < len(characters) and characters[count] != " ":
            count += 1
        return count

    def do(self, name: str) -> None:
        left, right = self.left, self.right
        back, on = self.word(left[::-1]), self.word(right)
        if name == "home":
            self.left, self.right = [], left + right
        elif name == "end":
            self.left, self.right = left + right, []
        elif name == "left" and left:
            right.insert(0, left.pop())
        elif name == "right" and right:
            left.append(right.pop(0))
        elif name == "word_left":
            self.left, self.right = left[: len(left) - back], left[len(left) - back :] + right
        elif name == "word_right":
            self.left, self.right = left + right[:on], right[on:]
        elif name == "delete_left" and left:
            left.pop()
        elif name == "delete_right" and right:
            right.pop(0)
        elif name == "cut_before":
            self.cut(left)
            self.left = []
        elif name == "cut_behind":
            self.cut(right)
            self.right = []
        elif name == "cut_word_left":
            self.cut(left[len(left) - back :])
            self.left = left[: len(left) - back]
        elif name == "cut_word_right":
            self.cut(right[:on])
            self.right = right[on:]
        elif name == "transpose" and left and right:
            left[-1:] = [right.pop(0), left[-1]]
        elif name == "transpose" and len(left) > 1:
            left[-2:] = [left[-1], left[-2]]
        elif name in ("lower", "upper"):
            self.left, self.right = left + [getattr(letter, name)() for letter in right[:on]], right[on:]
        elif name == "yank" and self.cuts:
            left.extend(self.cuts[-1])


NAMES = [
    *("home", "end", "left", "right", "word_left", "word_right", "delete_left", "delete_right", "cut_before"),
    *("cut_behind", "cut_word_left", "cut_word_right", "transpose", "lower", "upper", "yank"),
]


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(["Show ", "ip", " ", "a"])), max_size=60))
def test_every_operation_does_to_the_line_what_it_does_to_a_list_of_characters(steps: list[str]) -> None:
    line, reference = LineBuffer(), Reference()
    for step in steps:
        before = line.text, line.cursor
        if step in NAMES:
            did = getattr(line, step)()
            reference.do(step)
            assert did or (line.text, line.cursor) == before
        else:
            line.insert(step)
            reference.left.extend(step)
        if len(line.text) >= LINE_LIMIT - 80:
            return
        assert (line.before, line.text[line.cursor :]) == ("".join(reference.left), "".join(reference.right))


def test_esc_y_goes_through_the_pieces_from_the_newest_to_the_oldest_and_round_again() -> None:
    line = LineBuffer()
    for number in range(KILLS_KEPT + 2):
        line.insert(f"<{number}>")
        line.cut_before()
    line.insert("ab")
    line.left()
    assert line.yank()
    seen = [line.text]
    for _ in range(KILLS_KEPT):
        assert line.yank_earlier()
        seen.append(line.text)
    newest_first = range(KILLS_KEPT + 1, 1, -1)
    assert seen == [f"a<{number}>b" for number in newest_first] + [f"a<{KILLS_KEPT + 1}>b"]


@pytest.mark.parametrize("between", [LineBuffer.cut_before, LineBuffer.delete_left, lambda line: line.insert("x")])
def test_esc_y_does_nothing_once_the_line_has_changed(between: Callable[[LineBuffer], bool]) -> None:
    line = LineBuffer()
    line.insert("one")
    line.cut_before()
    line.yank()
    between(line)
    text = line.text
    assert not line.yank_earlier()
    assert line.text == text


def test_what_was_cut_out_of_one_line_can_be_yanked_into_the_next() -> None:
    line = LineBuffer()
    line.insert("interface Serial0")
    line.cut_word_left()
    line.clear()
    line.insert("show interfaces ")
    assert line.yank()
    assert line.text == "show interfaces Serial0"


def test_there_is_room_for_so_many_characters_and_no_more() -> None:
    line = LineBuffer()
    assert line.insert("x" * LINE_LIMIT)
    assert not line.insert("y")
    line.cut_before()
    line.insert("abc")
    assert not line.yank()
    assert line.text == "abc" + "x" * (LINE_LIMIT - 3)
