"""Every editing key typed at a real terminal (tmux) running a real telnet client, and what its screen shows then.

Rule: a screen is written as its last line with `|` where the cursor stands.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.served_router import served_router

pytestmark = pytest.mark.peer

CONFIGURATION = """\
hostname R1
line vty 0 4
 no login
 privilege level 15
"""
# As many lines as two and a half screens.
LINES = [f"alias exec a{number:02} show clock" for number in range(60)]
COLUMNS, ROWS = 80, 24
PATIENCE_S = 10.0
ESC = b"\x1b"


def ctrl(letter: str) -> bytes:
    return bytes([ord(letter) & 0x1F])


class Terminal:
    """A telnet client on a terminal of 80 columns and 24 rows."""

    def __init__(self, tmux: str, socket: Path, command: str) -> None:
        self._tmux = [tmux, "-S", str(socket), "-f", "/dev/null"]
        self._run("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), command)

    def _run(self, *arguments: str) -> str:
        environment = {key: value for key, value in os.environ.items() if key != "TMUX"}
        done = subprocess.run(
            [*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=20, env=environment
        )
        return done.stdout

    def close(self) -> None:
        self._run("kill-server")

    def type(self, *keys: bytes) -> None:
        self._run("send-keys", "-H", *(f"{octet:02x}" for octet in b"".join(keys)))

    def screen(self) -> list[str]:
        """The rows down to the cursor's, which has a `|` where the cursor stands."""
        place, *rows = self._run("display-message", "-p", "#{cursor_x} #{cursor_y}", ";", "capture-pane", "-p").split(
            "\n"
        )
        column, row = map(int, place.split())
        line = rows[row].ljust(column)
        return [*rows[:row], f"{line[:column]}|{line[column:]}"]

    def shows(self, *expected: str) -> None:
        """Wait until the last rows of the screen are these."""
        deadline = time.monotonic() + PATIENCE_S
        while (screen := self.screen())[-len(expected) :] != list(expected):
            assert time.monotonic() < deadline, "\n".join(["the screen shows:", *screen, "and not:", *expected])


@pytest.fixture(scope="module")
def router() -> Iterator[int]:
    with served_router("3660", "\n".join([CONFIGURATION, *LINES]), "telnet") as (port, _):
        yield port


def connected(port: int, need: Callable[[str], str], folder: Path) -> Terminal:
    """A terminal at the router's prompt."""
    opened = Terminal(need("tmux"), folder / "tmux", f"TERM=vt100 {need('telnet')} -E 127.0.0.1 {port}")
    opened.shows("R1#|")
    return opened


@pytest.fixture
def terminal(router: int, need: Callable[[str], str], tmp_path: Path) -> Iterator[Terminal]:
    opened = connected(router, need, tmp_path)
    yield opened
    opened.close()


