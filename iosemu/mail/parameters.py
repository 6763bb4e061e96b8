"""Parameters of MAIL and RCPT that the off-ramp offers: SIZE (RFC 1870), BODY (RFC 1652), RET, ENVID, NOTIFY, ORCPT
(RFC 1891).

Rule: what is not offered is refused with 504, what is offered but malformed with 501; nothing is silently dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iosemu.mail import replies
from iosemu.mail.envelope import Notify

_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")
_ADDRESS_TYPE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
# Most characters of the two values as they are written (RFC 1891 section 5).
_ENVELOPE_ID_LIMIT = 100
_ORIGINAL_LIMIT = 500


class ParameterError(Exception):
    """A parameter that is refused; `str()` is the reply."""


@dataclass(frozen=True, slots=True)
class MailParameters:
    """`returns` is what is to come back with a failure, FULL or HDRS, or ""."""

    size: int = 0
    returns: str = ""
    envelope_id: str = ""

    @property
    def return_full(self) -> bool:
        return self.returns == "FULL"


@dataclass(frozen=True, slots=True)
class RecipientParameters:
    """`original` is decoded, with its type."""

    notify: Notify | None = None
    original: str = ""

    @property
    def keywords(self) -> str:
        """The value of NOTIFY, or ""."""
        return self.notify.keywords if self.notify is not None else ""


def xtext(text: str) -> str:
    """Printable ASCII as RFC 1891 section 5 has it; other characters cannot be told and are left out."""
    return "".join(
        character if "!" <= character <= "~" and character not in "+=" else f"+{ord(character):02X}"
        for character in text
        if " " <= character <= "~"
    )


def mail_parameters(text: str) -> MailParameters:
    """What follows the path of MAIL; raises ParameterError."""
    size, returns, envelope_id = 0, "", ""
    for name, value in _split(text):
        if name == "SIZE" and re.fullmatch(r"[0-9]{1,20}", value):
            size = int(value)
        elif name == "RET" and value.upper() in ("FULL", "HDRS"):
            returns = value.upper()
        elif name == "ENVID" and 0 < len(value) <= _ENVELOPE_ID_LIMIT:
            envelope_id = _xtext(value)
        elif name == "BODY" and value.upper() in ("7BIT", "8BITMIME"):
            pass
        else:
            raise _refusal(name, ("SIZE", "RET", "ENVID", "BODY"))
    return MailParameters(size, returns, envelope_id)


def recipient_parameters(text: str) -> RecipientParameters:
    """What follows the path of RCPT; raises ParameterError."""
    notify: Notify | None = None
    original = ""
    for name, value in _split(text):
        if name == "NOTIFY" and value:
            notify = _notify(value)
        elif name == "ORCPT" and 0 < len(value) <= _ORIGINAL_LIMIT:
            original = _original(value)
        else:
            raise _refusal(name, ("NOTIFY", "ORCPT"))
    return RecipientParameters(notify, original)


def _split(text: str) -> list[tuple[str, str]]:
    """Name and value of each parameter, names in capitals; a name that comes twice is refused."""
    pairs = [(name.upper(), value) for name, _, value in (word.partition("=") for word in text.split())]
    if len({name for name, _ in pairs}) < len(pairs):
        raise ParameterError(replies.SYNTAX)
    return pairs


def _refusal(name: str, known: tuple[str, ...]) -> ParameterError:
    return ParameterError(replies.SYNTAX if name in known else replies.UNKNOWN_PARAMETER)


def _notify(value: str) -> Notify:
    words = value.upper().split(",")
    if words == ["NEVER"]:
        return Notify.NONE
    flags = Notify.NONE
    for word in words:
        if word not in Notify.__members__ or word == "NONE":
            raise ParameterError(replies.SYNTAX)
        flags |= Notify[word]
    return flags


def _original(value: str) -> str:
    kind, semicolon, address = value.partition(";")
    if not semicolon or not _ADDRESS_TYPE.fullmatch(kind):
        raise ParameterError(replies.SYNTAX)
    return f"{kind};{_xtext(address)}"


def _xtext(value: str) -> str:
    """Decode xtext (RFC 1891 section 5): printable characters of ASCII, nothing else."""
    text = re.sub(r"\+([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), value)
    if not _XTEXT.fullmatch(value) or not (text.isascii() and text.isprintable()):
        raise ParameterError(replies.SYNTAX)
    return text
