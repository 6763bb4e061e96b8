"""Two thousand generated mails, and every kind of TIFF: each ends in pages for a fax, or in the refusal that fits."""

from __future__ import annotations

import base64
import binascii
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
CHARSETS = [
    "us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "utf-16", "utf-32", "utf-7", "big5",
    "gb18030", "shift_jis", "iso-2022-jp", "euc-kr", "cp437", "macintosh", "klingon", "",
]  # fmt: skip
"""The wide ones are not to be had by lines of quoted-printable."""
WIDE_CHARSETS = ("utf-16", "utf-32")
NOTHING = "554 5.6.1 Message has no content that can be sent as a fax"
FAX, REFUSED = "fax", BAD_CONTENT.line


def tiff(compression: str = "group3", size: tuple[int, int] = (1728, 40), mode: str = "1", **more: Any) -> bytes:
    octets = io.BytesIO()
    Image.new(mode, size, 1).save(octets, "TIFF", compression=compression, **{"dpi": (204, 196), **more})
    return octets.getvalue()


TWO_PAGES = tiff(save_all=True, append_images=[Image.new("1", (1728, 30), 1)])
WIDE = [tiff(size=(2048, 9)), tiff(size=(2432, 9))]
GOOD = [
    tiff(), tiff("group4"), tiff("tiff_ccitt"), TWO_PAGES, *WIDE, tiff(tiffinfo={292: 1}), tiff(tiffinfo={292: 4}),
    tiff(tiffinfo={292: 5, 278: 7}), tiff("group4", tiffinfo={278: 7}), tiff(dpi=(204, 98)), tiff(dpi=(204, 391)),
    tiff("group4", dpi=(200, 100)), tiff(dpi=None), tiff("group4", size=(1728, 1)),
    tiff("group4", save_all=True, append_images=[Image.new("1", (1728, 9), 1)] * 20),
]  # fmt: skip
BAD = [
    tiff("raw"), tiff("tiff_lzw"), tiff("packbits"), tiff("tiff_deflate"), tiff("tiff_lzw", mode="L"),
    tiff("jpeg", mode="RGB"), tiff(size=(1000, 9)), tiff()[:40], tiff()[:8], b"II*\0", b"MM\0*\0\0\0\x08", b"GIF", b"",
    tiff("raw", mode="P"), tiff("raw", mode="I;16"), tiff("raw", mode="F"), tiff("group4")[:-9],
    tiff("tiff_adobe_deflate"), tiff(size=(1729, 9)), b"II+\0\x08\0\0\0" + bytes(20), b"%PDF-1.4", bytes(4000),
    TWO_PAGES.replace((1728).to_bytes(2, "little"), (1727).to_bytes(2, "little")),
]  # fmt: skip


HEADERS = [
    b"From: tom@example.com\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nMIME-Version: 1.0\r\n",
    b"From: =?x?b?y <@>\r\nSubject: \xff\xfe\r\nDate: no day\r\n",
    b"From: a\r\n b\r\n\tc\r\nSubject: " + b"x" * 900 + b"\r\n",
    b"",
]
MULTIPARTS = [
    "mixed",
    "related",
    "fax-message",
    "x-unknown",
    "alternative",
    "parallel",
    "signed",
    "report",
    "voice-message",
]
IMAGES = [
    "image/tiff", "IMAGE/TIFF; application=faxbw; name=a.tif", "application/octet-stream; name=a.TIF",
    "image/tiff-fx; name=x", "image/x-tiff", "application/octet-stream; name*0*=utf-8''f%C3%A9; name*1=x.tiff",
    'image/tiff; application=faxbw\r\nContent-Type: image/tiff; name="Cisco_fax.tif"; application=faxbw',
    "application/octet-stream\r\nContent-Disposition: attachment; filename=scan.tif",
]  # fmt: skip
OTHERS = [
    "application/pdf", "image/png", "video/mpeg", "text/html", "message/delivery-status", "message/partial; id=a",
    "application/octet-stream; name=a.exe", "audio/basic", "model/vrml", "message/external-body; access-type=ftp",
    "message/disposition-notification", "application/pgp-signature", "text/calendar", "text/rtf", "image/jpeg",
]  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """A part, and what it is for a fax: `kind` is text, enriched, good (a TIFF), bad (one that is no fax) or other."""

    octets: bytes
    kind: str


