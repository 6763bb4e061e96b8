from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.editor import (
    BELL,
    CompletionAsked,
    EditorEvent,
    HelpAsked,
    KeyPressed,
    LineAborted,
    LineEditor,
    LineEnded,
    LineEntered,
)
from iosemu.terminal.history import History
from iosemu.terminal.line_buffer import LINE_LIMIT

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
        (b"show ip\x17\x17\x19\x1by", "ip"),
        (b"show ip\x17\x17ab\x1by", "ab"),
        (b"sohw\x02\x02\x14", "show"),
        (b"show ip\x1bbx", "show xip"),
        (b"show ip\x01\x1bf\x1bf route", "show ip route"),
        (b"show ip\x01\x1bd", " ip"),
        (b"show ip\x01\x1bc\x1bu", "Show IP"),
        (b"SHOW\x01\x1bl", "show"),
        (b"shw\x1b[Do\x1b[C!", "show!"),
        (b"shw\x1bODo", "show"),
        (b"why\x16?", "why?"),
        (b"why\x1bq?", "why?"),
        (b"ab\x1b[3~\x00c", "ab~c"),
        (b"ab\x1b[Hc", "abc"),
        (b"ab\x1b\x01c", "cab"),
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
    typed = typist.editor.put_aside()
    typist.screen.feed("?\r\nshow\r\n\r\n")
    typist.editor.take_up(typed)
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


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (b"", b"\x02"),
        (b"", b"\x04"),
        (b"", b"\x06"),
        (b"", b"\x08"),
        (b"", b"\x0b"),
        (b"", b"\x0e"),
        (b"", b"\x10"),
        (b"a", b"\x14"),
        (b"", b"\x15"),
        (b"", b"\x17"),
        (b"a", b"\x19"),
        (b"a\x17", b"\x1by"),
        (b"a", b"\x1bf"),
    ],
)
def test_a_key_that_can_do_nothing_rings_and_changes_nothing(typed: bytes, key: bytes) -> None:
    typist = Typist().prompt()
    typist.type(typed)
    before = typist.screen.text
    typist.editor.receive(key)
    assert typist.editor.next_event() is None
    assert typist.editor.take_output() == BELL
    assert typist.screen.text == before


def test_completion_that_adds_nothing_rings() -> None:
    typist = Typist().prompt()
    typist.type(b"s\t")
    typist.editor.complete("s")
    assert typist.editor.take_output() == f"{BELL}\r\nR1#s"
    typist.editor.complete("show ")
    assert typist.editor.take_output() == "\r\nR1#show "


def test_a_control_character_taken_literally_is_shown_with_a_caret_and_counted_as_it_is_shown() -> None:
    typist = Typist().prompt()
    typist.type(b"ab\x16\x03cd\x02\x02x")
    assert typist.screen.last.rstrip() == "R1#ab^Cxcd"
    typist.type(b"\x08\x08")
    assert typist.screen.last.rstrip() == "R1#abcd"
    assert typist.type(b"\r") == LineEntered("abcd")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (b"showw\x08", "show"),
        (b"showw\x7f", "show"),
        (b"show ip\x17run", "show run"),
        (b"show ip\x15no", "no"),
        (b"sh\x01\x02\x05\x0bow\x10\x14\x19", "show"),
        (b"sh\x1b[A", "sh[A"),
    ],
)
def test_without_editing_only_deleting_is_left(keys: bytes, line: str) -> None:
    typist = Typist()
    typist.history.add("from before")
    typist.editor.editing = False
    assert typist.prompt().type(keys + b"\r") == LineEntered(line)
    assert typist.screen.text[0] == f"R1#{line}"


def test_without_editing_the_line_is_redisplayed_helped_completed_and_ended_as_ever_and_does_not_scroll() -> None:
    typist = Typist(width=40)
    typist.editor.editing = False
    typist.prompt().type(b"show\x12")
    assert typist.screen.text == ["R1#show", "R1#show"]
    assert typist.type(b"?") == HelpAsked("show")
    assert typist.type(b"\t") == CompletionAsked("show")
    assert typist.type(b"\x1a") == LineEnded("show")
    assert typist.prompt().type(b"\x03") == LineAborted("")
    typist.prompt().type(b"0123456789" * 4)
    assert typist.screen.text[-2:] == ["R1#0123456789012345678901234567890123456", "789"]


CONTROLS = [bytes([ord(letter) - 64]) for letter in "ABDEFHKNPRTUWXY"]
ESCAPES = [b"\x1b" + tail for tail in (b"b", b"f", b"d", b"y", b"u", b"c", b"[A", b"[B", b"[C", b"[D", b"OC", b"OD")]
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


def events(editor: LineEditor) -> list[EditorEvent]:
    """What the editor makes of what it was given; each line that ends is followed by the next."""
    made: list[EditorEvent] = []
    while (event := editor.next_event()) is not None:
        made.append(event)
        if not isinstance(event, HelpAsked | CompletionAsked):
            editor.start_line("R1#", commands=True, history=History())
    return made


OCTETS = st.lists(
    st.one_of(
        st.binary(max_size=20), st.sampled_from([*CONTROLS, *ESCAPES, b"\x16", b"\x1b[", b"\xc3", b"\r\n", b"a b"])
    ),
    max_size=30,
).map(b"".join)


@given(OCTETS, st.booleans(), st.data())
def test_any_octets_cut_anywhere_mean_the_same_and_leave_the_editor_usable(
    noise: bytes, editing: bool, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(noise)), max_size=5)))
    whole, cut = LineEditor(), LineEditor()
    for editor, pieces in (
        (whole, [noise]),
        (cut, [noise[a:b] for a, b in itertools.pairwise([0, *cuts, len(noise)])]),
    ):
        editor.editing = editing
        editor.start_line("R1#", commands=True, history=History())
        for piece in pieces:
            editor.receive(piece)
    assert events(whole) == events(cut)
    for editor in (whole, cut):
        editor.stop()
        editor.keys.take_all()
        editor.start_line("R1#", commands=True)
        editor.receive(b"\r\x15show clock\r")
        assert LineEntered("show clock") in events(editor)
