"""Trying everything that each word of a line may be."""

from __future__ import annotations

import pytest

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import Mode
from iosemu.cli.match import Incomplete, InvalidInput, match
from iosemu.cli.walk import Walk


@pytest.fixture
def mode() -> Mode:
    return Catalogue.parse(
        """
mode config (config) "Configure commands:"
peer on
peer count:<1-9>
peer name:WORD size:<1-9>
password {secret hidden:WORD | text:LINE}
route kind:WORD target:WORD!
list kind:{long | short}! name:WORD!
    .whole
"""
    ).mode("config")


def tokens(mode: Mode, line: str, early: bool = False) -> list[str]:
    return [text for _, text, _ in Walk(line, early).run(mode.start(), 0)[0]]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("peer on", ["peer", "on"]),
        ("peer 5", ["peer", "5"]),
        ("peer on 5", ["peer", "on", "5"]),  # neither the keyword nor the number, but the name
        ("peer o 5", ["peer", "o", "5"]),
        ("password SECRET x", ["password", "secret", "x"]),
        ("password secr x too", ["password", "secr x too"]),
    ],
)
def test_the_first_reading_that_comes_to_an_end_is_taken(mode: Mode, line: str, words: list[str]) -> None:
    assert tokens(mode, line) == words


@pytest.mark.parametrize("line", ["password secret x too", "password SECRET x too"])
def test_a_keyword_in_full_is_no_free_text_in_any_case(mode: Mode, line: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Walk(line, False).run(mode.start(), 0)
    assert caught.value.column == len("password secret x ")


def test_a_keyword_that_wants_more_is_no_argument(mode: Mode) -> None:
    with pytest.raises(Incomplete):
        tokens(mode, "password secret")


def test_no_needs_what_identifies_the_line_however_far_ahead(mode: Mode) -> None:
    for line in ("no route", "no route x", "no list"):
        with pytest.raises(Incomplete):
            match(mode, line)
    assert match(mode, "no route x y").negated


def test_no_of_what_goes_by_its_beginning_needs_a_part_of_the_identity_only(mode: Mode) -> None:
    assert match(mode, "no list long").values == {"kind": "long"}
