"""Two thousand generated mails, and every kind of TIFF: each ends in pages for a fax, or in the refusal that fits."""

from __future__ import annotations

import base64
import io
import quopri
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from iosemu.fax.document import DocumentError
from iosemu.mail.mime import MimeError, parse
from iosemu.voice.mail_pages import document_of
from iosemu.voice.verdicts import BAD_CONTENT

MAILS = 2000
CHARSETS = ["us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "utf-16", "big5", "klingon", ""]
NOTHING = "554 5.6.1 Message has no content that can be sent as a fax"
FAX, REFUSED = "fax", BAD_CONTENT.line


def tiff(compression: str = "group3", size: tuple[int, int] = (1728, 40), mode: str = "1", **more: Any) -> bytes:
    octets = io.BytesIO()
    Image.new(mode, size, 1).save(octets, "TIFF", compression=compression, dpi=(204, 196), **more)
    return octets.getvalue()


TWO_PAGES = tiff(save_all=True, append_images=[Image.new("1", (1728, 30), 1)])
WIDE = [tiff(size=(2048, 9)), tiff(size=(2432, 9))]
GOOD = [tiff(), tiff("group4"), tiff("tiff_ccitt"), TWO_PAGES, *WIDE]
BAD = [
    tiff("raw"), tiff("tiff_lzw"), tiff("packbits"), tiff("tiff_deflate"), tiff("tiff_lzw", mode="L"),
    tiff("jpeg", mode="RGB"), tiff(size=(1000, 9)), tiff()[:40], tiff()[:8], b"II*\0", b"MM\0*\0\0\0\x08", b"GIF", b"",
]  # fmt: skip


@dataclass
class Leaf:
    """A part, and what it is for a fax: `kind` is text, good (a TIFF), bad (one that is no fax) or other."""

    octets: bytes
    kind: str


class Writer:
    """Writes mails of any depth, charset and encoding, whole and broken."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def mail(self) -> tuple[bytes, list[str]]:
        """A mail, and the kinds of its parts."""
        kinds: list[str] = []
        body = self._entity(self.chance.randrange(5), kinds)
        header = b"From: tom@example.com\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nMIME-Version: 1.0\r\n"
        return header + body, kinds

    def _entity(self, depth: int, kinds: list[str]) -> bytes:
        if not depth:
            leaf = self.chance.choice([self._text, self._text, self._good, self._bad, self._other])()
            kinds.append(leaf.kind)
            return leaf.octets
        if self.chance.random() < 0.2:
            return b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n" + self._entity(depth - 1, kinds)
        kind = self.chance.choice(["mixed", "related", "fax-message", "x-unknown", "mixed; x=y"])
        limit = f"b{depth}-{self.chance.randrange(10**9)}".encode()
        parts = [self._entity(self.chance.randrange(depth), kinds) for _ in range(self.chance.randrange(1, 4))]
        head = f"Content-Type: multipart/{kind}; boundary=".encode() + b'"' + limit + b'"\r\n\r\npreamble\r\n'
        end = b"" if self.chance.random() < 0.15 else b"--" + limit + b"--\r\n"  # a mail that was cut off
        return head + b"".join(b"--" + limit + b"\r\n" + part + b"\r\n" for part in parts) + end

    def _leaf(self, kind: str, data: bytes, name: str = "") -> bytes:
        encoding = self.chance.choice(["base64", "quoted-printable", "8bit", "BASE64 (comment)"])
        if not name and encoding == "8bit":
            body = data
        elif encoding == "quoted-printable":
            body = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        else:
            encoding = "base64" if encoding == "8bit" else encoding
            body = base64.encodebytes(data).replace(b"\n", b"\r\n")
            if self.chance.random() < 0.2:
                body = body.replace(b"\r\n", b" \x00\xff\r\n")  # foreign characters
        place = f"; name={name}" if name else ""
        return f"Content-Type: {kind}{place}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body

    def _text(self) -> Leaf:
        charset = self.chance.choice(CHARSETS)
        words = "hello " + self.chance.choice(["world", "wörld", "мир", "日本"]) + "\r\n"
        kind = self.chance.choice(["text/plain", "text/enriched"])
        try:
            data = words.encode(charset or "ascii", "replace")
        except LookupError:
            data = words.encode()
        if charset == "utf-16":  # not to be had by quoted-printable lines
            body = base64.encodebytes(data).replace(b"\n", b"\r\n")
            head = f"Content-Type: {kind}; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
            return Leaf(head + body, "text")
        return Leaf(self._leaf(f"{kind}; charset={charset}" if charset else kind, data), "text")

    def _image(self, data: bytes) -> bytes:
        kind, name = self.chance.choice([("image/tiff", ""), ("IMAGE/TIFF; application=faxbw", "a.tif"),
                                         ("application/octet-stream", "a.TIF"), ("image/tiff-fx", "x")])  # fmt: skip
        body = base64.encodebytes(data).replace(b"\n", b"\r\n")
        head = f"Content-Type: {kind}" + (f"; name={name}" if name else "")
        return f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + body

    def _good(self) -> Leaf:
        return Leaf(self._image(self.chance.choice(GOOD)), "good")

    def _bad(self) -> Leaf:
        return Leaf(self._image(self.chance.choice(BAD)), "bad")

    def _other(self) -> Leaf:
        kind = self.chance.choice(
            ["application/pdf", "image/png", "video/mpeg", "text/html", "message/delivery-status"]
        )
        return Leaf(f"Content-Type: {kind}\r\n\r\nsomething\r\n".encode(), "other")


def fate(rig: Any, message: bytes, mail: Callable[..., Any]) -> str:
    """What the off-ramp makes of a mail, up to dialling: `fax`, or its refusal."""
    try:
        document = document_of(mail("95558354", message), rig.voice._context.settings(), "95558354", rig.clock.wall())
        assert document.format(0) is not None
    except MimeError as error:
        return error.verdict.line
    except DocumentError:
        return REFUSED
    return FAX


def test_every_generated_mail_is_faxed_or_refused_as_its_parts_ask_for(off_ramp: Any, mail: Any) -> None:
    writer = Writer(1)
    seen = set()
    for index in range(MAILS):
        message, kinds = writer.mail()
        usable = [kind for kind in kinds if kind != "other"]
        expected = NOTHING if not usable else REFUSED if "bad" in usable else FAX
        told = fate(off_ramp, message, mail)
        assert told == expected, (index, kinds, message)
        seen.add(told)
    assert seen == {FAX, REFUSED, NOTHING}


def test_octets_of_any_mail_turned_round_end_well_too() -> None:
    """Broken anywhere: no expectation but that there is an answer."""
    writer = Writer(2)
    refusals = set()
    for _ in range(MAILS // 4):
        message = bytearray(writer.mail()[0])
        for _ in range(writer.chance.randrange(1, 30)):
            message[writer.chance.randrange(len(message))] = writer.chance.randrange(256)
        try:
            parse(bytes(message))
        except MimeError as error:
            refusals.add((error.verdict.code, error.verdict.enhanced))
    assert refusals <= {(554, "5.6.0"), (554, "5.6.1")}


@pytest.mark.parametrize("image", GOOD)
def test_every_kind_of_fax_tiff_is_sent(off_ramp: Any, mail: Any, image: bytes) -> None:
    body = b"Content-Type: image/tiff\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(image)
    result = off_ramp.deliver(mail("95558354", body), off_ramp.machine())
    # The machine at the far end has no wide paper.
    assert result.verdict().code == (554 if image in WIDE else 250)


@pytest.mark.parametrize("image", BAD)
def test_every_other_tiff_is_refused_for_good_before_dialling(off_ramp: Any, mail: Any, image: bytes) -> None:
    machine = off_ramp.machine()
    body = b"Content-Type: image/tiff\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(image)
    result = off_ramp.deliver(mail("95558354", body), machine)
    assert result.verdict() == BAD_CONTENT
    assert machine.setup is None
    assert off_ramp.at_rest()


def test_a_text_of_too_many_pages_is_refused() -> None:
    for text in (b"\r\n" * 60_000, b"\f" * 1001, b"x" * 4_300_000):
        with pytest.raises(MimeError, match="too many pages"):
            parse(b"Content-Type: text/plain\r\n\r\n" + text)
