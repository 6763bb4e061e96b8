r"""Rules that make other numbers of numbers, with the examples of the command reference and the tech note."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.voice.number_translation import BadRule, NumberRule, translate


@pytest.mark.parametrize(
    ("match", "replacement", "number", "expected"),
    [
        (r"^555\(....\)", r"444\1", "5551234", "4441234"),
        (r"^9\(.*\)", r"\1", "95551212", "5551212"),
        (r"^.*", "7777", "5551212", "7777"),
        (r"^$", "100", "", "100"),
        (r"^\(408\)\(...\)\(....\)$", r"\1\3\2", "4085551212", "4081212555"),
        (r"^1#\(.*\)", r"\1", "1#99", "99"),
        (r"^\+1", "", "+14085551212", "4085551212"),
        (r"77", "88", "5771234", "5881234"),
        (r"^.*", "9&", "123", "9123"),
        (r"^[2-4]...$", "1408555&", "3001", "14085553001"),
    ],
)
def test_a_pattern_is_that_of_sed(match: str, replacement: str, number: str, expected: str) -> None:
    result = translate([NumberRule(1, match, replacement)], number)
    assert result is not None
    assert result.number == expected


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("match", ["[^]--.", "[]--", "[^]", "[]"])
def test_a_bracket_that_begins_a_set_does_not_end_it(match: str) -> None:
    with pytest.raises(BadRule, match="set without an end"):
        translate([NumberRule(1, match, "")], "5-.")


def test_the_first_rule_that_meets_decides_whatever_their_order() -> None:
    rules = [NumberRule(2, "^1", "two"), NumberRule(1, "^12", "one"), NumberRule(3, "^3", "", reject=True)]
    first = translate(rules, "123")
    assert first is not None
    assert first.rule.precedence == 1
    third = translate(rules, "3")
    assert third is not None
    assert third.rule.reject
    assert translate(rules, "9") is None


def test_type_and_plan_must_be_those_of_the_rule() -> None:
    rule = NumberRule(1, "777", "888", False, "national", "unknown", "any", "isdn")
    assert translate([rule], "7771234") is None
    result = translate([rule], "7771234", "national", "isdn")
    assert result is not None
    assert (result.number, result.kind, result.plan) == ("8881234", "unknown", "isdn")


@given(
    st.text(r"0123456789.*^$\()[]+&-|", max_size=12), st.text(r"\&1234", max_size=8), st.text("0123456789", max_size=12)
)
def test_any_rule_translates_or_says_that_it_is_bad(match: str, replacement: str, number: str) -> None:
    with suppress(BadRule):
        translate([NumberRule(1, match, replacement)], number)
