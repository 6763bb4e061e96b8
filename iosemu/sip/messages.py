"""SIP messages as they are read from datagrams and written into them.

Rule: what a user agent relies on is there once a message was read: a request or response without its mandatory headers
is no message. `sipmessage` knows the grammar; this knows what goes into an answer, an ACK, a CANCEL. Source: RFC 3261
clauses 8.1, 8.2, 9.1, 13, 17.1.1.3, 18.2.
"""

from __future__ import annotations

import re
from typing import Final

from sipmessage import URI, Address, CSeq, MediaType, Message, Parameters, Request, Response, Via

from iosemu.network import Endpoint

METHODS: Final = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS")
SDP: Final = MediaType("application/sdp")
BRANCH: Final = "z9hG4bK"
"""What the branch of a transaction of RFC 3261 begins with."""
PORT: Final = 5060

PHRASES: Final = {
    100: "Trying",
    180: "Ringing",
    183: "Session Progress",
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    484: "Address Incomplete",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    603: "Decline",
}

_RPORT: Final = re.compile(r"\s*;\s*rport\b(\s*=\s*\d*)?", re.IGNORECASE)
_GIVEN_BACK: Final = frozenset({b"via", b"from", b"to", b"call-id", b"cseq"})
_COMPACT: Final = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id"}
_MANDATORY: Final = ("Via", "From", "To", "Call-ID", "CSeq")


class BadMessage(Exception):
    """Octets that are no SIP message."""


def parse(octets: bytes) -> Request | Response:
    """The message of a datagram; raises BadMessage. What follows the body that Content-Length tells is dropped."""
    try:
        message = Message.parse(_unfolded(octets))
        for name in _MANDATORY:
            message.headers[name]
        top = message.via[0]
        if not top.parameters.get("branch"):
            raise ValueError("no branch")
        _, _, cseq = message.from_address, message.to_address, message.cseq
        if isinstance(message, Request) and cseq.method != message.method:
            raise ValueError("CSeq of another method")
        length = message.content_length
    except (ValueError, LookupError, TypeError) as error:  # TypeError: a parameter name that is no Python keyword
        raise BadMessage(str(error)) from None
    if length is not None:
        if not 0 <= length <= len(message.body):
            raise BadMessage("the body ends too early")
        message.body = message.body[:length]
    return message


def complaint(octets: bytes) -> bytes | None:
    """The 400 for a request that cannot be read, as far as its headers are there to be given back; else None."""
    lines = _unfolded(octets).partition(b"\r\n\r\n")[0].split(b"\r\n")
    if not lines[0].endswith(b" SIP/2.0") or lines[0].startswith(b"ACK "):
        return None
    named = [(_full_name(line), line) for line in lines[1:]]
    if not {name for name, _ in named} >= _GIVEN_BACK:
        return None
    kept = [line for name, line in named if name in _GIVEN_BACK]
    return b"\r\n".join([b"SIP/2.0 400 Bad Request", *kept, b"Content-Length: 0", b"", b""])


def _full_name(line: bytes) -> bytes:
    name = line.partition(b":")[0].strip().lower()
    return _COMPACT.get(name, name)


def _unfolded(octets: bytes) -> bytes:
    """A header that goes on in the next line, in one."""
    head, separator, body = octets.partition(b"\r\n\r\n")
    return head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ") + separator + body


def tag(address: Address) -> str:
    """The tag of a From or To, "" where there is none."""
    return address.parameters.get("tag") or ""


def branch(message: Message) -> str:
    return message.via[0].parameters.get("branch") or ""


def set_body(message: Message, body: bytes) -> None:
    """Put a session description, or nothing, into a message."""
    message.body = body
    if body:
        message.content_type = SDP
    message.content_length = len(body)


def body_of(message: Message) -> bytes:
    """The session description of a message; raises BadMessage for a body of another type."""
    if not message.body:
        return b""
    try:
        kind = message.content_type
    except ValueError:
        kind = None
    if kind is None or kind.mime_type.lower() != SDP.mime_type:
        raise BadMessage("a body that is no session description")
    return message.body


def request(method: str, uri: URI, *, sent_by: Endpoint, branch_id: str, cseq: int) -> Request:
    """A request with its Via, CSeq and Max-Forwards; who and what is up to the caller."""
    made = Request(method, uri)
    via = Via("UDP", sent_by[0], sent_by[1], Parameters(branch=branch_id, rport=None))
    made.via = [via]
    made.max_forwards = 70
    made.cseq = CSeq(cseq, method)
    return made


def response(to: Request, code: int, own_tag: str = "", phrase: str = "") -> Response:
    """An answer; `own_tag` goes into its To where the request had none there (8.2.6.2)."""
    made = Response(code, phrase or PHRASES.get(code, "Error"))
    for name in ("Via", "From", "Call-ID", "CSeq", "Record-Route"):
        values = to.headers.getlist(name)
        if values and (name != "Record-Route" or code // 100 in (1, 2)):
            made.headers.setlist(name, list(values))
    target = to.headers["To"]
    made.headers.set("To", f"{target};tag={own_tag}" if own_tag and not tag(to.to_address) else target)
    made.content_length = 0
    return made


def received_from(message: Request, source: Endpoint) -> None:
    """Write into the top Via where a request came from (18.2.1, RFC 3581); the rest of it stays as it was written."""
    top = message.via[0]
    first, comma, others = message.headers.getlist("Via")[0].partition(",")
    if "rport" in top.parameters:
        first = _RPORT.sub(f";rport={source[1]};received={source[0]}", first, count=1)
    elif top.host != source[0]:
        first += f";received={source[0]}"
    message.headers.setlist("Via", [first + comma + others, *message.headers.getlist("Via")[1:]])


def answer_to(answer: Response) -> Endpoint:
    """Where an answer goes, by its top Via (18.2.2, RFC 3581)."""
    top = answer.via[0]
    host = top.parameters.get("received") or top.host
    port = top.parameters.get("rport")
    return host, int(port) if port and port.isdigit() else top.port or PORT


def acknowledgement(of: Request, final: Response) -> Request:
    """The ACK of an answer that is no success: part of the INVITE's own transaction (17.1.1.3)."""
    made = _companion("ACK", of)
    made.headers.set("To", final.headers["To"])
    return made


def cancellation(of: Request) -> Request:
    """The CANCEL of an INVITE (9.1)."""
    return _companion("CANCEL", of)


def _companion(method: str, of: Request) -> Request:
    made = Request(method, of.uri)
    made.headers.set("Via", of.headers.getlist("Via")[0])
    for name in ("From", "To", "Call-ID", "Route", "Max-Forwards"):
        values = of.headers.getlist(name)
        if values:
            made.headers.setlist(name, list(values))
    made.cseq = CSeq(of.cseq.sequence, method)
    made.content_length = 0
    return made
