"""Matching: abbreviations, arguments, `no`, and the three errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import Ambiguous, Incomplete, InvalidInput, MatchError, match

from .small import CATALOGUE

EXEC, CONFIG = CATALOGUE.mode("exec"), CATALOGUE.mode("config")
MMOIP = CATALOGUE.mode("dial-peer-mmoip")


def test_words_are_abbreviated_in_any_case_and_come_back_in_full() -> None:
    assert match(EXEC, "SH clo De").tokens == ("show", "clock", "detail")


def test_values_are_found_by_name() -> None:
    assert match(MMOIP, "fax rate 9600 bytes 20").values == {"rate": 9600, "bytes": True, "size": 20}
    assert match(MMOIP, "fax rate dis").values == {"rate": "disable"}


def test_an_exact_keyword_wins_over_a_longer_one() -> None:
    assert match(CONFIG, "ip domain name x").command.id == "ip domain name"


def test_a_keyword_comes_before_an_argument() -> None:
    assert match(CONFIG, "logging console").command.notation == "logging console"
    assert match(CONFIG, "logging conifer").values == {"host": "conifer"}


def test_an_argument_takes_the_rest_of_the_line_verbatim() -> None:
    assert match(CONFIG, "access-list 1 permit  a   b ").tokens == ("access-list", "1", "permit", "a   b")


def test_a_keyword_in_full_is_no_free_text() -> None:
    mode = Catalogue.parse('mode config "C"\npassword {7 hidden:WORD | text:LINE}\n').mode("config")
    assert match(mode, "password 77 or so").values == {"text": "77 or so"}
    with pytest.raises(InvalidInput) as caught:
        match(mode, "password 7 0822455D too")
    assert caught.value.column == len("password 7 0822455D ")


def test_an_interface_is_named_in_full() -> None:
    assert match(CONFIG, "int fa 0/0").tokens == ("interface", "FastEthernet0/0")


@pytest.mark.parametrize("line", ["show i", "sh c", "a", "ho"])
def test_a_word_of_several_keywords_is_ambiguous(line: str) -> None:
    mode = CONFIG if line == "a" else EXEC
    if line == "ho":
        assert match(CONFIG, "ho x").command.id == "hostname"
        return
    with pytest.raises(Ambiguous, match=f'^% Ambiguous command:  "{line}"$'):
        match(mode, line)


@pytest.mark.parametrize("line", ["show", "show ip", "dial-peer voice 1", "mta receive max", "no mta send server"])
def test_a_line_that_ends_too_early_is_incomplete(line: str) -> None:
    with pytest.raises(Incomplete):
        match(EXEC if line.startswith("show") else CONFIG, line)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("show xyz", 5),
        ("show sun", 6),  # `s` still agrees with a keyword
        ("show clocks", 10),
        ("show clock detail now", 18),
        ("show interfaces FastEthernot0/0", 26),
        ("  bogus", 2),
    ],
)
def test_the_caret_is_under_the_first_bad_character(line: str, column: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        match(EXEC, line)
    assert caught.value.column == column


def test_a_number_out_of_range_is_invalid_at_its_start() -> None:
    with pytest.raises(InvalidInput) as caught:
        match(CONFIG, "mta rec max 1025")
    assert caught.value.column == 12


def test_no_may_stop_where_the_line_is_identified() -> None:
    found = match(CONFIG, "no dial-peer voice 7")
    assert (found.negated, found.identity, found.values) == (True, ("7",), {"tag": 7})
    assert match(CONFIG, "default mta receive max").defaulted


def test_no_is_no_prefix_in_exec() -> None:
    with pytest.raises(InvalidInput):
        match(EXEC, "no show clock")


def test_another_spelling_is_the_command_that_it_means() -> None:
    found = match(CONFIG, "no ip domain-n example.com")
    assert (found.command.id, found.tokens, found.negated) == (
        "ip domain name",
        ("ip", "domain", "name", "example.com"),
        True,
    )


def test_a_command_above_the_privilege_does_not_exist() -> None:
    with pytest.raises(InvalidInput) as caught:
        match(EXEC, "show running-config", privilege=1)
    assert caught.value.column == 5


WORDS = [
    "no",
    "default",
    "sh",
    "show",
    "clock",
    "int",
    "fa0/0",
    "dial-peer",
    "voice",
    "1",
    "mta",
    "send",
    "ip",
    "10.0.0.1",
]
LINES = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=7).map(" ".join)


@given(line=LINES)
def test_any_line_is_understood_or_refused_with_one_of_three_errors(line: str) -> None:
    for mode in (EXEC, CONFIG, MMOIP):
        try:
            found = match(mode, line)
        except MatchError as error:
            column = error.column if isinstance(error, InvalidInput) else 0
        else:
            column = 0
            again = " ".join((*(["no"] if found.negated else []), *found.tokens))
            assert found.defaulted or match(mode, again).tokens == found.tokens
        assert 0 <= column <= len(line)