_RANKS = {"text": 1, "enriched": 2, "good": 3, "bad": 3}


def best(alternatives: list[list[str]]) -> list[str]:
    """The alternative that goes to the fax: what it has tells, the last of equals."""
    ranked = [(max((_RANKS.get(kind, 0) for kind in kinds), default=0), kinds) for kinds in alternatives]
    highest = max(rank for rank, _ in ranked)
    return [kinds for rank, kinds in ranked if rank == highest][-1] if highest else []


class Writer:
    """Writes mails of any depth, charset and encoding, whole and broken."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def mail(self) -> tuple[bytes, list[str]]:
        """A mail, and the kinds of its parts."""
        body, kinds = self._entity(self.chance.randrange(6))
        header = self.chance.choice(HEADERS)
        whole = header + body
        if self.chance.random() < 0.1:
            whole = whole.replace(b"\r\n", b"\n")
        return whole, kinds

    def _entity(self, depth: int) -> tuple[bytes, list[str]]:
        if not depth:
            leaf = self.chance.choice([self._text, self._text, self._uu, self._good, self._bad, self._other])()
            return leaf.octets, [leaf.kind]
        if self.chance.random() < 0.2:
            inner, kinds = self._entity(depth - 1)
            return b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n" + inner, kinds
        kind = self.chance.choice(MULTIPARTS)
        limit = (
            f"{self.chance.choice(['b', '=_', 'a b', chr(39) + '()+_,-./:=?'])}{depth}-{self.chance.randrange(10**9)}"
        )
        parts = [self._entity(self.chance.randrange(depth)) for _ in range(self.chance.randrange(1, 4))]
        found = [kinds for _, kinds in parts]
        kinds = best(found) if kind == "alternative" else [one for kinds in found for one in kinds]
        return self._multipart(kind, limit, [octets for octets, _ in parts]), kinds

    def _multipart(self, kind: str, limit: str, parts: list[bytes]) -> bytes:
        parameter = self.chance.choice(
            [f'boundary="{limit}"', f'BOUNDARY = "{limit}"; x=y', f'\r\n boundary="{limit}"']
        )
        head = f"Content-Type: multipart/{kind}; {parameter}\r\n\r\npreamble\r\n".encode()
        delimiter = f"--{limit}".encode()
        blank = self.chance.choice([b"", b" ", b"\t "])  # blanks that a server on the way put there
        inner = b"".join(delimiter + blank + b"\r\n" + part + b"\r\n" for part in parts)
        end = b"" if self.chance.random() < 0.15 else delimiter + b"--\r\nepilogue\r\n"  # or a mail that was cut off
        return head + inner + end

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
        kind, tells = self.chance.choice(
            [("text/plain", "text"), ("Text/PLAIN; format=flowed", "text"), ("text/enriched", "enriched")]
        )
        try:
            data = words.encode(charset or "ascii", "replace")
        except LookupError:
            data = words.encode()
        if charset in WIDE_CHARSETS:
            body = base64.encodebytes(data).replace(b"\n", b"\r\n")
            head = f"Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
            return Leaf(head + body, tells)
        place = self.chance.choice(
            [f"{kind}; charset={charset}", f'{kind}; charset="{charset}"', f"{kind}; charset*=''{charset}"]
        )
        return Leaf(self._leaf(place if charset else kind, data), tells)

    def _uu(self) -> Leaf:
        """In the encoding that was there before MIME, or in one that nobody knows."""
        if self.chance.random() < 0.5:
            return Leaf(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-rot13\r\n\r\nuryyb\r\n", "other")
        body = b"begin 644 x\r\n" + binascii.b2a_uu(b"hello") + b"`\r\nend\r\n"
        return Leaf(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n" + body, "text")

    def _image(self, data: bytes) -> bytes:
        kind = self.chance.choice(IMAGES)
        body = base64.encodebytes(data).replace(b"\n", b"\r\n")
        head = f"Content-Type: {kind}"
        return f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + body

    def _good(self) -> Leaf:
        return Leaf(self._image(self.chance.choice(GOOD)), "good")

    def _bad(self) -> Leaf:
        return Leaf(self._image(self.chance.choice(BAD)), "bad")

    def _other(self) -> Leaf:
        kind = self.chance.choice(OTHERS)
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
