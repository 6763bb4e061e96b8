from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.editor import (
    LINE_LIMIT,
    CompletionAsked,
    HelpAsked,
    KeyPressed,
    LineAborted,
    LineEditor,
    LineEnded,
    LineEntered,
)
from iosemu.terminal.history import History

from .fakes import Screen


class Typist:
    """An editor with a screen behind it."""

    def __init__(self, width: int = 80, history: History | None = None) -> None:
        self.editor = LineEditor(width)
        self.screen = Screen(width)
        self.history = history or History()

    def prompt(self, prompt: str = "R1#", **options: Any) -> Typist:
        self.editor.start_line(prompt, commands=True, history=self.history, **options)
        self.screen.feed(self.editor.take_output())
        return self

    def type(self, octets: bytes) -> Any:
        self.editor.receive(octets)
        event = self.editor.next_event()
        self.screen.feed(self.editor.take_output())
        return event


def edited(keys: bytes) -> str:
    typist = Typist().prompt()
    event = typist.type(keys + b"\r")
    assert isinstance(event, LineEntered)
    assert typist.screen.text[0] == f"R1#{event.text}".rstrip()
    return event.text


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (b"how\x01s\x05 ip", "show ip"),
        (b"shw\x02o", "show"),
        (b"sow\x01\x06h", "show"),
        (b"xshow\x01\x04", "show"),
        (b"showw\x08", "show"),
        (b"showw\x7f", "show"),
        (b"show ip\x02\x02\x0b", "show "),
        (b"show ip\x15no", "no"),
        (b"show ip\x02\x02\x15", "ip"),
        (b"show ip\x02\x02\x18", "ip"),
        (b"show ip\x17run", "show run"),
        (b"show ip\x17\x17\x19", "show "),
        (b"show ip\x17\x17\x19\x1by", "show ip"),
        (b"sohw\x02\x02\x14", "show"),
        (b"show ip\x1bbx", "show xip"),
        (b"show ip\x01\x1bf\x1bf route", "show ip route"),
        (b"show ip\x01\x1bd", " ip"),
        (b"show ip\x01\x1bc\x1bu", "Show IP"),
        (b"SHOW\x01\x1bl", "show"),
        (b"shw\x1b[Do\x1b[C!", "show!"),
        (b"shw\x1bODo", "show"),
        (b"why\x16?", "why?"),
        (b"ab\x1b[99~\x00c", "abc"),
    ],
)
def test_editing_keys(keys: bytes, line: str) -> None:
    assert edited(keys) == line


def test_history_is_walked_with_control_p_n_and_arrows() -> None:
    typist = Typist()
    for line in (b"one", b"two", b"two"):
        typist.prompt().type(line + b"\r")
    typist.prompt()
    typist.type(b"thr\x10\x10\x10")
    assert typist.screen.last.rstrip() == "R1#one"
    typist.type(b"\x1b[B\x0e")
    assert typist.screen.last.rstrip() == "R1#thr"
    assert typist.type(b"\x1b[A\r") == LineEntered("two")
    assert typist.history.lines == ("one", "two")


def test_help_and_completion_are_events_and_give_the_line_back() -> None:
    typist = Typist().prompt()
    assert typist.type(b"sh?") == HelpAsked("sh")
    typist.screen.feed("?\r\nshow\r\n\r\n")
    typist.editor.redisplay()
    assert typist.type(b"\t") == CompletionAsked("sh")
    typist.editor.complete("show ")
    assert typist.type(b"ip\r") == LineEntered("show ip")
    assert typist.screen.text[-3:] == ["R1#sh", "R1#show ip", ""]


def test_control_c_throws_the_line_away_and_control_z_enters_it() -> None:
    typist = Typist()
    assert typist.prompt().type(b"abc\x03") == LineAborted("abc")
    assert typist.prompt().type(b"exit\x1a") == LineEnded("exit")
    assert typist.screen.text[:2] == ["R1#abc^C", "R1#exit^Z"]


