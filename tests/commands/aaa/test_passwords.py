"""How passwords are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.commands.aaa.passwords import BadHash, is_secret, matches, md5_crypt, new_secret, unveil, veil

TYPED = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=25)


def test_a_secret_is_what_crypt_makes_of_it() -> None:
    assert md5_crypt("cisco", "abcd") == "$1$abcd$2hDGYdE0UrwK2pqoiF6BB1"


def test_a_veiled_password_is_the_one_that_routers_show() -> None:
    assert veil("cisco", 2) == "02050D480809"


@given(TYPED)
def test_a_secret_opens_to_its_own_password_only(password: str) -> None:
    kept = new_secret(password)
    assert matches(password, kept)
    assert not matches(password + "x", kept)
    assert is_secret(kept)


@given(TYPED, st.integers(0, 15))
def test_the_veil_comes_off_whatever_its_offset(password: str, offset: int) -> None:
    assert unveil(veil(password, offset)) == password


@pytest.mark.parametrize("text", ["x", "0", "99AA", "02ZZ", "0205F", "xx0102"])
def test_what_is_no_veiled_password_is_told(text: str) -> None:
    with pytest.raises(BadHash):
        unveil(text)


@given(st.text(max_size=40))
def test_any_text_may_be_asked_to_open_a_secret(text: str) -> None:
    assert not matches("cisco", text) or is_secret(text)
