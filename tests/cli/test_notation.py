"""The command notation."""

from __future__ import annotations

import pytest

from iosemu.cli.notation import Argument, Choice, Keyword, NotationError, leading_keywords, names, parse


def test_keywords_arguments_options_and_choices() -> None:
    assert parse("fax rate rate:{disable | voice} [bytes size:<20-48>]") == (
        Keyword("fax"),
        Keyword("rate"),
        Choice(((Keyword("disable"),), (Keyword("voice"),)), "rate"),
        Choice(((Keyword("bytes"), Argument("size", "<20-48>")),), optional=True),
    )


def test_a_mark_makes_an_argument_or_a_choice_identify_the_line() -> None:
    items = parse("mta send host:HOST! {a | b}!")
    assert items[2] == Argument("host", "HOST", identity=True)
    assert isinstance(items[3], Choice)
    assert items[3].identity


def test_a_bare_type_in_a_named_choice_is_an_argument_of_that_name() -> None:
    (_, choice) = parse("rate rate:{disable | <1-9>}")
    assert isinstance(choice, Choice)
    assert choice.alternatives[1] == (Argument("rate", "<1-9>"),)


def test_choices_nest() -> None:
    assert list(names(parse("s {uptime | datetime [msec] [localtime]}"))) == [
        "s",
        "uptime",
        "datetime",
        "msec",
        "localtime",
    ]


def test_the_id_is_the_leading_keywords() -> None:
    assert leading_keywords(parse("dial-peer voice tag:<1-9>! {pots}")) == ("dial-peer", "voice")


def test_a_keyword_may_end_in_a_colon_and_hold_signs() -> None:
    assert parse("show flash: $d$ e&m-wink") == tuple(map(Keyword, ("show", "flash:", "$d$", "e&m-wink")))


def test_a_keyword_may_hold_a_colon() -> None:
    assert parse("load h323-id:gw 0:D") == (Keyword("load"), Keyword("h323-id:gw"), Keyword("0:D"))


def test_dots_let_an_argument_or_a_choice_be_said_again() -> None:
    (_, tags) = parse("match tag:<1-9>...")
    assert tags == Argument("tag", "<1-9>", repeated=True)
    (_, traps) = parse("traps [a | b]!...")
    assert isinstance(traps, Choice)
    assert (traps.optional, traps.identity, traps.repeated) == (True, True, True)


@pytest.mark.parametrize(
    ("text", "command_id"),
    [
        ("entry:{permit | deny} any", "entry"),
        ("{entry:{permit | deny} any | entry:{remark}}", "entry"),
        ("[sequence:<1-9>] {[dynamic] entry:{permit}}", "entry"),
    ],
)
def test_a_choice_in_front_gives_its_name_to_the_command(text: str, command_id: str) -> None:
    assert leading_keywords(parse(text)) == (command_id,)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("fax {a | b", 5),
        ("fax {a | b]", 4),
        ("{a | b} c", 0),
        ("a | b", 0),
        ("a @side(x)", 0),
        ("fax host:NOTYPE", 4),
        ("fax n:<9-1>", 4),
        ("name:WORD", 0),
        ("fax WORD", 0),
        ("a ]", 2),
    ],
)
def test_a_fault_is_refused(text: str, column: int) -> None:
    with pytest.raises(NotationError) as caught:
        parse(text)
    assert caught.value.column <= len(text)
