from __future__ import annotations

from iosemu.terminal.history import History


def test_only_the_last_lines_are_kept_and_no_line_twice_in_a_row() -> None:
    history = History(3)
    for line in ("a", "b", "b", " ", "c", "d"):
        history.add(line)
    assert history.lines == ("b", "c", "d")


def test_a_smaller_size_forgets_the_oldest_at_once() -> None:
    history = History()
    for line in "abcd":
        history.add(line)
    history.size = 2
    assert history.lines == ("c", "d")
    assert history.older("") == "d"


def test_the_walk_stops_at_both_ends_and_gives_the_typed_line_back() -> None:
    history = History()
    history.add("a")
    assert (history.older("typed"), history.older("x"), history.newer(), history.newer()) == ("a", None, "typed", None)