KEYS = [
    ("Ctrl-A", [b"how ip", ctrl("A"), b"s"], "R1#s|how ip"),
    ("Ctrl-E", [b"show", ctrl("A"), ctrl("E")], "R1#show|"),
    ("Ctrl-B", [b"show", ctrl("B"), ctrl("B")], "R1#sh|ow"),
    ("Ctrl-F", [b"show", ctrl("A"), ctrl("F")], "R1#s|how"),
    ("left", [b"show", ESC, b"[D"], "R1#sho|w"),
    ("right", [b"show", ctrl("A"), ESC, b"[C", ESC, b"[C"], "R1#sh|ow"),
    ("Esc B", [b"show ip route", ESC, b"b", ESC, b"B"], "R1#show |ip route"),
    ("Esc F", [b"show ip route", ctrl("A"), ESC, b"f", ESC, b"F"], "R1#show ip| route"),
    ("Ctrl-D", [b"show", ctrl("A"), ctrl("D")], "R1#|how"),
    ("Ctrl-H", [b"show ip", ctrl("B"), ctrl("H")], "R1#show |p"),
    ("Delete", [b"show ip", b"\x7f"], "R1#show i|"),
    ("Ctrl-K", [b"show ip", ctrl("B"), ctrl("B"), ctrl("K")], "R1#show |"),
    ("Ctrl-U", [b"show ip", ctrl("B"), ctrl("B"), ctrl("U")], "R1#|ip"),
    ("Ctrl-X", [b"show ip", ctrl("B"), ctrl("X")], "R1#|p"),
    ("Ctrl-W", [b"show ip route", ctrl("W")], "R1#show ip |"),
    ("Esc D", [b"show ip route", ctrl("A"), ESC, b"d"], "R1#| ip route"),
    ("Ctrl-Y", [b"show ip", ctrl("W"), ctrl("A"), ctrl("Y")], "R1#ip|show"),
    ("Esc Y", [b"one", ctrl("U"), b"two", ctrl("U"), ctrl("Y"), ESC, b"y"], "R1#one|"),
    ("Ctrl-T", [b"sohw", ctrl("B"), ctrl("B"), ctrl("T")], "R1#sho|w"),
    ("Esc C", [b"show ip", ctrl("A"), ESC, b"c"], "R1#Show| ip"),
    ("Esc U", [b"show ip", ctrl("A"), ESC, b"u"], "R1#SHOW| ip"),
    ("Esc L", [b"SHOW IP", ctrl("A"), ESC, b"l"], "R1#show| IP"),
    ("Ctrl-V", [b"why", ctrl("V"), b"?"], "R1#why?|"),
    ("Ctrl-V Ctrl-A", [b"a", ctrl("V"), ctrl("A"), b"b", ctrl("B")], "R1#a^A|b"),
    ("Esc Q", [b"why", ESC, b"q?"], "R1#why?|"),
    ("Tab", [b"show clo\t"], "R1#show clock |"),
    ("Ctrl-I in the line", [b"sh ip", ESC, b"b", ctrl("B"), ctrl("I")], "R1#show | ip"),
]


def test_keys_that_change_the_line(terminal: Terminal) -> None:
    for name, keys, expected in KEYS:
        terminal.type(*keys)
        try:
            terminal.shows(expected)
        except AssertionError as error:
            pytest.fail(f"{name}: {error}")
        terminal.type(ctrl("C"))
        terminal.shows("R1#|")


@pytest.mark.parametrize("key", [ctrl("L"), ctrl("R")])
def test_the_line_is_shown_again_on_a_fresh_one_with_the_cursor_where_it_was(terminal: Terminal, key: bytes) -> None:
    terminal.type(b"show ip", ctrl("B"), key)
    terminal.shows("R1#show ip", "R1#show i|p")


@pytest.mark.parametrize("key", [ctrl("M"), ctrl("J")])
def test_return_and_line_feed_enter_the_line(terminal: Terminal, key: bytes) -> None:
    terminal.type(b"terminal length 24", key)
    terminal.shows("R1#terminal length 24", "R1#|")


def test_control_c_and_control_z_leave_configuration_and_only_control_z_enters_the_line(terminal: Terminal) -> None:
    terminal.type(b"configure terminal\r")
    terminal.shows("R1(config)#|")
    terminal.type(b"hostname R2", ctrl("C"))
    terminal.shows("R1(config)#hostname R2^C", "R1#|")
    terminal.type(b"configure terminal\r", b"interface Loopback1\r", b"description one", ctrl("Z"))
    terminal.shows("R1(config-if)#description one^Z", "R1#|")
    terminal.type(b"show running-config interface Loopback1 | include desc\r")
    terminal.shows(" description one", "R1#|")


@pytest.mark.parametrize(
    ("older", "newer"), [(ctrl("P"), ctrl("N")), (ESC + b"[A", ESC + b"[B"), (ESC + b"OA", ESC + b"OB")]
)
def test_each_mode_has_its_own_history(terminal: Terminal, older: bytes, newer: bytes) -> None:
    terminal.type(
        b"show privilege\r", b"configure terminal\r", b"service timestamps\r", b"no service pad\r", b"half", older
    )
    terminal.shows("R1(config)#no service pad|")
    terminal.type(older, older)
    terminal.shows("R1(config)#service timestamps|")
    terminal.type(newer, newer)
    terminal.shows("R1(config)#half|")
    terminal.type(ctrl("C"), older, older)
    terminal.shows("R1#show privilege|")


