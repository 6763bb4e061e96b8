"""One SMTP connection to the off-ramp: order of commands, the gateway's replies.

Rule: aiosmtpd drives the connection and splits command lines; every command and every reply is ours, and what it offers
beyond a gateway (AUTH, STARTTLS, its limit on unknown commands) cannot be reached. Source: RFC 821 and 2821 for the
order of commands, RFC 1893 for enhanced codes. The texts of the banner, of 503 and of a few failures are
real, the others are inferred.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, AnyStr, Protocol

from aiosmtpd.smtp import SMTP

from iosemu.events import EventSink
from iosemu.mail import replies
from iosemu.mail.address import FaxAddress
from iosemu.mail.envelope import Verdict
from iosemu.mail.events import ServerClosed, ServerFault, ServerOpened, ServerReceived, ServerSent
from iosemu.mail.message_text import Flaw, read_message
from iosemu.mail.spool import Spool
from iosemu.mail.transaction import Refused, Transaction, open_transaction, read_recipient, verify

_HELLO = re.compile(r"[!-~]+")
_ABORT_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What a client may do. Times are real seconds: from one command to the next, and for a whole message.

    The hour of waiting for the fax is not among them: while a fax is being sent, the client may take its time.
    """

    message_octets: int = 32 * 1024 * 1024
    command_s: float = 300.0
    message_s: float = 600.0
    connections: int = 100


class House(Protocol):
    """What a dialogue needs of its server."""

    limits: ServerLimits
    emit: EventSink

    def names(self) -> tuple[str, ...]: ...

    def screen(self, address: FaxAddress) -> Verdict | None: ...

    def source_of(self, peer: object) -> str | None: ...

    def admit(self) -> bool:
        """Count one more recipient in flight; False where the limit is reached."""

    def dismiss(self, count: int) -> None:
        """Take back recipients that were admitted and not handed to `deliver`."""

    def deliver(self, dialogue: Dialogue, transaction: Transaction, message: Spool) -> Awaitable[str]:
        """Fax a message to all recipients of the transaction, whatever becomes of the dialogue; the reply."""

    def left(self, dialogue: Dialogue) -> None: ...


class _Verbs(dict[str, Any]):
    """aiosmtpd's table of commands, replaced: every word is a command, and ours to answer."""

    def __init__(self, dispatch: Callable[[str, str | None], Awaitable[None]]) -> None:
        super().__init__()
        self._dispatch = dispatch

    def get(self, verb: str, default: Any = None) -> Any:
        return partial(self._dispatch, verb)


class _SameLimit(dict[str, int]):
    """One limit for all command lines; unlike aiosmtpd's table it remembers no word that a client sent."""

    def __missing__(self, verb: str) -> int:
        return SMTP.line_length_limit


