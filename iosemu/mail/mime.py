"""From the octets of a mail to the parts a fax can carry (RFC 2045 to 2049, RFC 1896, RFC 2302).

Text/plain, text/enriched, image/tiff and an octet-stream that is named as a TIFF are taken, in any depth, in any
transfer encoding of RFC 2045 or in uuencode; of multipart/alternative only the best of them. Everything else is counted
and skipped. Rule: whatever octets come in, the answer is a `Content` or a `MimeError`, within the limits; what the RFCs
want forgiven (no last delimiter, foreign characters in base64, an unknown kind of multipart) is forgiven. Of a large
mail no more is in memory at a time than what comes of it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from typing import TYPE_CHECKING

from iosemu.mail.bulk import Bulk
from iosemu.mail.envelope import Content, Part, PartKind, Verdict
from iosemu.mail.spool import Spool

if TYPE_CHECKING:
    _Message = Message[str, str]  # subscriptable for type checkers only

# The best part of an alternative: the picture of a page, then text with looks, then text.
_RANK = {PartKind.TIFF: 3, PartKind.ENRICHED: 2, PartKind.TEXT: 1}

_COLUMNS, _LINES_A_PAGE = 80, 52

_TIFF_TYPES = ("image/tiff", "image/tiff-fx", "image/x-tiff")
_TIFF_NAME = re.compile(r".+\.tiff?", re.IGNORECASE | re.DOTALL)
# Kinds of message that have no message in them to be read: notices, a piece of one, a pointer to one.
_OPAQUE_TYPES = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/rfc822-headers",
    "message/partial",
    "message/external-body",
)
_ENCODINGS = ("", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]+")
# Python's own codecs that are no charsets of mail; some take time that grows with the square of the text.
_NO_CHARSETS = re.compile(r"idna|punycode|undefined|.*unicode[-_ ]?escape", re.IGNORECASE)


class MimeError(Exception):
    """A mail that cannot be read as MIME, or has nothing to fax; `verdict` is the reply it gets."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.line)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class MimeLimits:
    """What a mail may have; beyond it is refused, never cut. Lines are those of all its texts, as they are printed."""

    parts: int = 200
    depth: int = 20
    headers: int = 1000
    lines: int = 52_000


DEFAULT_LIMITS = MimeLimits()

MALFORMED = Verdict(554, "5.6.0", "Message format is invalid")
TOO_COMPLEX = Verdict(554, "5.6.0", "Message has too many parts")
TOO_LONG = Verdict(554, "5.6.0", "Message has too many pages")
NOTHING_TO_FAX = Verdict(554, "5.6.1", "Message has no content that can be sent as a fax")


def parse(message: bytes | Spool, limits: MimeLimits = DEFAULT_LIMITS) -> Content:
    """Read a mail. Raises MimeError: broken beyond reading, over a limit, or nothing in it that a fax can carry."""
    bulk = Bulk(message if isinstance(message, Spool) else Spool(message))
    try:
        root = _entity(bulk)
        headers = tuple((name, _unfolded(value)) for name, value in root.raw_items())
        if len(headers) > limits.headers:
            raise MimeError(TOO_COMPLEX)
        found, discarded = _walk(root, bulk, limits, 0, [limits.parts])
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # The standard library's parser meets some broken mails with exceptions of these kinds.
        raise MimeError(MALFORMED) from error
    if sum(map(_lines, found)) > limits.lines:
        raise MimeError(TOO_LONG)
    parts = tuple(part for part in found if part.kind is PartKind.TIFF or part.text.strip())
    if not parts:
        raise MimeError(NOTHING_TO_FAX)
    return Content(headers, parts, discarded)


