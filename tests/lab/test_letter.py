"""Messages that the lab composes for its users."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from iosemu.lab.errors import LabError
from iosemu.lab.letter import compose

TO = ["FAX=9-555-8354@15.80.7.107"]


def sent(text: str | None, *files: tuple[str, bytes]) -> tuple[str, list[str]]:
    """Type of the message, types of its parts, as they cross the wire."""
    message = compose("tom@x.com", TO, "Fax", text, [(Path(name), octets) for name, octets in files])
    wire = message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert wire["To"] == TO[0]
    assert wire["Date"]
    assert wire["Message-ID"].endswith("@x.com>")
    parts = [part.get_content_type() for part in wire.walk() if not part.is_multipart()]
    return wire.get_content_type(), parts


def test_a_text_file_alone_is_the_message() -> None:
    assert sent(None, ("a.txt", b"hello")) == ("text/plain", ["text/plain"])
    assert sent(None, ("a.rtx", b"<bold>hello</bold>")) == ("text/enriched", ["text/enriched"])


def test_a_tiff_travels_without_an_empty_text() -> None:
    assert sent(None, ("a.tif", b"II*\0rest")) == ("multipart/mixed", ["image/tiff"])
    assert sent(None, ("b", b"MM\0*rest")) == ("multipart/mixed", ["image/tiff"])


def test_text_and_files_are_parts_in_order() -> None:
    kinds = ["text/plain", "image/tiff", "text/plain"]
    assert sent("see below", ("a.tif", b"II*\0"), ("b.txt", b"more")) == ("multipart/mixed", kinds)


def test_a_tiff_that_is_none_is_refused() -> None:
    with pytest.raises(LabError, match=r"a\.tif: not a TIFF file"):
        sent(None, ("a.tif", b"hello"))


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(LabError, match="not a mail header"):
        compose("tom@x.com", TO, "a\nBcc: all", "text", [])
