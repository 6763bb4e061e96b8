"""`privilege`: what its lines become, and what the users of a level then can do."""

from __future__ import annotations

import pytest

from iosemu.commands.loading import load
from iosemu.config import nvgen
from tests.commands.routers import CARET, User, device


def lines(user: User) -> list[str]:
    return user.type("show running-config | include ^privilege").splitlines()


def configured(*said: str) -> User:
    user = User(device("3660"))
    assert user.configure(*said) == ""
    return user


def test_each_keyword_gets_the_level_and_the_deepest_is_told_first() -> None:
    user = configured("privilege exec level 7 show ip route", "privilege exec level 7 conf t")
    told = [line.removeprefix("privilege exec level 7 ") for line in lines(user)]
    assert told.index("show ip route") < told.index("show ip") < told.index("show")
    assert told.index("configure terminal") < told.index("configure")
    assert len(told) == 5


def test_a_later_line_takes_the_keywords_before_it_along() -> None:
    user = configured("privilege exec all level 6 show running-config", "privilege exec level 2 show logging")
    assert set(lines(user)) == {
        "privilege exec all level 6 show running-config",
        "privilege exec level 2 show logging",
        "privilege exec level 2 show",
    }


def test_sub_modes_come_before_global_configuration_and_exec() -> None:
    user = configured(
        "privilege exec level 5 configure terminal",
        "privilege configure level 5 interface",
        "privilege interface level 5 shutdown",
        "privilege interface level 5 no shutdown",
        "privilege interface level 5 ip address",
    )
    # As routers print it (their own order of the commands of a mode apart).
    assert lines(user) == [
        "privilege interface level 5 ip address",
        "privilege interface level 5 ip",
        "privilege interface level 5 shutdown",
        "privilege interface level 5 no ip address",
        "privilege interface level 5 no ip",
        "privilege interface level 5 no shutdown",
        "privilege interface level 5 no",
        "privilege configure level 5 interface",
        "privilege exec level 5 configure terminal",
        "privilege exec level 5 configure",
    ]
    text = nvgen.render(user.session.device.config)
    again = device("3660")
    assert load(again, text) == []
    assert nvgen.render(again.config) == text


def test_no_goes_back_and_says_so_while_reset_says_nothing() -> None:
    user = configured("privilege exec level 3 configure terminal")
    assert user.configure("no privilege exec level 3 configure terminal") == ""
    assert lines(user) == ["privilege exec level 15 configure terminal", "privilege exec level 15 configure"]
    assert user.configure("privilege exec reset configure terminal") == ""
    assert lines(user) == []
    assert User(user.session.device, privilege=3).type("configure terminal").endswith(CARET)


def test_a_command_that_is_none_is_refused_where_it_goes_wrong() -> None:
    user = User(device("3660"))
    answer = user.configure("privilege exec level 7 show bogus")
    assert answer == " " * len("Router(config)#privilege exec level 7 show ") + CARET


def test_a_level_configures_what_it_was_given_and_nothing_else() -> None:
    router = configured(
        "privilege exec level 7 configure terminal",
        "privilege configure level 7 interface",
        "privilege interface level 7 shutdown",
    ).session.device
    helper = User(router, privilege=7)
    assert helper.session.prompt == "Router#"
    helper.type("configure terminal")
    assert helper.type("hostname x").endswith(CARET)
    words = [line.split()[0] for line in helper.session.help("").splitlines() if line.startswith("  ")]
    assert words == ["default", "do", "end", "exit", "help", "interface", "no"]
    assert helper.type("interface FastEthernet0/0") == ""
    assert helper.type("ip address 10.0.0.1 255.0.0.0").endswith(CARET)
    assert helper.type("no shutdown", "shutdown") == ""
    assert helper.type("do reload").endswith(CARET)
    assert User(router, privilege=6).type("configure terminal").endswith(CARET)


def test_show_running_config_shows_what_the_level_may_say() -> None:
    router = configured(
        "interface FastEthernet0/0",
        "description uplink",
        "privilege exec level 7 show running-config",
        "privilege exec level 1 show",
        "privilege configure level 7 interface",
        "privilege interface level 7 description",
    ).session.device
    shown = User(router, privilege=7).type("show running-config")
    assert shown.startswith("Building configuration...\n\nCurrent configuration : ")
    assert set(shown.split("bytes\n")[1].splitlines()) == {
        "!",
        "interface FastEthernet0/0",
        " description uplink",
        "interface FastEthernet0/1",
        "end",
        "",
    }


def test_level_0_has_the_five_commands() -> None:
    words = User(device("3660"), privilege=0).session.help("").splitlines()
    assert [line.split()[0] for line in words[1:-1]] == ["disable", "enable", "exit", "help", "logout"]


@pytest.mark.parametrize(("level", "prompt"), [(0, "Router>"), (1, "Router>"), (2, "Router#"), (15, "Router#")])
def test_the_prompt_tells_whether_a_level_is_above_that_of_users(level: int, prompt: str) -> None:
    user = User(device("3660"), privilege=level)
    assert user.session.prompt == prompt


def test_a_mode_that_is_not_known_keeps_what_is_said() -> None:
    assert lines(configured("privilege rtr level 3 type echo")) == [
        "privilege rtr level 3 type echo",
        "privilege rtr level 3 type",
    ]


def test_levels_are_those_of_one_router_until_it_starts_again() -> None:
    one, other = device(), device()
    User(one).configure("privilege exec level 1 show running-config")
    assert "Building configuration" in User(one, privilege=1).type("show running-config")
    assert User(other, privilege=1).type("show running-config").endswith(CARET)
    assert User(device(), privilege=1).type("show running-config").endswith(CARET)
    assert one.catalogue.mode("config") is other.catalogue.mode("config")
