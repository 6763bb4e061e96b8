"""What MAIL, RCPT and VRFY say to the off-ramp: a transaction, a recipient, or the reply that refuses them.

Rule: pure functions of a command's argument and the gateway's names; order of commands and the count of recipients are
the dialogue's. Mail is taken for fax numbers at our own names only; a source route is read and ignored (RFC 2821
sections 3.6 and 4.1.1.3), a `%` route is followed as far as it stays with us (inferred), `!` routes are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from iosemu.mail import replies
from iosemu.mail.address import AddressError, FaxAddress, Mailbox, is_fax, is_ours, parse_fax, parse_path
from iosemu.mail.envelope import FaxRecipient, Verdict
from iosemu.mail.parameters import MailParameters, ParameterError, mail_parameters, recipient_parameters

P = TypeVar("P")

Screen = Callable[[FaxAddress], Verdict | None]
"""May refuse a number before it is dialled; None lets it pass."""

_FROM = re.compile(r"FROM:", re.IGNORECASE)
_TO = re.compile(r"TO:", re.IGNORECASE)


class Refused(Exception):
    """A command that is not taken; `reply` says why."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass(slots=True)
class Transaction:
    """What MAIL and RCPT said so far; `sender` is "" for the null path."""

    sender: str
    parameters: MailParameters
    recipients: list[FaxRecipient] = field(default_factory=list)


def open_transaction(argument: str, max_octets: int) -> Transaction:
    """Read the argument of MAIL; raises Refused."""
    mailbox, parameters = _path(_after(_FROM, argument), mail_parameters, replies.BAD_SENDER)
    if parameters.size > max_octets:
        raise Refused(replies.TOO_BIG)
    return Transaction(str(mailbox) if mailbox is not None else "", parameters)


def read_recipient(argument: str, names: tuple[str, ...], screen: Screen) -> tuple[FaxRecipient, str]:
    """Read the argument of RCPT; `names` are ours. The recipient and the reply; raises Refused."""
    written, parameters = _path(_after(_TO, argument), recipient_parameters, replies.BAD_RECIPIENT)
    if written is None:
        raise Refused(replies.BAD_RECIPIENT)
    mailbox = _routed(written, names)
    if mailbox.domain and not is_ours(mailbox, names):
        raise Refused(replies.no_relay(str(mailbox)))
    if not mailbox.domain:  # a name alone is a mailbox of this host, and there is none (RFC 2821 section 2.3.10)
        raise Refused(replies.unknown_user(str(mailbox)))
    recipient = FaxRecipient(str(mailbox), _number(mailbox, screen), parameters.notify, parameters.original)
    told = replies.recipient_ok if mailbox == written else replies.will_forward
    return recipient, told(recipient.text)


def verify(argument: str, names: tuple[str, ...], screen: Screen) -> str:
    """The reply to VRFY: a number that RCPT would take is confirmed, with our own name where it came without one; its
    codes are RFC 821's, the texts inferred."""
    try:
        mailbox, rest = parse_path(argument)
    except AddressError:
        return replies.BAD_RECIPIENT
    if mailbox is None or rest:
        return replies.SYNTAX
    if not mailbox.domain:
        mailbox = Mailbox(mailbox.local, names[0])
    elif not is_ours(mailbox, names):
        return replies.not_local(str(mailbox))
    try:
        _number(mailbox, screen)
    except Refused as refusal:
        return refusal.reply
    return replies.verified(str(mailbox))


def _routed(mailbox: Mailbox, names: tuple[str, ...]) -> Mailbox:
    """Where a `user%host@us` leads: to `user@host`, and on while that is us."""
    while is_ours(mailbox, names) and "%" in mailbox.local:
        local, _, domain = mailbox.local.rpartition("%")
        mailbox = Mailbox(local, domain)
    return mailbox


def _after(keyword: re.Pattern[str], argument: str) -> str:
    found = keyword.match(argument)
    if found is None:
        raise Refused(replies.SYNTAX)
    return argument[found.end() :]


def _path(text: str, read_parameters: Callable[[str], P], bad_path: str) -> tuple[Mailbox | None, P]:
    """The path of MAIL or RCPT and its parameters; raises Refused, with `bad_path` where the path is wrong."""
    try:
        mailbox, rest = parse_path(text)
        return mailbox, read_parameters(rest)
    except AddressError as error:
        raise Refused(bad_path) from error
    except ParameterError as error:
        raise Refused(str(error)) from error


def _number(mailbox: Mailbox, screen: Screen) -> FaxAddress:
    if not is_fax(mailbox):
        raise Refused(replies.unknown_user(str(mailbox)))
    try:
        address = parse_fax(mailbox)
    except AddressError as error:
        raise Refused(replies.NOT_A_NUMBER) from error
    refusal = screen(address)
    if refusal is not None:
        raise Refused(refusal.line)
    return address