def decoded_header(value: str) -> str:
    """A header's text for people: encoded words (RFC 2047) decoded, undecodable ones left as they are."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _characters(piece, charset or "ascii") for piece, charset in pieces
    )


def _entity(bulk: Bulk) -> _Message:
    """A mail as a tree, without its bulk."""
    parser: BytesFeedParser[_Message] = BytesFeedParser(policy=compat32)
    for piece in bulk.lean():
        parser.feed(piece)
    return parser.close()


def _lines(part: Part) -> int:
    """How many lines a text makes, at least; a form feed makes a page."""
    return part.text.count("\n") + len(part.text) // _COLUMNS + part.text.count("\f") * _LINES_A_PAGE


def _walk(entity: _Message, bulk: Bulk, limits: MimeLimits, depth: int, budget: list[int]) -> tuple[list[Part], int]:
    """The usable parts of an entity in their order, and how many others it has. `budget[0]`: entities still allowed."""
    budget[0] -= 1
    if depth > limits.depth or budget[0] < 0:
        raise MimeError(TOO_COMPLEX)
    kind = entity.get_content_type()
    if kind in _OPAQUE_TYPES:
        return [], 1
    if entity.is_multipart():
        inner = [_walk(child, bulk, limits, depth + 1, budget) for child in _children(entity)]
        if kind == "multipart/alternative":
            return _best(inner)
        return [part for parts, _ in inner for part in parts], sum(count for _, count in inner)
    part = _leaf(entity, kind, bulk)
    return ([part], 0) if part is not None else ([], 1)


def _children(entity: _Message) -> Iterator[_Message]:
    for child in entity.get_payload():
        if isinstance(child, Message):
            yield child


def _best(alternatives: list[tuple[list[Part], int]]) -> tuple[list[Part], int]:
    """One alternative: the highest rank, the last of equals (RFC 2046 section 5.1.4); all others count as discarded."""
    total = sum(len(parts) + count for parts, count in alternatives)
    best: list[Part] = []
    for parts, _ in alternatives:
        if parts and (not best or _rank(parts) >= _rank(best)):
            best = parts
    return best, total - len(best)


def _rank(parts: list[Part]) -> int:
    return max(_RANK[part.kind] for part in parts)


def _leaf(entity: _Message, kind: str, bulk: Bulk) -> Part | None:
    name = decoded_header(entity.get_filename() or "")  # encoded words stand there too, against RFC 2231
    if _encoding(entity) not in _ENCODINGS:
        return None  # an octet-stream of unknown octets, whatever it says it is (RFC 2045 section 6.4)
    if kind in _TIFF_TYPES or (kind == "application/octet-stream" and _TIFF_NAME.fullmatch(name)):
        return Part(PartKind.TIFF, data=_octets(entity, bulk), name=name)
    for text_kind in (PartKind.TEXT, PartKind.ENRICHED):
        if kind == text_kind.value:
            return Part(text_kind, text=_text(entity, bulk), name=name)
    return None


def _encoding(entity: _Message) -> str:
    return str(entity.get("content-transfer-encoding", "")).partition("(")[0].strip().lower()


def _octets(entity: _Message, bulk: Bulk) -> bytes:
    base64 = _encoding(entity) == "base64"
    if base64:  # ours forgives more, and the library's text of it depends on the charset
        del entity["content-transfer-encoding"]
    payload = entity.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return b""
    return _base64(bulk.whole(payload)) if base64 else b"".join(bulk.whole(payload))


def _base64(pieces: Iterable[bytes]) -> bytes:
    """All that can be decoded: foreign characters are passed over, the first `=` ends it (RFC 2045 section 6.8), a text
    that was cut off gives what it has."""
    octets, digits = Spool(), b""
    for piece in pieces:
        text, end, _ = piece.partition(b"=")
        digits += _FOREIGN.sub(b"", text)
        whole = len(digits) // 4 * 4
        octets.write(binascii.a2b_base64(digits[:whole]))
        digits = digits[whole:]
        if end:
            break
    if len(digits) > 1:
        octets.write(binascii.a2b_base64((digits + b"==")[:4]))
    return octets.read()


def _text(entity: _Message, bulk: Bulk) -> str:
    charset = entity.get_param("charset", "us-ascii")
    if isinstance(charset, tuple):  # RFC 2231 form: charset, language, value
        charset = charset[2]
    text = _characters(_octets(entity, bulk), str(charset)).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _characters(data: bytes, charset: str) -> str:
    """Characters of octets in a charset that the mail names, which may be wrong or unknown."""
    if charset.lower() in ("us-ascii", "ascii", "unknown-8bit"):
        charset = "utf-8"  # of which ASCII is a part; undeclared 8-bit text is UTF-8 more often than not
    if _NO_CHARSETS.fullmatch(charset):
        charset = "latin-1"
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return data.decode("latin-1")


def _unfolded(value: object) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", str(value)).rstrip("\r\n")
