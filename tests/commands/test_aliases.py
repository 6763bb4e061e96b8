"""`alias exec` and `show aliases`."""

from __future__ import annotations

from tests.commands.routers import CARET, User, device


def test_an_alias_takes_effect_on_the_first_word_of_an_exec_line() -> None:
    router = device()
    user = User(router)
    user.configure("alias exec clk show clock", "alias exec none show run | include ^end$")
    assert user.type("clk") == user.type("show clock") != ""
    assert user.type("clk | include xyz") == ""
    assert user.type("none") == "end\n"
    assert user.type("clk detail") == user.type("show clock detail") != ""
    assert user.configure("do clk") == user.type("show clock")
    assert user.type("show clk").endswith(CARET)
    assert user.configure("clk").endswith(CARET)


def test_aliases_are_replaced_listed_and_taken_out() -> None:
    router = device()
    user = User(router)
    listed = user.type("show aliases")
    assert listed.startswith("Exec mode aliases:\n  h                     help\n  lo                    logout\n")
    user.configure("alias exec s show clock", "alias exec b show ip interface brief")
    listed = user.type("show aliases")
    assert "  s                     show clock\n" in listed
    assert listed.endswith("\n  b                     show ip interface brief\n\n")
    user.configure("no alias exec b", "no alias exec s")
    assert "brief" not in user.type("show aliases")
    assert user.type("s clock") == user.type("show clock")


def test_word_help_shows_aliases_with_a_star_unless_a_blank_stands_in_front() -> None:
    router = device()
    user = User(router)
    user.configure("alias exec shb show ip interface brief")
    assert user.session.help("s").startswith("*s=show ")
    assert user.session.help("sh") == '*shb="show ip interface brief"  show  \n\n'
    assert user.session.help(" sh") == "show  \n\n"
    user.type("configure terminal")
    assert "=" not in user.session.help("s")
    assert user.session.help("do s").startswith("*s=show ")


def test_every_mode_has_its_aliases() -> None:
    user = User(device())
    assert (
        user.configure("alias configure if interface", "alias interface off shutdown", "alias line t exec-timeout 1")
        == ""
    )
    assert user.configure("if FastEthernet0", "off", "exit", "line vty 0 4", "t 30") == ""
    shown = user.type("show running-config")
    assert "\n exec-timeout 1 30\n" in shown
    assert "interface FastEthernet0\n no ip address\n shutdown\n" in shown
    assert user.configure("off").endswith(CARET)
    assert user.type("show aliases interface") == "Interface mode aliases:\n  off                   shutdown\n\n"
    assert "Configure mode aliases:\n  if                    interface\n\n" in user.type("show aliases")
