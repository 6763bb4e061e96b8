"""The text behind DATA: where it ends, what is undone in it, what is refused."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iosemu.mail.message_text import MAX_LINE_OCTETS, Flaw, read_message

MAX_OCTETS = 5000


def read(*pieces: bytes, max_octets: int = MAX_OCTETS) -> tuple[bytes | Flaw, bytes]:
    """What comes of the pieces as they arrive one by one, and what is left for the next command."""

    async def session() -> tuple[bytes | Flaw, bytes]:
        reader = asyncio.StreamReader(limit=MAX_LINE_OCTETS)
        reading = asyncio.create_task(read_message(reader, max_octets))
        for piece in pieces:
            reader.feed_data(piece)
            await asyncio.sleep(0)
        reader.feed_eof()
        message = await reading
        return message if isinstance(message, Flaw) else message.read(), await reader.read()

    return asyncio.run(session())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"Subject: x\r\n\r\nA.\r\n.\r\n", b"Subject: x\r\n\r\nA.\r\n"),
        (b"..\r\n...\r\n.a\r\n.\r\n", b".\r\n..\r\na\r\n"),
        (b"a\n.\r\nb\r.\r\n\r\n.\n\r\n.\r\n", b"a\n.\r\nb\r.\r\n\r\n\n\r\n"),
        (b"\r\r\n.\r\n", b"\r\r\n"),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 3, 1000])
def test_a_message_ends_with_a_dot_alone_and_its_other_dots_are_undoubled(
    text: bytes, message: bytes, step: int
) -> None:
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    assert read(*pieces, b"QUIT\r\n") == (message, b"QUIT\r\n")


lines = st.lists(st.one_of(st.sampled_from([b"", b".", b"..", b"x." * 400]), st.binary(max_size=40)), max_size=12)


@settings(max_examples=200, deadline=None)
@given(lines, st.integers(1, 3000))
@example([b"x" * 1001, b"." * 1000, b"y" * 1001], 2500)
def test_any_lines_come_back(lines: list[bytes], step: int) -> None:
    message = b"".join(line.replace(b"\r\n", b"") + b"\r\n" for line in lines)
    dotted = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
    pieces = [dotted[at : at + step] for at in range(0, len(dotted), step)]
    expected: bytes | Flaw = message if len(message) <= MAX_OCTETS else Flaw.TOO_BIG
    assert read(*pieces, b"NOOP\r\n") == (expected, b"NOOP\r\n")


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (b"x" * 1002, Flaw.LONG_LINE),
        (b"x\n" * 600, Flaw.LONG_LINE),
        (b"\r\n" * 2501, Flaw.TOO_BIG),
        (b"x" * 100_000, Flaw.TOO_BIG),
        (b"x" * 100_000 + b".\r\ny", Flaw.TOO_BIG),
    ],
)
def test_what_is_refused_is_read_to_its_end(body: bytes, flaw: Flaw) -> None:
    assert read(body, b"\r\n.\r", b"\nQUIT\r\n") == (flaw, b"QUIT\r\n")


def test_the_limit_counts_the_message_not_its_dots() -> None:
    body = b"..\r\n" * 20
    assert read(body + b".\r\n", max_octets=60)[0] == b".\r\n" * 20
    assert read(body + b".\r\n", max_octets=59)[0] is Flaw.TOO_BIG


def test_a_client_that_leaves_is_no_message() -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        read(b"Subject: x\r\n\r\nA\r\n.")