class Dialogue(SMTP):
    """The connection `socket` of a server; `peer` overrides the address that the transport knows."""

    command_size_limit = SMTP.line_length_limit

    def __init__(self, house: House, socket: int, peer: str = "") -> None:
        super().__init__(
            object(),
            data_size_limit=None,
            hostname=house.names()[0],
            ident=replies.IDENT,
            timeout=house.limits.command_s,
            loop=asyncio.get_running_loop(),
        )
        self._house = house
        self._smtp_methods = _Verbs(self._dispatch)
        self.command_size_limits = _SameLimit()
        self.socket = socket
        self.peer = peer
        self.hello = ""
        self.closed = asyncio.Event()
        self._transaction: Transaction | None = None
        self._x_session = False
        self._addressed = 0
        self._ended = False

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        address = transport.get_extra_info("peername")
        if not self.peer and isinstance(address, tuple):
            self.peer = self._house.source_of(address) or str(address[0])
        self._house.emit(ServerOpened(self.socket, self.peer))

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._forget()
        self._house.left(self)
        self._house.emit(ServerClosed(self.socket))
        self.closed.set()

    def eof_received(self) -> bool:
        """A client that has only finished sending still gets its replies."""
        asyncio.StreamReaderProtocol.eof_received(self)
        return True

    def hang_up(self, reply: str) -> None:
        """Close with a last reply; a client that reads nothing is cut off."""
        transport = self.transport
        if not isinstance(transport, asyncio.WriteTransport):
            return
        if self._ended:
            transport.abort()
            return
        self._ended = True
        self._house.emit(ServerSent(self.socket, reply))
        transport.write(reply.encode() + b"\r\n")
        transport.close()
        self.loop.call_later(_ABORT_AFTER_S, transport.abort)

    def _timeout_cb(self) -> None:
        self.hang_up(replies.timed_out(self.hostname))

    def _end(self) -> None:
        """Close after the last reply, from inside the connection's own task."""
        self._ended = True
        if self.transport is not None:
            self.transport.close()
        task = asyncio.current_task()
        if task is not None:
            task.cancel()

    async def push(self, status: AnyStr) -> None:
        if self._ended:
            await asyncio.sleep(0)  # lets the cancellation in
            return
        reply = status if isinstance(status, str) else status.decode("latin-1")
        reply = replies.REPLACED.get(reply, reply)
        for line in reply.split("\r\n"):
            self._house.emit(ServerSent(self.socket, line))
        await super().push(reply.encode("ascii", "replace"))

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, asyncio.IncompleteReadError):
            self._end()
            return ""
        self._house.emit(ServerFault(self.socket, f"{type(error).__name__}: {error}"))
        return replies.LOCAL_ERROR

    # Commands

    async def _dispatch(self, verb: str, argument: str | None) -> None:
        self._house.emit(ServerReceived(self.socket, verb, f"{verb} {argument}" if argument else verb))
        action = _ACTIONS.get(verb)
        if action is None:
            await self.push(replies.UNRECOGNIZED)
        else:
            await action(self, argument or "")

    async def _helo(self, argument: str) -> None:
        if await self._greeted(argument):
            await self.push(replies.hello(self.hostname, self.hello, self.peer))

    async def _ehlo(self, argument: str) -> None:
        if await self._greeted(argument):
            limit = self._house.limits.message_octets
            await self.push(replies.hello_extended(self.hostname, self.hello, self.peer, limit))

    async def _greeted(self, argument: str) -> bool:
        if not _HELLO.fullmatch(argument):
            await self.push(replies.SYNTAX)
            return False
        self._forget()
        self.hello = argument
        return True

    async def _mail(self, argument: str) -> None:
        if not self.hello:
            await self.push(replies.HELLO_FIRST)
        elif self._transaction is not None:
            await self.push(replies.SENDER_KNOWN)
        else:
            try:
                transaction = open_transaction(argument, self._house.limits.message_octets)
            except Refused as refusal:
                await self.push(refusal.reply)
            else:
                self._transaction = transaction
                await self.push(replies.sender_ok(transaction.sender))

    async def _rcpt(self, argument: str) -> None:
        if not self.hello:
            await self.push(replies.HELLO_FIRST)
        elif self._transaction is None:
            await self.push(replies.MAIL_FIRST)
        else:
            await self.push(self._add(self._transaction, argument))

    def _add(self, transaction: Transaction, argument: str) -> str:
        try:
            recipient, reply = read_recipient(argument, self._house.names(), self._house.screen)
        except Refused as refusal:
            return refusal.reply
        if (self._addressed and not self._x_session) or not self._house.admit():
            return replies.TOO_MANY
        self._addressed += 1
        transaction.recipients.append(recipient)
        return reply

    async def _data(self, argument: str) -> None:
        transaction = self._transaction
        if not self.hello:
            await self.push(replies.HELLO_FIRST)
        elif transaction is None:
            await self.push(replies.MAIL_FIRST)
        elif not transaction.recipients:
            await self.push(replies.RCPT_FIRST)
        elif argument:
            await self.push(replies.SYNTAX)
        else:
            await self.push(replies.START_INPUT)
            await self._take(transaction)

    async def _take(self, transaction: Transaction) -> None:
        """Read the message and answer with what became of the fax; no time runs against the client meanwhile."""
        self._reset_timeout(self._house.limits.message_s)
        message = await read_message(self._reader, self._house.limits.message_octets)
        if isinstance(message, Flaw):
            self._forget()
            await self.push(_OF_FLAW[message])
        else:
            if self._timeout_handle is not None:
                self._timeout_handle.cancel()
            self._transaction = None
            reply = await self._house.deliver(self, transaction, message)
            await self.push(reply)
        self._reset_timeout()

    async def _rset(self, argument: str) -> None:
        if argument:
            await self.push(replies.SYNTAX)
            return
        self._forget()
        await self.push(replies.RESET)

    async def _noop(self, argument: str) -> None:
        await self.push(replies.OK)

    async def _vrfy(self, argument: str) -> None:
        await self.push(verify(argument, self._house.names(), self._house.screen) if argument else replies.SYNTAX)

    async def _help(self, argument: str) -> None:
        """Of the whole server, or of one command: RFC 821 has a code for either."""
        if argument:
            form = _FORMS.get(argument.upper())
            await self.push(replies.usage(form) if form is not None else replies.NO_HELP)
        else:
            await self.push(replies.commands(self.hostname, " ".join(_FORMS)))

    async def _many(self, argument: str) -> None:
        """X-SESSION: this client takes one reply for several recipients (its form is inferred)."""
        if not self.hello:
            await self.push(replies.HELLO_FIRST)
            return
        self._x_session = True
        await self.push(replies.OK)

    async def _absent(self, argument: str) -> None:
        await self.push(replies.NOT_IMPLEMENTED)

    async def _quit(self, argument: str) -> None:
        if argument:
            await self.push(replies.SYNTAX)
            return
        await self.push(replies.closing(self.hostname))
        self._end()

    def _forget(self) -> None:
        """Drop the transaction; its recipients are free again."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            self._house.dismiss(len(transaction.recipients))
            self._addressed -= len(transaction.recipients)


_OF_FLAW = {Flaw.TOO_BIG: replies.TOO_BIG, Flaw.LONG_LINE: replies.LONG_LINE, Flaw.NO_ROOM: replies.NO_ROOM}

_ACTIONS: dict[str, Callable[[Dialogue, str], Awaitable[None]]] = {
    "HELO": Dialogue._helo,
    "EHLO": Dialogue._ehlo,
    "MAIL": Dialogue._mail,
    "RCPT": Dialogue._rcpt,
    "DATA": Dialogue._data,
    "RSET": Dialogue._rset,
    "NOOP": Dialogue._noop,
    "HELP": Dialogue._help,
    "QUIT": Dialogue._quit,
    "X-SESSION": Dialogue._many,
    # A fax machine is terminal and mailbox in one (RFC 821 section 3.4); SEND is among the commands that Cisco names.
    "SEND": Dialogue._mail,
    "SOML": Dialogue._mail,
    "SAML": Dialogue._mail,
    "VRFY": Dialogue._vrfy,
    "EXPN": Dialogue._absent,
    "TURN": Dialogue._absent,
}

_FORMS = {
    "HELO": "HELO <domain>",
    "EHLO": "EHLO <domain>",
    "MAIL": "MAIL FROM:<reverse-path> [SIZE=n] [BODY=7BIT|8BITMIME] [RET=FULL|HDRS] [ENVID=xtext]",
    "RCPT": "RCPT TO:<FAX=number@host> [NOTIFY=NEVER|SUCCESS,FAILURE,DELAY] [ORCPT=type;xtext]",
    "DATA": "DATA",
    "RSET": "RSET",
    "NOOP": "NOOP",
    "HELP": "HELP [<command>]",
    "QUIT": "QUIT",
    "X-SESSION": "X-SESSION",
    "SEND": "SEND FROM:<reverse-path>",
    "SOML": "SOML FROM:<reverse-path>",
    "SAML": "SAML FROM:<reverse-path>",
    "VRFY": "VRFY <FAX=number@host>",
}
"""What HELP tells of: the commands that do something."""
