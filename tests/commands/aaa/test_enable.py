"""The way to privileged EXEC."""

from __future__ import annotations

import pytest

from tests.commands.routers import User, device

HASH = "enable secret 5 $1$abcd$2hDGYdE0UrwK2pqoiF6BB1"


def at(line: str, *answers: str, configured: str = HASH) -> User:
    router = device()
    User(router).configure(configured)
    return User(router, *answers, line=line, privilege=1)


@pytest.mark.parametrize("line", ["con 0", "vty 0"])
def test_the_secret_opens_and_is_not_shown(line: str) -> None:
    user = at(line, "cisco")
    assert user.session.prompt == "Router>"
    assert user.type("enable") == "Password: \n"
    assert user.session.prompt == "Router#"


def test_three_wrong_secrets_and_no_more() -> None:
    user = at("vty 0", "a", "b", "c", "cisco")
    assert user.type("enable") == "Password: \nPassword: \nPassword: \n% Bad secrets\n\n"
    assert user.session.privilege == 1


def test_a_secret_goes_before_a_password() -> None:
    user = at("vty 0", "maui", "cisco")
    User(user.session.device).configure("enable password maui")
    assert user.type("enable") == "Password: \nPassword: \n"


@pytest.mark.parametrize("configured", ["enable password maui", "enable password 7 000912130D"])
def test_a_password_opens_veiled_or_not(configured: str) -> None:
    user = at("vty 0", "maui", configured=configured)
    user.type("enable")
    assert user.session.privilege == 15


def test_without_a_password_the_console_is_let_in_and_a_vty_is_not() -> None:
    console, vty = at("con 0", configured="!"), at("vty 0", configured="!")
    assert (console.type("enable"), console.session.privilege) == ("", 15)
    assert (vty.type("enable"), vty.session.privilege) == ("% No password set\n", 1)


def test_user_exec_knows_no_privileged_commands() -> None:
    user = at("vty 0")
    assert "% Invalid input" in user.type("configure terminal")
    assert "% Invalid input" in user.type("show running-config")
    assert user.type("show privilege") == "Current privilege level is 1\n"
