"""Header fields, part headers and delimiters in the gateway's own form, shared by its two kinds of message.

Rule: values that a remote side chose (a TSI, a subject, a foreign header) never start a line of their own. Lines end in
CRLF.
"""

from __future__ import annotations

import re
from datetime import datetime

from iosemu.mail.dates import header_date
from iosemu.mail.settings import Identity

CRLF = "\r\n"
BOUNDARY_PREFIX = "yradnuoB=_"

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def flat(text: str) -> str:
    """The text on one line: runs of control characters become one space."""
    return _CONTROLS.sub(" ", text)


def quoted(text: str) -> str:
    """A quoted-string of RFC 822, quotes included."""
    return '"' + re.sub(r'(["\\])', r"\\\1", flat(text)) + '"'


def octets(text: str) -> bytes:
    """Text to wire: what came in as undecodable octets goes out as the same octets."""
    return text.encode("utf-8", "surrogateescape")


def boundary(identity: Identity, boundary_id: str) -> str:
    return f"{BOUNDARY_PREFIX}{boundary_id}.{identity.name}"


def received(identity: Identity, recipient: str, moment: datetime, comment: str = "") -> str:
    """The gateway's own Received field; the place of the comment stays, as a second space, where there is none."""
    origin = f"({flat(comment)})" if comment else ""
    way = f"{origin} by {identity.qualified} for <{flat(recipient)}> (with Cisco NetWorks)"
    return f"Received: {way}; {header_date(moment)}"


def content_id(identity: Identity, part_id: str) -> str:
    return f"Content-ID: <{part_id}@{identity.qualified}>"


def multipart(kind: str, limit: str) -> str:
    """A Content-Type field whose boundary stands on a line of its own."""
    return f'Content-Type: multipart/{kind};{CRLF} boundary="{limit}"'
