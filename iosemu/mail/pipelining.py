"""Several SMTP commands in one piece, and their replies (RFC 2920), over a connection that aiosmtplib holds.

Rule: aiosmtplib reads one reply a command and drops what comes beside it, so while a group is under way its transport
speaks to us; afterwards, and whatever happens to the connection meanwhile, it is aiosmtplib's again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiosmtplib import SMTPResponse, SMTPServerDisconnected
from aiosmtplib.protocol import SMTPProtocol

_LONGEST_REPLIES = 65536


async def converse(protocol: SMTPProtocol, commands: Sequence[bytes], timeout_s: float) -> list[SMTPResponse]:
    """Send the commands (without their CRLF) at once; the replies, in their order, fewer where the server left early.

    Raises TimeoutError where the next reply does not come in `timeout_s`, SMTPServerDisconnected where the connection
    was lost before, ValueError where a reply is none.
    """
    transport = protocol.transport
    if not isinstance(transport, asyncio.Transport) or transport.is_closing():
        raise SMTPServerDisconnected("Connection lost")
    replies = _Replies(protocol)
    transport.set_protocol(replies)
    try:
        transport.write(b"".join(command + b"\r\n" for command in commands))
        while len(replies.whole) < len(commands) and not replies.lost:
            replies.news.clear()
            async with asyncio.timeout(timeout_s):
                await replies.news.wait()
            if replies.broken:
                raise ValueError("malformed SMTP reply")
    finally:
        if not replies.lost:
            transport.set_protocol(protocol)
    return replies.whole[: len(commands)]


class _Replies(asyncio.Protocol):
    """Collects replies; `news` is set whenever there is something to look at."""

    def __init__(self, owner: SMTPProtocol) -> None:
        self._owner = owner
        self._octets = bytearray()
        self._lines: list[str] = []
        self.whole: list[SMTPResponse] = []
        self.lost = self.broken = False
        self.news = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self._octets += data
        while (end := self._octets.find(b"\n")) >= 0:
            self._line(bytes(self._octets[:end]))
            del self._octets[: end + 1]
        self.broken = self.broken or len(self._octets) > _LONGEST_REPLIES
        self.news.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        self._owner.connection_lost(error)
        self.news.set()

    def _line(self, line: bytes) -> None:
        code, mark, text = line[:3], line[3:4], line[4:].strip()
        if not code.isdigit():
            self.broken = True
            return
        self._lines.append(text.decode("utf-8", "surrogateescape"))
        if mark != b"-":
            self.whole.append(SMTPResponse(int(code), "\n".join(self._lines)))
            self._lines.clear()
