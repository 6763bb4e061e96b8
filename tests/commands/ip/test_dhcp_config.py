"""The lines of an address pool: a prefix length becomes a mask, and what is hexadecimal has only such digits."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

CARET = "% Invalid input detected at '^' marker."


@pytest.fixture
def user() -> User:
    return User(device("3660"))


def printed(user: User) -> list[str]:
    return [line.strip() for line in user.type("show running-config").splitlines() if line.startswith("   ")]


@pytest.mark.parametrize(
    ("said", "mask"), [("/24", "255.255.255.0"), ("/9", "255.128.0.0"), ("255.0.0.0", "255.0.0.0")]
)
def test_a_network_is_kept_with_its_mask(user: User, said: str, mask: str) -> None:
    assert user.configure("ip dhcp pool phones", f"network 10.0.0.0 {said}") == ""
    assert printed(user) == [f"network 10.0.0.0 {mask}"]


@pytest.mark.parametrize("wrong", ["/0", "/33", "24", "/x", "255.255"])
def test_what_is_neither_mask_nor_length_is_refused(user: User, wrong: str) -> None:
    assert CARET in user.configure("ip dhcp pool phones", f"network 10.0.0.0 {wrong}")
    assert printed(user) == []


@pytest.mark.parametrize("line", ["client-identifier 0100.50ba.ff9b.59", "hardware-address 0050.baff.9b59 ieee802"])
def test_identifiers_are_kept_as_typed(user: User, line: str) -> None:
    assert user.configure("ip dhcp pool printer", line) == ""
    assert printed(user) == [line]


def test_the_caret_stands_at_the_digit_that_is_none(user: User) -> None:
    answer = user.configure("ip dhcp pool printer", "client-identifier 0100.50bz")
    caret = next(line for line in answer.splitlines() if line.strip() == "^")
    prompt = len("Router(dhcp-config)#")
    assert caret.index("^") == prompt + len("client-identifier 0100.50b")
