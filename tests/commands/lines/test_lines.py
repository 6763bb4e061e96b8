"""The lines' configuration as terminal settings, and configuration text read from a file."""

from __future__ import annotations

from iosemu.commands.lines.line_config import line_settings
from iosemu.commands.loading import load
from iosemu.terminal.line_settings import Login
from tests.commands.routers import User, device


def test_a_blank_vty_asks_for_a_password_that_nobody_has_set() -> None:
    router = device()
    settings = line_settings(router.config, "vty", 3)
    assert (settings.login, settings.check) == (Login.PASSWORD, None)
    assert line_settings(router.config, "con").login is Login.NONE


def test_a_vty_with_a_password_lets_in_who_knows_it() -> None:
    router = device()
    User(router).configure("line vty 0 4", "password cisco", "login", "exec-timeout 0 0", "length 0")
    settings = line_settings(router.config, "vty", 4)
    assert settings.check is not None
    assert (settings.check("", "cisco"), settings.check("", "maui")) == (1, None)
    assert (settings.exec_timeout_s, settings.length) == (0.0, 0)


def test_local_login_knows_the_router_s_own_users() -> None:
    router = device()
    User(router).configure(
        "username tom privilege 15 password tom", "username john nopassword", "line vty 0 4", "login local"
    )
    settings = line_settings(router.config, "vty")
    assert settings.check is not None
    assert settings.check("tom", "tom") == 15
    assert settings.check("tom", "john") is None
    assert settings.check("john", "anything") == 1
    assert settings.check("nobody", "") is None


def test_later_vtys_have_settings_of_their_own() -> None:
    router = device()
    User(router).configure("line vty 5 15", "no login")
    assert line_settings(router.config, "vty", 4).login is Login.PASSWORD
    assert line_settings(router.config, "vty", 15).login is Login.NONE


def test_a_text_is_read_to_its_end_and_refusals_name_their_lines() -> None:
    router = device()
    text = "hostname lab1\ninterface FastEthernet7\nnonsense\n!\nip host a 192.0.2.1\nend\nhostname never\n"
    assert load(router, text) == [
        (2, "% Invalid input detected at '^' marker."),
        (3, "% Invalid input detected at '^' marker."),
    ]
    assert router.hostname == "lab1"
    assert router.config.root.value("ip host", "address") == "192.0.2.1"
