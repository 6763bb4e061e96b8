"""Names and groups of the phone book."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.lab.errors import LabError, TopologyError
from iosemu.lab.phone_book import numbers
from iosemu.lab.topology import parse

BOOK: dict[str, str | list[str]] = {
    "Front desk": "555-8354",
    "sales": ["555-8355", "555-8356"],
    "everybody": ["front desk", "Sales", "555-8355", "555-0100", "everybody"],
}


@pytest.mark.parametrize(
    ("called", "found"),
    [
        ("555-0199", ["555-0199"]),
        ("front desk", ["555-8354"]),
        (" SALES ", ["555-8355", "555-8356"]),
        ("everybody", ["555-8354", "555-8355", "555-8356", "555-0100"]),
    ],
)
def test_a_name_is_its_numbers(called: str, found: list[str]) -> None:
    assert numbers(BOOK, called) == found


@pytest.mark.parametrize(("called", "told"), [("nobody", "not in the phone book"), ("()", "not a telephone number")])
def test_what_is_no_number_is_told(called: str, told: str) -> None:
    with pytest.raises(LabError, match=told):
        numbers(BOOK, called)


@pytest.mark.parametrize(
    ("book", "told"),
    [('"555" = "1"', "'555' is a number, not a name"), ('a = ["b"]', "phone book: 'a': 'b' is not in the phone book")],
)
def test_a_mistake_in_the_lab_file_is_told(book: str, told: str) -> None:
    text = f'name = "x"\n[[router]]\nname = "r"\nplatform = "3660"\naddress = "1.2.3.4"\n[phone_book]\n{book}\n'
    with pytest.raises(TopologyError, match=told):
        parse(text.encode(), Path("lab.toml"))
