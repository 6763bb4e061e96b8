"""Any octets become parts that a fax can carry, or a refusal with its reply code."""

from __future__ import annotations

import base64
import binascii
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


@pytest.mark.parametrize(
    ("charset", "octets"),
    [
        ("utf-16", "\ufeffcafé".encode("utf-16-le")),
        ("UTF-8", "\ufeffcafé".encode()),
        ("iso-8859-15", b"caf\xe9"),
        ("IBM850", b"caf\x82"),
        ("utf-7", b"caf+AOk-"),
        ("us-ascii", "café".encode()),
        ("punycode", b"caf\xe9"),
        ("unicode_escape", b"caf\xe9"),
        ("hex", b"caf\xe9"),
        ("undefined", b"caf\xe9"),
        ("x\x00", b"caf\xe9"),
    ],
)
def test_any_charset_gives_legible_text(charset: str, octets: bytes) -> None:
    head = mail(f'Content-Type: text/plain; charset="{charset}"', "Content-Transfer-Encoding: base64", "")
    (part,) = parse(head + base64.encodebytes(octets)).parts
    assert part.text == "café"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"aGVsbG8=", "hello"),
        (b"a GV\r\nsb!G8=\r\n", "hello"),
        (b"aGVsbG8", "hello"),
        (b"aGVsbG8hI", "hello!"),
        (b"aGVsbG8=\r\nlist footer", "hello"),
    ],
)
def test_base64_is_read_as_far_as_it_goes(octets: bytes, text: str) -> None:
    (part,) = parse(mail("Content-Type: text/plain", "Content-Transfer-Encoding: base64", "") + octets).parts
    assert part.text == text


def test_uuencoded_text_is_read() -> None:
    body = b"begin 644 x\r\n" + binascii.b2a_uu(b"hello") + b"`\r\nend\r\n"
    (part,) = parse(mail("Content-Type: text/plain", "Content-Transfer-Encoding: X-UUEncode", "") + body).parts
    assert part.text == "hello"


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain\r\nContent-Transfer-Encoding: x-rot13",
        "message/partial; id=x; number=1; total=2",
        "message/external-body; access-type=local-file",
        "image/png; name=a.tif",
    ],
)
def test_what_cannot_be_read_is_discarded(kind: str) -> None:
    content = parse(multipart("mixed", leaf("text/plain"), leaf(kind, "\r\ninner")))
    assert (content.accepted, content.discarded) == (1, 1)


@pytest.mark.parametrize(
    "name",
    [
        "name=fax.tif",
        "name*=utf-8''f%C3%A9x.tif",
        "name*0=fa; name*1=x.TIFF",
        "name*0*=utf-8''fa; name*1=x.tif",
        'name="=?utf-8?q?f=C3=A9x=2Etif?="',
        "x=y\r\nContent-Disposition: attachment; filename=fax.tif",
    ],
)
def test_every_way_to_name_a_tiff_is_read(name: str) -> None:
    head = f"application/octet-stream; {name}\r\nContent-Transfer-Encoding: base64 (RFC 2045)"
    (part,) = parse(multipart("mixed", leaf(head, base64.encodebytes(TIFF).decode()))).parts
    assert (part.kind, part.data) == (PartKind.TIFF, TIFF)


def test_the_last_delimiter_may_be_missing_and_what_is_around_the_parts_is_no_part() -> None:
    whole = multipart("x-unknown", leaf("text/plain", "one"), leaf("text/plain", "two"))
    around = whole.replace(b"\r\n\r\n--x", b"\r\n\r\npreamble\r\n--x", 1)
    for message in (whole.replace(b"--x--", b""), around + b"epilogue\r\n", whole.replace(b"\r\n", b"\n")):
        assert [part.text.strip() for part in parse(message).parts] == ["one", "two"]


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/mixed; boundary=x", "multipart/mixed; boundary="])
def test_a_multipart_without_its_delimiters_has_nothing_to_fax(kind: str) -> None:
    with pytest.raises(MimeError):
        parse(leaf(kind))


def test_the_mails_of_a_digest_are_read() -> None:
    content = parse(multipart("digest", mail("") + leaf("text/plain", "one"), mail("") + leaf("text/plain", "two")))
    assert [part.text.strip() for part in content.parts] == ["one", "two"]


def test_a_mail_of_a_gateway_that_repeats_its_content_type_is_read() -> None:
    kind = 'image/tiff; name="Cisco_fax.tif"; application=faxbw'
    head = f"{kind}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64"
    content = parse(multipart("fax-message", leaf(head, base64.encodebytes(TIFF).decode())))
    assert [(part.name, part.data) for part in content.parts] == [("Cisco_fax.tif", TIFF)]


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


_word = st.text(st.characters(codec="latin-1", categories=("L", "N", "P")), min_size=1, max_size=20)


@st.composite
def _text_leaf(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    text, charset = draw(_word), draw(st.sampled_from(["utf-8", "iso-8859-1", "utf-16-be", "cp1252"]))
    encode = draw(st.sampled_from([base64.encodebytes, quopri.encodestring]))
    name = "base64" if encode is base64.encodebytes else "quoted-printable"
    try:
        octets = text.encode(charset)
    except UnicodeEncodeError:  # latin-1 has control characters where cp1252 has nothing
        text, octets = "x", "x".encode(charset)
    head = mail(f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {name}", "")
    return head + encode(octets), [text]


def _joined(parts: list[tuple[bytes, list[str]]]) -> tuple[bytes, list[str]]:
    octets = sum(len(part) for part, _ in parts)  # no two levels are of one length, so no delimiter comes twice
    texts = [text for _, inner in parts for text in inner]
    return multipart("mixed", *[part for part, _ in parts], limit=f"=_{octets}"), texts


_tree = st.recursive(
    _text_leaf() | st.just((leaf("application/pdf"), [])),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(_joined)
        | inner.map(lambda one: (mail("Content-Type: message/rfc822", "") + one[0], one[1]))
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(_tree)
def test_the_texts_of_any_tree_come_out_in_their_order(tree: tuple[bytes, list[str]]) -> None:
    message, texts = tree
    try:
        found = [part.text.strip("\n") for part in parse(message).parts]
    except MimeError:
        found = []
    assert found == texts