def test_the_history_is_as_long_as_the_terminal_wants_it(terminal: Terminal) -> None:
    terminal.type(b"terminal history size 2\r", b"show privilege\r", b"show history\r")
    terminal.shows("  show privilege", "  show history", "R1#|")
    terminal.type(b"terminal no history\r", ctrl("P"))
    terminal.shows("R1#terminal no history", "R1#|")


def test_a_wide_line_is_scrolled_by_ten_columns_and_marked_where_it_is_cut(terminal: Terminal) -> None:
    line = "".join(f"<{number:02}>" for number in range(40))
    room = COLUMNS - len("R1#") - 1
    terminal.type(line[: room - 1].encode())
    terminal.shows(f"R1#{line[: room - 1]}|")
    terminal.type(line[room - 1].encode())
    terminal.shows(f"R1#${line[11:room]}|")
    terminal.type(line[room : room + 9].encode())
    terminal.shows(f"R1#${line[11 : room + 9]}|")
    terminal.type(line[room + 9].encode())
    terminal.shows(f"R1#${line[21 : room + 10]}|")
    terminal.type(ctrl("A"))
    terminal.shows(f"R1#|{line[: room - 1]}$")


def test_without_editing_the_keys_for_deleting_and_redisplay_are_left(
    need: Callable[[str], str], tmp_path: Path
) -> None:
    with served_router("3660", CONFIGURATION + " no editing\n", "telnet") as (port, _):
        terminal = connected(port, need, tmp_path)
        others = [ctrl("T"), ctrl("B"), ctrl("A"), ctrl("P")]
        terminal.type(b"sohw", *others, b"\x7f", ctrl("H"), ctrl("H"), b"how ip", ctrl("W"))
        terminal.shows("R1#show |")
        terminal.type(ctrl("R"))
        terminal.shows("R1#show", "R1#show |")
        terminal.type(ctrl("U"), b"show clo\t")
        terminal.shows("R1#show clock |")
        terminal.close()


def test_help_gives_the_line_back(terminal: Terminal) -> None:
    terminal.type(b"show clock ", b"?")
    terminal.shows("R1#show clock |")


class TestMore:
    """` --More-- ` of an output of sixty lines, of which the first screen shows 23."""

    @pytest.fixture
    def more(self, terminal: Terminal) -> Terminal:
        terminal.type(b"show running-config | include alias\r")
        terminal.shows(*LINES[:23], " --More-- |")
        return terminal

    def test_space_shows_a_screen_more_and_return_a_line(self, more: Terminal) -> None:
        more.type(b"\r")
        more.shows(*LINES[1:24], " --More-- |")
        more.type(b" ")
        more.shows(*LINES[24:47], " --More-- |")
        more.type(b" ")
        more.shows(*LINES[47:], "R1#|")

    @pytest.mark.parametrize("key", [b"q", b"x", ctrl("C"), ESC + b"[B"])
    def test_any_other_key_ends_the_output_and_leaves_nothing_of_the_question(self, more: Terminal, key: bytes) -> None:
        more.type(key)
        more.shows(*LINES[:23], "R1#|")

    def test_a_slash_searches_for_a_pattern_that_is_typed_where_the_question_stood(self, more: Terminal) -> None:
        more.type(b"/a3x", ctrl("H"))
        more.shows(LINES[22], "/a3|")
        more.type(b"[5-9]\r")
        more.shows("filtering...", *LINES[35:57], " --More-- |")
        more.type(b" ")
        more.shows(*LINES[57:], "R1#|")

    @pytest.mark.parametrize(
        ("pattern", "shown"), [("+4 show", [LINES[24], LINES[34], LINES[44], LINES[54]]), ("-a[2-4]", LINES[50:])]
    )
    def test_plus_and_minus_filter_the_rest(self, more: Terminal, pattern: str, shown: list[str]) -> None:
        more.type(pattern.encode(), b"\r")
        more.shows(LINES[22], pattern, "filtering...", *shown, "R1#|")

    def test_control_c_at_the_pattern_ends_the_output(self, more: Terminal) -> None:
        more.type(b"/a3", ctrl("C"))
        more.shows(LINES[22], "/a3^C", "R1#|")