def test_a_question_takes_question_marks_and_tabs_as_text_and_a_password_shows_nothing() -> None:
    editor = LineEditor()
    editor.start_line("Password: ", echo=False)
    editor.receive(b"se?cret\r")
    assert editor.next_event() == LineEntered("se?cret")
    assert editor.take_output() == "Password: \r\n"


def test_nothing_is_used_or_echoed_while_nobody_reads() -> None:
    editor = LineEditor()
    editor.receive(b"one\r\ntwo\r\n")
    assert (editor.next_event(), editor.take_output()) == (None, "")
    editor.start_line("#")
    assert (editor.next_event(), editor.take_output()) == (LineEntered("one"), "#one\r\n")
    editor.start_key()
    assert editor.next_event() == KeyPressed("t")
    editor.start_line("#")
    assert editor.next_event() == LineEntered("wo")


def test_each_typed_character_is_echoed_as_it_is() -> None:
    editor = LineEditor()
    editor.start_line("R1#")
    editor.take_output()
    for character in "show version":
        editor.receive(character.encode())
        assert editor.next_event() is None
        assert editor.take_output() == character


def test_a_wide_line_scrolls_by_ten_columns_behind_the_prompt() -> None:
    typist = Typist(width=40).prompt()
    typist.type(b"0123456789" * 4)
    assert typist.screen.last.startswith("R1#$")
    assert typist.screen.rows[1:] == []
    typist.type(b"\x01")
    assert typist.screen.last.startswith("R1#0123456789")
    assert typist.screen.last.rstrip().endswith("$")
    assert typist.type(b"\r") == LineEntered("0123456789" * 4)


def test_a_line_beyond_the_limit_rings_and_keeps_its_beginning() -> None:
    editor = LineEditor(width=0)
    editor.start_line("")
    editor.receive(b"x" * (LINE_LIMIT + 5) + b"\r")
    assert editor.next_event() == LineEntered("x" * LINE_LIMIT)
    assert "\a" in editor.take_output()


CONTROLS = [bytes([ord(letter) - 64]) for letter in "ABDEFHKNPRTUWXY"]
ESCAPES = [
    b"\x1b" + tail for tail in (b"b", b"f", b"d", b"y", b"u", b"c", b"[A", b"[B", b"[C", b"[D", b"[H", b"[F", b"[3~")
]
KEYS = st.lists(st.sampled_from([b"word", b" ", b"longer words here", *CONTROLS, *ESCAPES]), max_size=40)


@given(KEYS, st.sampled_from([0, 24, 80]))
def test_the_screen_always_shows_the_line_that_would_be_entered(keys: list[bytes], width: int) -> None:
    history = History()
    for line in ("show running-config", "a line that is a good deal longer than a narrow terminal"):
        history.add(line)
    typist = Typist(width, history).prompt()
    for key in keys:
        typist.type(key)
    shown = typist.screen.last.rstrip()
    line = typist.type(b"\r").text
    if "$" not in shown:
        assert shown == f"R1#{line}".rstrip()
    for piece in shown.removeprefix("R1#").strip("$").split("$"):
        assert piece in line
    assert width == 0 or all(len(row) < width for row in typist.screen.rows)


@given(st.binary(max_size=300))
def test_any_octets_leave_the_editor_usable(noise: bytes) -> None:
    editor = LineEditor()
    editor.start_line("R1#", commands=True, history=History())
    editor.receive(noise)
    while (event := editor.next_event()) is not None:
        if not isinstance(event, HelpAsked | CompletionAsked):
            editor.start_line("R1#", commands=True, history=History())
    editor.stop()
    editor.keys.take_all()
    editor.start_line("R1#", commands=True)
    editor.receive(b"\x05\x15show clock\r")
    assert isinstance(editor.next_event(), LineEntered)
