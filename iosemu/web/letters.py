"""A stored mail as the page shows it: header fields, text, and which parts are faxes whose pages can be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

FIELDS = ("From", "To", "Subject", "Date", "Message-ID", "Return-Path", "X-Mailer")
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Letter:
    """What can be shown of a message; `tiffs` are the pictures in it, undecoded pages and all."""

    fields: list[tuple[str, str]]
    text: str
    tiffs: list[bytes]
    others: list[str]

    def plain(self, pages: list[int]) -> dict[str, Any]:
        """As values for the page; `pages` counts those of each TIFF, 0 where it cannot be read."""
        return {"fields": self.fields, "text": self.text, "faxes": pages, "others": self.others}


def read(octets: bytes) -> Letter:
    """Read a message; whatever octets they are, something can be shown."""
    message = BytesParser(policy=policy.compat32).parsebytes(octets)
    texts, tiffs, others = [], [], []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if kind == "image/tiff":
            tiffs.append(content)
        elif kind.startswith(("text/", "message/")):
            texts.append(_text(content, part.get_content_charset("utf-8")))
        else:
            others.append(f"{kind}, {len(content)} octets")
    return Letter(_fields(octets), "\n".join(texts)[:MAX_TEXT], tiffs, others)


def _fields(octets: bytes) -> list[tuple[str, str]]:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(octets, headersonly=True)
    found = []
    for name in FIELDS:
        try:
            value = message.get(name)
        except Exception:  # the header parser of the standard library stumbles over some malformed headers
            continue
        if value is not None:
            found.append((name, " ".join(str(value).split())))
    return found


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        return content.decode("latin-1")
