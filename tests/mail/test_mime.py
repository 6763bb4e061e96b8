"""Any octets become parts that a fax can carry, or a refusal with its reply code."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.mail.envelope import PartKind
from iosemu.mail.mime import MimeError, MimeLimits, decoded_header, parse

TIFF = b"II*\0" + bytes(range(256))


def mail(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + b"\r\n"


def multipart(kind: str, *parts: bytes, limit: str = "x") -> bytes:
    body = b"".join(b"--%s\r\n%s\r\n" % (limit.encode(), part) for part in parts)
    return mail(f'Content-Type: multipart/{kind}; boundary="{limit}"', "") + body + b"--%s--\r\n" % limit.encode()


def leaf(kind: str, body: str = "words") -> bytes:
    return mail(f"Content-Type: {kind}", "", body)


TIFF_PART = leaf("image/tiff; name=a.tif\r\nContent-Transfer-Encoding: base64", base64.encodebytes(TIFF).decode())


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("7bit", b"caf= \r\nend"),
        ("8bit", "café\r\nend".encode()),
        ("base64", base64.encodebytes("café\r\nend".encode())),
        ("quoted-printable", quopri.encodestring("café\nend".encode())),
    ],
)
def test_text_is_decoded_from_every_transfer_encoding(encoding: str, body: bytes) -> None:
    head = mail("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", "")
    (part,) = parse(head + body).parts
    assert part.kind is PartKind.TEXT
    assert part.text.rstrip("\n") == ("caf= \nend" if encoding == "7bit" else "café\nend")


def test_a_mail_without_mime_headers_is_plain_text() -> None:
    (part,) = parse(mail("Subject: x", "", "hello")).parts
    assert (part.kind, part.text) == (PartKind.TEXT, "hello\n")


@pytest.mark.parametrize("kind", ["image/tiff; application=faxbw", "application/octet-stream; name=Scan.TIF"])
def test_a_tiff_comes_out_bit_for_bit(kind: str) -> None:
    part = leaf(f"{kind}\r\nContent-Transfer-Encoding: base64", base64.encodebytes(TIFF).decode())
    content = parse(multipart("fax-message", part))
    assert [(part.kind, part.data) for part in content.parts] == [(PartKind.TIFF, TIFF)]


def test_parts_keep_their_order_and_others_are_counted() -> None:
    content = parse(multipart("mixed", leaf("text/plain"), leaf("application/pdf"), TIFF_PART, leaf("text/html")))
    assert [part.kind for part in content.parts] == [PartKind.TEXT, PartKind.TIFF]
    assert (content.accepted, content.discarded) == (2, 2)


def test_of_an_alternative_only_the_best_is_taken() -> None:
    content = parse(multipart("alternative", leaf("text/plain"), leaf("text/enriched"), leaf("text/html")))
    assert [part.kind for part in content.parts] == [PartKind.ENRICHED]
    assert content.discarded == 2


def test_an_attached_mail_is_read_into() -> None:
    content = parse(multipart("mixed", mail("Content-Type: message/rfc822", "") + leaf("text/plain", "inner")))
    assert [part.text.strip() for part in content.parts] == ["inner"]


def test_blank_text_beside_a_tiff_makes_no_page() -> None:
    content = parse(multipart("mixed", leaf("text/plain", "  "), TIFF_PART))
    assert [part.kind for part in content.parts] == [PartKind.TIFF]


@pytest.mark.parametrize("message", [b"", mail("Subject: x", "", ""), leaf("application/pdf"), multipart("mixed")])
def test_nothing_to_fax_is_refused(message: bytes) -> None:
    with pytest.raises(MimeError) as refused:
        parse(message)
    assert refused.value.verdict.line.startswith("554 5.6.")


def test_an_unknown_charset_still_gives_legible_text() -> None:
    (part,) = parse(mail("Content-Type: text/plain; charset=klingon", "", "caf\xe9")).parts
    assert part.text == "café\n"


def test_depth_and_number_of_parts_are_limited() -> None:
    deep = leaf("text/plain")
    for level in range(60):
        deep = multipart("mixed", deep, limit=f"b{level}")
    wide = multipart("mixed", *[leaf("text/plain")] * 9)
    for message, limits in ((deep, MimeLimits()), (wide, MimeLimits(parts=8))):
        with pytest.raises(MimeError):
            parse(message, limits)


def test_a_mail_nested_beyond_the_parsers_own_depth_is_refused_and_breaks_nothing() -> None:
    levels = 3000
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(levels))
    with pytest.raises(MimeError):
        parse(heads + leaf("text/plain"))


def test_headers_are_unfolded_and_kept_in_order() -> None:
    content = parse(mail("Subject: a", " b", "X-One: 1", "", "text"))
    assert content.headers == (("Subject", "a b"), ("X-One", "1"))
    assert content.header("SUBJECT") == "a b"


def test_encoded_words_are_decoded_for_people() -> None:
    assert decoded_header("=?utf-8?q?caf=C3=A9?= au lait") == "café au lait"
    assert decoded_header("=?utf-8?b?A?=") == "=?utf-8?b?A?="


_line = st.sampled_from(
    [
        "Content-Type: multipart/mixed; boundary=x", "Content-Type: multipart/alternative; boundary*=utf-8''x",
        "Content-Type: message/rfc822", "Content-Type: text/plain; charset*=a'b'c", "Content-Type: ;;", "--x", "--x--",
        "Content-Type: image/tiff", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: x-uuencode",
        "Content-Disposition: attachment; filename*0*=''a", "begin 644 a", "AAA=", "=?x?b?y", "", "\xff\xfe", " folded",
        "Content-Type: message/delivery-status", "Content-Type: message/partial",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_line, max_size=14), st.binary(max_size=20))
def test_any_octets_are_content_or_a_refusal(lines: list[str], tail: bytes) -> None:
    try:
        content = parse(mail(*lines) + tail)
    except MimeError:
        return
    assert content.parts
