"""TACACS+ packets: layouts of RFC 8907, the pad, and what is no answer."""

from __future__ import annotations

import struct
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.management.tacacs import (
    HEADER,
    Account,
    Authorization,
    Authorize,
    BadPacket,
    Continue,
    Flag,
    Reply,
    Service,
    Start,
    Status,
    Subject,
    Verdict,
    length_of,
    packet,
    read,
)

TOM = Subject("tom", "tty2", "10.2.2.2", 15)
START = Start(TOM)


def test_a_start_as_in_section_5_1() -> None:
    octets = packet(Start(TOM, Service.ENABLE), 0x01020304, 1, "")
    assert octets[:HEADER] == bytes((0xC0, 1, 1, 1, 1, 2, 3, 4, 0, 0, 0, 23))
    assert octets[HEADER:] == bytes((1, 15, 1, 2, 3, 4, 8, 0)) + b"tomtty210.2.2.2"


def test_a_continue_as_in_section_5_3() -> None:
    assert packet(Continue("tiger"), 1, 3, "")[HEADER:] == bytes((0, 5, 0, 0, 0)) + b"tiger"


def test_an_authorization_and_an_account_share_their_layout() -> None:
    arguments = ("service=shell", "cmd=")
    shared = bytes((6, 15, 1, 1, 3, 4, 8, 2, 13, 4)) + b"tomtty210.2.2.2service=shellcmd="
    assert packet(Authorize(TOM, arguments), 1, 1, "")[HEADER:] == shared
    assert packet(Account(TOM, Flag.STOP, arguments), 1, 1, "")[HEADER:] == b"\x04" + shared


def test_the_pad_of_section_4_5() -> None:
    plain, hidden = packet(START, 7, 1, "")[HEADER:], packet(START, 7, 1, "key")
    first = md5(struct.pack("!I", 7) + b"key" + b"\xc0\x01").digest()
    second = md5(struct.pack("!I", 7) + b"key" + b"\xc0\x01" + first).digest()
    assert bytes(a ^ b for a, b in zip(hidden[HEADER:], first + second, strict=False)) == plain
    assert hidden[3] == 0


def answer(body: bytes, kind: int = 1, sequence: int = 2, session: int = 7, flags: int = 1) -> bytes:
    return struct.pack("!BBBBII", 0xC0, kind, sequence, flags, session, len(body)) + body


def test_answers_are_read() -> None:
    said = answer(bytes((5, 0, 0, 10, 0, 0)) + b"Password: ")
    assert read(said, START, 7, 2, "k") == Reply(Status.GETPASS, "Password: ")
    granted = bytes((1, 2, 0, 2, 0, 0, 11, 5)) + b"hi" + b"priv-lvl=15acl=3"
    asked = Authorize(TOM, ())
    assert read(answer(granted, 2), asked, 7, 2, "k") == Authorization(Verdict.PASS_ADD, ("priv-lvl=15", "acl=3"))
    taken = read(answer(bytes((0, 0, 0, 0, 1)), 3), Account(TOM, Flag.STOP, ()), 7, 2, "k")
    assert taken.taken  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        answer(b""),
        answer(bytes((1, 0, 0, 9, 0, 0))),  # a text that is not there
        answer(bytes((99, 0, 0, 0, 0, 0))),  # no such status
        answer(bytes((1, 0, 0, 0, 0, 0)), kind=2),
        answer(bytes((1, 0, 0, 0, 0, 0)), sequence=4),
        answer(bytes((1, 0, 0, 0, 0, 0)), session=8),
        answer(bytes((1, 0, 0, 0, 0, 0)), flags=0),  # obscured, they say
        answer(bytes((1, 0, 0, 0, 0, 0)))[:-1],
    ],
)
def test_what_is_no_answer(octets: bytes) -> None:
    with pytest.raises(BadPacket):
        read(octets, START, 7, 2, "k")


@given(st.binary(max_size=80))
def test_any_octets_are_an_answer_or_refused(octets: bytes) -> None:
    for kind, asked in ((1, START), (2, Authorize(TOM, ())), (3, Account(TOM, Flag.STOP, ()))):
        for one in (octets, answer(octets, kind)):
            try:
                read(one, asked, 7, 2, "k")
            except BadPacket:
                continue


def test_a_length_that_nobody_sends_is_refused_before_it_is_waited_for() -> None:
    assert length_of(answer(b"12345")[:HEADER]) == 5
    with pytest.raises(BadPacket):
        length_of(struct.pack("!BBBBII", 0xC0, 1, 2, 0, 7, 1 << 30))
