"""Lines that keep passwords: users, and what `enable` asks for."""

from __future__ import annotations

import pytest

from iosemu.commands.aaa.users import user_check
from tests.commands.routers import CARET, User, device


def shown(user: User, what: str) -> list[str]:
    return user.type(f"show running-config | include ^{what}").splitlines()


def test_what_is_said_of_a_user_in_several_lines_is_one_line() -> None:
    user = User(device())
    assert user.configure("username tom privilege 7", "username tom password 0 x", "username tom noescape") == ""
    assert shown(user, "username") == ["username tom noescape privilege 7 password 0 x"]
    user.configure("username tom nopassword")
    assert shown(user, "username") == ["username tom noescape privilege 7 nopassword"]


def test_words_of_a_user_may_be_said_in_any_order() -> None:
    user = User(device())
    assert user.configure("username who nopassword nohangup autocommand show users") == ""
    assert shown(user, "username") == ["username who nohangup nopassword", "username who autocommand show users"]
    answer = user.configure("username x privilege 3 noescape bogus")
    assert answer == " " * len("Router(config)#username x privilege 3 noescape ") + CARET
    assert user.configure("no username who", "no username x") == ""
    assert shown(user, "username") == []


def test_a_user_has_a_password_or_a_secret() -> None:
    user = User(device())
    told = user.configure("username ann secret hello", "username ann password x")
    assert told.startswith("ERROR: Can not have both a user password and a user secret.\n")
    assert shown(user, "username")[0].startswith("username ann secret 5 $1$")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("username u privilege 7 secret 5 $1$abcd$2hDGYdE0UrwK2pqoiF6BB1", 7),
        ("username u privilege 3 password 0 cisco", 3),
        ("username u password 7 0822455D0A16", 1),
        ("username u nopassword", 1),
    ],
)
def test_users_are_checked_whatever_their_password_is_kept_as(line: str, level: int) -> None:
    user = User(device())
    assert user.configure(line) == ""
    check = user_check(user.session.device.config)
    assert check("u", "cisco") == level
    assert (check("u", "wrong") is None) == ("nopassword" not in line)
    assert check("v", "cisco") is None


def test_a_user_without_a_password_is_not_let_in() -> None:
    user = User(device())
    user.configure("username u privilege 15")
    assert user_check(user.session.device.config)("u", "") is None


def test_encryption_veils_every_password_that_is_there() -> None:
    user = User(device())
    user.configure("enable password maui", "enable password level 7 seven", "username u password x")
    user.configure("service password-encryption")
    told = shown(user, "enable") + shown(user, "username")
    assert [line.rsplit(" ", 1)[0] for line in told] == [
        "enable password level 7 7",
        "enable password 7",
        "username u password 7",
    ]
    assert user_check(user.session.device.config)("u", "x") == 1


def test_an_enable_password_that_is_the_secret_is_warned_of_and_taken() -> None:
    user = User(device())
    user.configure("enable secret cisco")
    assert user.configure("enable password cisco").startswith("The enable password you have chosen is the same as")
    assert "enable password cisco" in shown(user, "enable")


def test_level_15_is_the_level_that_is_not_told() -> None:
    user = User(device())
    user.configure("enable password level 15 x", "enable secret level 5 y")
    secret, password = shown(user, "enable")
    assert secret.startswith("enable secret level 5 5 $1$")
    assert password == "enable password x"
    user.configure("no enable secret level 5", "no enable password")
    assert shown(user, "enable") == []
