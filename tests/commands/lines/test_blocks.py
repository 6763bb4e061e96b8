"""`line` blocks: each line by itself, edited by ranges, printed in groups."""

from __future__ import annotations

import pytest

from iosemu.commands.lines.line_config import line_settings
from iosemu.config.nvgen import render
from iosemu.terminal.line_settings import Login
from tests.commands.routers import CARET, User, device


def shown(router: User, *typed: str) -> list[str]:
    """The line part of the configuration after these lines; nothing may have been refused."""
    assert router.configure(*typed) == ""
    text = render(router.session.device.config)
    return text[text.index("line con 0") :].partition("!")[0].splitlines()


BLANK = ["line con 0", "line aux 0", "line vty 0 4"]


def test_a_blank_router_has_five_vtys() -> None:
    assert shown(User(device())) == BLANK


def test_vtys_made_later_stand_apart_and_are_edited_with_the_others() -> None:
    user = User(device())
    assert shown(user, "line vty 0 15", "password x", "line vty 5 15", "no login") == [
        *BLANK[:2],
        *("line vty 0 4", " password x"),
        *("line vty 5 15", " password x", " no login"),
    ]
    assert shown(user, "line vty 0 4", "no password", "line vty 5 15", "no password", "login")[2:] == [
        *("line vty 0 4", "line vty 5 15", " login")
    ]


def test_a_vty_asks_by_default_and_says_so_where_it_was_told_so() -> None:
    user = User(device())
    assert shown(user, "line vty 0 4", "login") == [*BLANK, " login"]
    assert shown(user, "line vty 0 4", "no login") == [*BLANK, " no login"]
    assert shown(user, "line vty 0 4", "default login") == BLANK
    assert shown(user, "line vty 0 4", "password x") == [*BLANK, " password x"]


def test_one_line_of_a_group_is_set_apart_and_comes_back() -> None:
    user = User(device())
    assert shown(user, "line vty 2", "length 0")[2:] == [*("line vty 0 1", "line vty 2", " length 0", "line vty 3 4")]
    assert shown(user, "line vty 0 4", "default length") == BLANK


def test_what_was_set_for_some_is_set_for_all_of_the_range() -> None:
    user = User(device())
    shown(user, "line vty 0 4", "password x")
    assert shown(user, "line vty 0 9", "password x")[2:] == [
        *("line vty 0 4", " password x", "line vty 5 9", " password x")
    ]


def test_a_vty_goes_with_those_behind_it_and_the_first_five_stay() -> None:
    user = User(device())
    shown(user, "line vty 12", "length 0")
    assert shown(user, "no line vty 6")[2:] == ["line vty 0 4", "line vty 5"]
    assert user.configure("no line vty 3") == "% Can't delete last 5 VTY lines\n"
    assert shown(user, "no line vty 5 15") == BLANK


def test_lines_by_their_number_among_all() -> None:
    user = User(device("3640"))
    typed = ["line 130 131", "length 0", "line 0", "width 90", "line 129", "no exec", "line 33 34", "no exec"]
    assert shown(user, *typed) == [
        *("line con 0", " width 90", "line 33 34", " no exec", "line aux 0", " no exec"),
        *("line vty 0 1", " length 0", "line vty 2 4"),
    ]
    assert CARET in user.configure("line 128 131")
    assert CARET in user.configure("line vty 4 2")


def test_modem_lines_of_an_access_server_by_slot_and_port() -> None:
    user = User(device("as5400"))
    printed = shown(user, "line 1/00 1/59", "modem InOut", "no exec")
    assert printed[1:4] == ["line 1/00 1/59", " modem InOut", " no exec"]
    assert CARET in User(device("3640")).configure("line 1/00 1/59")


def test_with_aaa_a_vty_says_only_which_list_it_asks() -> None:
    user = User(device())
    assert CARET in user.configure("line vty 0 4", "login authentication x")
    user.configure("line vty 0 4", "login local")
    assert shown(user, "aaa new-model") == ["line con 0", "line aux 0", "line vty 0 4"]
    assert CARET in user.configure("line con 0", "login local")
    told = user.configure("line vty 0 4", "login authentication x")
    assert told == 'AAA: Warning, authentication list "x" is not defined for LOGIN.\n'
    assert shown(user)[2:] == ["line vty 0 4", " login authentication x"]
    assert shown(user, "no aaa new-model")[2:4] == ["line vty 0 4", " login local"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("transport input ssh telnet", "transport input telnet ssh"),
        ("transport input all", "transport input all"),
        ("transport preferred none", "transport preferred none"),
        ("exec-timeout 0", "exec-timeout 0 0"),
        ("no motd-banner", "no motd-banner"),
        ("no history", "no history"),
        ("history size 20", "history size 20"),
        ("escape-character 3", "escape-character 3"),
        ("session-timeout 10 output", "session-timeout 10 output"),
        ("access-class 111 in", "access-class 111 in"),
        ("stopbits 1", "stopbits 1"),
        ("speed 115200", "speed 115200"),
        ("flowcontrol hardware", "flowcontrol hardware"),
        ("absolute-timeout 60", "absolute-timeout 60"),
        ("logout-warning 30", "logout-warning 30"),
        ("exec prompt timestamp", "exec prompt timestamp"),
        ("autocommand show clock", "autocommand show clock"),
        ("location lab, rack 3", "location lab, rack 3"),
    ],
)
def test_lines_of_a_block_are_kept_and_taken_back(typed: str, printed: str) -> None:
    user = User(device())
    assert shown(user, "line con 0", typed)[1:-2] == ([f" {printed}"] if printed else [])
    assert shown(user, "line con 0", f"default {typed.removeprefix('no ')}") == BLANK


def test_the_order_of_a_block_is_the_routers() -> None:
    lines = ["session-timeout 5", "access-class 9 in", "exec-timeout 0 0", "privilege level 15", "password cisco"]
    lines += ["logging synchronous", "logout-warning 120", "login", "history size 200", "length 0"]
    lines += ["transport preferred none", "transport input telnet", "transport output none", "escape-character 3"]
    assert shown(User(device()), "line vty 0 4", *reversed(lines))[3:] == [f" {line}" for line in lines]


def test_settings_are_read_of_the_line_itself() -> None:
    router = device()
    User(router).configure("line vty 3", "no login", "no exec-banner", "banner exec #hi#", "line vty 5 8", "no login")
    assert [line_settings(router.config, "vty", n).login for n in (2, 3, 8)] == [Login.PASSWORD, Login.NONE, Login.NONE]
    assert (line_settings(router.config, "vty", 3).exec_banner, line_settings(router.config, "vty", 8).exec_banner) == (
        "",
        "hi",
    )
