"""From the octets of a mail to the parts a fax can carry (RFC 2045 to 2049, RFC 1896, RFC 2302).

Text/plain, text/enriched, image/tiff and an octet-stream that is named as a TIFF are taken, in any depth, in any
transfer encoding of RFC 2045 or in uuencode; of multipart/alternative only the best of them. Everything else is counted
and skipped. Rule: whatever octets come in, the answer is a `Content` or a `MimeError`, within the limits; what the RFCs
want forgiven (no last delimiter, foreign characters in base64, an unknown kind of multipart) is forgiven.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from typing import TYPE_CHECKING

from iosemu.mail.envelope import Content, Part, PartKind, Verdict

if TYPE_CHECKING:
    _Message = Message[str, str]  # subscriptable for type checkers only

# The best part of an alternative: the picture of a page, then text with looks, then text.
_RANK = {PartKind.TIFF: 3, PartKind.ENRICHED: 2, PartKind.TEXT: 1}

_PIECE_OCTETS = 65536

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
# Python's own codecs that are no charsets of mail; some take time that grows with the square of the text.
_NO_CHARSETS = re.compile(r"idna|punycode|undefined|.*unicode[-_ ]?escape", re.IGNORECASE)


class MimeError(Exception):
    """A mail that cannot be read as MIME, or has nothing to fax; `verdict` is the reply it gets."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.line)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class MimeLimits:
    """What a mail may have; beyond it is refused, never cut."""

    parts: int = 200
    depth: int = 20
    headers: int = 1000


DEFAULT_LIMITS = MimeLimits()

MALFORMED = Verdict(554, "5.6.0", "Message format is invalid")
TOO_COMPLEX = Verdict(554, "5.6.0", "Message has too many parts")
NOTHING_TO_FAX = Verdict(554, "5.6.1", "Message has no content that can be sent as a fax")


def parse(message: bytes, limits: MimeLimits = DEFAULT_LIMITS) -> Content:
    """Read a mail. Raises MimeError: broken beyond reading, over a limit, or nothing in it that a fax can carry."""
    try:
        root = _entity(message)
        headers = tuple((name, _unfolded(value)) for name, value in root.raw_items())
        if len(headers) > limits.headers:
            raise MimeError(TOO_COMPLEX)
        found, discarded = _walk(root, limits, 0, [limits.parts])
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # The standard library's parser meets some broken mails with exceptions of these kinds.
        raise MimeError(MALFORMED) from error
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


def _entity(message: bytes) -> _Message:
    """A mail as a tree; fed in pieces, for the parser of the standard library takes a whole one for five times its
    size."""
    parser: BytesFeedParser[_Message] = BytesFeedParser(policy=compat32)
    for begin in range(0, len(message), _PIECE_OCTETS):
        parser.feed(message[begin : begin + _PIECE_OCTETS])
    return parser.close()


def _walk(entity: _Message, limits: MimeLimits, depth: int, budget: list[int]) -> tuple[list[Part], int]:
    """The usable parts of an entity in their order, and how many others it has. `budget[0]`: entities still allowed."""
    budget[0] -= 1
    if depth > limits.depth or budget[0] < 0:
        raise MimeError(TOO_COMPLEX)
    kind = entity.get_content_type()
    if kind in _OPAQUE_TYPES:
        return [], 1
    if entity.is_multipart():
        inner = [_walk(child, limits, depth + 1, budget) for child in _children(entity)]
        if kind == "multipart/alternative":
            return _best(inner)
        return [part for parts, _ in inner for part in parts], sum(count for _, count in inner)
    part = _leaf(entity, kind)
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


def _leaf(entity: _Message, kind: str) -> Part | None:
    name = decoded_header(entity.get_filename() or "")  # encoded words stand there too, against RFC 2231
    if _encoding(entity) not in _ENCODINGS:
        return None  # an octet-stream of unknown octets, whatever it says it is (RFC 2045 section 6.4)
    if kind in _TIFF_TYPES or (kind == "application/octet-stream" and _TIFF_NAME.fullmatch(name)):
        return Part(PartKind.TIFF, data=_octets(entity), name=name)
    for text_kind in (PartKind.TEXT, PartKind.ENRICHED):
        if kind == text_kind.value:
            return Part(text_kind, text=_text(entity), name=name)
    return None


def _encoding(entity: _Message) -> str:
    return str(entity.get("content-transfer-encoding", "")).partition("(")[0].strip().lower()


def _octets(entity: _Message) -> bytes:
    if _encoding(entity) == "base64":
        return _base64(str(entity.get_payload()))
    payload = entity.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _base64(text: str) -> bytes:
    """All that can be decoded: foreign characters are passed over, the first `=` ends it (RFC 2045 section 6.8), a text
    that was cut off gives what it has."""
    try:
        return binascii.a2b_base64(text)
    except ValueError:  # not ASCII, or no whole number of octets
        pass
    digits = re.sub(r"[^A-Za-z0-9+/]+", "", text.partition("=")[0])
    whole = len(digits) // 4 * 4
    rest = digits[whole:] if len(digits) - whole > 1 else ""
    return binascii.a2b_base64(digits[:whole] + (rest + "==")[:4] * bool(rest))


def _text(entity: _Message) -> str:
    charset = entity.get_param("charset", "us-ascii")
    if isinstance(charset, tuple):  # RFC 2231 form: charset, language, value
        charset = charset[2]
    text = _characters(_octets(entity), str(charset)).removeprefix("\ufeff")
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
