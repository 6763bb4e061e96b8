"""Lines of a block and of what stands around it, lines that are right at sight, and where a word of a line stands."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import Mode
from iosemu.cli.match import (
    Incomplete,
    InvalidInput,
    at_sight,
    at_sight_within,
    column_of,
    follow,
    match,
    match_within,
    split_prefix,
)

TEXT = """
mode exec "Exec commands:"
show clock
    .privilege 1
show running-config
look running-config
    .as show running-config
    .privilege 1

mode config (config) "Configure commands:"
ephone number:<1-99>!
hostname name:WORD
call rsvp
ip address name:WORD
ip domain name name:WORD
track name:INTERFACE text:LINE
peer on
peer count:<1-9>
peer name:WORD size:<1-9>
fellow on
fellow name:WORD size:<1-9>
    .as peer
banner text:BANNER
route target:WORD! metric:<1-9>
match tag tag:<1-9>...
match host name:WORD tag:<1-9>...
descriptor
netflow version:WORD

mode block (config-block) "Block commands:"
description text:LINE
ephone-template number:<1-20>
    .privilege 1
ip address address:A.B.C.D mask:A.B.C.D
caller-id
call-waiting
network address:A.B.C.D mask:A.B.C.D

mode plain (config-plain) "Plain commands:"
hostname name:WORD
"""


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.parse(TEXT)


@pytest.fixture
def config(catalogue: Catalogue) -> Mode:
    return catalogue.mode("config")


@pytest.fixture
def modes(catalogue: Catalogue) -> list[Mode]:
    return [catalogue.mode("block"), catalogue.mode("config")]


@pytest.mark.parametrize(
    ("line", "number", "command"),
    [
        ("description x", 0, "description"),
        ("hostname x", 1, "hostname"),
        ("no hostname x", 1, "hostname"),
        ("ephone-template 2", 0, "ephone-template"),
        ("ephone-t 2", 0, "ephone-template"),
        ("  ephone 2", 1, "ephone"),  # short for another one in the block, but whole around it
        ("no ip address 10.0.0.1", 0, "ip address"),
        ("ip domain name x", 1, "ip domain name"),
        ("call rsvp", 1, "call rsvp"),  # short for two of the block
    ],
)
def test_a_line_is_looked_for_in_the_block_and_then_around_it(
    modes: list[Mode], line: str, number: int, command: str
) -> None:
    found = match_within(modes, line)
    assert (found[0], found[1].command.id) == (number, command)


@pytest.mark.parametrize(("line", "number"), [("description x", 0), ("no hostname x", 1), ("ephone 2", 1)])
def test_most_lines_are_found_without_a_trial(modes: list[Mode], line: str, number: int) -> None:
    found = at_sight_within(modes, line)
    assert found is not None
    assert found[0] == number


@pytest.mark.parametrize("line", ["description", "descr", "net 10.0.0.1"])
def test_a_line_that_the_block_would_take_if_it_went_on_is_incomplete(modes: list[Mode], line: str) -> None:
    with pytest.raises(Incomplete):
        match_within(modes, line)


def test_a_line_whose_first_word_the_block_knows_is_wrong_where_the_block_says(modes: list[Mode]) -> None:
    with pytest.raises(InvalidInput) as caught:
        match_within(modes, "ip domain")
    assert caught.value.column == len("ip ")


def test_a_lower_privilege_finds_in_no_mode_what_it_may_not_say(catalogue: Catalogue, modes: list[Mode]) -> None:
    assert match_within(modes, "ephone 2")[0] == 1
    assert match_within(modes, "ephone 2", 1)[0] == 0
    exec_mode = catalogue.mode("exec")
    assert match_within([exec_mode], "show running-config")[0] == 0
    for ask in (match_within([exec_mode], "show clock", 1), at_sight_within([exec_mode], "show clock", 1)):
        assert ask is not None
    assert at_sight_within([exec_mode], "show running-config", 1) is None
    with pytest.raises(InvalidInput):
        match_within([exec_mode], "show running-config", 1)


def test_another_spelling_lifts_nobody_above_his_privilege(catalogue: Catalogue) -> None:
    mode = catalogue.mode("exec")
    assert match(mode, "look running-config").command.id == "show running-config"
    with pytest.raises(InvalidInput):
        match(mode, "look running-config", 1)


def test_an_argument_said_again_gives_all_its_values(config: Mode) -> None:
    assert match(config, "match tag 3 1 2").values == {"tag": (3, 1, 2)}
    assert match(config, "match host x 3 1").values == {"name": "x", "tag": (3, 1)}


def test_a_line_knows_the_place_of_its_command(config: Mode) -> None:
    assert [config.commands[match(config, line).place].id for line in ("route x 5", "peer on 5")] == ["route", "peer"]


def test_a_line_says_more_than_which_it_is_or_not(config: Mode) -> None:
    assert [match(config, line).valued for line in ("route x 5", "no route x")] == [True, False]


def test_an_argument_of_several_words_is_right_at_sight(config: Mode) -> None:
    for prefix in ("", "no ", "default "):
        found = at_sight(config, f"{prefix}track  fa 0/0  a  b")
        assert found is not None
        assert found.tokens == ("track", "FastEthernet0/0", "a  b")


def test_what_took_a_trial_is_remembered_unless_it_lacks_its_end(config: Mode) -> None:
    assert at_sight(config, "peer on 5") is None
    found = match(config, "peer on 5")
    assert found.values == {"name": "on", "size": 5}
    assert at_sight(config, "peer on 5") == found
    match(config, "banner ^Chello")
    assert at_sight(config, "banner ^Chello") is None


def test_another_spelling_may_take_a_trial_too(config: Mode) -> None:
    assert match(config, "fellow on 5").tokens == ("peer", "on", "5")


def test_no_and_default_are_known_in_any_case_and_default_where_it_is_short_for_nothing_else(
    catalogue: Catalogue, config: Mode
) -> None:
    plain = catalogue.mode("plain")
    assert match(plain, "NO hostname x").negated
    assert match(plain, "DEFAULT hostname x").defaulted
    assert match(plain, "de hostname x").defaulted
    for line in ("d hostname x", "dx hostname x"):
        with pytest.raises(InvalidInput):
            match(plain, line)
    assert match(catalogue.mode("block"), "de x").command.id == "description"
    assert split_prefix(config, " no  hostname") == ("no", 3)
    assert split_prefix(config, "  hostname") == ("", 2)
    assert split_prefix(config, "  ") == ("", 0)


def test_the_same_words_may_say_other_values(config: Mode) -> None:
    found = match(config, "no ephone 2")
    assert found.saying({"number": 3}, ("3",)) == found._replace(values={"number": 3}, identity=("3",))


@pytest.mark.parametrize(
    ("line", "name", "column"),
    [
        ("no  hostname x", "name", 13),
        ("no ephone 5", "number", 10),
        ("no route x", "target", 9),
        ("track fa 0/0 a  b", "text", 13),
        ("track fa 0/0 a  b ", "nothing", 17),
    ],
)
def test_what_is_said_stands_in_a_column_of_the_line(config: Mode, line: str, name: str, column: int) -> None:
    assert column_of(config, line, name) == column


def test_whole_words_lead_to_a_place_or_to_the_first_bad_character(catalogue: Catalogue) -> None:
    start = catalogue.mode("exec").start()
    assert follow(start, "show clock", 0).ends
    with pytest.raises(InvalidInput) as caught:
        follow(start, "  show clocks more", 2)
    assert caught.value.column == len("  show clock")
