"""AAA: which methods a line asks, in which words, and the level that comes of it."""

from __future__ import annotations

import pytest

from iosemu.cli.session import run_now
from iosemu.commands.lines.line_config import line_settings
from iosemu.terminal.line_settings import LineSettings, Login, NotAuthorized, judged
from tests.commands.routers import User, device

USERS = ("aaa new-model", "username tom privilege 7 password 0 x", "enable secret boss")


def settings(kind: str, *lines: str) -> LineSettings:
    user = User(device())
    assert user.configure(*USERS, *lines) == ""
    return line_settings(user.session.device.config, "con" if kind == "con" else "vty")


def asked(found: LineSettings, user: str, password: str) -> int | None:
    assert found.check is not None
    return run_now(judged(found.check(user, password)))


def test_without_a_list_a_vty_asks_the_routers_users_and_the_console_nothing() -> None:
    vty = settings("vty", "line vty 0 4", "password line")
    assert vty.login is Login.AAA
    assert asked(vty, "tom", "x") == 1
    assert asked(vty, "tom", "line") is asked(vty, "bob", "x") is None
    assert settings("con").login is Login.NONE


@pytest.mark.parametrize("methods", ["group tacacs+ enable", "enable", "line enable", "group tacacs+ line enable"])
def test_methods_that_cannot_answer_hand_over_and_no_name_is_asked_for_a_mere_password(methods: str) -> None:
    found = settings("vty", f"aaa authentication login default {methods}")
    assert found.wording is not None
    assert found.wording.user_prompt == ""
    assert (asked(found, "", "boss"), asked(found, "", "x")) == (1, None)


def test_a_wrong_answer_ends_the_list_and_an_unknown_user_does_not() -> None:
    found = settings("vty", "aaa authentication login default local enable")
    assert asked(found, "tom", "boss") is None
    assert asked(found, "bob", "boss") == 1


def test_servers_are_not_reached() -> None:
    alone = settings("vty", "aaa authentication login default group radius")
    assert asked(alone, "tom", "x") is None
    before = settings("vty", "aaa authentication login default group radius local")
    assert before.wording is not None
    assert before.wording.user_prompt == "Username: "
    assert asked(before, "tom", "x") == 1
    assert settings("vty", "aaa authentication login default group tacacs+ none").login is Login.NONE


def test_a_group_of_ones_own_speaks_its_servers_protocol() -> None:
    found = settings("vty", "aaa group server tacacs+ mine", "exit", "aaa authentication login default group mine line")
    assert found.wording is not None
    assert found.wording.user_prompt == ""


def test_the_old_spelling_of_servers_is_kept_as_the_new_one() -> None:
    user = User(device())
    assert user.configure("aaa new-model", "aaa authentication login default radius local") == ""
    listed = user.type("show running-config | include authentication login")
    assert listed == "aaa authentication login default group radius local\n"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("authentication enable default tacacs+ enable", "authentication enable default group tacacs+ enable"),
        ("authentication ppp far if-needed radius", "authentication ppp far if-needed group radius"),
        ("authorization exec default tacacs+ none", "authorization exec default group tacacs+ none"),
        ("authorization network default radius local", "authorization network default group radius local"),
        ("authorization commands 15 far tacacs+ none", "authorization commands 15 far group tacacs+ none"),
        ("accounting connection far stop-only radius", "accounting connection far stop-only group radius"),
        ("accounting commands 1 far wait-start tacacs+", "accounting commands 1 far wait-start group tacacs+"),
        ("accounting system default start-stop radius", "accounting system default start-stop group radius"),
    ],
)
def test_so_it_is_of_every_list(said: str, kept: str) -> None:
    user = User(device())
    assert user.configure("aaa new-model", f"aaa {said}") == ""
    assert user.type("show running-config | include ^aaa a") == f"aaa {kept}\n"
    assert user.configure(f"no aaa {said}") == ""
    assert user.type("show running-config | include ^aaa a") == ""


def test_a_users_level_counts_where_exec_authorization_says_so() -> None:
    authorized = "aaa authorization exec default local"
    assert asked(settings("vty", authorized), "tom", "x") == 7
    assert asked(settings("vty", "aaa authorization exec default group radius if-authenticated"), "tom", "x") == 1
    console = ("aaa authentication login default local", authorized)
    assert asked(settings("con", *console), "tom", "x") == 1
    assert asked(settings("con", *console, "aaa authorization console"), "tom", "x") == 7


def test_a_user_whom_no_method_authorizes_is_told_so() -> None:
    found = settings("vty", "aaa authorization exec default group radius")
    with pytest.raises(NotAuthorized, match=r"^% Authorization failed\.\n$"):
        asked(found, "tom", "x")


def test_the_words_of_the_dialogue_can_be_configured() -> None:
    found = settings(
        "vty",
        "aaa authentication banner #No guests#",
        "aaa authentication fail-message #Go away#",
        'aaa authentication username-prompt "Who: "',
        "aaa authentication password-prompt Word:",
    )
    wording = found.wording
    assert wording is not None
    assert (wording.greeting, wording.refused) == ("\nNo guests\n", "Go away\n")
    assert (wording.user_prompt, wording.password_prompt) == ("Who: ", "Word:")
    assert settings("vty").wording == type(wording)(refused="% Authentication failed.\n\n")


def enabling(*lines: str, answers: tuple[str, ...], line: str = "vty 0") -> tuple[str, int]:
    router = device()
    User(router).configure("aaa new-model", *lines)
    user = User(router, *answers, line=line, privilege=1)
    return user.type("enable"), user.session.privilege


def test_enable_asks_its_own_list() -> None:
    secret = "enable secret boss"
    assert enabling(secret, answers=("boss",)) == ("Password: \n", 15)
    denied = "Password: \nPassword: \nPassword: \n% Access denied\n\n"
    assert enabling(secret, answers=("a", "b", "c")) == (denied, 1)
    assert enabling(answers=("boss",)) == ("Password: \n% Error in authentication.\n\n", 1)
    assert enabling(answers=(), line="con 0") == ("", 15)
    assert enabling("aaa authentication enable default group radius none", answers=("x",)) == ("Password: \n", 15)
    by_line = ("aaa authentication enable default line", "line vty 0 4", "password here")
    assert enabling(*by_line, answers=("here",)) == ("Password: \n", 15)
