from __future__ import annotations

import pytest

from iosemu.cli import catalogue
from iosemu.cli.match import match
from iosemu.config.tree import RunningConfig
from iosemu.terminal.line_settings import LineSettings, Login, read_line_settings


def line(header: str, *lines: str) -> LineSettings:
    commands = catalogue.load()
    config = RunningConfig(commands)
    block = config.apply(config.root, match(commands.mode("config"), header))
    assert block is not None
    for text in lines:
        config.apply(block, match(commands.mode(block.mode), text))
    return read_line_settings(
        block, reveal=lambda hidden: f"<{hidden}>", users=lambda user, secret: 15 if user == "tom" else None
    )


def test_a_console_with_nothing_configured_asks_nobody_and_times_out_after_ten_minutes() -> None:
    assert line("line con 0") == LineSettings()


def test_a_vty_asks_for_a_password_by_default_and_has_none() -> None:
    settings = line("line vty 0 4")
    assert (settings.login, settings.check) == (Login.PASSWORD, None)


@pytest.mark.parametrize(("text", "password"), [("password cisco", "cisco"), ("password 7 0822455D", "<0822455D>")])
def test_passwords_are_plain_or_hidden(text: str, password: str) -> None:
    check = line("line vty 0 4", text).check
    assert check is not None
    assert (check("", password), check("", "other")) == (1, None)


def test_login_local_and_no_login() -> None:
    local = line("line vty 0 4", "login local")
    assert local.login is Login.LOCAL
    assert local.check is not None
    assert local.check("tom", "x") == 15
    assert line("line vty 0 4", "no login").login is Login.NONE


def test_sizes_times_and_levels() -> None:
    settings = line("line con 0", "exec-timeout 1 30", "length 0", "privilege level 15", "history size 20")
    assert settings == LineSettings(exec_timeout_s=90, length=0, privilege=15, history_size=20)
    assert line("line con 0", "exec-timeout 0 0").exec_timeout_s == 0
