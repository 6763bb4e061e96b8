"""Output modifiers: what they let through, where they lead, and how their patterns are read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli import filters
from iosemu.cli.filters import Modifier, Offered, PatternError, Redirection, offered, read
from iosemu.cli.match import Ambiguous, Incomplete, InvalidInput
from iosemu.cli.release import Release

ALL = offered(Release.of("12.4(15)T"), ("flash:", "tftp:"))
TEXT = """interface FastEthernet0/0
 ip address 10.0.0.1 255.0.0.0
  secondary
 speed auto
interface Serial0/0
 no ip address
line con 0
"""


def lines(behind: str, text: str = TEXT) -> list[str]:
    return read(f"show run |{behind}", behind, ALL).apply(text).split("\n")[:-1]


@pytest.mark.parametrize(
    ("behind", "numbers"),
    [
        (" begin Serial", [4, 5, 6]),
        (" include address", [1, 5]),
        (" include ^interface", [0, 4]),
        (" include 0$", [0, 1, 4, 6]),
        (" exclude ip", [0, 2, 3, 4, 6]),
        (" section interface F", [0, 1, 2, 3]),
        (" section ip address", [1, 2, 5]),
        (" section interface", [0, 1, 2, 3, 4, 5]),
        (" section nothing", []),
        (" I ADDRESS", []),
        ("include   speed auto  ", [3]),
    ],
)
def test_each_modifier_lets_its_lines_through(behind: str, numbers: list[int]) -> None:
    assert lines(behind) == [TEXT.split("\n")[number] for number in numbers]


@pytest.mark.parametrize(
    ("behind", "url", "append", "shown"),
    [
        (" redirect flash:a", "flash:a", False, False),
        (" append flash:a", "flash:a", True, False),
        (" tee flash:a", "flash:a", False, True),
        (" tee /append flash:a", "flash:a", True, True),
        (" tee /a flash:a", "flash:a", True, True),
        (" tee /", "/", False, True),
        (" redirect /append", "/append", False, False),
    ],
)
def test_output_goes_to_a_url(behind: str, url: str, append: bool, shown: bool) -> None:
    line = f"show clock |{behind}"
    found = read(line, behind, ALL)
    assert found == Redirection(url, line.rindex(url), append, shown)
    assert found.apply("text") == ("text" if shown else "")


@pytest.mark.parametrize(
    ("behind", "column"),
    [(" count x", 13), (" redirect a: b", 25), (" tee /append a: b: c:", 28), (" append a:  b", 24)],
)
def test_a_word_that_cannot_be_has_the_caret(behind: str, column: int) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(f"show clock |{behind}", behind, ALL)
    assert raised.value.column == column


@pytest.mark.parametrize("behind", ["", "  ", " include", " include  ", " tee", " tee /append", " redirect "])
def test_a_modifier_that_says_too_little_is_incomplete(behind: str) -> None:
    with pytest.raises(Incomplete):
        read(f"show clock |{behind}", behind, ALL)


def test_an_ambiguous_modifier_is_told_with_its_line() -> None:
    with pytest.raises(Ambiguous, match=re.escape("show clock | be x")):
        read("show clock | be x", " be x", ALL._replace(names=("before", "begin")))


def test_a_release_offers_what_it_has() -> None:
    plain = ("begin", "exclude", "include")
    to_urls = ("append", "begin", "exclude", "include", "redirect")
    assert offered(Release.of("12.2(11)T"), ()).names == plain
    assert offered(Release.of("12.2(15)T"), ("flash:",)) == Offered((*to_urls, "tee"), ("flash:",))
    assert ALL.names == (*to_urls, "section", "tee")


def test_files_are_for_those_who_are_privileged() -> None:
    assert ALL.at(15) is ALL
    assert ALL.at(14) == ALL._replace(names=("begin", "exclude", "include", "section"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("show run | include x", ("show run", " include x")),
        ("sh run |i x", ("sh run", "i x")),
        ("  SHOW run\t| b | c", ("  SHOW run", " b | c")),
        ("more flash:a | b x", ("more flash:a", " b x")),
        ("mo flash:a | b x", ("mo flash:a", " b x")),
        ("m flash:a | b x", None),
        ("show run|include x", None),
        ("ping a | b", None),
        (" | b", None),
        ("", None),
    ],
)
def test_a_bar_splits_what_may_have_one(line: str, found: tuple[str, str] | None) -> None:
    assert filters.split(line) == found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("_10_", "as 10 20", True),
        ("_10_", "10", True),
        ("_10_", "{10,20}", True),
        ("_10_", "110 x", False),
        ("a_b", "a(b", True),
        (r"\_", "a_b", True),
        (r"\_", "a b", False),
        (r"a\.b", "a.b", True),
        (r"a\.b", "axb", False),
        ("a.b", "axb", True),
        ("[a-c]{2}", "b{2}", True),
        ("[_]", "_", True),
        ("[_]", " ", False),
        ("[[]", "[", True),
        ("[a.]x", "bx", False),
        ("(0|1)/0", "Serial1/0", True),
        ("a+", "caat", True),
        ("trailing\\", "trailing\\", True),
        ("#x", "#x", True),
        ("a#", "a", False),
    ],
)
def test_patterns_are_ios_regular_expressions(pattern: str, text: str, found: bool) -> None:
    assert bool(filters.compile_pattern(pattern).search(text)) is found


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a**", "(a+)+", "(a|b)*x", "((a))*", "a)"])
def test_a_pattern_that_is_none_or_could_run_away_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match=re.escape(pattern)):
        filters.compile_pattern(pattern)


@given(st.text(st.sampled_from("ab_.*+?^$()|[]\\{} "), max_size=12), st.text("ab_ (", max_size=20))
def test_any_pattern_is_taken_or_refused(pattern: str, text: str) -> None:
    try:
        compiled = filters.compile_pattern(pattern)
    except PatternError:
        return
    assert set(Modifier("include", compiled).apply(text).splitlines()) <= {*text.splitlines()}
