"""RADIUS packets: what a request carries, and which octets are an answer to it."""

from __future__ import annotations

import hashlib
import struct

from hypothesis import given
from hypothesis import strategies as st

from iosemu.management.radius import ACCESS_ACCEPT, ACCESS_REJECT, Kind, Request

KEY = "s3cret"


def request(*attributes: tuple[str, object], kind: Kind = Kind.AUTHENTICATION) -> Request:
    return Request(kind, 7, KEY, attributes)


def reply(
    to: Request, code: int = ACCESS_ACCEPT, attributes: bytes = b"", key: str = KEY, identifier: int = 7
) -> bytes:
    """An answer made by hand (RFC 2865 section 3)."""
    head = struct.pack("!BBH", code, identifier, 20 + len(attributes))
    return head + hashlib.md5(head + to.authenticator + attributes + key.encode()).digest() + attributes


def attributes_of(octets: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 20
    while at < len(octets):
        found.append((octets[at], octets[at + 2 : at + octets[at + 1]]))
        at += octets[at + 1]
    return found


def unhidden(octets: bytes, authenticator: bytes) -> bytes:
    """RFC 2865 section 5.2, backwards."""
    text, last = b"", authenticator
    for at in range(0, len(octets), 16):
        mask = hashlib.md5(KEY.encode() + last).digest()
        last = octets[at : at + 16]
        text += bytes(a ^ b for a, b in zip(last, mask, strict=True))
    return text.rstrip(b"\0")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_a_password_travels_hidden(password: str) -> None:
    asked = request(("User-Name", "tom"), ("User-Password", password))
    found = dict(attributes_of(asked.octets))
    assert found[1] == b"tom"
    assert len(found[2]) % 16 == 0
    assert unhidden(found[2], asked.authenticator) == password.encode()[:128]


def test_attributes_go_out_in_order_in_their_forms() -> None:
    asked = request(
        ("NAS-IP-Address", "10.1.2.3"),
        ("NAS-Port", 66),
        ("NAS-Port-Type", "Virtual"),
        ("Cisco-AVPair", "a=b"),
        ("Fax-Pages", "3"),
    )
    assert (asked.octets[0], asked.octets[1]) == (1, 7)
    assert attributes_of(asked.octets) == [
        (4, bytes([10, 1, 2, 3])),
        (5, bytes([0, 0, 0, 66])),
        (61, bytes([0, 0, 0, 5])),
        (26, b"\0\0\0\x09\x01\x05a=b"),
        (26, b"\0\0\0\x09\x05\x033"),
    ]


def test_an_accounting_request_proves_its_sender() -> None:
    asked = request(("Acct-Status-Type", "Start"), kind=Kind.ACCOUNTING)
    head, attributes = asked.octets[:4], asked.octets[20:]
    assert asked.octets[0] == 4
    assert asked.authenticator == hashlib.md5(head + bytes(16) + attributes + KEY.encode()).digest()


def test_a_long_text_is_cut_to_what_an_attribute_can_carry() -> None:
    found = attributes_of(request(("Reply-Message", "x" * 400), ("Fax-Msg-Id", "ä" * 400)).octets)
    assert len(found[0][1]) == 253
    assert found[1][1][6:].decode() == "ä" * 123


def test_only_a_proven_answer_counts() -> None:
    asked = request(("User-Name", "tom"))
    good = reply(asked, attributes=b"\x1a\x19\0\0\0\x09\x01\x13shell:priv-lvl=15\x06\x06\0\0\0\x06")
    answer = asked.read(good)
    assert answer is not None
    assert answer.accepted
    assert answer.all("Cisco-AVPair") == ["shell:priv-lvl=15"]
    assert answer.all("Service-Type") == [6]
    assert asked.read(good + b"padding") == answer
    assert asked.read(reply(asked, key="other")) is None
    assert asked.read(reply(asked, identifier=8)) is None
    assert asked.read(reply(request(("User-Name", "tom")))) is None, "it answers another request"
    assert asked.read(good[:-1] + b"\x07") is None
    rejected = asked.read(reply(asked, ACCESS_REJECT))
    assert rejected is not None
    assert not rejected.accepted


@given(st.binary(max_size=60))
def test_no_octets_do_harm(octets: bytes) -> None:
    asked = request(("User-Name", "tom"))
    assert asked.read(octets) is None
    asked.read(reply(asked, attributes=octets))  # proven, yet perhaps without sense
