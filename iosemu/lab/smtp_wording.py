"""aiosmtpd speaking with the voice of the lab's mail server.

Rule: the library decides, this layer only words it: every stock reply that a person at a telnet prompt can meet is
replaced by the server's own, with enhanced status codes (RFC 1893). What a client asks to be told of a mail (RFC 1891)
is read here, since the library has no word for it.
"""

from __future__ import annotations

from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, syntax

from iosemu.mail.message_text import Flaw, read_message
from iosemu.mail.parameters import (
    MailParameters,
    ParameterError,
    RecipientParameters,
    mail_parameters,
    recipient_parameters,
)

# Stock reply (the start of it, up to where its own text varies) -> what this server says.
_WORDING: tuple[tuple[str, str], ...] = (
    ("354 End data with", "354 Start mail input; end with <CRLF>.<CRLF>"),
    ("503 Error: send ", "503 5.5.2 Send hello first"),
    ("503 Error: need MAIL", "503 5.5.2 Need mail command."),
    ("503 Error: need RCPT", "503 5.5.2 Need Rcpt command."),
    ("503 Error: nested MAIL", "503 5.5.2 Sender already specified"),
    ("501 Syntax: MAIL", "501 5.5.4 Invalid arguments"),
    ("501 Syntax: RCPT", "501 5.5.4 Invalid arguments"),
    ("501 Syntax: HELO", "501 5.5.4 Invalid Address"),
    ("501 Syntax: EHLO", "501 5.5.4 Invalid Address"),
    ("501 Syntax", "501 5.5.4 Invalid arguments"),
    ("500 Error: command", "500 5.3.3 Unrecognized command"),
    ("500 Command line too long", "500 5.3.3 Line too long"),
    ("500 Line too long", "500 5.3.3 Line too long"),
    ("500 Error", "500 5.3.3 Unrecognized command"),
    ("552 Error", "552 5.3.4 Message size exceeds fixed maximum message size"),
    ("553 5.1.3 Error", "501 5.1.7 Invalid address"),
    ("555 ", "555 5.5.4 Unsupported option"),
    ("502 ", "502 5.3.3 Command is not implemented"),
    # recalled: without a certificate, and without a way to authenticate
    ("454 TLS", "554 5.7.3 Unable to initialize security subsystem"),
    ("538 ", "504 5.7.4 Unrecognized authentication type"),
    ("252 Cannot VRFY", "252 2.1.5 Cannot VRFY user, but will take message for it"),
)


_OF_FLAW = {
    Flaw.TOO_BIG: "552 Error: Too much mail data",
    Flaw.LONG_LINE: "500 Line too long",
    Flaw.NO_ROOM: "452 4.3.1 Insufficient system storage",
}


class Asked(Envelope):
    """An envelope, and what is to be told of it, by recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.parameters = MailParameters()
        self.wishes: dict[str, RecipientParameters] = {}


class WordedSmtp(SMTP):
    """An SMTP session of the lab's mail server."""

    def _create_envelope(self) -> Asked:
        return Asked()

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:
        """As the library does it, with RET and ENVID."""
        rest, said = self._apart(arg, ("RET", "ENVID"))
        try:
            parameters = mail_parameters(said)
        except ParameterError:
            await self.push("501 Syntax: MAIL FROM: <address>")
            return
        envelope = self.envelope
        await super().smtp_MAIL(rest)
        if isinstance(envelope, Asked) and said:
            envelope.parameters = parameters

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:
        """As the library does it, with NOTIFY and ORCPT."""
        rest, said = self._apart(arg, ("NOTIFY", "ORCPT"))
        try:
            wish = recipient_parameters(said)
        except ParameterError:
            await self.push("501 Syntax: RCPT TO: <address>")
            return
        envelope = self.envelope
        known = len(envelope.rcpt_tos) if envelope is not None else 0
        await super().smtp_RCPT(rest)
        if isinstance(envelope, Asked) and len(envelope.rcpt_tos) > known:
            envelope.wishes[envelope.rcpt_tos[-1]] = wish

    def _apart(self, arg: str | None, names: tuple[str, ...]) -> tuple[str | None, str]:
        """An argument without the parameters of these names, and these."""
        if arg is None or self.session is None or not self.session.extended_smtp:
            return arg, ""
        path, bracket, words = arg.rpartition(">")
        if not bracket:
            path, _, words = arg.partition(" ")
        mine = [word for word in words.split() if word.partition("=")[0].upper() in names]
        others = [word for word in words.split() if word not in mine]
        return " ".join([path + bracket, *others]), " ".join(mine)

    async def push(self, status: Any) -> None:
        if isinstance(status, str):
            status = next((own for stock, own in _WORDING if status.startswith(stock)), status)
        await super().push(status)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """As the library does it, but not line by line: a fax has thousands of lines."""
        if await self.check_helo_needed():
            return
        envelope, limit = self.envelope, self.data_size_limit
        assert envelope is not None
        assert limit is not None
        if not envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        message = await read_message(self._reader, limit)
        if isinstance(message, Flaw):
            status = _OF_FLAW[message]
        else:
            envelope.content = envelope.original_content = message.read()
            status = await self._call_handler_hook("DATA")
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(status)
