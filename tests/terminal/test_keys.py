from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.keys import KeyStream


def typed(*packets: bytes) -> str:
    stream = KeyStream()
    for packet in packets:
        stream.receive(packet)
    return stream.take_all()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\0"])
def test_every_kind_of_line_end_is_one_return(end: bytes) -> None:
    assert typed(b"one" + end + b"two" + end) == "one\rtwo\r"
    assert typed(*(bytes([octet]) for octet in b"one" + end + b"two" + end)) == "one\rtwo\r"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\0"])
def test_empty_lines_are_counted(end: bytes) -> None:
    assert typed(end * 3) == "\r\r\r"


def test_text_is_utf8_and_other_octets_stand_for_themselves() -> None:
    assert typed("né".encode()[:2], "né".encode()[2:]) == "né"
    assert typed(b"caf\xe9!") == "café!"


def test_an_escape_sequence_waits_for_its_end() -> None:
    stream = KeyStream()
    stream.receive(b"ab\x1b[")
    assert (stream.take_token(), stream.take_token()) == ("ab", "")
    stream.receive(b"Ac")
    assert (stream.take_token(), stream.take_token()) == ("\x1b[A", "c")


def test_a_single_key_of_a_run_leaves_the_rest() -> None:
    stream = KeyStream()
    stream.receive(b"yes\r")
    assert (stream.take_key(), stream.take_token()) == ("y", "es")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20), max_size=8), st.data())
def test_no_character_is_lost_or_reordered(lines: list[str], data: st.DataObject) -> None:
    octets = "\r\n".join(lines).encode()
    cut = data.draw(st.integers(0, len(octets)))
    stream = KeyStream()
    stream.receive(octets[:cut])
    taken = ""
    while token := stream.take_token():
        taken += token
    stream.receive(octets[cut:])
    while token := stream.take_token():
        taken += token
    assert taken == "\r".join(lines)
