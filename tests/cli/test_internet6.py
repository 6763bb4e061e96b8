"""IPv6 addresses and prefixes as words."""

from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iosemu.cli import internet6


@given(st.ip_addresses(v=6), st.integers(0, 128))
def test_an_address_and_a_prefix_are_kept_in_capitals(address: IPv6Address, length: int) -> None:
    assume(address.ipv4_mapped is None)  # which Python writes with dots from 3.13 on
    text = str(address).upper()
    assert internet6.address(address.exploded) == internet6.address(str(address)) == (text, text)
    assert internet6.prefix(f"{address}/{length}") == (f"{text}/{length}", f"{text}/{length}")


@pytest.mark.parametrize(
    ("word", "column"),
    [
        ("fe80::x", 6),
        ("fe80", 0),
        ("name", 0),
        ("a:name", 2),
        ("", 0),
        ("1:2:3", 0),
        ("1::2::3", 0),
        ("12345::", 0),
        ("1.2.3.4", 0),
    ],
)
def test_a_word_that_is_no_address_has_the_caret(word: str, column: int) -> None:
    assert internet6.address(word) == column
    assert internet6.prefix(f"{word}/64") == column


@pytest.mark.parametrize(
    ("word", "column"), [("2001:db8::", 10), ("::/", 3), ("::/129", 3), ("::/1x", 3), ("::/0064", 3), ("::/٣", 3)]
)
def test_a_prefix_needs_a_length_of_so_many_bits(word: str, column: int) -> None:
    assert internet6.prefix(word) == column


def test_an_address_with_dots_at_its_end_is_one() -> None:
    assert internet6.address("::ffff:10.0.0.1") == ("::FFFF:A00:1", "::FFFF:A00:1")
    assert internet6.prefix("::/00") == ("::/0", "::/0")
