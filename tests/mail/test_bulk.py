"""A large mail is parsed as a small one is, whatever of it is left out meanwhile, and takes little memory."""

from __future__ import annotations

import base64
import tracemalloc

import pytest

from iosemu.mail.bulk import Bulk
from iosemu.mail.envelope import PartKind
from iosemu.mail.mime import parse
from iosemu.mail.spool import IN_MEMORY_OCTETS, PIECE_OCTETS, Spool

HEAD = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
TIFF = bytes(range(256)) * 4096


def part(kind: str, encoding: str, body: bytes) -> bytes:
    return f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body + b"\r\n"


def lines(data: bytes, columns: int = 76) -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[at : at + columns] + b"\r\n" for at in range(0, len(text), columns))


@pytest.mark.parametrize("columns", [4, 60, 75, 76])
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_large_base64_decodes_bit_for_bit(columns: int, cut: int) -> None:
    data = TIFF[: len(TIFF) - cut]
    text = part("text/plain", "7bit", b"hello")
    message = HEAD + text + part("image/tiff", "base64", lines(data, columns)) + text + b"--b--\r\n"
    assert sum(map(len, Bulk(Spool(message)).lean())) < len(message) / 4
    first, image, last = parse(message).parts
    assert (first.text, last.text) == ("hello", "hello")
    assert (image.kind, image.data) == (PartKind.TIFF, data)


def test_foreign_characters_amid_the_bulk_are_passed_over_and_an_equals_sign_ends_it() -> None:
    body = bytearray(lines(TIFF))
    body[300_000:300_000] = b"\xe9 !\x00"
    assert parse(HEAD + part("image/tiff", "base64", bytes(body)) + b"--b--\r\n").parts[0].data == TIFF
    body[600_000] = ord("=")
    cut = parse(HEAD + part("image/tiff", "base64", bytes(body)) + b"--b--\r\n").parts[0].data
    assert TIFF.startswith(cut)
    assert len(cut) < len(TIFF) / 2


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "quoted-printable"])
def test_text_that_looks_like_base64_is_text(encoding: str) -> None:
    body = b"x" * 40 + b"\r\n" + lines(TIFF[:150_000]).rstrip() + b"\r\nend"
    (text,) = parse(HEAD + part("text/plain", encoding, body) + b"--b--\r\n").parts
    assert text.text == body.replace(b"\r\n", b"\n").decode()


def test_a_mail_cannot_name_a_piece_that_was_left_out() -> None:
    message = HEAD + part("text/plain", "7bit", b"0" * 32 + b"-0-99") + part("image/tiff", "base64", lines(TIFF))
    assert parse(message + b"--b--\r\n").parts[0].text == "0" * 32 + "-0-99"


def test_a_spool_gives_back_what_was_written_in_whole_lines() -> None:
    text = b"line of text\r\n" * 20_000 + b"x" * (3 * PIECE_OCTETS) + b"\nend"
    spool = Spool()
    for at in range(0, len(text), 1000):
        spool.write(text[at : at + 1000])
        assert spool.read(0, 5) == b"line "
    assert (spool.read(), spool.size) == (text, len(text))
    pieces = list(spool.lines())
    assert b"".join(pieces) == text
    assert max(map(len, pieces)) <= PIECE_OCTETS
    assert all(piece.endswith(b"\n") for piece in pieces[:4])
    assert spool.read(5, 9) == text[5:9]


def test_of_a_large_mail_only_what_comes_of_it_is_in_memory() -> None:
    spool = Spool(HEAD + b"--b\r\nContent-Type: image/tiff\r\nContent-Transfer-Encoding: base64\r\n\r\n")
    piece = lines(bytes(57 * 1000))
    while spool.size < 16 * IN_MEMORY_OCTETS:
        spool.write(piece)
    spool.write(b"--b--\r\n")
    tracemalloc.start()
    try:
        (image,) = parse(spool).parts
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(image.data) > 11 * IN_MEMORY_OCTETS
    assert peak < 2.2 * len(image.data)
