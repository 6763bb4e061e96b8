"""Dial patterns and digit manipulation as the voice command reference describes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.voice.digits import MAX_DIGITS, BadPattern, NumberExpansion, Pattern, expand, outgoing, plain


@pytest.mark.parametrize(
    ("pattern", "number", "matched", "explicit"),
    [
        ("1001", "1001", "1001", 4),
        ("555....", "5551234", "5551234", 3),
        ("555....", "55512349", "5551234", 3),  # digits beyond the pattern are left over
        ("9T", "95558354", "95558354", 1),
        ("T", "5558354", "5558354", 0),
        ("+1408555....", "14085551234", "14085551234", 7),
        ("1408555....", "+14085551234", "14085551234", 7),
        ("555[1-3,7]...", "5557123", "5557123", 3),
        ("555[^1-3]...", "5554123", "5554123", 3),
        ("55%8", "5558", "5558", 4),
        ("55%8", "58", "58", 2),
        ("(12)+3", "12123", "12123", 5),
        ("408?3", "403", "403", 3),
        ("1001$", "1001", "1001", 4),
        ("*2#", "*2#", "*2#", 3),
        ("1,2", "12", "12", 2),
    ],
)
def test_a_pattern_takes_the_number(pattern: str, number: str, matched: str, explicit: int) -> None:
    met = Pattern.parse(pattern).match(number)
    assert met is not None
    assert (met.matched, met.explicit) == (matched, explicit)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [("1001$", "10012"), ("555....", "555123"), ("555[1-3]...", "5554123"), ("(12)+3", "3"), ("9", ""), ("", "1")],
)
def test_a_pattern_refuses_the_number(pattern: str, number: str) -> None:
    assert Pattern.parse(pattern).match(number) is None


@pytest.mark.parametrize("text", ["55[1", "(12", "12x", "[]", "5)"])
def test_a_broken_pattern_is_a_typed_error(text: str) -> None:
    with pytest.raises(BadPattern):
        Pattern.parse(text)


@given(st.text(alphabet="0123456789.[]()%+?T$^*#,-\\", max_size=32), st.text(alphabet="0123456789", max_size=40))
def test_no_pattern_and_number_break_or_hang_the_matcher(text: str, number: str) -> None:
    try:
        pattern = Pattern.parse(text)
    except BadPattern:
        return
    met = pattern.match(number)
    if met is not None:
        assert number.startswith(met.matched)
        assert met.explicit <= len(met.matched) <= MAX_DIGITS


def test_repeated_repetitions_stay_quick() -> None:
    assert Pattern.parse("((1%)%)%" * 4 + "2$").match("1" * 32) is None


@pytest.mark.parametrize(
    ("number", "pattern", "options", "dialled"),
    [
        ("95558354", "9.......", {}, "5558354"),
        ("5552001", "5552...", {"prefix": "5552"}, "5552001"),
        ("95558354", "9T", {"prefix": "9,"}, "95558354"),
        ("95558354", "9[2-9]......", {}, "5558354"),
        ("5551234", "5551234", {}, ""),
        ("5551234", "555....", {"forward": "all"}, "5551234"),
        ("5551234", "555....", {"forward": "3"}, "234"),
        ("5551234", "555....", {"forward": "0"}, ""),
        ("55512347", "555....", {"forward": "extra"}, "7"),
        ("5551234", "555....", {"strip": False}, "5551234"),
    ],
)
def test_what_a_pots_peer_dials(number: str, pattern: str, options: dict[str, object], dialled: str) -> None:
    assert outgoing(number, Pattern.parse(pattern), **options) == dialled  # type: ignore[arg-type]


def test_written_numbers_lose_their_punctuation() -> None:
    assert plain("9-555-8354") == "95558354"
    assert plain("+1 (312) 555.3260") == "13125553260"


def test_num_exp_fills_the_wildcards_and_prefers_the_explicit_line() -> None:
    lines = (NumberExpansion("6....", "+1408526...."), NumberExpansion("61...", "+1999111..."))
    assert expand("62345", lines) == "14085262345"
    assert expand("61345", lines) == "1999111345"
    assert expand("6234", lines) == "6234"
