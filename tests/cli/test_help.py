"""`?` and Tab."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.help import table

from .small import Desk

DESK = Desk()


def test_full_help_lists_what_may_follow_and_where_the_line_may_end() -> None:
    assert DESK.session.help("show clock ") == (
        "  detail  Display detailed information\n  |       Output modifiers\n  <cr>\n\n"
    )


def test_help_of_nothing_has_the_heading_of_the_mode() -> None:
    assert DESK.session.help("").startswith("Exec commands:\n  clear      Reset functions\n  clock ")


def test_an_argument_is_listed_by_its_label() -> None:
    desk = Desk()
    desk.type("conf t")
    assert desk.session.help("mta receive max ") == "  <0-1024>  Recipients\n\n"
    assert desk.session.help("hostname ") == "  WORD  This system's network name\n\n"


def test_word_help_lists_the_words_side_by_side() -> None:
    assert DESK.session.help("c") == "clear  clock  configure  \n\n"
    assert DESK.session.help("show c") == "call  clock  \n\n"


def test_configuration_help_offers_the_prefixes() -> None:
    desk = Desk()
    desk.type("conf t")
    assert "  no           Negate a command or set its defaults\n" in desk.session.help("")
    assert desk.session.help("no mta ").splitlines() == ["  receive", "  send", ""]
    assert "Show running system information" in desk.session.help("do ")


def test_help_of_an_unknown_or_ambiguous_line() -> None:
    assert DESK.session.help("bogus ") == "% Unrecognized command\n"
    assert DESK.session.help("showx") == "% Unrecognized command\n"
    assert DESK.session.help("show c ") == '% Ambiguous command:  "show c "\n'


def test_hidden_and_higher_commands_are_not_listed() -> None:
    assert "secrets" not in DESK.session.help("show ")
    assert "running-config" not in Desk(privilege=1).session.help("show ")


def test_output_modifiers_have_help() -> None:
    assert [line.split()[0] for line in DESK.session.help("show clock | ").splitlines() if line] == [
        "begin", "exclude", "include",
    ]  # fmt: skip


def test_tab_writes_out_the_one_keyword() -> None:
    assert DESK.session.complete("sh") == "show "
    assert DESK.session.complete("show ru") == "show running-config "
    assert DESK.session.complete("show c") == "show c"
    assert DESK.session.complete("show z") == "show z"
    desk = Desk()
    desk.type("conf t", "interface Ethernet0")
    assert desk.session.complete("do sho") == "do show "
    assert desk.session.complete("mta se") == "mta send "


@given(line=st.text(max_size=30))
def test_help_and_tab_take_any_line(line: str) -> None:
    assert DESK.session.help(line).endswith("\n")
    assert DESK.session.complete(line).startswith(line[: line.rfind(" ") + 1])


def test_a_long_text_goes_on_below_itself_before_the_last_column() -> None:
    text = "Change UDP/TCP SIP listen port (have bind configured under this tenant for the config to take effect)"
    assert table([("non-secure", text), ("secure", "Change TLS SIP listen port")], True) == (
        "  non-secure  Change UDP/TCP SIP listen port (have bind configured under this\n"
        "              tenant for the config to take effect)\n"
        "  secure      Change TLS SIP listen port\n"
        "  <cr>\n"
    )
    # 79 columns are filled, 80 are not.
    assert table([("word", f"{'x' * 65} {'y' * 5}")], False) == f"  word  {'x' * 65} {'y' * 5}\n"
    assert table([("word", f"{'x' * 65} {'y' * 6}")], False) == f"  word  {'x' * 65}\n        {'y' * 6}\n"
    assert table([("word", "x" * 100)], False) == f"  word  {'x' * 100}\n"
