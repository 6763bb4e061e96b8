"""The off-ramp's SMTP server: dialogues over all connections, the count of recipients, and the way to the fax side.

Rules: mail is taken for fax addresses at our aliases only; `maximum-recipients` counts recipients in flight over all
connections, from RCPT until their fax has ended; DATA is answered when the fax side has given its verdict, and a fax
once begun goes on when its client has gone. Sockets come from outside: a listener through `factory`, a connected one
through `serve`.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket as sockets
from collections.abc import Awaitable, Callable
from datetime import datetime

from iosemu.events import EventSink
from iosemu.mail import replies
from iosemu.mail.address import FaxAddress
from iosemu.mail.dialogue import Dialogue, ServerLimits
from iosemu.mail.envelope import Content, FaxMail, FaxRecipient, Verdict
from iosemu.mail.events import ServerFault, ServerMessage, ServerVerdict
from iosemu.mail.fields import flat
from iosemu.mail.mime import MimeError, parse
from iosemu.mail.settings import Identity, ReceiveSettings
from iosemu.mail.spool import Spool
from iosemu.mail.transaction import Transaction

DEFAULT_LIMITS = ServerLimits()

# What aiosmtpd would log is in our events, or is noise.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def _unscreened(address: FaxAddress) -> Verdict | None:
    return None


def _outside(peer: object) -> str | None:
    return None


class MtaServer:
    """The server of one router; make and use it inside a running asyncio loop.

    `settings` and `identity` are asked anew for every decision, so configuration changes hold at once. `deliver` faxes
    one mail to one recipient. `now` is the router clock. `screen` may refuse a number already at RCPT. `source_of`
    gives the emulated address behind a peer name, None for a client from outside.
    """

    def __init__(
        self,
        settings: Callable[[], ReceiveSettings],
        identity: Callable[[], Identity],
        deliver: Callable[[FaxMail], Awaitable[Verdict]],
        *,
        now: Callable[[], datetime],
        emit: EventSink,
        screen: Callable[[FaxAddress], Verdict | None] = _unscreened,
        source_of: Callable[[object], str | None] = _outside,
        limits: ServerLimits = DEFAULT_LIMITS,
    ) -> None:
        self._settings = settings
        self._identity = identity
        self._deliver = deliver
        self._now = now
        self.screen = screen
        self.source_of = source_of
        self.emit = emit
        self.limits = limits
        self._dialogues: dict[int, Dialogue] = {}
        self._faxes: set[asyncio.Task[str]] = set()
        self._in_flight = 0

    @property
    def accepting(self) -> bool:
        """Whether any mail is taken at all: not with `mta receive maximum-recipients 0`, the default."""
        return self._settings().maximum_recipients > 0

    @property
    def recipients_in_flight(self) -> int:
        return self._in_flight

    def names(self) -> tuple[str, ...]:
        return self._settings().names(self._identity())

    # Connections

    def factory(self, peer: str = "") -> asyncio.Protocol:
        """A protocol for one new connection, as `loop.create_server` wants it; a refusal where none is taken."""
        if not self.accepting or len(self._dialogues) >= self.limits.connections:
            return _Refusal(self.names()[0])
        number = next(number for number in itertools.count() if number not in self._dialogues)
        dialogue = self._dialogues[number] = Dialogue(self, number, peer)
        return dialogue

    async def serve(self, sock: sockets.socket, peer: str = "") -> None:
        """Serve a connected socket, which is ours from here, until it is closed; `peer` is the address to show."""
        sock.setblocking(False)
        protocol = self.factory(peer)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, sock)
        except OSError:
            if isinstance(protocol, Dialogue):
                self.left(protocol)
            sock.close()
            return
        if isinstance(protocol, Dialogue):
            await protocol.closed.wait()

    async def close(self) -> None:
        """Say 421 to every client and end the faxes under way."""
        for dialogue in tuple(self._dialogues.values()):
            dialogue.hang_up(replies.unavailable(dialogue.hostname))
        faxes = tuple(self._faxes)
        for fax in faxes:
            fax.cancel()
        await asyncio.gather(*faxes, return_exceptions=True)

    def left(self, dialogue: Dialogue) -> None:
        self._dialogues.pop(dialogue.socket, None)

    # Recipients and faxes

    def admit(self) -> bool:
        if self._in_flight >= self._settings().maximum_recipients:
            return False
        self._in_flight += 1
        return True

    def dismiss(self, count: int) -> None:
        self._in_flight -= count

    def deliver(self, dialogue: Dialogue, transaction: Transaction, message: Spool) -> Awaitable[str]:
        """Begin the faxes of a transaction; the awaitable may be cancelled without harm to them."""
        fax = asyncio.get_running_loop().create_task(self._fax(dialogue, transaction, message))
        self._faxes.add(fax)
        fax.add_done_callback(self._faxes.discard)
        return asyncio.shield(fax)

    async def _fax(self, dialogue: Dialogue, transaction: Transaction, message: Spool) -> str:
        try:
            content = parse(message)
        except (MimeError, OSError) as error:  # the latter: the disk is full
            self.dismiss(len(transaction.recipients))
            return error.verdict.line if isinstance(error, MimeError) else replies.NO_ROOM
        count = len(transaction.recipients)
        self.emit(ServerMessage(dialogue.socket, message.size, count, content.accepted, content.discarded))
        mails = [self._mail(dialogue, transaction, recipient, content, message) for recipient in transaction.recipients]
        lines = await asyncio.gather(*(self._one(dialogue.socket, mail) for mail in mails))
        return _combined(lines)

    def _mail(
        self, dialogue: Dialogue, transaction: Transaction, recipient: FaxRecipient, content: Content, message: Spool
    ) -> FaxMail:
        return FaxMail(
            sender=transaction.sender,
            recipient=recipient,
            content=content,
            arrived=self._now(),
            host=str(dialogue.hostname),
            peer=dialogue.peer,
            hello=dialogue.hello,
            envelope_id=transaction.parameters.envelope_id,
            return_full=transaction.parameters.return_full,
            companions=len(transaction.recipients) - 1,
            message=message,
        )

    async def _one(self, socket: int, mail: FaxMail) -> str:
        line = replies.LOCAL_ERROR
        try:
            line = flat((await self._deliver(mail)).line)
        except Exception as error:  # one broken call must not take the server or the other recipients with it
            self.emit(ServerFault(socket, f"{type(error).__name__}: {error}"))
        finally:
            self.dismiss(1)
        self.emit(ServerVerdict(socket, mail.recipient.text, line))
        return line


def _combined(lines: list[str]) -> str:
    """One reply for several recipients: as soon as one has its fax the mail is taken, for a client that got an error
    would send to all of them again; who did not get it is told by notification."""
    return next((line for line in lines if line < "4"), lines[0])


class _Refusal(asyncio.Protocol):
    """A connection at a time when none is taken (the reply is inferred)."""

    def __init__(self, host: str) -> None:
        self._host = host

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(f"{replies.unavailable(self._host)}\r\n".encode())
        transport.close()


__all__ = ["DEFAULT_LIMITS", "MtaServer", "ServerLimits"]
