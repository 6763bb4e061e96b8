"""Privilege levels of keywords: what a level may say, complete and be helped with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.declaration import Mode
from iosemu.cli.help import complete, full_help
from iosemu.cli.levels import Path, Setting
from iosemu.cli.match import Ambiguous, Incomplete, InvalidInput, match

TEXT = """
mode exec "Exec commands:"
configure terminal
configure memory
show clock [detail]
    .privilege 1
show running-config [brief | interface name:INTERFACE [full]]
show ip route [static]
    .privilege 1
"""


@pytest.fixture
def mode() -> Mode:
    return Catalogue.parse(TEXT).mode("exec")


def set_levels(mode: Mode, **levels: int | tuple[int, bool]) -> None:
    """Give `show_ip` a level, or a level that holds below it, too."""
    settings: dict[Path, Setting] = {}
    for name, level in levels.items():
        path = tuple(word.replace("running", "running-config") for word in name.split("_"))
        settings[path] = Setting(*level) if isinstance(level, tuple) else Setting(level, False)
    mode.relevel(lambda: settings)


def may(mode: Mode, line: str, level: int) -> bool:
    try:
        match(mode, line, level)
    except InvalidInput:
        return False
    return True


def test_without_settings_a_command_has_the_level_that_it_is_declared_with(mode: Mode) -> None:
    assert [may(mode, "show clock", level) for level in (0, 1, 15)] == [False, True, True]
    assert [may(mode, "show running-config", level) for level in (1, 14, 15)] == [False, False, True]


def test_a_lowered_command_is_there_without_its_options(mode: Mode) -> None:
    set_levels(mode, show=1, show_running=5)
    assert may(mode, "show run", 5)
    assert not may(mode, "show run", 4)
    assert not may(mode, "show run brief", 5)
    assert may(mode, "show run brief", 15)


def test_all_holds_for_what_is_below_unless_that_has_a_level_of_its_own(mode: Mode) -> None:
    set_levels(mode, show=1, show_running=(5, True), show_running_brief=9)
    assert may(mode, "show run int fa0/0 full", 5)
    assert not may(mode, "show run brief", 5)
    assert may(mode, "show run brief", 9)


def test_behind_an_argument_nothing_is_asked(mode: Mode) -> None:
    set_levels(mode, show=1, show_running=5, show_running_interface=5)
    assert may(mode, "show run int fa0/0 full", 5)


def test_raising_a_keyword_takes_all_behind_it_away(mode: Mode) -> None:
    set_levels(mode, show=7)
    assert not may(mode, "show clock", 6)
    assert may(mode, "show clock detail", 7)


def test_raising_an_option_leaves_the_command(mode: Mode) -> None:
    set_levels(mode, show_ip_route_static=7)
    assert may(mode, "show ip route", 1)
    assert not may(mode, "show ip route static", 1)


def test_what_may_not_be_said_does_not_exist(mode: Mode) -> None:
    set_levels(mode, configure=7, configure_terminal=7)
    with pytest.raises(InvalidInput) as caught:
        match(mode, "configure memory", 7)
    assert caught.value.column == len("configure ")
    assert full_help((mode,), "configure ", 7) == "  terminal\n  <cr>\n\n"
    assert complete((mode,), "configure m", 7) == "configure m"
    assert full_help((mode,), "c", 6) == "% Unrecognized command\n"
    mode.relevel(dict)
    assert not may(mode, "configure terminal", 7)


@given(
    settings=st.dictionaries(
        st.lists(st.sampled_from(["show", "ip", "route", "static", "running-config", "brief", "x"]), min_size=1).map(
            tuple
        ),
        st.builds(Setting, st.integers(0, 15), st.booleans()),
    ),
    line=st.sampled_from(["show ip route static", "show run brief", "show clock", "conf t", "show", "show ip ro"]),
    level=st.integers(0, 14),
)
def test_a_higher_level_may_say_whatever_a_lower_one_may(settings: dict[Path, Setting], line: str, level: int) -> None:
    mode = Catalogue.parse(TEXT).mode("exec")
    mode.relevel(lambda: settings)
    try:
        said = match(mode, line, level)
    except (Ambiguous, Incomplete, InvalidInput):
        return
    assert match(mode, line, level + 1).tokens == said.tokens == match(mode, line).tokens
