"""Mails as the page shows them, whatever is in them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from iosemu.web.letters import read

FAX = b"""From: a@x\r\nTo: b@y\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0
Content-Type: multipart/mixed; boundary=q

--q
Content-Type: text/plain; charset=latin1
Content-Transfer-Encoding: quoted-printable

gr=FC=DFe
--q
Content-Type: image/tiff
Content-Transfer-Encoding: base64

SUkqAA==
--q
Content-Type: application/pdf

%PDF
--q--
"""


def test_text_faxes_and_the_rest_are_told_apart() -> None:
    letter = read(FAX.replace(b"\r\n", b"\n"))
    assert ("Subject", "grüße") in letter.fields
    assert letter.text.strip() == "grüße"
    assert letter.tiffs == [b"II*\0"]
    assert letter.others == ["application/pdf, 4 octets"]


def test_an_unknown_charset_does_not_hide_the_text() -> None:
    assert read(b"Content-Type: text/plain; charset=klingon\n\nhello\n").text == "hello\n"


_PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=q\n",
        b"\n",
        b"--q\n",
        b"--q--",
        b"Content-Type: text/plain; charset=\xff\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"Content-Transfer-Encoding: base64\n",
        b"From: <<@@>>,;:\n",
        b"Date: x\n",
    ]
)


@given(st.lists(_PIECES | st.binary(max_size=40), max_size=20))
def test_any_octets_can_be_shown(pieces: list[bytes]) -> None:
    letter = read(b"".join(pieces))
    json.dumps(letter.plain([0] * len(letter.tiffs)))
