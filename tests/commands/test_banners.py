"""Banners: typed or pasted over several lines, kept, printed back, shown where the line asks for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.cli.session import END_KEY
from iosemu.commands.lines.line_config import line_settings
from iosemu.commands.loading import load
from iosemu.config.nvgen import render
from tests.commands.routers import User, device


@pytest.mark.parametrize(
    ("opening", "closing", "named"),
    [
        ("^C", "^C", "^C"),
        ("\x03", "\x03", "^C"),
        ("^C", "\x03", "^C"),
        ("#", "#", "#"),
        ("z", "z what follows is dropped", "z"),
    ],
)
def test_a_banner_goes_over_lines_up_to_its_delimiter(opening: str, closing: str, named: str) -> None:
    router = device()
    user = User(router)
    user.type("configure terminal", "interface FastEthernet0")
    assert user.type(f"banner motd {opening}") == f"Enter TEXT message.  End with the character '{named}'.\n"
    assert (user.session.collecting, user.session.prompt) == (True, "")
    assert user.type("Keep out", "", "! please", " end", closing) == ""
    assert user.session.prompt == "Router(config)#"
    assert router.config.root.value("banner motd", "text") == "\nKeep out\n\n! please\n end\n"


def test_a_banner_may_stand_on_one_line_and_be_taken_out() -> None:
    router = device()
    user = User(router)
    assert user.configure("banner login ^Chello^C", "banner motd % x y %") == ""
    assert (router.config.root.value("banner login", "text"), router.config.root.value("banner motd", "text")) == (
        "hello", " x y ",
    )  # fmt: skip
    assert user.configure("banner #the short form#") == ""
    assert router.config.root.value("banner motd", "text") == "the short form"
    assert user.configure("no banner login", "default banner motd") == ""
    assert "banner" not in render(router.config)
    assert user.configure("banner motd") == "% Incomplete command.\n\n"
    assert user.configure("banner").startswith("% Incomplete command.")


@pytest.mark.parametrize("key", [END_KEY, "\x03"])
def test_a_text_that_is_broken_off_leaves_no_trace(key: str) -> None:
    router = device()
    user = User(router)
    user.type("configure terminal", "banner motd #", "half", key)
    assert (user.session.collecting, user.session.prompt) == (False, "Router#")
    assert "banner" not in render(router.config)


def test_banners_and_aliases_stand_before_the_lines_with_a_mark_behind_them() -> None:
    router = device()
    User(router).configure("alias exec sr show run", "banner motd ^Chello^C", "banner exec #", "a", " b", "#")
    text = "banner exec ^C\na\n b\n^C\nbanner motd ^Chello^C\nalias exec sr show run\n!\nline con 0\n"
    assert f"\n!\n{text}" in render(router.config)
    again = device()
    assert load(again, render(router.config)) == []
    assert render(again.config) == render(router.config)


def test_the_banner_of_a_real_router_comes_back() -> None:
    router = device()
    text = "banner login ^CC\nThis is a private computer system.\npurposes only.\n^C\n!\nline con 0\n"
    assert load(router, text) == []
    assert text in render(router.config)


def test_a_loaded_text_without_end_is_told_with_the_line_where_it_begins() -> None:
    router = device()
    assert load(router, "hostname a\nbanner motd #\nhostname b\nend\n") == [(2, "% Incomplete command.")]
    assert router.hostname == "a"


@settings(deadline=None)  # each example is a whole router
@given(text=st.text(st.characters(codec="ascii", min_codepoint=32, exclude_characters="^"), max_size=40))
def test_any_text_is_given_back(text: str) -> None:
    router = device()
    body = text.replace("|", "\n")
    assert load(router, f"banner motd ^C{body}^C\n") == []
    assert router.config.root.value("banner motd", "text") == body
    assert f"\nbanner motd ^C{body}^C\n" in render(router.config)


def test_lines_show_the_banners_with_their_tokens_replaced() -> None:
    router = device()
    User(router).configure(
        "hostname gw", "ip domain name example.com", "banner motd #$(hostname).$(domain) $(other)#",
        "banner login #line $(line)#", "banner exec #hello#",
    )  # fmt: skip
    settings = line_settings(router.config, "vty", 3)
    assert (settings.banner, settings.login_banner, settings.exec_banner) == (
        "gw.example.com $(other)", "line 5", "hello",
    )  # fmt: skip
    assert line_settings(router.config, "con").login_banner == "line 0"
