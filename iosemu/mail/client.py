"""The on-ramp's SMTP client: one message to its recipients over the first configured server that takes it.

Rule: servers are tried in their order, each by its A records, never by MX (RFC 2821 section 5 is not followed here, as
the gateway does not). A server that cannot be reached, does not greet, is lost or answers 4xx before the message is
out passes the message to the next; a 5xx is final, and so is whatever comes after the message went out, for a real
gateway no longer has the pages by then. EHLO comes first, HELO where it is unknown; what is asked for (RFC 1891:
NOTIFY, ORCPT, ENVID, RET) and 8-bit headers (RFC 1652) are told where the server offers to hear it, and MAIL and RCPT
go out in one piece where it offers PIPELINING (RFC 2920). aiosmtplib owns the connection.

All recipients or none: DATA is said when every one was taken, for whoever waits for the outcome can hear only yes or
no. Those that a server will not take in one transaction (452) get one more each time, in the same connection.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponse

from iosemu.clock import Clock
from iosemu.events import EventSink
from iosemu.mail.address import AddressError, parse_mailbox
from iosemu.mail.envelope import Envelope, Failure, Outcome, Recipient
from iosemu.mail.events import (
    ClientClosed,
    ClientConnected,
    ClientConnecting,
    ClientDataSent,
    ClientFailed,
    ClientOpened,
    ClientReceived,
    ClientSent,
    ClientUnresolved,
)
from iosemu.mail.fields import flat, octets
from iosemu.mail.parameters import xtext
from iosemu.mail.pipelining import converse
from iosemu.mail.settings import SendSettings
from iosemu.mail.spool import Spool
from iosemu.network import Network, Unreachable

SMTP_PORT = 25
NO_ADDRESS = "0.0.0.0"
TOO_MANY = 452  # RFC 2821 section 4.5.3.1

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>]")


@dataclass(frozen=True, slots=True)
class ClientTimeouts:
    """Real seconds, since they wait for programs outside the lab: for the greeting, for a reply, for the reply to the
    message, and for the farewell, which nobody needs."""

    greeting: float = 15.0
    reply: float = 15.0
    message: float = 60.0
    farewell: float = 2.0


DEFAULT_TIMEOUTS = ClientTimeouts()


class MtaClient:
    """The client of one router; any number of deliveries may run at once."""

    def __init__(
        self, network: Network, clock: Clock, emit: EventSink, timeouts: ClientTimeouts = DEFAULT_TIMEOUTS
    ) -> None:
        self._network = network
        self._clock = clock
        self._emit = emit
        self._timeouts = timeouts
        self._sockets: set[int] = set()

    async def deliver(
        self, settings: SendSettings, envelope: Envelope, message: bytes | Spool, *, source: str, hello: str
    ) -> Outcome:
        """Send `message` (CRLF line ends) and tell how it ended; never raises for what a network or a server does.

        `source` is the router address that the connection comes from, `hello` the name given in EHLO. The clock is
        held until the outcome is known.
        """
        socket = next(number for number in itertools.count() if number not in self._sockets)
        self._sockets.add(socket)
        addresses = tuple(recipient.address for recipient in envelope.recipients)
        self._emit(ClientOpened(socket, envelope.sender, addresses, settings.origin_prefix))
        spool = message if isinstance(message, Spool) else Spool(message)
        left = list(envelope.recipients)
        outcome = Outcome(False, 0, "", "", Failure.NO_SERVER)
        try:
            with self._clock.hold():
                for address in self._addresses(settings, socket):
                    dialogue = _Dialogue(socket, address, self._emit, self._timeouts, left)
                    outcome = await dialogue.deliver(envelope, spool, self._network, source, hello)
                    if dialogue.hung_up_on_ehlo:
                        dialogue = _Dialogue(socket, address, self._emit, self._timeouts, left, extended=False)
                        outcome = await dialogue.deliver(envelope, spool, self._network, source, hello)
                    if outcome.ok or not dialogue.passes_on:
                        break
        finally:
            self._sockets.discard(socket)
            self._emit(ClientClosed(socket, outcome.ok))
        return outcome

    def _addresses(self, settings: SendSettings, socket: int) -> Iterator[str]:
        for server in settings.servers:
            addresses = [] if server == NO_ADDRESS else self._network.resolve(server)
            if not addresses:
                self._emit(ClientUnresolved(socket, server))
            yield from addresses


class _Refused(Exception):
    """A reply that ends the delivery."""


class _Dialogue:
    """One connection to one server; `extended`: EHLO is tried. `reply` is the last thing that the server said.

    `left` are the recipients that have not the message yet: whom this server takes for good leaves it.
    """

    def __init__(
        self,
        socket: int,
        address: str,
        emit: EventSink,
        timeouts: ClientTimeouts,
        left: list[Recipient],
        *,
        extended: bool = True,
    ) -> None:
        self._socket = socket
        self._address = address
        self._emit = emit
        self._timeouts = timeouts
        self._left = left
        self._extended = extended
        self._greeted = self._lost = False
        self._message_out = False
        self.reply = SMTPResponse(0, "")

    @property
    def passes_on(self) -> bool:
        """Whether another server may be tried: this one never got the message, and did not refuse it for good."""
        return not self._message_out and (not self._greeted or self.reply.code < 500)

    @property
    def hung_up_on_ehlo(self) -> bool:
        """Whether this server knows EHLO so little that it left; it may know HELO in another connection."""
        return self._extended and self._lost and not self._greeted and self.reply.code in (220, 500, 501, 502, 504)

    async def deliver(self, envelope: Envelope, message: Spool, network: Network, source: str, hello: str) -> Outcome:
        self._emit(ClientConnecting(self._socket, self._address))
        try:
            sock = await network.connect(source, self._address, SMTP_PORT)
        except (Unreachable, OSError) as error:
            return self._failed(Failure.UNREACHABLE, str(error))
        self._emit(ClientConnected(self._socket, self._address))
        smtp = aiosmtplib.SMTP(sock=sock, local_hostname="localhost", start_tls=False, timeout=self._timeouts.reply)
        try:
            await self._greet(smtp, hello)
            while self._left:
                await self._send(smtp, envelope, message)
        except _Refused:
            return await self._end(smtp, Failure.REFUSED)
        except TimeoutError as error:  # before SMTPException: aiosmtplib's time-out is both
            return self._failed(Failure.TIMED_OUT, str(error) or "timed out")
        except (SMTPException, OSError, ValueError) as error:
            self._lost = True
            return self._failed(Failure.LOST, str(error))
        else:
            return await self._end(smtp, Failure.NONE)
        finally:
            _drop(smtp)

    async def _greet(self, smtp: aiosmtplib.SMTP, hello: str) -> None:
        try:
            self._heard(await smtp.connect(timeout=self._timeouts.greeting))
        except aiosmtplib.SMTPConnectResponseError as error:
            self._heard(SMTPResponse(error.code, error.message))
            raise _Refused from error
        if not self._extended:
            self._demand(await self._say(smtp, "HELO", hello))
        elif _accepted(await self._say(smtp, "EHLO", hello)):
            smtp.last_ehlo_response = self.reply
        elif self.reply.code >= 500:
            self._demand(await self._say(smtp, "HELO", hello))
        else:
            raise _Refused
        self._greeted = True

    async def _send(self, smtp: aiosmtplib.SMTP, envelope: Envelope, message: Spool) -> None:
        """One transaction: to all that are left, or to as many as the server takes in one."""
        # No SIZE: a gateway says MAIL when the call begins, and does not know how long the fax will be.
        mail = ["MAIL", f"FROM:<{_path(envelope.sender)}>"]
        told = smtp.supports_extension("dsn")
        if told and any(recipient.notify is not None for recipient in self._left):
            mail.append("RET=HDRS")  # the pages need not come back with a failure
            if envelope.envelope_id:
                mail.append(f"ENVID={xtext(envelope.envelope_id)}")
        if smtp.supports_extension("8bitmime") and not message.isascii():
            mail.append("BODY=8BITMIME")
        first, *answers = await self._say_all(smtp, [mail, *(_rcpt(recipient, told) for recipient in self._left)])
        self._demand(first)
        taken: list[Recipient] = []
        later: list[Recipient] = []
        for recipient, answer in zip(self._left, answers, strict=True):
            if answer.code == TOO_MANY and taken:
                later.append(recipient)
            else:
                self._demand(answer)
                taken.append(recipient)
        if (await self._say(smtp, "DATA")).code != 354:
            raise _Refused
        self._demand(await self._pour(smtp, message))
        self._message_out = False
        self._left[:] = later

    async def _say_all(self, smtp: aiosmtplib.SMTP, commands: list[list[str]]) -> list[SMTPResponse]:
        """The replies to some commands, in one piece where the server can take that; the first refusal to a command
        that all others need ends it."""
        protocol = smtp.protocol
        if protocol is None or not smtp.supports_extension("pipelining"):
            replies = [await self._say(smtp, *commands[0])]
            self._demand(replies[0])
            return replies + [await self._say(smtp, *command) for command in commands[1:]]
        lines = [" ".join(command) for command in commands]
        for line in lines:
            self._emit(ClientSent(self._socket, line))
        replies = await converse(protocol, [octets(line) for line in lines], self._timeouts.reply)
        for reply in replies:
            self._heard(reply)
        if len(replies) < len(lines):
            for reply in replies:
                self._demand(reply)
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        return replies

    async def _pour(self, smtp: aiosmtplib.SMTP, message: Spool) -> SMTPResponse:
        """The message, dots doubled, as fast as the server takes it, and the reply to it."""
        protocol = smtp.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        self._message_out = True
        for piece in _dotted(message):
            protocol.write(piece)
            async with asyncio.timeout(self._timeouts.message):
                await protocol._drain_helper()  # what `asyncio.StreamWriter.drain` waits for
        self._emit(ClientDataSent(self._socket, message.size))
        return self._heard(await protocol.read_response(timeout=self._timeouts.message))

    async def _say(self, smtp: aiosmtplib.SMTP, *words: str) -> SMTPResponse:
        self._emit(ClientSent(self._socket, " ".join(words)))
        return self._heard(await smtp.execute_command(*map(octets, words)))

    def _demand(self, reply: SMTPResponse) -> None:
        if not _accepted(reply):
            self.reply = reply  # of a group it need not be the last
            raise _Refused

    def _heard(self, reply: SMTPResponse) -> SMTPResponse:
        self.reply = reply
        *more, last = reply.message.split("\n")
        for line in more:
            self._emit(ClientReceived(self._socket, f"{reply.code}-{line}"))
        self._emit(ClientReceived(self._socket, f"{reply.code} {last}"))
        return reply

    async def _end(self, smtp: aiosmtplib.SMTP, failure: Failure) -> Outcome:
        """Say goodbye; the outcome stands whatever the farewell brings."""
        code, text = self.reply
        ok = failure is Failure.NONE
        if not smtp.is_connected:  # a 421 closes by itself
            return Outcome(ok, code, flat(text), self._address, failure)
        self._emit(ClientSent(self._socket, "QUIT"))
        with suppress(SMTPException, OSError, TimeoutError):
            farewell = await smtp.execute_command(b"QUIT", timeout=self._timeouts.farewell)
            self._emit(ClientReceived(self._socket, str(farewell)))
        return Outcome(ok, code, flat(text), self._address, failure)

    def _failed(self, failure: Failure, reason: str) -> Outcome:
        self._emit(ClientFailed(self._socket, self._address, reason))
        # After DATA's 354 the text stays empty, as the call history of a real gateway has it.
        text = "" if self.reply.code < 400 else flat(self.reply.message)
        return Outcome(False, self.reply.code, text, self._address, failure)


def _accepted(reply: SMTPResponse) -> bool:
    return 200 <= reply.code < 300


def _rcpt(recipient: Recipient, told: bool) -> list[str]:
    """RCPT for a recipient; `told`: the server can be told of notifications."""
    words = ["RCPT", f"TO:<{_path(recipient.address)}>"]
    if told and recipient.notify is not None:
        words += [f"NOTIFY={recipient.notify.keywords}", f"ORCPT=rfc822;{xtext(recipient.address)}"]
    return words


def _drop(smtp: aiosmtplib.SMTP) -> None:
    """End the connection at once, whatever a silent server has not read yet."""
    transport = smtp.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    smtp.close()


def _path(address: str) -> str:
    """An address inside its brackets, quoted where its local part needs it, and never able to break the command
    line."""
    try:
        return str(parse_mailbox(address)) if address else ""
    except AddressError:
        return _UNSAFE.sub("", address)


def _dotted(message: Spool) -> Iterator[bytes]:
    """A message in pieces: the dots at the beginning of its lines doubled, one at its end."""
    fresh, read = True, 0
    for plain in message.lines():
        read += len(plain)
        piece = plain.replace(b"\n.", b"\n..")
        if fresh and piece.startswith(b"."):
            piece = b"." + piece
        fresh = piece.endswith(b"\n")
        if read == message.size:
            piece += b".\r\n" if message.read(read - 2) == b"\r\n" else b"\r\n.\r\n"
        yield piece
